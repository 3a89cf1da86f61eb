// Which step of one run is which step of another.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "traces/trace.h"

namespace traces {

/// A step of each run, or of one only.
struct StepPair {
  std::optional<std::size_t> a, b;  ///< indices into Trace::steps
  bool operator==(const StepPair&) const = default;
};

/// Steps that have the same operator, name, phase and patch are the same; where names repeat, order tells
/// which. Steps that moved are still the same. Rows come in a's order, b's own steps where b has them.
/// Aligning b with a gives the same pairs.
std::vector<StepPair> align_steps(const Trace& a, const Trace& b);

}  // namespace traces
