#include "memory_model/fetch_side.h"

#include <algorithm>

#include "memory_model/core_port.h"

namespace memory_model {

Stall FetchSide::fetch(std::uint32_t address, unsigned bytes, bool jumped, isa::Cycles now) {
  Stall stall;
  stall.settled = true;
  const std::uint32_t begin = address;
  const std::uint64_t end = std::uint64_t{address} + bytes;
  for (std::uint64_t at = address; at < end;) {
    const std::uint64_t next = std::min<std::uint64_t>(end, (at / kLineBytes + 1) * kLineBytes);
    const std::uint64_t taken = (at - begin) / kFetchBytesPerCycle;
    stall += fetch_line({static_cast<std::uint32_t>(at), static_cast<unsigned>(next - at),
                         now + isa::Cycles(stall.total() + taken), at != begin || !jumped});
    at = next;
  }
  return stall;
}

Stall FetchSide::fetch_line(const Want& want) {
  switch (around_.places.of_line(want.address / kLineBytes).path) {
    case Path::kNowhere:
    case Path::kTcm:
      return {0, 0, 0, true};
    case Path::kArt:
      return around_.art.read(want.address, want.bytes, want.needed);
    case Path::kCached:
      return enabled_ ? cached(want) : from_bus(want);
    default:
      return from_bus(want);
  }
}

/// Straight on, the prefetch unit asks while the queue still feeds the core; a buffer must be free.
Time FetchSide::asked_at(const Want& want) const {
  constexpr std::uint64_t kAhead = kFetchQueueBytes / kFetchBytesPerCycle;
  const isa::Cycles needed = want.needed;
  const isa::Cycles asked = want.straight && needed.value >= kAhead ? needed - isa::Cycles(kAhead) : needed;
  return fills_.free_at(around_.bus.time_of(asked + isa::Cycles(kFetchPort.request)));
}

/// Waits for the first of the bytes wanted, and then for the others where they come slower than they go.
Stall FetchSide::arrival(const Want& want, const LineFills::Fill& fill, Time asked) const {
  const std::uint32_t offset = want.address % kLineBytes;
  const isa::Cycles answer(kFetchPort.answer);
  const isa::Cycles first = around_.bus.cycle_of(fill.at(offset)) + answer;
  const isa::Cycles last = around_.bus.cycle_of(fill.at(offset + want.bytes - 1)) + answer;
  const isa::Cycles taken((want.bytes - 1) / kFetchBytesPerCycle);
  const isa::Cycles ready = std::max(first, last - std::min(last, taken));
  if (ready <= want.needed) return {};
  const isa::Cycles waited = around_.bus.cycle_of(asked + fill.burst.waited) - around_.bus.cycle_of(asked);
  return waited_for((ready - want.needed).value, waited.value);
}

Stall FetchSide::cached(const Want& want) {
  const std::uint32_t line = want.address / kLineBytes;
  const std::optional<int> way = cache_.find(line);
  if (way) {
    const isa::Cycles sent =
        want.needed - isa::Cycles(std::min<std::uint64_t>(want.needed.value, kFetchPort.answer));
    if (const LineFills::Fill* fill = fills_.under_way(line, around_.bus.time_of(sent))) {
      return arrival(want, *fill, fill->begins);
    }
    // With true LRU even a hit changes what is replaced next.
    cache_.touch(line, *way);
    return {0, 0, 0, !cache_.lru()};
  }
  LineFills::Fill fill;
  fill.line = line;
  fill.critical = want.address % kLineBytes & ~7u;
  fill.begins = asked_at(want);
  ++around_.counts.bus_transactions;
  fill.burst = around_.bus.transfer(isa::Address(line * kLineBytes + fill.critical), kLineBytes, false, true,
                                    fill.begins);
  if (!fill.burst.answered) return {};
  ++around_.counts.icache.line_fills;
  if (cache_.fill(line)) new_epoch();
  return arrival(want, fills_.add(fill), fill.begins);
}

Stall FetchSide::from_bus(const Want& want) {
  const std::uint32_t line = want.address / kLineBytes, offset = want.address % kLineBytes;
  // Nothing is kept but the line that is being walked through.
  if (LineFills::Fill* fill = want.straight ? fills_.newest() : nullptr) {
    if (fill->line == line && offset >= fill->critical) return arrival(want, *fill, fill->begins);
  }
  LineFills::Fill fill;
  fill.line = line;
  fill.critical = offset & ~7u;
  fill.begins = asked_at(want);
  ++around_.counts.bus_transactions;
  fill.burst = around_.bus.transfer(isa::Address(line * kLineBytes + fill.critical),
                                    kLineBytes - fill.critical, false, false, fill.begins);
  if (!fill.burst.answered) return {};
  return arrival(want, fills_.add(fill), fill.begins);
}

void FetchSide::enable(bool enabled) {
  const bool on = enabled && cache_.exists();
  if (on != enabled_) new_epoch();
  enabled_ = on;
}

void FetchSide::invalidate(std::uint32_t line) {
  if (cache_.invalidate(line)) new_epoch();
}

void FetchSide::invalidate_all() {
  cache_.invalidate_all();
  new_epoch();
}

void FetchSide::reset() {
  cache_.reset();
  new_epoch();
  fills_.clear();
  enabled_ = false;
}

}  // namespace memory_model
