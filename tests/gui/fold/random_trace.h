// Small traces without rhyme or reason, for folds that must be right whatever comes.
#pragma once

#include <cstdint>

#include "traces/trace.h"

namespace gui {

/// Two regions, `lives` lives that overlap at will, a few steps, samples with a stack, heat of several
/// finenesses.
traces::Trace random_trace(std::uint64_t seed, std::size_t lives);

}  // namespace gui
