// SysTick.
#include "sim/systick.h"

#include "sim/device.h"

namespace sim {
namespace {

constexpr std::uint32_t kTickInt = 1u << 1, kClkSource = 1u << 2, kCountFlag = 1u << 16;
constexpr std::uint32_t kMask = 0x00ffffff;

}  // namespace

void SysTick::reset(isa::Cycles now) {
  *this = {};
  at_ = ticks(now);
}

std::uint64_t SysTick::ticks(isa::Cycles now) const {
  return (control_ & kClkSource) ? now.value : now.value / kReferenceDivider;
}

/// From at_ on. A counter at 0 first takes a tick to load RVR.
std::uint64_t SysTick::ticks_to_zero() const {
  return value_ > 0 ? value_ : std::uint64_t{reload_} + 1;
}

bool SysTick::advance(isa::Cycles now) {
  std::uint64_t t = ticks(now);
  if (t < at_) t = at_;
  std::uint64_t passed = t - at_;
  at_ = t;
  if (running() && passed > 0 && (value_ > 0 || reload_ > 0)) {
    std::uint64_t first = ticks_to_zero();
    if (passed < first) {
      value_ = static_cast<std::uint32_t>(first - passed);
    } else {
      std::uint64_t period = std::uint64_t{reload_} + 1, behind = (passed - first) % period;
      value_ = behind == 0 ? 0 : static_cast<std::uint32_t>(period - behind);
      counted_to_zero_ = true;
      if (control_ & kTickInt) pends_ = true;
    }
  }
  bool pends = pends_;
  pends_ = false;
  return pends;
}

std::uint32_t SysTick::cvr(isa::Cycles now) const {
  SysTick then = *this;
  then.advance(now);
  return then.value_;
}

std::uint32_t SysTick::read_csr(isa::Cycles now) {
  pends_ = advance(now);
  std::uint32_t value = control_ | (counted_to_zero_ ? kCountFlag : 0);
  counted_to_zero_ = false;
  return value;
}

void SysTick::write_csr(std::uint32_t value, isa::Cycles now) {
  pends_ = advance(now);
  control_ = value & 7;
  at_ = ticks(now);
}

void SysTick::write_rvr(std::uint32_t value, isa::Cycles now) {
  pends_ = advance(now);
  reload_ = value & kMask;
}

/// Any write clears the counter and COUNTFLAG, and pends nothing.
void SysTick::write_cvr(isa::Cycles now) {
  pends_ = advance(now);
  value_ = 0;
  counted_to_zero_ = false;
}

isa::Cycles SysTick::next_event() const {
  if (pends_) return isa::Cycles(0);
  if (!running() || !(control_ & kTickInt) || (value_ == 0 && reload_ == 0)) return kNeverHappens;
  std::uint64_t tick = at_ + ticks_to_zero();
  return isa::Cycles((control_ & kClkSource) ? tick : tick * kReferenceDivider);
}

}  // namespace sim
