// Random number generator.
#include "sim/peripherals/rng.h"

namespace sim::peripherals {
namespace {

enum : std::uint32_t { kCr = 0x00, kSr = 0x04, kDr = 0x08 };
constexpr std::uint32_t kEnable = 1u << 2, kInterrupt = 1u << 3, kReady = 1u << 0;
// A number takes 40 periods of a 48 MHz clock (RM0385, section 20.3.1); in core cycles at 216 MHz.
constexpr isa::Cycles kNumberCycles{180};

}  // namespace

void Rng::reset() {
  Peripheral::reset();
  state_ = kSeed;
  ready_at_ = kNeverHappens;
  drive();
}

void Rng::begin(isa::Cycles now) {
  registers_.set(kSr, 0);
  ready_at_ = registers_.get(kCr) & kEnable ? now + kNumberCycles : kNeverHappens;
}

void Rng::advance(isa::Cycles now) {
  if (ready_at_ > now) return;
  ready_at_ = kNeverHappens;
  state_ ^= state_ << 13;
  state_ ^= state_ >> 17;
  state_ ^= state_ << 5;
  registers_.set(kDr, state_);
  registers_.set(kSr, kReady);
  drive();
}

std::uint32_t Rng::load(std::uint32_t offset, isa::Cycles now) {
  std::uint32_t value = registers_.get(offset);
  if (offset == kDr && (registers_.get(kSr) & kReady)) {
    registers_.set(kDr, 0);
    begin(now);
    drive();
  }
  return value;
}

void Rng::store(std::uint32_t offset, std::uint32_t value, isa::Cycles now) {
  std::uint32_t before = registers_.get(kCr);
  registers_.write(offset, value);
  if (offset == kCr && ((before ^ value) & kEnable)) begin(now);
  drive();
}

void Rng::drive() {
  irq_.set((registers_.get(kCr) & kInterrupt) && (registers_.get(kSr) & kReady));
}

}  // namespace sim::peripherals
