// Power control.
#include "sim/peripherals/pwr.h"

#include <algorithm>

#include "sim/peripherals/maps.h"

namespace sim::peripherals {
namespace {

constexpr std::uint32_t kCr1 = 0x00, kCsr1 = 0x04, kCr2 = 0x08, kCr3 = 0x0c, kD3cr = 0x18;
constexpr std::uint32_t kDbp = 1u << 8;
constexpr std::uint32_t kSupplyBits = 0x3f;
constexpr std::uint32_t kVosReady = 1u << 13, kVos = 3u << 14;
constexpr double kRegulatorMicroseconds = 40;  // estimated: data sheets give tens of microseconds

// Over-drive (ODEN, then ODSWEN) and the voltage scale of the F7.
constexpr PowerFlag kFlagsF7[] = {
    {kCr1, 1u << 16, kCsr1, 1u << 16, true, kRegulatorMicroseconds},
    {kCr1, 1u << 17, kCsr1, 1u << 17, true, kRegulatorMicroseconds},
    {kCr1, kVos, kCsr1, 1u << 14, false, kRegulatorMicroseconds},
};
// Supply (ACTVOSRDY), voltage scale (VOSRDY), USB regulator, backup regulator.
constexpr PowerFlag kFlagsH7[] = {
    {kCr3, kSupplyBits, kCsr1, kVosReady, false, kRegulatorMicroseconds},
    {kD3cr, kVos, kD3cr, kVosReady, false, kRegulatorMicroseconds},
    {kCr3, 1u << 24, kCr3, 1u << 26, true, kRegulatorMicroseconds},
    {kCr2, 1u << 0, kCr2, 1u << 16, true, kRegulatorMicroseconds},
};
constexpr std::size_t kVosFlagH7 = 1;

}  // namespace

const PwrKind kPwrKindF7{kPwrF7, kFlagsF7, false, 0};
const PwrKind kPwrKindH743{kPwrH743, kFlagsH7, true, 1u << 2};
const PwrKind kPwrKindH7A3{kPwrH7A3, kFlagsH7, true, 0};

Pwr::Pwr(Place place, const PwrKind& kind, Unmodelled& notes)
    : Peripheral(std::move(place), kind.map, notes), kind_(kind) {
  reset();
}

void Pwr::reset() {
  Peripheral::reset();
  supply_set_ = false;
  set_at_.assign(kind_.flags.size(), kNeverHappens);
  // Out of reset the regulator is stable at the reset voltage.
  for (const PowerFlag& flag : kind_.flags) {
    if (!flag.follows_level) registers_.set_bits(flag.flag_offset, flag.flag, true);
  }
}

bool Pwr::backup_writable() const {
  return registers_.get(kCr1) & kDbp;
}

void Pwr::request(std::size_t index, isa::Cycles now) {
  const PowerFlag& flag = kind_.flags[index];
  registers_.set_bits(flag.flag_offset, flag.flag, false);
  bool wanted = !flag.follows_level || (registers_.get(flag.request_offset) & flag.request);
  set_at_[index] = wanted ? now + cycles_of_microseconds(flag.microseconds, core_hz_) : kNeverHappens;
}

void Pwr::overdrive_changed(isa::Cycles now) {
  if (kind_.h7) request(kVosFlagH7, now);
}

void Pwr::store(std::uint32_t offset, std::uint32_t value, isa::Cycles now) {
  std::uint32_t before = registers_.get(offset);
  if (kind_.h7 && offset == kCr3) {
    // The supply is chosen once after power-on (RM0433, PWR_CR3); later stores leave it.
    if (supply_set_)
      value = (value & ~kSupplyBits) | (before & kSupplyBits);
    else
      value &= ~kind_.single_write;
    supply_set_ = true;
  }
  registers_.write(offset, value);
  std::uint32_t changed = registers_.get(offset) ^ before;
  for (std::size_t i = 0; i < kind_.flags.size(); ++i) {
    const PowerFlag& flag = kind_.flags[i];
    if (flag.request_offset == offset && (changed & flag.request)) request(i, now);
  }
}

isa::Cycles Pwr::next_event() const {
  return *std::min_element(set_at_.begin(), set_at_.end());
}

void Pwr::advance(isa::Cycles now) {
  for (std::size_t i = 0; i < set_at_.size(); ++i) {
    if (set_at_[i] > now) continue;
    set_at_[i] = kNeverHappens;
    registers_.set_bits(kind_.flags[i].flag_offset, kind_.flags[i].flag, true);
    if (!kind_.h7 || i != kVosFlagH7) continue;
    registers_.set_bits(kCsr1, kVos, false);
    registers_.set_bits(kCsr1, registers_.get(kD3cr) & kVos, true);
  }
}

}  // namespace sim::peripherals
