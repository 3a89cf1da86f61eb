#include "sim/touch_map.h"

#include <algorithm>

namespace sim {

TouchMap::TouchMap(const memory_model::Board& board) {
  std::array<std::uint64_t, std::tuple_size_v<decltype(stretches_)>> ends{};
  for (const memory_model::Region& region : board.regions) {
    if (!region.writable()) continue;
    const std::uint64_t begin = region.base.value,
                        end = begin + static_cast<std::uint64_t>(region.size.value);
    for (std::uint64_t i = begin >> kStretchBits; i <= (end - 1) >> kStretchBits; ++i) {
      const std::uint64_t first = std::max(begin, i << kStretchBits);
      Stretch& stretch = stretches_[i];
      stretch.base = ends[i] == 0 ? static_cast<std::uint32_t>(first)
                                  : std::min(stretch.base, static_cast<std::uint32_t>(first));
      ends[i] = std::max(ends[i], std::min(end, (i + 1) << kStretchBits));
    }
  }
  for (std::size_t i = 0; i < ends.size(); ++i) {
    if (ends[i] == 0) continue;
    Stretch& stretch = stretches_[i];
    stretch.size = static_cast<std::uint32_t>(ends[i] - stretch.base);
    stretch.touched = flags_.emplace_back((stretch.size + kGranule - 1) / kGranule).data();
  }
}

void TouchMap::clear() {
  for (std::vector<std::uint8_t>& flags : flags_) std::ranges::fill(flags, 0);
}

std::vector<Extent> TouchMap::extents() const {
  std::vector<Extent> extents;
  for (const Stretch& stretch : stretches_) {
    for (std::uint32_t i = 0; i < (stretch.size + kGranule - 1) / kGranule; ++i) {
      if (stretch.touched[i] == 0) continue;
      const isa::Address begin(stretch.base + i * kGranule);
      if (extents.empty() || extents.back().end() != begin) extents.push_back({begin, isa::Bytes(0)});
      extents.back().size += isa::Bytes(kGranule);
    }
  }
  return extents;
}

}  // namespace sim
