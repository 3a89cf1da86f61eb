#include "sim/touch_map.h"

#include <algorithm>

namespace sim {

TouchMap::TouchMap(const memory_model::Board& board) {
  for (const memory_model::Region& region : board.regions) {
    if (!region.writable()) continue;
    const auto size = static_cast<std::uint32_t>(region.size.value);
    rams_.push_back({region.base.value, size, std::vector<std::uint8_t>((size + kGranule - 1) / kGranule)});
  }
  std::ranges::sort(rams_, {}, &Ram::base);
  rams_.emplace_back();
  last_ = &rams_.back();
}

void TouchMap::clear() {
  for (Ram& ram : rams_) std::ranges::fill(ram.touched, 0);
}

bool TouchMap::find(std::uint32_t address) {
  for (Ram& ram : rams_) {
    if (address - ram.base >= ram.size) continue;
    last_ = &ram;
    return true;
  }
  return false;
}

std::vector<Extent> TouchMap::extents() const {
  std::vector<Extent> extents;
  for (const Ram& ram : rams_) {
    for (std::uint32_t i = 0; i < ram.touched.size(); ++i) {
      if (ram.touched[i] == 0) continue;
      const isa::Address begin(ram.base + i * kGranule);
      if (extents.empty() || extents.back().end() != begin) extents.push_back({begin, isa::Bytes(0)});
      extents.back().size += isa::Bytes(kGranule);
    }
  }
  return extents;
}

}  // namespace sim
