#!/usr/bin/env bash
# Set up, build, and print every benchmark.
set -euo pipefail
cd "$(dirname "$0")/.."

bash tools/setup.sh
TARGETS="m7scope memory_bench life_bench trace_bench gui_bench" bash tools/build.sh build -DM7SCOPE_TESTS=ON
python3 -B tests/bench/bench.py build/m7scope
echo
build/tests/bench/memory_bench 2> /dev/null  # what accesses cost the host, in ns
echo
build/tests/bench/life_bench 2> /dev/null  # what following every byte costs the host, in ns an access
echo
build/tests/bench/trace_bench  # a million lives: written, opened
echo
build/tests/bench/gui_bench  # the viewer: opens them, draws them without a GPU
