#!/usr/bin/env bash
# Set up, build, and run every test: the plain build, the sanitizer build, and a short run of each fuzzer.
set -euo pipefail
cd "$(dirname "$0")/.."

bash tools/setup.sh
# FUZZ_SECONDS: how long each fuzzer runs.
fuzz_seconds=${FUZZ_SECONDS:-20}

bash tools/build.sh build -DM7SCOPE_TESTS=ON
bash tools/build.sh build-sanitize -DM7SCOPE_SANITIZE=ON -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_FLAGS=-O1
TARGETS=fuzzers bash tools/build.sh build-fuzz -DM7SCOPE_FUZZ=ON -DM7SCOPE_TESTS=OFF \
  -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++

status=0
# Whole programs (label "whole") run once; under sanitizers the parts are what is tested.
ctest --test-dir build-sanitize -j "$(nproc)" --output-on-failure --no-tests=error -LE whole || status=1
FUZZ_SECONDS=$fuzz_seconds ctest --test-dir build-fuzz -L fuzz -j "$(nproc)" --output-on-failure --no-tests=error || status=1
ctest --test-dir build -j "$(nproc)" --output-on-failure --no-tests=error || status=1
exit "$status"
