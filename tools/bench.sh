#!/usr/bin/env bash
# Set up, build, and print every benchmark.
set -euo pipefail
cd "$(dirname "$0")/.."

bash tools/setup.sh
TARGETS=m7scope bash tools/build.sh
python3 -B tests/bench/bench.py build/m7scope
