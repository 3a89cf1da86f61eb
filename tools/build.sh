#!/usr/bin/env bash
# tools/build.sh [FOLDER [CMAKE FLAGS...]]: configures and builds FOLDER (default: build).
# TARGETS in the environment names what to build (default: everything).
set -euo pipefail
cd "$(dirname "$0")/.."

folder=${1:-build}
shift || true
launcher=()
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1  # so that another clone of the repository finds its objects again
if command -v ccache > /dev/null; then
  launcher=(-DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
fi
cmake -S . -B "$folder" -G Ninja "${launcher[@]}" "$@" > /dev/null
# shellcheck disable=SC2086
cmake --build "$folder" ${TARGETS:+--target $TARGETS}
