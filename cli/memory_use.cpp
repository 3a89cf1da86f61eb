#include "cli/memory_use.h"

#include <algorithm>

namespace cli {
namespace {

constexpr isa::Bytes kGranule(8);

bool holds(const sim::Extent& extent, isa::Address address) {
  return extent.begin <= address && address < extent.end();
}

}  // namespace

MemoryUse memory_use(std::span<const sim::Extent> touched, const sim::Extent& arena,
                     std::span<const sim::Extent> others) {
  MemoryUse use;
  for (const sim::Extent& extent : touched) {
    isa::Address rest = extent.begin;
    while (rest < extent.end()) {
      const auto other = std::find_if(others.begin(), others.end(),
                                      [&](const sim::Extent& given) { return holds(given, rest); });
      const bool in_arena = holds(arena, rest);
      if (!in_arena && other == others.end()) {
        use.unplanned.push_back({rest, extent.end() - rest});
        break;
      }
      const isa::Address stop = std::min(in_arena ? arena.end() : other->end(), extent.end());
      if (in_arena) use.arena_touched = std::max(use.arena_touched, stop - arena.begin);
      rest = extent.end() - stop < kGranule ? extent.end() : stop;
    }
  }
  return use;
}

std::vector<sim::Extent> owned_by_image(const sim::Firmware& firmware) {
  std::vector<sim::Extent> owned;
  for (const sim::Segment& segment : firmware.segments) {
    owned.push_back({segment.address, isa::Bytes(static_cast<std::int64_t>(segment.bytes.size()))});
  }
  constexpr std::pair<const char*, const char*> kBounds[] = {
      {"__stack_bottom", "__stack_top"}, {"__data_start", "__bss_end"}, {"__code_start", "__code_end"}};
  for (const auto& [first, last] : kBounds) {
    const sim::Symbol* begin = firmware.symbol(first);
    const sim::Symbol* end = firmware.symbol(last);
    if (begin != nullptr && end != nullptr) owned.push_back({begin->address, end->address - begin->address});
  }
  return owned;
}

}  // namespace cli
