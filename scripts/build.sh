#!/usr/bin/env bash
# Builds oO into target/dist: the binary `oo`, beside it `site/` (what a browser fetches) and `hash.txt`
# (the names of those files) and `room.css` (the style that comes within a page). `--dev` builds fast and large into target/dist-dev.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
export SQLX_OFFLINE="${SQLX_OFFLINE:-true}" # whatever database the server will use

case "${1:---release}" in
  --release) dist=target/dist profile=release wasm_profile=wasm-release ;;
  --dev) dist=target/dist-dev profile=dev wasm_profile=dev ;;
  *) echo "usage: scripts/build.sh [--release|--dev]" >&2 && exit 2 ;;
esac
target=${CARGO_TARGET_DIR:-target}
page="target/page/$profile"
mkdir -p "$page" "$dist"

# 1. The islands, as WASM and the JS around it. What cargo leaves alone is left alone here too.
cargo build --locked -p frontend --lib --target wasm32-unknown-unknown --profile "$wasm_profile"
wasm="$target/wasm32-unknown-unknown/${wasm_profile/#dev/debug}/frontend.wasm"
if [ "$wasm" -nt "$page/oo_bg.wasm" ]; then
  version=$(sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p;}' Cargo.lock)
  rm -rf "$page.new"
  "$OO_TOOLS/wasm-bindgen-$version/bin/wasm-bindgen" "$wasm" --target web --no-typescript \
    --out-name oo --out-dir "$page.new"
  if [ "$profile" = release ]; then
    # The features are those that rustc switches on for this target.
    scripts/node_modules/.bin/wasm-opt -Oz --strip-debug --strip-producers \
      --enable-{bulk-memory,multivalue,mutable-globals,nontrapping-float-to-int,reference-types,sign-ext} \
      "$page.new/oo_bg.wasm" -o "$page.new/oo_bg.wasm"
  fi
  rm -rf "$page" && mv "$page.new" "$page"
fi

# 2. The site: minified, named after its content, compressed.
if [ -n "$(find "$page" style public frontend/page frontend/worker scripts/site.mjs -newer "$dist/hash.txt" -print -quit 2>&1)" ]; then
  node scripts/site.mjs "$page" "$dist" "$profile"
fi

# 3. The server. Replaced in one step, since the old one may be running.
cargo build --locked -p server --bin oo --profile "$profile"
oo="$target/${profile/#dev/debug}/oo"
if ! cmp -s "$oo" "$dist/oo"; then
  cp "$oo" "$dist/oo.new" && mv "$dist/oo.new" "$dist/oo"
fi
