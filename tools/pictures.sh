#!/usr/bin/env bash
# Renews the pictures of the README.
set -euo pipefail
cd "$(dirname "$0")/.."

build/m7scope plan zoo:mcunet-vww1 --svg tools/pictures/plan-mcunet-vww1.svg > /dev/null
build/m7scope accuracy --only walks --board stm32h743 -o tools/pictures/walks-stm32h743.svg > /dev/null
echo "tools/pictures/walks-stm32h743.svg"
echo "tools/pictures/plan-mcunet-vww1.svg"
