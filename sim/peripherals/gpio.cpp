// A port of sixteen pins.
#include "sim/peripherals/gpio.h"

namespace sim::peripherals {
namespace {

enum : std::uint32_t { kModer = 0x00, kPupdr = 0x0c, kIdr = 0x10, kOdr = 0x14, kBsrr = 0x18 };
constexpr std::uint32_t kOutput = 1, kPullUp = 1;

}  // namespace

std::uint32_t Gpio::load(std::uint32_t offset, isa::Cycles) {
  if (offset != kIdr) return registers_.get(offset);
  std::uint32_t pins = 0;
  for (unsigned pin = 0; pin < 16; ++pin) {
    std::uint32_t mode = registers_.get(kModer) >> pin * 2 & 3, pull = registers_.get(kPupdr) >> pin * 2 & 3;
    bool high = mode == kOutput ? registers_.get(kOdr) >> pin & 1 : mode != 3 && pull == kPullUp;
    pins |= std::uint32_t{high} << pin;
  }
  return pins;
}

void Gpio::store(std::uint32_t offset, std::uint32_t value, isa::Cycles) {
  if (offset != kBsrr) return registers_.write(offset, value);
  // Set wins over reset where both are asked for (RM0385, GPIOx_BSRR).
  registers_.set(kOdr, (registers_.get(kOdr) & ~(value >> 16)) | (value & 0xffff));
}

}  // namespace sim::peripherals
