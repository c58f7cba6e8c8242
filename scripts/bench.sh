#!/usr/bin/env bash
# What the targets are measured with, on this machine. Run it with nothing else running.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh bench
scripts/build.sh
. scripts/env.sh

cargo bench -p bandit
cargo bench -p advice --bench read
cargo bench -p notifier --bench push
node scripts/size.mjs
for bench in scripts/bench/*; do
  if [ -x "$bench" ]; then "$bench"; fi
done
