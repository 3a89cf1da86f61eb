#!/bin/sh
# run_fuzzer.sh FUZZER [SEEDS-PROGRAM]: runs FUZZER for FUZZ_SECONDS (default 20) from the seeds that the program
# writes; FUZZ_CORPUS may name a folder of further seeds. The corpus is thrown away; a crash leaves its input in
# the current folder.
set -eu
corpus=$(mktemp -d)
trap 'rm -rf "$corpus"' EXIT
if [ $# -ge 2 ]; then "$2" "$corpus"; fi
"$1" -max_total_time="${FUZZ_SECONDS:-20}" -timeout=20 -print_final_stats=1 "$corpus" ${FUZZ_CORPUS:+"$FUZZ_CORPUS"}
