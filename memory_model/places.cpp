#include "memory_model/places.h"

namespace memory_model {
namespace {

constexpr std::uint32_t kPeripheralBegin = 0x40000000, kPeripheralEnd = 0x60000000;

}  // namespace

void Places::set_mpu(std::span<const MpuRegion> regions, bool enabled, bool background) {
  attributes_.set_mpu(regions, enabled, background);
  known_.fill({});
}

Place Places::find(std::uint32_t line) const {
  const isa::Address address(line * kLineBytes);
  const Attributes attributes = attributes_.at(address);
  const Region* region = board_.region_at(address);
  if (!region) {
    const bool peripheral = address.value >= kPeripheralBegin && address.value < kPeripheralEnd;
    return {peripheral ? Path::kDevice : Path::kNowhere, false, false};
  }
  if (region->kind == RegionKind::kItcm || region->kind == RegionKind::kDtcm)
    return {Path::kTcm, false, false};
  if (region->art) return {Path::kArt, false, false};
  switch (attributes.type) {
    case MemoryType::kDevice:
      return {Path::kDevice, false, false};
    case MemoryType::kStronglyOrdered:
      return {Path::kStronglyOrdered, false, false};
    case MemoryType::kNormal:
      break;
  }
  if (!attributes.cacheable) return {Path::kUncached, false, false};
  return {Path::kCached, attributes.write_back, attributes.write_allocate};
}

}  // namespace memory_model
