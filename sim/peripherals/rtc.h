// Real-time clock: a calendar that runs on LSE, LSI or HSE in simulated time. Alarms, wake-up timer and
// tamper pins keep their settings only.
#pragma once

#include <functional>

#include "sim/peripherals/peripheral.h"

namespace sim::peripherals {

/// Where the H7A3 has moved registers.
struct RtcKind {
  const RegisterMap& map;
  std::uint32_t ssr, cr;
};
extern const RtcKind kRtcKind, kRtcKindH7A3;

class Rtc : public Peripheral {
 public:
  Rtc(Place place, const RtcKind& kind, Unmodelled& notes);

  /// Whether the backup domain may be written (PWR's DBP).
  std::function<bool()> backup_writable;

  void clocks_changed(const Clocks& clocks, isa::Cycles now) override;
  isa::Cycles next_event() const override;
  void advance(isa::Cycles now) override;
  void reset() override;

 protected:
  std::uint32_t load(std::uint32_t offset, isa::Cycles now) override;
  void store(std::uint32_t offset, std::uint32_t value, isa::Cycles now) override;

 private:
  /// Periods of the clock behind the asynchronous prescaler since the calendar was set.
  std::uint64_t sub_ticks(isa::Cycles now) const;
  std::uint64_t synchronous() const;
  void settle(isa::Cycles now);
  void status(std::uint32_t value, isa::Cycles now);

  const RtcKind& kind_;
  std::uint64_t core_hz_ = 0, hz_ = 0;
  TickClock clock_;  ///< started when the calendar was set, or its clock changed
  std::uint64_t ticks_before_ = 0;
  bool unlocked_ = false, first_key_ = false, initialising_ = false;
  isa::Cycles flag_at_ = kNeverHappens;  ///< INITF or RSF is set
};

}  // namespace sim::peripherals
