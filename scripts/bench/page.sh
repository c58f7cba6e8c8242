#!/usr/bin/env bash
# The page under load, on a demo of its own: everything on this machine, the load and Postgres included.
set -euo pipefail
cd "$(dirname "$0")/../.."

data=$(mktemp -d)
chmod 755 "$data"
url=http://127.0.0.1:3999
oo() { exec env -u DATABASE_URL OO_DATA_DIR="$data" OO_LOG=warn OO_LIMIT_PER_SECOND=0 target/dist/oo demo --addr "${url#http://}"; }
stop() { kill "$server" && wait "$server" || true; }
trap 'stop; rm -rf "$data"' EXIT
millis() { date +%s%3N; }
resident() { awk '/^VmRSS/ { printf "%.1f MiB\n", $2 / 1024 }' "/proc/$server/status"; }
row() { printf '| %s | %s |\n' "$1" "$2"; }
until_ready() { until curl -fs -o "$data/answer" "$url/ready"; do :; done; }

oo >"$data/out" &
server=$!
until_ready
stop
# The cluster exists now: what is measured is a later start, its Postgres included.
begin=$(millis)
oo >"$data/out" &
server=$!
until_ready
row "exec to first 200, with the start of the embedded Postgres" "$(($(millis) - begin)) ms"

curl -fs -o "$data/answer" -c "$data/jar" -H 'sec-fetch-site: same-origin' -X POST "$url/demo"
cookie=$(awk '/__Host-oo/ { print $6 "=" $7 }' "$data/jar")
curl -fs -o "$data/answer" -H "cookie: $cookie" "$url/"
grep -q '<h1' "$data/answer"
row "memory, idle" "$(resident)"

wrk -t2 -c32 -d10s --latency -H "cookie: $cookie" "$url/" >"$data/wrk"
row "GET / signed in, tip open, 32 connections" "$(awk '/Requests\/sec/ { print $2 }' "$data/wrk") requests/s"
row "the same, p99" "$(awk '$1 == "99%" { print $2 }' "$data/wrk")"
row "memory, under that load" "$(resident)"
if grep -q 'Non-2xx' "$data/wrk"; then cat "$data/wrk" && exit 1; fi

# A reaction and the next tip, one after the other: as many as there are candidates awake.
for _ in $(seq 100); do
  page=$(curl -fs -H "cookie: $cookie" "$url/")
  form=${page#*id=\"react\"}
  tip=${form#*name=\"tip_id\" value=\"} tip=${tip%%\"*}
  key=${form#*name=\"key\" value=\"} key=${key%%\"*}
  curl -fs -o "$data/answer" -w '%{time_starttransfer}\n' -H "cookie: $cookie" -H 'sec-fetch-site: same-origin' \
    -d "tip_id=$tip&key=$key&reaction=snooze" "$url/api/react"
  grep -q "api/undo" "$data/answer" # it was taken
done | sort -n >"$data/times"
row "reaction to next tip, a new connection included, p50 of 100" "$(awk 'NR == 50 { print $1 * 1000 " ms" }' "$data/times")"
row "the same, p99 of 100" "$(awk 'NR == 99 { print $1 * 1000 " ms" }' "$data/times")"
