// What was planned for each buffer, beside what the binary did with it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "traces/trace.h"

namespace traces {

struct BufferUse {
  std::size_t buffer = 0;  ///< index into Trace::buffers
  /// First and last access, as steps (indices into Trace::steps): none where nothing touched it, or where
  /// that was before the first step or after the last.
  std::optional<std::size_t> first, last;
  std::uint64_t first_access = kNever, last_access = kNever;  ///< cycles
  /// Steps at the end of its planned life in which nothing touched it any more, and at the beginning in which
  /// nothing had touched it yet.
  std::int32_t idle_after = 0, idle_before = 0;
};
/// In the order of Trace::buffers.
std::vector<BufferUse> plan_use(const Trace& trace);

}  // namespace traces
