// A region of the MPU as its registers describe it.
#pragma once

#include <cstdint>

#include "isa/units.h"

namespace memory_model {

/// Decoded from RBAR and RASR.
struct MpuRegion {
  bool enabled = false;
  isa::Address base;
  std::uint64_t size = 0;       ///< 32 to 2^32
  std::uint8_t subregions = 0;  ///< SRD: a set bit takes that eighth out
  std::uint8_t tex = 0;         ///< 3 bits
  std::uint8_t access = 0;      ///< AP, 3 bits
  bool c = false, b = false, s = false, execute_never = false;

  bool operator==(const MpuRegion&) const = default;
};

enum class AccessKind : std::uint8_t { kLoad, kStore, kFetch };

}  // namespace memory_model
