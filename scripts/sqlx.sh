#!/usr/bin/env bash
# prepare: asks a migrated Postgres about every query and writes its answers to .sqlx, which is committed.
# check: fails when they are not what .sqlx says. (What `cargo sqlx` does, without installing it.)
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

mode=${1:-}
[[ $mode =~ ^(prepare|check)$ ]] || { echo "usage: scripts/sqlx.sh prepare|check" >&2 && exit 2; }

# The answers follow from these files alone.
stamp="target/sqlx-$mode.stamp"
inputs() {
  grep -rlE --include='*.rs' 'query(_as|_scalar)?(_unchecked)?!' app domain server testkit |
    cat - <(find migrations .sqlx Cargo.lock -type f) | sort | xargs cat | sha256sum
}
mkdir -p target .sqlx
if [ "$(cat "$stamp" 2>/dev/null)" = "$(inputs)" ]; then
  echo "No query has changed since the last time."
  exit
fi

[ -n "${DATABASE_URL:-}" ] || exec cargo run -q -p oo-postgres -- exec -- "$0" "$mode"

# A database of its own, whatever stands in the given one.
server=${DATABASE_URL%%\?*} database="oo_sqlx_$$"
options=${DATABASE_URL#"$server"}
work=$(mktemp -d)
psql() { command psql -X -q -v ON_ERROR_STOP=1 "$@"; }
trap 'psql "$DATABASE_URL" -c "drop database if exists $database"; rm -rf "$work"' EXIT
psql "$DATABASE_URL" -c "create database $database"
url="${server%/*}/$database$options"
for migration in migrations/*.sql; do psql "$url" -1 -f "$migration"; done

# A compiled query is not asked about again. Cargo compiles the workspace, and not its dependencies, anew
# under a wrapper of the compiler that it has not met; `env` is one that changes nothing.
ln -s "$(command -v env)" "$work/env"
mkdir "$work/sqlx"
DATABASE_URL=$url SQLX_OFFLINE=false SQLX_OFFLINE_DIR="$work/sqlx" CARGO_INCREMENTAL=0 \
  RUSTC_WORKSPACE_WRAPPER="$work/env" cargo check -q --locked --all-targets

if [ "$mode" = prepare ]; then
  rm -rf .sqlx && cp -r "$work/sqlx" .sqlx
elif ! diff -rq .sqlx "$work/sqlx"; then
  echo "Queries have changed: run scripts/sqlx.sh prepare and commit .sqlx." >&2
  exit 1
fi
inputs >"$stamp"
echo "$(find .sqlx -name '*.json' | wc -l) queries agree with the migrations."
