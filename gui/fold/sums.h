// What happened in a range of time, summed.
#pragma once

#include <cstdint>
#include <vector>

#include "gui/fold/folded.h"
#include "gui/view_state.h"
#include "traces/peak.h"

namespace gui {

struct RegionSums {
  traces::Peak peak;      ///< bytes in use at once
  std::size_t lives = 0;  ///< there at some time of the range
};

/// Steps and samples that the range cuts count with the share of their cycles that lies in it.
struct RangeSums {
  double cycles = 0, seconds = 0;
  Activity activity;
  double macs = 0, load_bytes = 0, store_bytes = 0;  ///< of steps
  std::size_t steps = 0;                             ///< that run in it, whole or in part
  std::uint64_t deepest_stack = 0;                   ///< bytes
  std::vector<RegionSums> regions;                   ///< as Trace::regions

  /// 0 where nothing was multiplied.
  double cycles_per_mac() const { return macs > 0 ? cycles / macs : 0; }
};

RangeSums sums_of(const Folded& folded, TimeRange range);

}  // namespace gui
