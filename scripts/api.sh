#!/usr/bin/env bash
# Asks a demo of its own all that the description of the API allows, and much that it does not; fails where the
# answers are not as described. The same requests each time.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

oo=$(realpath "${OO_BIN:-target/dist/oo}")
data=$(mktemp -d)
chmod 755 "$data" # PostgreSQL, which refuses to be root, has to pass through
stop() { kill "$server" && wait "$server" || true; }
trap 'stop; rm -rf "$data"' EXIT

# More than a person or an address may ask.
(cd "$data" && exec env -u DATABASE_URL OO_DATA_DIR="$data" OO_LOG=warn OO_LIMIT_PER_SECOND=0 \
  "$oo" demo --addr 127.0.0.1:0) >"$data/out" &
server=$!
url=
until [ -n "$url" ]; do
  kill -0 "$server"
  sleep 0.1
  url=$(sed -n 's/^oO is at \(.*\)\/$/\1/p' "$data/out")
done

# A token, in the way that a person gets one. curl sends no secure cookie over plain http by itself.
form() { curl -fsS -H 'sec-fetch-site: same-origin' -o "$data/answer" "$@"; }
form -c "$data/jar" -X POST "$url/demo"
cookie=$(awk '/__Host-oo/ { print $6 "=" $7 }' "$data/jar")
[ -n "$cookie" ] || { echo "curl $(curl --version | cut -d' ' -f2) kept no cookie; 7.79 does" >&2 && exit 1; }
form -H "cookie: $cookie" -d 'name=schemathesis&days=30&scope=tip:read&scope=tip:write&scope=me:read' "$url/settings/tokens"
token=$(grep -oE 'oo_[A-Za-z0-9_-]{43}' "$data/answer" | sort -u)

checks=$PWD/scripts/api.toml
cd "$data"
schemathesis --config-file "$checks" run "$url/api/openapi.json" --header "Authorization: Bearer $token" \
  --checks all --max-examples 300 --generation-deterministic --warnings off --no-color
