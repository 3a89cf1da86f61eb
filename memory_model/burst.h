// How one transfer behind the caches went, and the time it is counted in.
#pragma once

#include <cstdint>

namespace memory_model {

/// Simulated time since power-on in femtoseconds: fine enough that clock edges do not drift; lasts 5 hours.
using Time = std::uint64_t;
inline constexpr double kSecond = 1e15;

/// The least whole number not below `x`; 0 below 0. (std::ceil is a library call without SSE 4.1.)
inline std::int64_t rounded_up(double x) {
  if (x <= 0) return 0;
  const auto whole = static_cast<std::int64_t>(x);
  return whole + (static_cast<double>(whole) < x);
}

/// Beats of a burst: the word asked for comes first, then the rest of the line, wrapping.
struct Burst {
  Time first = 0;     ///< when the first beat is there (of a write: is taken)
  Time interval = 0;  ///< from one beat to the next
  unsigned beat_bytes = 8;
  Time done = 0;         ///< when the last one is
  Time waited = 0;       ///< how much of it other transfers took
  bool answered = true;  ///< false: nothing is at that address
  bool wraps = false;    ///< asked for: a cache line, which begins at the word wanted and wraps

  /// When byte `n` of the burst, counted from its first, is there.
  Time at(unsigned n) const { return first + n / beat_bytes * interval; }
};

/// Edges of a clock, the first at time 0.
class Clock {
 public:
  explicit Clock(double hz = 1e6) { set(hz); }
  void set(double hz) {
    hz_ = hz;
    per_femto_ = hz / kSecond;
    femtos_ = kSecond / hz;
  }
  double hz() const { return hz_; }
  Time period() const { return cycles(1); }
  Time cycles(double n) const { return static_cast<Time>(static_cast<std::int64_t>(n * femtos_ + 0.5)); }
  /// How many cycles fit in `t`.
  double count(Time t) const { return static_cast<double>(static_cast<std::int64_t>(t)) * per_femto_; }
  /// The first edge at or after `t`. Rounding may leave `t` a little behind the edge that was meant.
  Time edge(Time t) const {
    constexpr double kSlack = 1.0 / 64;
    return cycles(static_cast<double>(rounded_up(count(t) - kSlack)));
  }

 private:
  double hz_ = 0, per_femto_ = 0, femtos_ = 0;
};

/// The board's clocks as they are now.
struct Clocks {
  Clock core, axi, ahb;
};

}  // namespace memory_model
