// The MPU as firmware sees it: registers that describe regions (Armv7-M ARM B3.5).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "memory_model/memory_system.h"

namespace sim {

class MpuRegisters {
 public:
  static constexpr unsigned kMostRegions = 16;

  /// A Cortex-M7 has 0, 8 or 16 regions.
  explicit MpuRegisters(unsigned regions) : regions_(regions) {}
  void reset() { *this = MpuRegisters(regions_); }

  /// `offset` from MPU_TYPE at 0xE000ED90, below 0x2c.
  std::uint32_t read(std::uint32_t offset) const;
  void write(std::uint32_t offset, std::uint32_t value);

  bool enabled() const { return control_ & 1; }
  /// HFNMIENA: it stays on in HardFault, NMI, and with FAULTMASK set.
  bool in_hard_fault() const { return control_ & 2; }
  /// PRIVDEFENA.
  bool background() const { return control_ & 4; }
  /// The region that decides for `address`, if one covers it.
  std::optional<unsigned> region_at(isa::Address address) const;
  /// All regions, decoded; the higher number wins.
  std::vector<memory_model::MemorySystem::MpuRegion> decoded() const;

 private:
  struct Region {
    std::uint32_t base = 0, attributes = 0;  ///< RBAR without its low bits, RASR
  };
  unsigned regions_, number_ = 0;
  std::uint32_t control_ = 0;
  std::array<Region, kMostRegions> region_{};
};

}  // namespace sim
