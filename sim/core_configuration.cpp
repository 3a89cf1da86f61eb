// One row a part.
#include "sim/core_configuration.h"

#include <string_view>

namespace sim {
namespace {

struct Row {
  std::string_view name;  ///< what board names begin with
  CoreConfiguration core;
};

// Interrupts: the vector tables of ST RM0385, RM0410, RM0433, RM0455, RM0468, NXP IMXRT1060RM and Arm DAI
// 0500, in whole words of 32. Priorities: ST PM0253 and the CMSIS headers' __NVIC_PRIO_BITS.
constexpr Row kRows[] = {
    {"stm32f74", {0x411fc271, 98, 4, 0x4000493e}},   {"stm32f76", {0x411fc270, 110, 4, 0x4000493e}},
    {"stm32h743", {0x411fc271, 150, 4, 0x400003e8}}, {"stm32h7a3", {0x411fc271, 155, 4, 0x400003e8}},
    {"stm32h723", {0x411fc271, 163, 4, 0x400003e8}}, {"imxrt1062", {0x411fc271, 160, 4, 0xc0000000}},
    {"mps2-an500", {0x410fc271, 32, 3, 0xc0000000}},
};

}  // namespace

CoreConfiguration core_configuration(const memory_model::Board& board) {
  for (const Row& row : kRows) {
    if (std::string_view(board.name).starts_with(row.name)) return row.core;
  }
  return {};
}

std::uint32_t cache_size_id(const memory_model::CacheGeometry& cache) {
  constexpr std::int64_t kLine = 32;
  constexpr std::uint32_t kLineCode = 1,
                          kPolicies = 0xf0000000;  // write-through, write-back, both allocations
  if (cache.size.value == 0) return 0;
  auto sets = static_cast<std::uint32_t>(cache.size.value / cache.ways / kLine);
  return kPolicies | (sets - 1) << 13 | (static_cast<std::uint32_t>(cache.ways) - 1) << 3 | kLineCode;
}

}  // namespace sim
