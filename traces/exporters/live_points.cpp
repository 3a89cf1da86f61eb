#include "traces/exporters/live_points.h"

#include <algorithm>

namespace traces {

std::vector<LivePoint> live_points(const Trace& trace, const Region& region, std::size_t most) {
  return thinned(live_bytes(trace, range_of(region)), most);
}

std::vector<LivePoint> thinned(const std::vector<LivePoint>& points, std::size_t most) {
  if (points.size() <= most || most < 2) return points;
  const std::uint64_t first = points.front().cycle, last = points.back().cycle;
  const std::uint64_t stretch = (last - first) / (most - 1) + 1;
  std::vector<LivePoint> kept;
  for (std::size_t i = 0; i + 1 < points.size();) {
    const std::uint64_t number = (points[i].cycle - first) / stretch;
    LivePoint highest = points[i];
    for (; i + 1 < points.size() && (points[i].cycle - first) / stretch == number; ++i) {
      if (points[i].bytes > highest.bytes) highest = points[i];
    }
    kept.push_back(highest);
  }
  kept.push_back(points.back());
  return kept;
}

}  // namespace traces
