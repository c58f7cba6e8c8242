#!/usr/bin/env bash
# Asks a real LiteLLM, started as deploy/ has it, what oO asks of it; a double of Ollama and of Anthropic stands behind.
# It is started twice: without a key for Anthropic, and with one.
set -euo pipefail
cd "$(dirname "$0")/.."

# `ready`: scripts/test.sh has set up all, and built every crate together.
packages=(--workspace --exclude frontend)
if [ "${1:-}" != ready ]; then scripts/setup.sh llm && packages=(-p advice); fi
. scripts/env.sh
export SQLX_OFFLINE=true

data=$(mktemp -d)
running=()
stop() {
  [ ${#running[@]} = 0 ] || { kill "${running[@]}" && wait "${running[@]}"; } 2>/dev/null || true
  rm -rf "$data"
}
trap stop EXIT

with_postgres() { if [ -n "${DATABASE_URL:-}" ]; then "$@"; else cargo run -q --locked -p oo-postgres -- exec -- "$@"; fi; }
free_ports() {
  python3 -c 'import socket
both = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
print(*(one.getsockname()[1] for one in both))'
}

echo "building the double"
cargo build -q --locked -p testkit --bin llm-double
"$(realpath "${CARGO_TARGET_DIR:-target}/debug/llm-double")" >"$data/double" &
running+=($!)
double=
until [ -n "$double" ]; do
  kill -0 "${running[0]}"
  sleep 0.1
  double=$(sed -n 's/.*"base_url":"\([^"]*\)".*/\1/p' "$data/double")
done

# litellm PORT VARIABLE...: in a folder of its own, since it reads `.env`; it sees nothing of ours but PATH and HOME.
deploy=$PWD/deploy key=sk-0123456789abcdef
litellm() {
  local port=$1
  shift
  (cd "$data" && exec env -i PATH="$LITELLM_BIN:$PATH" HOME="$HOME" PYTHONUNBUFFERED=1 LITELLM_MASTER_KEY=$key \
    OLLAMA_API_BASE="$double" "$@" "$deploy/litellm.sh" --port "$port") >>"$data/log" 2>&1 &
  running+=($!)
}
read -r plain anthropic < <(free_ports)
echo "starting LiteLLM twice, and building the tests: half a minute"
litellm "$plain"
litellm "$anthropic" ANTHROPIC_API_KEY=sk-ant-none ANTHROPIC_API_BASE="$double"
cargo nextest run --locked --no-run --cargo-quiet "${packages[@]}" --test litellm
start=$SECONDS
for port in "$plain" "$anthropic"; do
  until curl -fsS --noproxy '*' -o /dev/null "http://127.0.0.1:$port/health/readiness" 2>/dev/null; do
    if ! kill -0 "${running[@]}" 2>/dev/null || [ $((SECONDS - start)) -gt 120 ]; then
      tail -n 30 "$data/log" >&2
      echo "LiteLLM did not start" >&2
      exit 1
    fi
    sleep 0.2
  done
done

# One after another: there is one double, and it goes wrong for all.
with_postgres env OO_TEST_LITELLM_URL="http://127.0.0.1:$plain" \
  OO_TEST_LITELLM_ANTHROPIC_URL="http://127.0.0.1:$anthropic" OO_TEST_LITELLM_KEY=$key \
  OO_TEST_LITELLM_LOG="$data/log" OO_TEST_LLM_DOUBLE_URL="$double" \
  cargo nextest run --locked --cargo-quiet "${packages[@]}" --test litellm --run-ignored only -j 1
