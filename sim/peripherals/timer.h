// Timers TIM1 to TIM17: up-counting from the internal clock, update, compare, one pulse. The counter is
// worked out from the time when somebody looks; nothing happens per count.
#pragma once

#include "sim/peripherals/irq_line.h"
#include "sim/peripherals/peripheral.h"

namespace sim::peripherals {

/// What an instance has.
struct TimerShape {
  unsigned bus = 1;   ///< APB1 or APB2: index into Clocks::timer_hz
  bool wide = false;  ///< 32-bit counter
  unsigned channels = 4;
  unsigned update_irq = 0, compare_irq = 0;  ///< the same where there is one line for all
};

class Timer : public Peripheral {
 public:
  Timer(Place place, const TimerShape& shape, SharedLines& lines, Unmodelled& notes);

  void clocks_changed(const Clocks& clocks, isa::Cycles now) override;
  isa::Cycles next_event() const override;
  void advance(isa::Cycles now) override;
  void reset() override;

 protected:
  std::uint32_t load(std::uint32_t offset, isa::Cycles now) override;
  void store(std::uint32_t offset, std::uint32_t value, isa::Cycles now) override;

 private:
  bool counting() const;
  std::uint64_t period() const { return std::uint64_t{limit_} + 1; }
  std::uint32_t written_limit() const;
  /// Counts until the counter is 0 again.
  std::uint64_t to_overflow() const;
  /// Counts until the counter is `compare`, from 1 on.
  std::uint64_t to_compare(std::uint32_t compare) const;
  std::uint32_t compare(unsigned channel) const;
  bool compares(unsigned channel) const;
  /// Brings counter and flags to `now`.
  void sync(isa::Cycles now);
  void count_to(std::uint64_t value);
  void overflow();
  void skip_periods(std::uint64_t counts);
  void load_shadows();
  void generate(std::uint32_t events, isa::Cycles now);
  void drive();
  void report_modes();

  TimerShape shape_;
  IrqLine update_, compare_;
  TickClock clock_;
  std::uint64_t core_hz_ = 0, hz_ = 0;
  std::uint64_t tick_ = 0;  ///< of clock_ at which the counter took its value
  std::uint64_t counter_ = 0;
  std::uint32_t limit_ = 0xffff, prescaler_ = 0;  ///< ARR and PSC as they are in force
  std::uint64_t repeats_ = 0;                     ///< overflows left before the one that is an update
};

}  // namespace sim::peripherals
