// A port of sixteen pins, with nothing connected to them but their own drivers and pulls.
#pragma once

#include "sim/peripherals/peripheral.h"

namespace sim::peripherals {

class Gpio : public Peripheral {
 public:
  using Peripheral::Peripheral;

 protected:
  std::uint32_t load(std::uint32_t offset, isa::Cycles now) override;
  void store(std::uint32_t offset, std::uint32_t value, isa::Cycles now) override;
};

}  // namespace sim::peripherals
