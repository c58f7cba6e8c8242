#!/usr/bin/env bash
# The page while it decides, without a language model and with one that never answers: two demos, asked in turns.
set -euo pipefail
cd "$(dirname "$0")/../.."

cargo build -q --locked -p testkit --bin llm-double
folder=$(mktemp -d)
chmod 755 "$folder"
pids=()
stop() { kill "${pids[@]}" && wait "${pids[@]}" || true; }
trap 'stop; rm -rf "$folder"' EXIT
row() { printf '| %s | %s |\n' "$1" "$2"; }

"${CARGO_TARGET_DIR:-target}/debug/llm-double" >"$folder/double" &
pids+=($!)
until [ -s "$folder/double" ]; do :; done
model=$(node -p 'JSON.parse(require("fs").readFileSync(process.argv[1])).base_url' "$folder/double")
key=$(node -p 'JSON.parse(require("fs").readFileSync(process.argv[1])).api_key' "$folder/double")
curl -fs -o "$folder/answer" -H 'content-type: application/json' -d '{"fault":"hang"}' "$model/_double/faults"

# oo NAME PORT [VARIABLE=VALUE...]
oo() {
  local name=$1 port=$2
  shift 2
  mkdir "$folder/$name" && chmod 755 "$folder/$name"
  env -u DATABASE_URL OO_DATA_DIR="$folder/$name" OO_LOG=warn OO_LIMIT_PER_SECOND=0 "$@" \
    target/dist/oo demo --addr "127.0.0.1:$port" >"$folder/$name.out" &
  pids+=($!)
  until curl -fs -o "$folder/answer" "http://127.0.0.1:$port/ready"; do :; done
  curl -fs -o "$folder/answer" -c "$folder/$name.jar" -H 'sec-fetch-site: same-origin' -X POST "http://127.0.0.1:$port/demo"
  ask "$name" "insert into profile.consent select user_id, 'send_titles', now(), 2, true from auth.user"
}
ask() { psql -h "$folder/$1/postgres" -U oo -qAtc "$2" oo; }
# look NAME PORT: a page for which a tip has to be decided.
look() {
  ask "$1" "update recommender.tip set state = 'lapsed' where state = 'open'"
  curl -fs -o "$folder/answer" -w '%{time_total}\n' -H "cookie: $(awk '/__Host-oo/ { print $6 "=" $7 }' "$folder/$1.jar")" \
    "http://127.0.0.1:$2/"
  grep -q '<h1' "$folder/answer"
}
at() { sort -n "$folder/$1" | awk -v place="$2" 'NR == place { printf "%.1f ms\n", $1 * 1000 }'; }

oo without 3997
oo hanging 3998 LITELLM_BASE_URL="$model" LITELLM_API_KEY="$key"
for name in without hanging; do : >"$folder/$name.times"; done
# The first of them waits for the model in vain, once.
look without 3997 >"$folder/first"
row "a page that decides, the first, without a model" "$(at first 1)"
look hanging 3998 >"$folder/first"
row "the same, with a model that hangs" "$(at first 1)"
for _ in $(seq 500); do
  look without 3997 >>"$folder/without.times"
  look hanging 3998 >>"$folder/hanging.times"
done
for place in 250 495 500; do
  row "a page that decides, number $place of 500, without a model" "$(at without.times $place)"
  row "the same, with a model that hangs" "$(at hanging.times $place)"
done
