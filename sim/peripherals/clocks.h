// Clock frequencies of a microcontroller, and ticks of a clock counted in core cycles.
#pragma once

#include <array>
#include <cstdint>

#include "isa/units.h"
#include "sim/device.h"

namespace sim::peripherals {

/// All in Hz, rounded to whole ones; 0: stopped. What the RCC's registers amount to.
struct Clocks {
  std::uint64_t core_hz = 0;                ///< CPU
  std::uint64_t axi_hz = 0;                 ///< AXI bus and flash interface
  std::uint64_t ahb_hz = 0;                 ///< HCLK
  std::array<std::uint64_t, 5> apb_hz{};    ///< by number, 1 to 4
  std::array<std::uint64_t, 3> timer_hz{};  ///< kernel clock of the timers on APB1 and APB2
  std::array<std::uint64_t, 11> uart_hz{};  ///< kernel clock by USART number, 1 to 10; 0 is LPUART1
  std::uint64_t rtc_hz = 0;

  bool operator==(const Clocks&) const = default;
};

/// Ticks of a clock of `hz` since a start, where time is counted in cycles of a core at `core_hz`. Exact: no
/// error builds up. Where a frequency changes, start it anew; less than a tick is lost.
class TickClock {
 public:
  void start(isa::Cycles now, std::uint64_t core_hz, std::uint64_t hz);
  bool running() const { return hz_ != 0; }
  /// Ticks that have passed at `now`, which is not before the start.
  std::uint64_t ticks(isa::Cycles now) const;
  /// The first cycle at which `tick` ticks have passed; kNeverHappens where the clock stands.
  isa::Cycles when(std::uint64_t tick) const;

 private:
  isa::Cycles start_;
  std::uint64_t core_hz_ = 1, hz_ = 0;
};

/// `microseconds` in core cycles, rounded up.
isa::Cycles cycles_of_microseconds(double microseconds, std::uint64_t core_hz);

}  // namespace sim::peripherals
