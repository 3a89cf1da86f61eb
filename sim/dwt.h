// DWT's counters (Armv7-M ARM C1.8): the cycle counter, and the 8-bit counters of where cycles went.
#pragma once

#include <array>
#include <cstdint>

#include "isa/units.h"

namespace sim {

/// Running totals that the counters are made from.
struct DwtTotals {
  isa::Cycles now;
  std::uint64_t cpi = 0;        ///< cycles that instructions took beyond their first, fetch stalls included
  std::uint64_t exception = 0;  ///< cycles of exception entry and return
  std::uint64_t sleep = 0;
  std::uint64_t lsu = 0;   ///< cycles that loads and stores took beyond their first
  std::uint64_t fold = 0;  ///< instructions that took no cycle of their own
};

/// Comparators keep what is written and compare nothing: no debugger's event comes of them.
class Dwt {
 public:
  void reset();
  /// `offset` from 0xE0001000, below 0x60. `enabled`: DEMCR.TRCENA, without which the unit is off: its
  /// counters stand still and stores do nothing.
  std::uint32_t read(std::uint32_t offset, bool enabled, const DwtTotals& totals) const;
  void write(std::uint32_t offset, std::uint32_t value, bool enabled, const DwtTotals& totals);
  /// TRCENA has changed.
  void enable(bool on, const DwtTotals& totals);

 private:
  /// A counter runs while its bit in CTRL and TRCENA are set: value = kept + (total - since).
  struct Counter {
    std::uint32_t kept = 0;
    std::uint64_t since = 0;
    bool running = false;

    std::uint32_t value(std::uint64_t total) const {
      return kept + (running ? static_cast<std::uint32_t>(total - since) : 0);
    }
    void set(std::uint32_t value, std::uint64_t total) {
      kept = value;
      since = total;
    }
    void run(bool on, std::uint64_t total) {
      set(value(total), total);
      running = on;
    }
  };
  static constexpr std::size_t kCounters = 6;
  static std::uint64_t total(std::size_t counter, const DwtTotals& totals);
  void update(bool enabled, const DwtTotals& totals);

  std::uint32_t ctrl_ = 0;
  std::array<Counter, kCounters> counters_;      ///< CYCCNT, CPICNT, EXCCNT, SLEEPCNT, LSUCNT, FOLDCNT
  std::array<std::uint32_t, 16> comparators_{};  ///< from COMP0 at 0x20
};

}  // namespace sim
