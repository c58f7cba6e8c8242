# shellcheck shell=bash
# Chooses the tools; sourced by every script, and by a person's shell: `. scripts/env.sh`.
# One compiler for one target folder: two would rebuild everything at each change.

export OO_TOOLS="${XDG_CACHE_HOME:-$HOME/.cache}/oo-tools"
case ":$PATH:" in *":$OO_TOOLS/bin:"*) ;; *) export PATH="$OO_TOOLS/bin:$PATH" ;; esac

has_wasm() { [ -d "$("$1" --print sysroot 2>/dev/null)/lib/rustlib/wasm32-unknown-unknown/lib" ]; }

# rustup's compiler where it has the WASM target, else Debian's, for which scripts/setup.sh builds it.
if ! has_wasm rustc && [ -x /usr/bin/rustc ] && has_wasm /usr/bin/rustc; then
  export PATH="/usr/bin:$PATH"
  export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-22
  # Debian's links with GNU ld, which is slow over many test binaries. A linker in place of RUSTFLAGS:
  # those are part of every fingerprint, and doc tests do not see them.
  if [ -x "$OO_TOOLS/bin/cc-lld" ]; then
    export CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER="$OO_TOOLS/bin/cc-lld"
    export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER="$OO_TOOLS/bin/cc-lld"
  fi
fi
unset -f has_wasm

# The proxy to language models that scripts/test-llm.sh asks; README.md and deploy/README.md name this version too.
export LITELLM_VERSION=1.106.2
export LITELLM_BIN="$OO_TOOLS/litellm-$LITELLM_VERSION/bin"

# What else can read what oO sends to browsers (scripts/test-push.sh).
export OO_TEST_PUSH_PYTHON="$OO_TOOLS/http-ece-1.2.1/bin/python"

# Queries are checked against `.sqlx`, so that a build needs no database (scripts/sqlx.sh keeps it true).
[ -n "${DATABASE_URL:-}" ] || export SQLX_OFFLINE="${SQLX_OFFLINE:-true}"

# Debian's browser, where it is there; empty: Playwright's own.
OO_CHROMIUM="${OO_CHROMIUM:-$(command -v chromium || true)}" && export OO_CHROMIUM
