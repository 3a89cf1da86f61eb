#include "traces/plan_use.h"

#include <algorithm>

#include "traces/clock.h"

namespace traces {
namespace {

BufferUse use_of(const Trace& trace, std::size_t index) {
  const Buffer& buffer = trace.buffers[index];
  BufferUse use;
  use.buffer = index;
  use.first_access = std::min(buffer.first_write, buffer.first_read);
  for (const std::uint64_t cycle : {buffer.last_write, buffer.last_read}) {
    if (cycle != kNever && (use.last_access == kNever || cycle > use.last_access)) use.last_access = cycle;
  }
  if (use.first_access != kNever) use.first = step_at(trace, use.first_access);
  if (use.last_access != kNever) use.last = step_at(trace, use.last_access);
  if (use.first) use.idle_before = std::max(0, trace.steps[*use.first].id - buffer.first_step);
  if (use.last) use.idle_after = std::max(0, buffer.last_step - trace.steps[*use.last].id);
  return use;
}

}  // namespace

std::vector<BufferUse> plan_use(const Trace& trace) {
  std::vector<BufferUse> uses;
  uses.reserve(trace.buffers.size());
  for (std::size_t i = 0; i < trace.buffers.size(); ++i) uses.push_back(use_of(trace, i));
  return uses;
}

}  // namespace traces
