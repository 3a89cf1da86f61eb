#!/usr/bin/env bash
# Set up, build, and run a real network on a simulated STM32F746: the first thing to try.
set -euo pipefail
cd "$(dirname "$0")/.."

bash tools/setup.sh
bash tools/build.sh build -DM7SCOPE_TESTS=OFF

out=out/demo
mkdir -p "$out"
echo
build/m7scope infer zoo:mcunet-vww1 --board stm32f746 --check --trace "$out/run.m7t"
build/m7scope infer zoo:mcunet-vww1 --board stm32f746 --check --json > "$out/infer.json"
build/m7scope view "$out/run.m7t" --png "$out/view.png"
build/m7scope report "$out/run.m7t" -o "$out/report.html"
build/m7scope plan zoo:mcunet-vww1 --svg "$out/plan.svg" > "$out/plan.txt"
build/m7scope compile zoo:mcunet-vww1 --board stm32f746 -o "$out/engine" > /dev/null

cat << NEXT

Made in $out:
  view.png     every byte over time, as the binary's own loads and stores say: the viewer's picture
  report.html  the same with all tables, for a browser
  run.m7t      the trace of the run, which both were made from
  plan.svg     what was planned: every buffer over time, against its place in SRAM (open it in a browser)
  plan.txt     the same as a table
  infer.json   the run above, for programs
  engine/      the C engine, linker script, map and ELF that would be flashed

Try next:
  build/m7scope view out/demo/run.m7t                   every byte over time, in a window
  build/m7scope trace summary out/demo/run.m7t          who owns SRAM at the peak, in the terminal
  build/m7scope models                                  the built-in networks
  build/m7scope infer your_model.tflite --check         your own network
  build/m7scope infer zoo:mcunet-in4 --board stm32h743  a network too big for the STM32F746
  build/m7scope plan zoo:mlperf-resnet8                 who owns SRAM at the peak
  build/m7scope infer zoo:mlperf-kws-dscnn --profile    which functions and lines take the cycles, and why
  build/m7scope run your_firmware.elf --board stm32h743 any ELF, from its reset vector
  build/m7scope accuracy                                the timing model beside measurements of real parts
  build/m7scope compile zoo:mlperf-kws-dscnn -o kws     sources to put in your own firmware
NEXT
