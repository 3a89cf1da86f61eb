// External interrupt controller.
#include "sim/peripherals/exti.h"

#include "sim/peripherals/maps.h"

namespace sim::peripherals {
namespace {

struct Group {
  unsigned irq;
  std::uint32_t lines;
};
// RM0385 table 46, RM0433 table 150: the positions are the same.
constexpr Group kGroups[] = {{6, 0x1}, {7, 0x2}, {8, 0x4}, {9, 0x8}, {10, 0x10}, {23, 0x3e0}, {40, 0xfc00}};

}  // namespace

const ExtiKind kExtiKindF7{kExtiF7, 0x00, 0x10, 0x14};
const ExtiKind kExtiKindH7{kExtiH7, 0x80, 0x08, 0x88};

Exti::Exti(Place place, const ExtiKind& kind, SharedLines& lines, Unmodelled& notes)
    : Peripheral(std::move(place), kind.map, notes), kind_(kind) {
  for (const Group& group : kGroups) irqs_.emplace_back(lines, group.irq);
}

void Exti::reset() {
  Peripheral::reset();
  drive();
}

void Exti::store(std::uint32_t offset, std::uint32_t value, isa::Cycles) {
  if (offset == kind_.pr) {
    registers_.set(kind_.pr, registers_.get(kind_.pr) & ~value);
    registers_.set(kind_.swier, registers_.get(kind_.swier) & ~value);
  } else if (offset == kind_.swier) {
    std::uint32_t raised = value & ~registers_.get(kind_.swier);
    registers_.write(offset, value);
    registers_.set_bits(kind_.pr, raised & registers_.get(kind_.imr), true);
  } else {
    registers_.write(offset, value);
  }
  drive();
}

void Exti::drive() {
  std::uint32_t active = registers_.get(kind_.pr) & registers_.get(kind_.imr);
  for (std::size_t i = 0; i < irqs_.size(); ++i) irqs_[i].set(active & kGroups[i].lines);
}

}  // namespace sim::peripherals
