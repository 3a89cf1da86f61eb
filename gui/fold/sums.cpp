#include "gui/fold/sums.h"

#include <algorithm>
#include <cmath>

#include "traces/clock.h"

namespace gui {

RangeSums sums_of(const Folded& folded, TimeRange range) {
  range = {std::max(range.begin, 0.0), std::min(range.end, folded.cycles)};
  RangeSums sums;
  sums.regions.resize(folded.regions.size());
  if (range.end <= range.begin) return sums;

  const auto begin = static_cast<std::uint64_t>(range.begin),
             end = static_cast<std::uint64_t>(std::ceil(range.end));
  sums.cycles = range.length();
  sums.seconds = traces::seconds_at(*folded.trace, end) - traces::seconds_at(*folded.trace, begin);
  sums.activity = folded.samples.between(range.begin, range.end);
  sums.deepest_stack = folded.samples.stack_between(range.begin, range.end);
  for (std::size_t r = 0; r < folded.regions.size(); ++r)
    sums.regions[r] = {folded.regions[r].live.between(begin, end), folded.regions[r].lives.count(begin, end)};

  for (const traces::Step& step : folded.trace->steps) {
    const double step_begin = static_cast<double>(step.begin), step_end = static_cast<double>(step.end);
    if (step_begin >= range.end) break;
    const double inside = std::min(step_end, range.end) - std::max(step_begin, range.begin);
    if (inside <= 0) continue;
    const double share = inside / (step_end - step_begin);
    ++sums.steps;
    sums.macs += share * static_cast<double>(step.macs);
    sums.load_bytes += share * static_cast<double>(step.counts.load_bytes);
    sums.store_bytes += share * static_cast<double>(step.counts.store_bytes);
  }
  return sums;
}

}  // namespace gui
