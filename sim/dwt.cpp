// DWT.
#include "sim/dwt.h"

namespace sim {
namespace {

constexpr std::uint32_t kCtrl = 0x00, kCyccnt = 0x04, kPcsr = 0x1c, kComparators = 0x20, kEnd = 0x60;
constexpr std::uint32_t kFourComparators = 4u << 28, kCtrlWritable = 0x007f1fff;
/// CTRL's enable bits in the order of the counters: CYCCNTENA, CPIEVTENA, EXCEVTENA, SLEEPEVTENA, LSUEVTENA,
/// FOLDEVTENA.
constexpr unsigned kEnableBits[] = {0, 17, 18, 19, 20, 21};

}  // namespace

void Dwt::reset() {
  *this = {};
}

std::uint64_t Dwt::total(std::size_t counter, const DwtTotals& totals) {
  const std::uint64_t all[kCounters] = {totals.now.value, totals.cpi, totals.exception,
                                        totals.sleep,     totals.lsu, totals.fold};
  return all[counter];
}

void Dwt::update(bool enabled, const DwtTotals& totals) {
  for (std::size_t i = 0; i < kCounters; ++i) {
    counters_[i].run(enabled && (ctrl_ >> kEnableBits[i] & 1), total(i, totals));
  }
}

void Dwt::enable(bool on, const DwtTotals& totals) {
  update(on, totals);
}

std::uint32_t Dwt::read(std::uint32_t offset, bool enabled, const DwtTotals& totals) const {
  if (offset == kCtrl) return kFourComparators | ctrl_;
  if (offset == kPcsr) return enabled ? 0xffffffff : 0;  // no sample
  if (offset < kPcsr) {
    std::size_t i = (offset - kCyccnt) / 4;
    std::uint32_t value = counters_[i].value(total(i, totals));
    return i == 0 ? value : value & 0xff;
  }
  return offset < kEnd ? comparators_[(offset - kComparators) / 4] : 0;
}

void Dwt::write(std::uint32_t offset, std::uint32_t value, bool enabled, const DwtTotals& totals) {
  if (!enabled || offset == kPcsr || offset >= kEnd) return;
  if (offset == kCtrl) {
    // An 8-bit counter starts from 0 when it is enabled (C1.8.7).
    std::uint32_t rising = value & ~ctrl_;
    for (std::size_t i = 1; i < kCounters; ++i) {
      if (rising >> kEnableBits[i] & 1) counters_[i].set(0, total(i, totals));
    }
    ctrl_ = value & kCtrlWritable;
    return update(enabled, totals);
  }
  if (offset < kPcsr) {
    std::size_t i = (offset - kCyccnt) / 4;
    return counters_[i].set(i == 0 ? value : value & 0xff, total(i, totals));
  }
  comparators_[(offset - kComparators) / 4] = value;
}

}  // namespace sim
