#!/usr/bin/env bash
# Runs each test whose name begins with `fuzz_` for about a minute (OO_FUZZ_SECONDS), in rounds of new cases.
# A case that fails is made smaller, told, and kept beside the test (proptest-regressions/): commit it.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh test
. scripts/env.sh
export SQLX_OFFLINE=true
[ -n "${DATABASE_URL:-}" ] || exec cargo run -q -p oo-postgres -- exec -- "$0"

export PROPTEST_CASES=${PROPTEST_CASES:-5000}
seconds=${OO_FUZZ_SECONDS:-60}
log=$(mktemp)
trap 'rm -f "$log"' EXIT

fuzz() { cargo nextest "$1" --locked --profile fuzz -E "test($2)" "${@:3}"; }
tests=$(fuzz list '/(^|::)fuzz_/' --message-format oneline | sed -E 's/.* //' | sort -u)

failed=0
for test in $tests; do
  start=$SECONDS rounds=0
  while [ $((SECONDS - start)) -lt "$seconds" ]; do
    if ! fuzz run "=$test" >"$log" 2>&1; then
      cat "$log"
      failed=$((failed + 1))
      break
    fi
    rounds=$((rounds + 1))
  done
  printf '%s: %d rounds in %d s\n' "$test" "$rounds" $((SECONDS - start))
done
printf '\n%d of %d failed\n' "$failed" "$(wc -w <<<"$tests")"
[ "$failed" = 0 ]
