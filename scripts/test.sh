#!/usr/bin/env bash
# Everything that has to be true before a change lands; `quick` is what to run while working on it.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh test
. scripts/env.sh
log=$(mktemp)
trap 'rm -f "$log"' EXIT

summary=()
# step WHAT COMMAND...: runs it and tells how long it took; the first failure ends the run.
step() {
  local what=$1 start=$SECONDS
  shift
  printf '\n▶ %s\n' "$what"
  if ! "$@" 2>&1 | tee -a "$log"; then
    summary+=("✗ $what ($((SECONDS - start)) s)")
    printf '\n'
    printf '%s\n' "${summary[@]}"
    exit 1
  fi
  summary+=("✓ $what ($((SECONDS - start)) s)")
}

# What is known to be broken changes daily and has to be fetched; a network that does not lead there ends no run.
supply_chain() {
  cargo deny --locked check --hide-inclusion-graph bans licenses sources || return
  local there=https://github.com/RustSec/advisory-db
  if curl -fsS --connect-timeout 3 --max-time 10 -o /dev/null "$there" 2>/dev/null &&
    GIT_TERMINAL_PROMPT=0 GIT_HTTP_LOW_SPEED_LIMIT=1000 GIT_HTTP_LOW_SPEED_TIME=10 cargo deny fetch db; then
    cargo deny --locked --offline check --hide-inclusion-graph advisories
  else
    echo "advisories not checked: $there cannot be reached"
  fi
}
with_postgres() { if [ -n "${DATABASE_URL:-}" ]; then "$@"; else cargo run -q -p oo-postgres -- exec -- "$@"; fi; }
page_clippy() {
  cargo clippy -q --locked -p frontend -p app --no-default-features --features app/hydrate \
    --target wasm32-unknown-unknown -- -D warnings
}
playwright() {
  cargo build -q --locked -p testkit --bins
  cargo build -q --locked -p app --example gallery
  local built
  built=$(realpath "${CARGO_TARGET_DIR:-target}/debug")
  (cd end2end && npx tsc && npx tsc -p ../frontend/worker && npx tsc -p ../frontend/page && DOUBLES=$built GALLERY_BIN=$built/examples/gallery \
    npx playwright test)
}

step "format" cargo fmt --all --check
step "crates" supply_chain
step "queries" scripts/sqlx.sh check
export SQLX_OFFLINE=true
step "clippy, host" cargo clippy -q --locked --all-targets -- -D warnings
step "clippy, page" page_clippy

if [ "${1:-}" = quick ]; then
  step "unit tests" with_postgres cargo nextest run --locked --lib --bins
else
  step "Rust tests" with_postgres cargo nextest run --locked -E 'not test(fuzz_)'
  # scripts/fuzz.sh runs more of them.
  step "fuzz" with_postgres env PROPTEST_CASES=2048 cargo nextest run --locked -E 'test(fuzz_)'
  step "LiteLLM" scripts/test-llm.sh ready
  step "push, read by Python" scripts/test-push.sh ready
  step "documentation tests" with_postgres cargo test -q --locked --doc
  step "build" scripts/build.sh
  step "size" node scripts/size.mjs
  step "API" scripts/api.sh
  step "in a browser" playwright
fi

printf '\n'
printf '%s\n' "${summary[@]}"
# nextest: "12 tests run: 12 passed, 0 skipped". Playwright: "12 passed (3.4s)".
sed -nE 's/.*tests? run: ([0-9]+) passed.*/\1/p; s/^ +([0-9]+) passed \(.*/\1/p' "$log" |
  awk '{ passed += $1 } END { printf "\n%d passed, 0 failed\n", passed }'
