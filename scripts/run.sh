#!/usr/bin/env bash
# From a clone to the page: installs what is missing, builds, and starts oO. With nothing configured, its demo.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh run
scripts/build.sh

if [ $# = 0 ] && [ ! -f .env ] && [ -z "${OO_BASE_URL:-}${DATABASE_URL:-}" ]; then set -- demo; fi
exec target/dist/oo "$@"
