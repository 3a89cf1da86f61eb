// What functions took, alone and with those they called.
#pragma once

#include <cstdint>
#include <vector>

#include "traces/trace.h"

namespace traces {

struct FunctionTotals {
  StringId name = 0, file = 0;
  std::uint64_t calls = 0, instructions = 0;
  isa::CauseCycles causes;  ///< its own
  /// With all that it called; of a function that calls itself, the outermost calls count. Equal to its own
  /// cycles where the trace has no calling-context tree.
  std::uint64_t inclusive_cycles = 0;

  std::uint64_t self_cycles() const { return causes.total().value; }
};
/// Most of their own cycles first.
std::vector<FunctionTotals> function_totals(const Trace& trace);

}  // namespace traces
