// Random number generator: the same numbers in every run.
#pragma once

#include "sim/peripherals/irq_line.h"
#include "sim/peripherals/peripheral.h"

namespace sim::peripherals {

class Rng : public Peripheral {
 public:
  Rng(Place place, const RegisterMap& map, IrqLine irq, Unmodelled& notes)
      : Peripheral(std::move(place), map, notes), irq_(irq) {}

  isa::Cycles next_event() const override { return ready_at_; }
  void advance(isa::Cycles now) override;
  void reset() override;

 protected:
  std::uint32_t load(std::uint32_t offset, isa::Cycles now) override;
  void store(std::uint32_t offset, std::uint32_t value, isa::Cycles now) override;

 private:
  void begin(isa::Cycles now);
  void drive();

  IrqLine irq_;
  std::uint32_t state_ = kSeed;
  isa::Cycles ready_at_ = kNeverHappens;
  static constexpr std::uint32_t kSeed = 0x6d377363;
};

}  // namespace sim::peripherals
