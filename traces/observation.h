// What a watch saw, before functions and source lines are put to it.
#pragma once

#include <cstdint>
#include <string>

#include "traces/trace.h"

namespace traces {

/// Becomes a Finding; equal ones (kind, pc, owner) become one.
struct Observation {
  FindingKind kind = FindingKind::kReadBeforeWrite;
  bool is_problem = true;
  std::string text;   ///< a sentence without a full stop
  std::string owner;  ///< the tensor, variable or memory it befell
  std::uint32_t pc = 0;
  std::uint32_t address = 0, bytes = 0;
  std::int32_t step = -1;   ///< index into Trace::steps
  std::uint64_t cycle = 0;  ///< of the first
  std::uint64_t count = 1;
  std::int64_t saves_bytes = 0;
};

}  // namespace traces
