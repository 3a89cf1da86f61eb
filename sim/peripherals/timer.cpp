// Timers TIM1 to TIM17.
#include "sim/peripherals/timer.h"

#include <algorithm>

#include "sim/peripherals/maps.h"

namespace sim::peripherals {
namespace {

enum : std::uint32_t {
  kCr1 = 0x00,
  kSmcr = 0x08,
  kDier = 0x0c,
  kSr = 0x10,
  kEgr = 0x14,
  kCcmr1 = 0x18,
  kCnt = 0x24,
  kPsc = 0x28,
  kArr = 0x2c,
  kRcr = 0x30,
  kCcr1 = 0x34,
};
// CR1
constexpr std::uint32_t kCen = 1u << 0, kUdis = 1u << 1, kUrs = 1u << 2, kOpm = 1u << 3, kDown = 7u << 4,
                        kArpe = 1u << 7;
constexpr std::uint32_t kUpdate = 1u << 0;  // SR, DIER, EGR; compare channel n is bit n
constexpr std::uint32_t kSlave = 0x00010007;

constexpr std::uint32_t channel_bit(unsigned channel) {
  return 1u << channel;
}

}  // namespace

Timer::Timer(Place place, const TimerShape& shape, SharedLines& lines, Unmodelled& notes)
    : Peripheral(std::move(place), kTim, notes),
      shape_(shape),
      update_(lines, shape.update_irq),
      compare_(lines, shape.compare_irq) {
  reset();
}

void Timer::reset() {
  Peripheral::reset();
  if (shape_.wide) registers_.set(kArr, 0xffffffff);
  tick_ = counter_ = repeats_ = 0;
  load_shadows();
  drive();
}

void Timer::clocks_changed(const Clocks& clocks, isa::Cycles now) {
  sync(now);
  core_hz_ = clocks.core_hz;
  hz_ = clocks.timer_hz[shape_.bus];
  clock_.start(now, core_hz_, hz_);
  tick_ = 0;
  drive();
}

bool Timer::counting() const {
  return registers_.get(kCr1) & kCen;
}

std::uint32_t Timer::written_limit() const {
  return shape_.wide ? registers_.get(kArr) : registers_.get(kArr) & 0xffff;
}

std::uint64_t Timer::to_overflow() const {
  // Past the limit it runs to the end of its width.
  std::uint64_t end = counter_ <= limit_ ? period() : shape_.wide ? std::uint64_t{1} << 32 : 0x10000;
  return end - counter_;
}

std::uint64_t Timer::to_compare(std::uint32_t compare) const {
  return compare > counter_ ? compare - counter_ : to_overflow() + compare;
}

std::uint32_t Timer::compare(unsigned channel) const {
  std::uint32_t value = registers_.get(kCcr1 + (channel - 1) * 4);
  return shape_.wide ? value : value & 0xffff;
}

bool Timer::compares(unsigned channel) const {
  std::uint32_t ccmr = registers_.get(channel <= 2 ? kCcmr1 : kCcmr1 + 4);
  return (ccmr >> (channel & 1 ? 0 : 8) & 3) == 0 && compare(channel) <= limit_;
}

void Timer::sync(isa::Cycles now) {
  if (!counting() || !clock_.running()) return;
  std::uint64_t step = std::uint64_t{prescaler_} + 1;
  std::uint64_t counts = (clock_.ticks(now) - tick_) / step;
  while (counts > 0 && counting()) {
    std::uint64_t now_counts = std::min(counts, to_overflow());
    bool wraps = now_counts == to_overflow();
    tick_ += now_counts * step;
    counts -= now_counts;
    if (!wraps) {
      count_to(counter_ + now_counts);
      break;
    }
    overflow();
    if (prescaler_ + std::uint64_t{1} != step) {  // it counts on with another prescaler
      step = std::uint64_t{prescaler_} + 1;
      counts = (clock_.ticks(now) - tick_) / step;
    }
    bool settled = limit_ == written_limit() && prescaler_ == registers_.get(kPsc);
    std::uint64_t whole = counting() && settled && counts > period() ? counts / period() - 1 : 0;
    skip_periods(whole);
    tick_ += whole * period() * step;
    counts -= whole * period();
  }
}

/// The counter moves up to `value`, which is not past the limit.
void Timer::count_to(std::uint64_t value) {
  for (unsigned channel = 1; channel <= shape_.channels; ++channel) {
    std::uint32_t at = compare(channel);
    bool met = compares(channel) && at > counter_ && at <= value;
    if (met) registers_.set_bits(kSr, channel_bit(channel), true);
  }
  counter_ = value;
}

void Timer::overflow() {
  bool ran_over = counter_ > limit_;
  if (!ran_over) count_to(limit_);
  counter_ = 0;
  for (unsigned channel = 1; channel <= shape_.channels; ++channel) {
    if (compares(channel) && compare(channel) == 0) registers_.set_bits(kSr, channel_bit(channel), true);
  }
  if (ran_over) return;
  if (repeats_ > 0) {
    --repeats_;
    return;
  }
  std::uint32_t cr1 = registers_.get(kCr1);
  if (!(cr1 & kUdis)) {
    load_shadows();
    registers_.set_bits(kSr, kUpdate, true);
  }
  if (cr1 & kOpm) registers_.set_bits(kCr1, kCen, false);
}

/// `periods` whole periods go by in which nothing but flags can change.
void Timer::skip_periods(std::uint64_t periods) {
  if (periods == 0) return;
  for (unsigned channel = 1; channel <= shape_.channels; ++channel) {
    if (compares(channel)) registers_.set_bits(kSr, channel_bit(channel), true);
  }
  std::uint64_t cycle = std::uint64_t{registers_.get(kRcr)} + 1;
  if (periods > repeats_) {
    if (!(registers_.get(kCr1) & kUdis)) registers_.set_bits(kSr, kUpdate, true);
    repeats_ = cycle - 1 - (periods - repeats_ - 1) % cycle;
  } else {
    repeats_ -= periods;
  }
}

void Timer::load_shadows() {
  limit_ = written_limit();
  prescaler_ = registers_.get(kPsc);
  repeats_ = registers_.get(kRcr);
}

isa::Cycles Timer::next_event() const {
  if (!counting()) return kNeverHappens;
  std::uint32_t waiting = registers_.get(kDier) & ~registers_.get(kSr);
  std::uint64_t nearest = UINT64_MAX;
  if ((waiting & kUpdate) && !(registers_.get(kCr1) & kUdis)) {
    nearest = to_overflow() + (counter_ > limit_ ? period() : 0) + repeats_ * period();
  }
  for (unsigned channel = 1; channel <= shape_.channels; ++channel) {
    // Beyond the overflow the period may be another: look again there.
    if ((waiting & channel_bit(channel)) && compares(channel))
      nearest = std::min({nearest, to_compare(compare(channel)), std::max<std::uint64_t>(to_overflow(), 1)});
  }
  if (nearest == UINT64_MAX) return kNeverHappens;
  return clock_.when(tick_ + nearest * (std::uint64_t{prescaler_} + 1));
}

void Timer::advance(isa::Cycles now) {
  sync(now);
  drive();
}

std::uint32_t Timer::load(std::uint32_t offset, isa::Cycles now) {
  sync(now);
  drive();
  if (offset == kCnt) return static_cast<std::uint32_t>(counter_);
  return registers_.get(offset);
}

void Timer::store(std::uint32_t offset, std::uint32_t value, isa::Cycles now) {
  sync(now);
  switch (offset) {
    case kCr1: {
      bool starts = (value & kCen) && !counting();
      registers_.write(kCr1, value);
      if (starts) tick_ = clock_.ticks(now);
      break;
    }
    case kSr:
      registers_.set(kSr, registers_.get(kSr) & value);  // a 0 clears, a 1 leaves
      break;
    case kEgr:
      generate(value, now);
      break;
    case kCnt:
      counter_ = shape_.wide ? value : value & 0xffff;
      tick_ = clock_.ticks(now);
      break;
    case kArr:
      registers_.write(kArr, value);
      if (!(registers_.get(kCr1) & kArpe)) limit_ = written_limit();
      break;
    default:
      registers_.write(offset, value);
      break;
  }
  report_modes();
  drive();
}

void Timer::generate(std::uint32_t events, isa::Cycles now) {
  for (unsigned channel = 1; channel <= shape_.channels; ++channel) {
    if (events & channel_bit(channel)) registers_.set_bits(kSr, channel_bit(channel), true);
  }
  if (!(events & kUpdate)) return;
  counter_ = 0;
  tick_ = clock_.ticks(now);
  std::uint32_t cr1 = registers_.get(kCr1);
  if (cr1 & kUdis) return;
  load_shadows();
  if (!(cr1 & kUrs)) registers_.set_bits(kSr, kUpdate, true);
}

void Timer::drive() {
  std::uint32_t active = registers_.get(kSr) & registers_.get(kDier);
  if (shape_.update_irq == shape_.compare_irq) return update_.set(active & 0x1f);
  update_.set(active & kUpdate);
  compare_.set(active & 0x1e);
}

void Timer::report_modes() {
  if (registers_.get(kCr1) & kDown) note(kCr1, "the model counts up only (DIR, CMS)");
  if (registers_.get(kSmcr) & kSlave) note(kSmcr, "slave modes and external clocks are not modelled");
}

}  // namespace sim::peripherals
