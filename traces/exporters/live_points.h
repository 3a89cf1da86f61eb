// Bytes in use over time, few enough points for a counter.
#pragma once

#include <cstddef>
#include <vector>

#include "traces/peak.h"

namespace traces {

/// live_bytes of the region, at most `most` points and the first: of each stretch of time the highest, so
/// that no peak is lost.
std::vector<LivePoint> live_points(const Trace& trace, const Region& region, std::size_t most);
/// At most `most` of `points`, the highest of each stretch of equal length in cycles, and the last.
std::vector<LivePoint> thinned(const std::vector<LivePoint>& points, std::size_t most);

}  // namespace traces
