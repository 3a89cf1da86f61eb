// SysTick, the core's own timer (Armv7-M ARM B3.3).
#pragma once

#include <cstdint>

#include "isa/units.h"

namespace sim {

/// A 24-bit counter: down from RVR to 0, and again. It counts core cycles, or one in `kReferenceDivider` of
/// them where CSR.CLKSOURCE is 0. Its value is worked out when somebody asks.
class SysTick {
 public:
  /// ST's parts feed the reference clock with HCLK/8 (RM0385 5.2, RM0433 8.5).
  static constexpr std::uint64_t kReferenceDivider = 8;

  void reset(isa::Cycles now);

  std::uint32_t read_csr(isa::Cycles now);  ///< clears COUNTFLAG
  std::uint32_t rvr() const { return reload_; }
  std::uint32_t cvr(isa::Cycles now) const;
  void write_csr(std::uint32_t value, isa::Cycles now);
  void write_rvr(std::uint32_t value, isa::Cycles now);
  void write_cvr(isa::Cycles now);

  /// When the counter next reaches 0 and that pends the exception; kNeverHappens while it does not.
  isa::Cycles next_event() const;
  /// Counts on to `now`; true where the exception became pending on the way.
  bool advance(isa::Cycles now);

 private:
  std::uint64_t ticks(isa::Cycles now) const;
  bool running() const { return control_ & 1; }
  std::uint64_t ticks_to_zero() const;

  std::uint32_t control_ = 0, reload_ = 0;
  std::uint32_t value_ = 0;       ///< the counter...
  std::uint64_t at_ = 0;          ///< ...at this tick
  bool counted_to_zero_ = false;  ///< COUNTFLAG
  bool pends_ = false;            ///< a wrap that advance() has not told yet
};

}  // namespace sim
