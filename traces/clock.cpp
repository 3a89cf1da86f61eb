#include "traces/clock.h"

#include <algorithm>
#include <iterator>

namespace traces {

double seconds_at(const Trace& trace, std::uint64_t cycle) {
  double seconds = 0, core_hz = trace.about.core_hz;
  std::uint64_t at = 0;
  const auto run_to = [&](std::uint64_t end) {
    if (end > at && core_hz > 0) seconds += static_cast<double>(end - at) / core_hz;
    at = std::max(at, end);
  };
  for (const Clock& clock : trace.clocks) {
    if (clock.cycle >= cycle) break;
    run_to(clock.cycle);
    core_hz = clock.core_hz;
  }
  run_to(cycle);
  return seconds;
}

std::optional<std::size_t> step_at(const Trace& trace, std::uint64_t cycle) {
  const auto after = std::upper_bound(trace.steps.begin(), trace.steps.end(), cycle,
                                      [](std::uint64_t at, const Step& step) { return at < step.begin; });
  if (after == trace.steps.begin() || cycle >= std::prev(after)->end) return std::nullopt;
  return static_cast<std::size_t>(after - trace.steps.begin() - 1);
}

}  // namespace traces
