#include "traces/exporters/timebase.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace traces {
namespace {

constexpr std::uint64_t kGigahertz = 1'000'000'000'000;  // in millihertz
constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();

/// 0: no clock that can be used.
std::uint64_t millihertz(double hz) {
  return hz >= 1e-3 && hz <= 1e15 ? static_cast<std::uint64_t>(hz * 1e3 + 0.5) : 0;
}

std::uint64_t saturated_sum(std::uint64_t a, std::uint64_t b) {
  return b > kMost - a ? kMost : a + b;
}

std::uint64_t picoseconds_of(std::uint64_t cycles, std::uint64_t core_millihertz) {
  // 64 bits of cycles and 50 of picoseconds a millihertz.
  const unsigned __int128 time =
      static_cast<unsigned __int128>(cycles) * 1'000'000'000'000'000U / core_millihertz;
  return time > kMost ? kMost : static_cast<std::uint64_t>(time);
}

}  // namespace

Timebase::Timebase(const Trace& trace) {
  const std::uint64_t at_first = millihertz(trace.about.core_hz);
  is_known_ = at_first != 0;
  stretches_.push_back({0, 0, at_first != 0 ? at_first : kGigahertz});
  for (const Clock& clock : trace.clocks) {
    const std::uint64_t rate = millihertz(clock.core_hz);
    if (rate == 0) continue;
    is_known_ = true;
    const std::uint64_t time = picoseconds(clock.cycle);
    if (stretches_.back().cycle == clock.cycle) stretches_.pop_back();
    stretches_.push_back({clock.cycle, time, rate});
  }
}

std::uint64_t Timebase::picoseconds(std::uint64_t cycle) const {
  const auto after =
      std::upper_bound(stretches_.begin(), stretches_.end(), cycle,
                       [](std::uint64_t wanted, const Stretch& stretch) { return wanted < stretch.cycle; });
  const Stretch& in = *std::prev(after);
  return saturated_sum(in.picoseconds, picoseconds_of(cycle - in.cycle, in.core_millihertz));
}

std::string Timebase::microseconds(std::uint64_t cycle) const {
  return as_microseconds(picoseconds(cycle));
}

std::string as_microseconds(std::uint64_t picoseconds) {
  return fmt::format("{}.{:06}", picoseconds / 1'000'000, picoseconds % 1'000'000);
}

}  // namespace traces
