// What differs between one Cortex-M7 and another, and no board page says.
#pragma once

#include <cstdint>

#include "memory_model/board.h"

namespace sim {

struct CoreConfiguration {
  std::uint32_t cpuid = 0x411fc271;          ///< r1p1
  unsigned interrupt_lines = 240;            ///< as many as a Cortex-M7 can have
  unsigned priority_bits = 4;                ///< implemented bits of a priority byte
  std::uint32_t systick_calib = 0xc0000000;  ///< SYST_CALIB: no reference clock, no calibration
};

/// By the board's name; a board that is not known has the defaults.
CoreConfiguration core_configuration(const memory_model::Board& board);

/// CCSIDR of a cache (Armv7-M ARM B4.8.2); 0 where there is none.
std::uint32_t cache_size_id(const memory_model::CacheGeometry& cache);

}  // namespace sim
