// What kind of memory an address is: the MPU's regions over the default memory map (Armv7-M ARM B3.1, B3.5).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "isa/units.h"
#include "memory_model/mpu_region.h"

namespace memory_model {

enum class MemoryType : std::uint8_t { kNormal, kDevice, kStronglyOrdered };

struct Attributes {
  MemoryType type = MemoryType::kNormal;
  bool cacheable = false;
  bool write_back = false;      ///< else write-through
  bool write_allocate = false;  ///< a store that misses fetches the line; loads that miss always do
  bool execute_never = false;

  bool operator==(const Attributes&) const = default;
};

/// The map of a Cortex-M7 without MPU.
Attributes default_attributes(isa::Address address);
/// What TEX, C, B and S of a region mean to a Cortex-M7, whose caches go by the inner policy and treat
/// shareable memory as not cacheable (Arm DDI0489F, CM7_CACR.SIWT = 0).
Attributes region_attributes(const MpuRegion& region);

class AttributeMap {
 public:
  void reset() { set_mpu({}, false, false); }
  void set_mpu(std::span<const MpuRegion> regions, bool enabled, bool background);
  Attributes at(isa::Address address) const;
  bool permitted(isa::Address address, AccessKind kind, bool privileged) const;

 private:
  /// The region that decides, or nullptr for the default map.
  const MpuRegion* region_at(isa::Address address) const;

  std::vector<MpuRegion> regions_;
  bool enabled_ = false, background_ = false;
};

}  // namespace memory_model
