// External interrupt controller: lines 0 to 15, which software can raise (SWIER). Pins raise none: nothing
// drives them.
#pragma once

#include <vector>

#include "sim/peripherals/irq_line.h"
#include "sim/peripherals/peripheral.h"

namespace sim::peripherals {

/// Offsets of the registers of lines 0 to 31.
struct ExtiKind {
  const RegisterMap& map;
  std::uint32_t imr, swier, pr;
};
extern const ExtiKind kExtiKindF7, kExtiKindH7;

class Exti : public Peripheral {
 public:
  Exti(Place place, const ExtiKind& kind, SharedLines& lines, Unmodelled& notes);

  void reset() override;

 protected:
  void store(std::uint32_t offset, std::uint32_t value, isa::Cycles now) override;

 private:
  void drive();

  const ExtiKind& kind_;
  std::vector<IrqLine> irqs_;  ///< EXTI0 to EXTI4, EXTI9_5, EXTI15_10
};

}  // namespace sim::peripherals
