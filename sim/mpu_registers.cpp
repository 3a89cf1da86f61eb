// The MPU's registers.
#include "sim/mpu_registers.h"

namespace sim {
namespace {

constexpr std::uint32_t kType = 0x00, kCtrl = 0x04, kRnr = 0x08, kRbar = 0x0c, kEnd = 0x2c;
constexpr std::uint32_t kBaseMask = 0xffffffe0, kRbarValid = 1u << 4, kRasrWritable = 0x173fff3f;

}  // namespace

std::uint32_t MpuRegisters::read(std::uint32_t offset) const {
  if (offset == kType) return regions_ << 8;
  if (offset == kCtrl) return control_;
  if (offset == kRnr) return number_;
  // RBAR, RASR and their three aliases all show the region that RNR selects.
  bool base = (offset - kRbar) / 4 % 2 == 0;
  if (number_ >= regions_) return 0;
  return base ? region_[number_].base | number_ : region_[number_].attributes;
}

void MpuRegisters::write(std::uint32_t offset, std::uint32_t value) {
  if (offset == kCtrl) control_ = regions_ > 0 ? value & 7 : 0;
  if (offset == kRnr) number_ = value & 0xff;
  if (offset < kRbar || offset >= kEnd) return;
  bool base = (offset - kRbar) / 4 % 2 == 0;
  if (base && (value & kRbarValid)) number_ = value & 0xf;
  if (number_ >= regions_) return;
  if (base) {
    region_[number_].base = value & kBaseMask;
  } else {
    region_[number_].attributes = value & kRasrWritable;
  }
}

std::optional<unsigned> MpuRegisters::region_at(isa::Address address) const {
  auto all = decoded();
  for (unsigned i = regions_; i-- > 0;) {
    const auto& region = all[i];
    std::uint64_t offset = std::uint64_t{address.value} - region.base.value;
    if (!region.enabled || offset >= region.size) continue;
    if (!(region.subregions >> (offset / (region.size / 8)) & 1)) return i;
  }
  return std::nullopt;
}

std::vector<memory_model::MemorySystem::MpuRegion> MpuRegisters::decoded() const {
  std::vector<memory_model::MemorySystem::MpuRegion> all;
  for (unsigned i = 0; i < regions_; ++i) {
    std::uint32_t rasr = region_[i].attributes;
    memory_model::MemorySystem::MpuRegion region;
    unsigned size = rasr >> 1 & 0x1f;  // 2^(SIZE+1) bytes, SIZE at least 4
    region.enabled = (rasr & 1) && size >= 4;
    region.size = std::uint64_t{2} << size;
    region.base = isa::Address(static_cast<std::uint32_t>(region_[i].base & ~(region.size - 1)));
    // Regions below 256 bytes have no sub-regions.
    region.subregions = size >= 7 ? static_cast<std::uint8_t>(rasr >> 8) : std::uint8_t{0};
    region.tex = rasr >> 19 & 7;
    region.access = rasr >> 24 & 7;
    region.s = rasr >> 18 & 1;
    region.c = rasr >> 17 & 1;
    region.b = rasr >> 16 & 1;
    region.execute_never = rasr >> 28 & 1;
    all.push_back(region);
  }
  return all;
}

}  // namespace sim
