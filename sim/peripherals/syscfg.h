// System configuration: the bits that have a flag, and the over-drive of the H743.
#pragma once

#include <functional>

#include "sim/peripherals/peripheral.h"

namespace sim::peripherals {

class Syscfg : public Peripheral {
 public:
  /// `compensation`: the register with the compensation cell's enable (bit 0) and ready (bit 8) bits.
  Syscfg(Place place, const RegisterMap& map, std::uint32_t compensation, Unmodelled& notes)
      : Peripheral(std::move(place), map, notes), compensation_(compensation) {}

  /// PWRCR.ODEN has changed (H743: VOS0).
  std::function<void(isa::Cycles now)> on_overdrive;

 protected:
  std::uint32_t load(std::uint32_t offset, isa::Cycles) override {
    std::uint32_t value = registers_.get(offset);
    return offset == compensation_ ? value | (value & 1) << 8 : value;
  }
  void store(std::uint32_t offset, std::uint32_t value, isa::Cycles now) override {
    constexpr std::uint32_t kPwrcr = 0x2c, kOden = 1;
    bool changes = offset == kPwrcr && ((registers_.get(kPwrcr) ^ value) & kOden);
    registers_.write(offset, value);
    if (changes && on_overdrive) on_overdrive(now);
  }

 private:
  std::uint32_t compensation_;
};

}  // namespace sim::peripherals
