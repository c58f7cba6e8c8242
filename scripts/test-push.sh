#!/usr/bin/env bash
# Lets the web push project's own libraries for Python open what oO has sealed, and check how it is signed.
set -euo pipefail
cd "$(dirname "$0")/.."

# `ready`: scripts/test.sh has set up all, and built every crate together.
packages=(--workspace --exclude frontend)
if [ "${1:-}" != ready ]; then scripts/setup.sh push && packages=(-p notifier); fi
. scripts/env.sh
export SQLX_OFFLINE=true

cargo nextest run --locked --cargo-quiet "${packages[@]}" --test push --run-ignored only
