#!/usr/bin/env bash
# How long it takes to think of 500 of 100,000 people.
set -euo pipefail
cd "$(dirname "$0")/../.."
. scripts/env.sh
export SQLX_OFFLINE=true
unset DATABASE_URL

cargo run -q --locked -p oo-postgres -- exec -- cargo bench -q --locked -p notifier --bench tick
