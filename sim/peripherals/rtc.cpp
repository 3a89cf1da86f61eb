// Real-time clock.
#include "sim/peripherals/rtc.h"

#include <chrono>

#include "sim/peripherals/maps.h"

namespace sim::peripherals {
namespace {

enum : std::uint32_t { kTr = 0x00, kDr = 0x04, kIsr = 0x0c, kPrer = 0x10, kWpr = 0x24, kFirstBackup = 0x50 };
// ISR
constexpr std::uint32_t kAlarmWritable = 3, kWakeupWritable = 1u << 2, kInits = 1u << 4, kRsf = 1u << 5,
                        kInitf = 1u << 6, kInit = 1u << 7;
/// Periods of RTCCLK until INITF, and until the shadow registers are up to date (RM0385, sections 29.3.7, 8).
constexpr std::uint64_t kSyncTicks = 2;
constexpr std::uint64_t kSecondsOfDay = 86'400;

std::uint32_t bcd(std::uint32_t n) {
  return n / 10 << 4 | n % 10;
}
std::uint32_t binary(std::uint32_t bcd) {
  return (bcd >> 4) * 10 + (bcd & 15);
}

/// Days since 2000-01-01 of DR.
std::uint64_t days_of(std::uint32_t dr) {
  using namespace std::chrono;
  year_month_day date{year(2000 + static_cast<int>(binary(dr >> 16 & 0xff))), month(binary(dr >> 8 & 0x1f)),
                      day(binary(dr & 0x3f))};
  if (!date.ok()) return 0;
  return static_cast<std::uint64_t>((sys_days(date) - sys_days(year(2000) / 1 / 1)).count());
}

std::uint32_t dr_of(std::uint64_t days, std::uint32_t weekday) {
  using namespace std::chrono;
  year_month_day date(sys_days(year(2000) / 1 / 1) + std::chrono::days(static_cast<int>(days)));
  auto years = static_cast<std::uint32_t>(static_cast<int>(date.year()) - 2000) % 100;
  return bcd(years) << 16 | weekday << 13 | bcd(static_cast<unsigned>(date.month())) << 8 |
         bcd(static_cast<unsigned>(date.day()));
}

std::uint64_t seconds_of(std::uint32_t tr) {
  return binary(tr >> 16 & 0x3f) * 3600u + binary(tr >> 8 & 0x7f) * 60u + binary(tr & 0x7f);
}

std::uint32_t tr_of(std::uint64_t seconds) {
  auto s = static_cast<std::uint32_t>(seconds);
  return bcd(s / 3600) << 16 | bcd(s / 60 % 60) << 8 | bcd(s % 60);
}

}  // namespace

const RtcKind kRtcKind{kRtc, 0x28, 0x08}, kRtcKindH7A3{kRtcH7A3, 0x08, 0x18};

Rtc::Rtc(Place place, const RtcKind& kind, Unmodelled& notes)
    : Peripheral(std::move(place), kind.map, notes), kind_(kind) {}

void Rtc::reset() {
  Peripheral::reset();
  unlocked_ = first_key_ = initialising_ = false;
  flag_at_ = kNeverHappens;
  ticks_before_ = 0;
}

void Rtc::clocks_changed(const Clocks& clocks, isa::Cycles now) {
  if (clocks.rtc_hz == hz_ && clocks.core_hz == core_hz_) return;
  ticks_before_ += clock_.ticks(now);
  core_hz_ = clocks.core_hz;
  hz_ = clocks.rtc_hz;
  clock_.start(now, core_hz_, hz_);
  if (flag_at_ != kNeverHappens || !(registers_.get(kIsr) & kRsf)) flag_at_ = clock_.when(kSyncTicks);
}

std::uint64_t Rtc::synchronous() const {
  return (registers_.get(kPrer) & 0x7fff) + std::uint64_t{1};
}

std::uint64_t Rtc::sub_ticks(isa::Cycles now) const {
  std::uint64_t asynchronous = (registers_.get(kPrer) >> 16 & 0x7f) + std::uint64_t{1};
  return initialising_ ? 0 : (ticks_before_ + clock_.ticks(now)) / asynchronous;
}

/// Makes the calendar registers those of `now`, and counts from there.
void Rtc::settle(isa::Cycles now) {
  std::uint32_t tr = load(kTr, now), dr = load(kDr, now);
  registers_.set(kTr, tr);
  registers_.set(kDr, dr);
  ticks_before_ = 0;
  clock_.start(now, core_hz_, hz_);
}

std::uint32_t Rtc::load(std::uint32_t offset, isa::Cycles now) {
  std::uint64_t passed = sub_ticks(now) / synchronous();
  std::uint32_t tr = registers_.get(kTr), dr = registers_.get(kDr);
  if (offset == kind_.ssr)
    return static_cast<std::uint32_t>(synchronous() - 1 - sub_ticks(now) % synchronous());
  switch (offset) {
    case kTr:
      return passed == 0 ? tr : tr_of((seconds_of(tr) + passed) % kSecondsOfDay);
    case kDr: {
      std::uint64_t days = (seconds_of(tr) + passed) / kSecondsOfDay;
      std::uint32_t weekday = dr >> 13 & 7;
      if (days == 0) return dr;
      return dr_of(days_of(dr) + days, static_cast<std::uint32_t>((weekday + 6 + days) % 7 + 1));
    }
    case kIsr: {
      // An alarm or the wake-up timer may be set while it is off.
      std::uint32_t off = ~(registers_.get(kind_.cr) >> 8);
      return (registers_.get(kIsr) & ~(kAlarmWritable | kWakeupWritable | kInits)) |
             (off & (kAlarmWritable | kWakeupWritable)) | ((dr >> 16 & 0xff) != 0 ? kInits : 0);
    }
    default:
      return registers_.get(offset);
  }
}

void Rtc::store(std::uint32_t offset, std::uint32_t value, isa::Cycles now) {
  if (backup_writable && !backup_writable()) return;
  if (offset == kWpr) {
    unlocked_ = first_key_ && (value & 0xff) == 0x53;
    first_key_ = (value & 0xff) == 0xca;
    return;
  }
  bool guarded = offset < kFirstBackup || kind_.cr != kRtcKind.cr;
  if (guarded && !unlocked_) return;
  if (offset == kIsr) return status(value, now);
  bool calendar = offset == kTr || offset == kDr || offset == kPrer;
  if (calendar && !(registers_.get(kIsr) & kInitf)) return;
  registers_.write(offset, value);
}

void Rtc::status(std::uint32_t value, isa::Cycles now) {
  bool init = value & kInit;
  if (init && !initialising_) {
    settle(now);
    initialising_ = true;
    flag_at_ = clock_.when(kSyncTicks);
  } else if (!init && initialising_) {
    initialising_ = false;
    registers_.set_bits(kIsr, kInitf | kRsf, false);
    ticks_before_ = 0;
    clock_.start(now, core_hz_, hz_);
    flag_at_ = clock_.when(kSyncTicks);
  } else if (!(value & kRsf) && !initialising_) {
    registers_.set_bits(kIsr, kRsf, false);
    if (flag_at_ == kNeverHappens && clock_.running()) flag_at_ = clock_.when(clock_.ticks(now) + kSyncTicks);
  }
  registers_.set_bits(kIsr, kInit, init);
}

isa::Cycles Rtc::next_event() const {
  return flag_at_;
}

void Rtc::advance(isa::Cycles now) {
  if (flag_at_ > now) return;
  flag_at_ = kNeverHappens;
  registers_.set_bits(kIsr, initialising_ ? kInitf : kRsf, true);
}

}  // namespace sim::peripherals
