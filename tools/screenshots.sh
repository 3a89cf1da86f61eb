#!/usr/bin/env bash
# Renews the README's pictures of the viewer, from real runs and without a display.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
pictures=tools/pictures
size=1400x790

build/m7scope infer zoo:mcunet-vww1 --board stm32f746 --trace "$work/vww1.m7t" > /dev/null
build/m7scope infer zoo:mcunet-vww1 --board stm32f746 --no-in-place --trace "$work/not-in-place.m7t" > /dev/null

# shot NAME [FLAGS...]: a picture; what is typed on standard input sets its scene.
shot() {
  local name=$1
  shift
  cat > "$work/scene.txt"
  build/m7scope-view "$work/vww1.m7t" "$@" --png "$pictures/$name.png" --size $size --script "$work/scene.txt"
  pngquant --force --ext .png --strip 256 "$pictures/$name.png"  # a third of the size, and nobody sees it
  echo "$pictures/$name.png"
}

shot viewer << 'SCENE'
SCENE
shot viewer-details << 'SCENE'
step 4
pin block2/depthwise
tab functions
SCENE
shot viewer-live --mode stacked --theme light << 'SCENE'
key P
select 2400000 4600000
SCENE
shot viewer-heat --heat << 'SCENE'
time 1400000 4200000
tab live
SCENE
shot viewer-compare "$work/not-in-place.m7t" << 'SCENE'
tab compare
SCENE
