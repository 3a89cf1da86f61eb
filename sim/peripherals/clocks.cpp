// Ticks of a clock counted in core cycles.
#include "sim/peripherals/clocks.h"

#include <cmath>

namespace sim::peripherals {
namespace {

__extension__ using Wide = unsigned __int128;  // cycles x Hz goes beyond 64 bits

}  // namespace

void TickClock::start(isa::Cycles now, std::uint64_t core_hz, std::uint64_t hz) {
  start_ = now;
  core_hz_ = core_hz;
  hz_ = core_hz == 0 ? 0 : hz;
}

std::uint64_t TickClock::ticks(isa::Cycles now) const {
  if (!running() || now < start_) return 0;
  return static_cast<std::uint64_t>(Wide{(now - start_).value} * hz_ / core_hz_);
}

isa::Cycles TickClock::when(std::uint64_t tick) const {
  if (!running()) return kNeverHappens;
  Wide cycles = (Wide{tick} * core_hz_ + hz_ - 1) / hz_;
  if (cycles >= kNeverHappens.value - start_.value) return kNeverHappens;
  return start_ + isa::Cycles(static_cast<std::uint64_t>(cycles));
}

isa::Cycles cycles_of_microseconds(double microseconds, std::uint64_t core_hz) {
  return isa::Cycles(
      static_cast<std::uint64_t>(std::ceil(microseconds * static_cast<double>(core_hz) / 1e6)));
}

}  // namespace sim::peripherals
