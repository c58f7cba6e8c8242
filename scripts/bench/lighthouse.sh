#!/usr/bin/env bash
# The page on a slow phone and a slow network, as Lighthouse sees it (end2end/lighthouse-bench.ts), on a demo of its own.
set -euo pipefail
cd "$(dirname "$0")/../../end2end"

../scripts/node_modules/.bin/esbuild lighthouse-bench.ts --bundle --format=esm --platform=node --packages=external \
  --log-level=warning | env -u DATABASE_URL node --input-type=module -
