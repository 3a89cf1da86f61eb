// Registers of NXP's kind: behind each, at +4, +8 and +12, addresses that set, clear and toggle its bits.
#pragma once

#include "sim/peripherals/peripheral.h"

namespace sim::peripherals {

class SetClear : public Peripheral {
 public:
  using Peripheral::Peripheral;

 protected:
  std::uint32_t load(std::uint32_t offset, isa::Cycles) override { return registers_.get(offset & ~0xfu); }
  void store(std::uint32_t offset, std::uint32_t value, isa::Cycles) override {
    std::uint32_t base = offset & ~0xfu, old = registers_.get(base);
    switch (offset & 0xf) {
      case 0x4:
        value = old | value;
        break;
      case 0x8:
        value = old & ~value;
        break;
      case 0xc:
        value = old ^ value;
        break;
      default:
        break;
    }
    registers_.write(base, value);
  }
};

}  // namespace sim::peripherals
