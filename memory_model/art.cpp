#include "memory_model/art.h"

#include <algorithm>

#include "memory_model/quick_lines.h"

namespace memory_model {

Art::Art(int lines, Interconnect& bus, Counts& counts)
    : bus_(bus), counts_(counts), slots_(static_cast<std::size_t>(lines)) {}

void Art::set(bool enabled, bool prefetch) {
  enabled_ = enabled && !slots_.empty();
  prefetch_ = prefetch && !slots_.empty();
}

void Art::reset() {
  std::fill(slots_.begin(), slots_.end(), Slot{});
  latest_ = ahead_ = kNone;
  uses_ = 0;
  set(false, false);
}

bool Art::find(std::uint32_t line) {
  auto slot = std::find_if(slots_.begin(), slots_.end(), [&](const Slot& s) { return s.line == line; });
  if (slot == slots_.end()) return false;
  slot->used = ++uses_;
  return true;
}

void Art::keep(std::uint32_t line) {
  auto oldest = std::min_element(slots_.begin(), slots_.end(),
                                 [](const Slot& a, const Slot& b) { return a.used < b.used; });
  *oldest = {line, ++uses_};
}

Burst Art::fetch(std::uint32_t address, unsigned bytes, bool wraps, Time at) {
  ++counts_.bus_transactions;
  return bus_.transfer(isa::Address(address), bytes, false, wraps, at);
}

void Art::read_ahead(std::uint32_t line, Time at) {
  if (!prefetch_ || ahead_ == line) return;
  const Burst burst = fetch(line * kLineBytes, kLineBytes, true, at);
  if (!burst.answered) return;
  ahead_ = line;
  ahead_at_ = burst.first;
}

Stall Art::read(std::uint32_t address, unsigned bytes, isa::Cycles now) {
  const std::uint32_t line = address / kLineBytes;
  const Time t = bus_.time_of(now);
  if (line == latest_) return {};
  if (line == ahead_) {
    const isa::Cycles ready = std::max(now, bus_.cycle_of(ahead_at_));
    latest_ = line;
    if (enabled_ && !find(line)) keep(line);
    read_ahead(line + 1, std::max(t, ahead_at_));
    return waited_for((ready - now).value, 0);
  }
  if (enabled_ && find(line)) {
    latest_ = line;
    return {};
  }
  // All 256 bits of the line come at once; what is asked for decides only where the burst begins.
  const Burst burst = fetch(address & ~7u, std::max(bytes, 8u), false, t);
  if (!burst.answered) return {};
  latest_ = line;
  if (enabled_) keep(line);
  read_ahead(line + 1, burst.first);
  // The first of the clocks is the one that a hit takes, too.
  const std::uint64_t total = (bus_.cycle_of(burst.first) - now).value;
  const std::uint64_t waited = bus_.cycle_of(t + burst.waited).value - now.value;
  return waited_for(total > 0 ? total - 1 : 0, waited);
}

}  // namespace memory_model
