#include "memory_model/attributes.h"

namespace memory_model {
namespace {

constexpr Attributes kWriteThrough{MemoryType::kNormal, true, false, false, false};
constexpr Attributes kWriteBack{MemoryType::kNormal, true, true, false, false};
constexpr Attributes kWriteBackAllocate{MemoryType::kNormal, true, true, true, false};
constexpr Attributes kNotCacheable{MemoryType::kNormal, false, false, false, false};
constexpr Attributes kDevice{MemoryType::kDevice, false, false, false, true};
constexpr Attributes kStronglyOrdered{MemoryType::kStronglyOrdered, false, false, false, true};

/// The private peripheral bus, which no MPU region changes (Armv7-M ARM B3.5.1).
bool is_private_peripheral(isa::Address a) {
  return a.value >= 0xe0000000 && a.value < 0xe0100000;
}

/// C and B where they name a cache policy.
Attributes inner_policy(bool c, bool b) {
  if (c) return b ? kWriteBack : kWriteThrough;
  return b ? kWriteBackAllocate : kNotCacheable;
}

Attributes memory_of(std::uint8_t tex, bool c, bool b) {
  if (tex >= 4) return inner_policy(c, b);
  if (tex == 0) return c ? inner_policy(c, b) : b ? kDevice : kStronglyOrdered;
  if (tex == 1) return c && b ? kWriteBackAllocate : kNotCacheable;
  return kDevice;  // 2: not shareable; 3 is reserved
}

bool allows(std::uint8_t access, AccessKind kind, bool privileged) {
  const bool store = kind == AccessKind::kStore;
  switch (access) {
    case 1:
      return privileged;
    case 2:
      return privileged || !store;
    case 3:
      return true;
    case 5:
      return privileged && !store;
    case 6:
    case 7:
      return !store;
    default:
      return false;
  }
}

bool covers(const MpuRegion& region, isa::Address address) {
  if (!region.enabled || address < region.base) return false;
  const std::uint64_t offset = address.value - region.base.value;
  if (offset >= region.size) return false;
  constexpr std::uint64_t kLeastWithSubregions = 256;
  if (region.size < kLeastWithSubregions) return true;
  return !((region.subregions >> (offset / (region.size / 8))) & 1);
}

}  // namespace

Attributes default_attributes(isa::Address address) {
  switch (address.value >> 29) {
    case 0:  // code
    case 4:  // external RAM, upper half
      return kWriteThrough;
    case 1:  // SRAM
    case 3:  // external RAM, lower half
      return kWriteBackAllocate;
    default:  // peripherals, external devices, system
      return is_private_peripheral(address) ? kStronglyOrdered : kDevice;
  }
}

Attributes region_attributes(const MpuRegion& region) {
  Attributes attributes = memory_of(region.tex, region.c, region.b);
  if (region.s && attributes.type == MemoryType::kNormal) attributes = kNotCacheable;
  attributes.execute_never |= region.execute_never;
  return attributes;
}

void AttributeMap::set_mpu(std::span<const MpuRegion> regions, bool enabled, bool background) {
  regions_.assign(regions.begin(), regions.end());
  enabled_ = enabled;
  background_ = background;
}

const MpuRegion* AttributeMap::region_at(isa::Address address) const {
  if (!enabled_ || is_private_peripheral(address)) return nullptr;
  for (auto region = regions_.rbegin(); region != regions_.rend(); ++region) {
    if (covers(*region, address)) return &*region;
  }
  return nullptr;
}

Attributes AttributeMap::at(isa::Address address) const {
  const MpuRegion* region = region_at(address);
  return region ? region_attributes(*region) : default_attributes(address);
}

bool AttributeMap::permitted(isa::Address address, AccessKind kind, bool privileged) const {
  const MpuRegion* region = region_at(address);
  if (kind == AccessKind::kFetch && at(address).execute_never) return false;
  if (region) return allows(region->access, kind, privileged);
  return !enabled_ || is_private_peripheral(address) || (background_ && privileged);
}

}  // namespace memory_model
