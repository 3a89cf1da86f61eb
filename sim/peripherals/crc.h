// CRC calculation unit (ST RM0385 section 12): polynomial of 7, 8, 16 or 32 bits, bit reversal.
#pragma once

#include "sim/peripherals/peripheral.h"

namespace sim::peripherals {

class Crc : public Peripheral {
 public:
  using Peripheral::Peripheral;
  void write(std::uint32_t offset, unsigned bytes, std::uint32_t value, isa::Cycles now) override;

 protected:
  std::uint32_t load(std::uint32_t offset, isa::Cycles now) override;

 private:
  /// Feeds the low `bits` of `value`.
  void feed(std::uint32_t value, unsigned bits);
  unsigned width() const;
};

}  // namespace sim::peripherals
