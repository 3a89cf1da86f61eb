#include "traces/memories.h"

#include <algorithm>
#include <numeric>

namespace traces {

std::vector<Memory> memories_of(const Trace& trace) {
  std::vector<std::size_t> order(trace.regions.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return trace.regions[a].base < trace.regions[b].base;
  });
  std::vector<Memory> memories;
  for (const std::size_t i : order) {
    const Region& region = trace.regions[i];
    const AddressRange range = range_of(region);
    if (!region.writable || region.bytes == 0) continue;
    if (memories.empty() || memories.back().range.end != range.begin) {
      memories.push_back({region.name, region.kind, range, {i}});
      continue;
    }
    memories.back().name += "+" + region.name;
    memories.back().range.end = range.end;
    memories.back().parts.push_back(i);
  }
  return memories;
}

}  // namespace traces
