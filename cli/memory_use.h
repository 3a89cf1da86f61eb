// What a binary touched of RAM, against what it was given.
#pragma once

#include <span>
#include <vector>

#include "sim/firmware.h"
#include "sim/machine.h"

namespace cli {

struct MemoryUse {
  isa::Bytes arena_touched;            ///< from the arena's first byte to the last one touched in it
  std::vector<sim::Extent> unplanned;  ///< touched, but in none of the given extents
};

/// `touched` comes in granules of 8 bytes (sim::RunResult::touched): less than a granule that sticks out
/// behind a given extent is not held against it. `others` is what else the binary may touch.
MemoryUse memory_use(std::span<const sim::Extent> touched, const sim::Extent& arena,
                     std::span<const sim::Extent> others);

/// What an engine's image owns beside its arena: its own bytes (some boards run from RAM), stack, static data
/// and the code that start-up copies.
std::vector<sim::Extent> owned_by_image(const sim::Firmware& firmware);

}  // namespace cli
