// From cycles to a clock that other programs understand, in whole numbers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "traces/trace.h"

namespace traces {

/// Picoseconds since the run began, through every change of the core's clock. Rounded down, and never
/// backwards: what nests in cycles nests in time.
class Timebase {
 public:
  explicit Timebase(const Trace& trace);

  /// Saturates (after 213 days).
  std::uint64_t picoseconds(std::uint64_t cycle) const;
  /// "12.345678"
  std::string microseconds(std::uint64_t cycle) const;
  /// False: the trace knows of no clock, and a cycle is told as a nanosecond.
  bool is_known() const { return is_known_; }

 private:
  struct Stretch {
    std::uint64_t cycle = 0, picoseconds = 0;  ///< where it begins
    std::uint64_t core_millihertz = 0;
  };
  std::vector<Stretch> stretches_;
  bool is_known_ = false;
};

/// `picoseconds` as microseconds with six decimals.
std::string as_microseconds(std::uint64_t picoseconds);

}  // namespace traces
