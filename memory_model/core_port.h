// What the core itself adds to an access that leaves it: core cycles between the pipeline and the bus.
// They are estimated: fitted to ST AN4891 Rev 7, its FFT in 60 placements on an STM32H743; no manual states
// them.
#pragma once

#include <cstdint>

#include "memory_model/board.h"

namespace memory_model {

struct CorePortTiming {
  std::uint32_t request = 0;  ///< from finding out about a miss to the request on the bus
  std::uint32_t answer = 0;   ///< from the data on the bus to the instruction that waits for it
  Quality quality = Quality::kEstimated;
};

inline constexpr CorePortTiming kDataPort{2, 3, Quality::kEstimated};
inline constexpr CorePortTiming kFetchPort{3, 10, Quality::kEstimated};

/// The prefetch unit runs ahead of the core by its queue of 4 x 64 bits (Arm DDI0489F). How many bytes the
/// core takes from it in a cycle is estimated: one 32-bit or two 16-bit instructions.
inline constexpr std::uint32_t kFetchQueueBytes = 32;
inline constexpr std::uint32_t kFetchBytesPerCycle = 4;

/// Stores this close together are one burst to the store buffer (estimated: it drains an entry a cycle, and
/// has four).
inline constexpr std::uint32_t kStoreBurstCycles = 4;

/// Of a cache maintenance operation, beside write-backs (estimated).
inline constexpr std::uint32_t kMaintenanceCycles = 2;

}  // namespace memory_model
