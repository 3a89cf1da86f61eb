// Which lives were made from a life, and from which it was made.
#pragma once

#include <cstdint>
#include <vector>

#include "gui/fold/folded.h"

namespace gui {

/// Lives that the last reader of `life` wrote while it read it: in the same step, or where there are no
/// steps, by the same function. The largest first, at most a few.
std::vector<std::uint32_t> consumers_of(const Folded& folded, const traces::Life& life);
/// Lives whose last reader wrote `life`: what it was made from. The largest first, at most a few.
std::vector<std::uint32_t> producers_of(const Folded& folded, const traces::Life& life);

}  // namespace gui
