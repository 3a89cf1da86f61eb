#include "memory_model/data_side.h"

#include <bit>

#include "memory_model/core_port.h"

namespace memory_model {
namespace {

constexpr std::uint32_t kWholeLine = 0xffffffff;

std::uint32_t mask_of(std::uint32_t address, unsigned bytes) {
  return ((bytes >= 32 ? 0u : 1u << bytes) - 1) << (address % kLineBytes);
}

}  // namespace

const Burst& DataSide::transfer(std::uint32_t address, unsigned bytes, bool write, bool wraps, Time at) {
  ++around_.counts.bus_transactions;
  return around_.bus.transfer(isa::Address(address), bytes, write, wraps, at);
}

Stall DataSide::load(std::uint32_t address, unsigned bytes, isa::Cycles now) {
  const Place& place = around_.places.of_line(address / kLineBytes);
  switch (place.path) {
    case Path::kNowhere:
      return {};
    case Path::kTcm:
      around_.quick_loads.add(address / kLineBytes);
      return {};
    case Path::kArt:
      return around_.art.read(address, bytes, now);
    case Path::kCached:
      if (enabled_) return load_cached(address, now);
      return load_uncached(address, bytes, false, now);
    case Path::kUncached:
      return load_uncached(address, bytes, false, now);
    case Path::kDevice:
    case Path::kStronglyOrdered:
      return load_uncached(address, bytes, true, now);
  }
  return {};
}

/// With true LRU, the use of any but the latest line of a set changes what is replaced next.
void DataSide::forget_quick_set(std::uint32_t line) {
  for (int way = 0; way < cache_.ways(); ++way) {
    const std::optional<std::uint32_t> held = cache_.line_in(line % cache_.sets(), way);
    if (!held) continue;
    around_.quick_loads.remove(*held);
    around_.quick_stores.remove(*held);
  }
}

void DataSide::hit(std::uint32_t line, int way, bool dirty) {
  if (cache_.lru()) {
    forget_quick_set(line);
    cache_.touch(line, way);
  }
  around_.quick_loads.add(line);
  if (dirty) around_.quick_stores.add(line);
}

LineFills::Fill* DataSide::under_way(std::uint32_t line, isa::Cycles now) {
  const isa::Cycles sent = now - isa::Cycles(std::min<std::uint64_t>(now.value, kDataPort.answer));
  return fills_.under_way(line, around_.bus.time_of(sent));
}

Stall DataSide::load_cached(std::uint32_t address, isa::Cycles now) {
  const std::uint32_t line = address / kLineBytes;
  const Time t = around_.bus.time_of(now);
  const std::optional<int> way = cache_.find(line);
  if (!way) {
    const LineFills::Fill& fill = start_fill(address, now);
    const isa::Cycles ready = cycles(fill.burst.first) + isa::Cycles(kDataPort.answer);
    const Time wanted = around_.bus.time_of(now + isa::Cycles(kDataPort.request));
    const Time behind = fill.burst.waited + (fill.begins - wanted);
    return waited_for((ready - now).value, cycles(t + behind).value - now.value);
  }
  if (burst_bytes_ && burst_line_ == line) read_allocate_mode_ = false;
  if (const LineFills::Fill* fill = under_way(line, now)) {
    const isa::Cycles ready = cycles(fill->at(address % kLineBytes)) + isa::Cycles(kDataPort.answer);
    return waited_for(ready > now ? (ready - now).value : 0, 0);
  }
  hit(line, *way, cache_.dirty(line, *way));
  return {};
}

/// Makes room, asks for the line and enters it. The word at `address` comes first.
LineFills::Fill& DataSide::start_fill(std::uint32_t address, isa::Cycles now) {
  const std::uint32_t line = address / kLineBytes;
  const Time wanted = around_.bus.time_of(now + isa::Cycles(kDataPort.request));
  LineFills::Fill& fill = fills_.oldest();
  const Time begins = fills_.free_at(wanted);
  fill.line = line;
  fill.critical = address % kLineBytes & ~7u;
  fill.begins = begins;
  fill.stored = 0;
  fill.stored_at = isa::Cycles(0);
  fill.burst = transfer(line * kLineBytes + fill.critical, kLineBytes, false, true, fill.begins);
  if (!fill.burst.answered) fill.burst.first = fill.burst.done = fill.begins;
  fills_.began(fill);
  ++around_.counts.dcache.line_fills;
  if (cache_.lru()) forget_quick_set(line);
  if (const auto out = cache_.fill(line)) {
    around_.quick_loads.remove(out->line);
    around_.quick_stores.remove(out->line);
    if (out->dirty) write_back(out->line, fill.burst.done);
  }
  return fill;
}

isa::Cycles DataSide::write_back(std::uint32_t line, Time at) {
  ++around_.counts.dcache.write_backs;
  const Burst& burst = transfer(line * kLineBytes, kLineBytes, true, true, at);
  written_back_ = std::max(written_back_, cycles(burst.answered ? burst.done : at));
  return written_back_;
}

Stall DataSide::load_uncached(std::uint32_t address, unsigned bytes, bool device, isa::Cycles now) {
  // It may not overtake a store to the same place; between devices the order is kept.
  isa::Cycles free = std::max(now, stores_.leaves_at(address));
  if (device) free = std::max(free, device_done_);
  const Time t = around_.bus.time_of(free + isa::Cycles(kDataPort.request));
  const Burst& burst = transfer(address, bytes, false, false, t);
  if (!burst.answered) return {};
  const isa::Cycles ready = cycles(burst.done) + isa::Cycles(kDataPort.answer);
  const std::uint64_t total = (ready - now).value;
  const std::uint64_t waited = cycles(t + burst.waited).value - cycles(t).value;
  Stall stall = waited_for(total, waited);
  if (!device) return stall;
  ++around_.counts.device_accesses;
  stall.device = std::exchange(stall.cycles, 0);
  return stall;
}

Stall DataSide::store(std::uint32_t address, unsigned bytes, isa::Cycles now) {
  const Place& place = around_.places.of_line(address / kLineBytes);
  switch (place.path) {
    case Path::kNowhere:
    case Path::kArt:  // flash is not written this way
      return {};
    case Path::kTcm:
      around_.quick_stores.add(address / kLineBytes);
      return {};
    case Path::kCached:
      if (enabled_) return store_cached(place, address, bytes, now);
      return store_to_bus(address, bytes, Path::kUncached, now);
    case Path::kUncached:
    case Path::kDevice:
    case Path::kStronglyOrdered:
      return store_to_bus(address, bytes, place.path, now);
  }
  return {};
}

Stall DataSide::store_cached(const Place& place, std::uint32_t address, unsigned bytes, isa::Cycles now) {
  const std::uint32_t line = address / kLineBytes;
  const std::optional<int> way = cache_.find(line);
  if (!way) {
    if (!place.write_allocate) return store_to_bus(address, bytes, Path::kUncached, now);
    return read_allocate_mode_ ? store_around(address, bytes, now) : store_allocating(address, bytes, now);
  }
  if (!place.write_back) {
    cache_.touch(line, *way);
    return store_to_bus(address, bytes, Path::kUncached, now);
  }
  cache_.set_dirty(line, *way, true);
  if (LineFills::Fill* fill = under_way(line, now)) {
    // What was stored long ago has left the store buffer, and is part of no burst.
    if ((now - fill->stored_at).value > kStoreBurstCycles) fill->stored = 0;
    fill->stored |= mask_of(address, bytes);
    fill->stored_at = now;
    note_full_line(*fill);
    return {};
  }
  hit(line, *way, true);
  return {};
}

/// A store that misses fetches its line; it waits in the store buffer until a linefill buffer takes it.
Stall DataSide::store_allocating(std::uint32_t address, unsigned bytes, isa::Cycles now) {
  const isa::Cycles enters = stores_.free_at(now);
  LineFills::Fill& fill = start_fill(address, enters);
  const std::uint32_t line = address / kLineBytes;
  cache_.set_dirty(line, *cache_.find(line), true);
  const isa::Cycles taken = cycles(fill.begins);
  stores_.push(address, taken, taken);
  fill.stored = mask_of(address, bytes);
  fill.stored_at = enters;
  return waited_for((enters - now).value, 0);
}

/// Three lines in a row that stores filled before memory could: fetching them was in vain.
void DataSide::note_full_line(const LineFills::Fill& fill) {
  constexpr int kLinesToEnter = 3;
  if (fill.stored != kWholeLine) return;
  if (burst_line_ + 1 != fill.line) full_lines_ = 0;
  burst_line_ = fill.line;
  if (++full_lines_ < kLinesToEnter) return;
  read_allocate_mode_ = true;
  full_lines_ = 0;
  burst_bytes_ = 0;
}

/// Gathers stores into whole lines, which go to memory; a line that stays partial ends the mode.
Stall DataSide::store_around(std::uint32_t address, unsigned bytes, isa::Cycles now) {
  const std::uint32_t line = address / kLineBytes;
  if (burst_bytes_ && line != burst_line_) {
    read_allocate_mode_ = false;
    const std::uint32_t partial = std::exchange(burst_bytes_, 0);
    const unsigned first = static_cast<unsigned>(std::countr_zero(partial));
    const unsigned size = static_cast<unsigned>(std::popcount(partial));
    Stall stall = store_to_bus(burst_line_ * kLineBytes + first, size, Path::kUncached, now);
    return stall += store_allocating(address, bytes, now + isa::Cycles(stall.total()));
  }
  burst_line_ = line;
  burst_bytes_ |= mask_of(address, bytes);
  if (burst_bytes_ != kWholeLine) return {};
  burst_bytes_ = 0;
  return store_to_bus(line * kLineBytes, kLineBytes, Path::kUncached, now);
}

Stall DataSide::store_to_bus(std::uint32_t address, unsigned bytes, Path path, isa::Cycles now) {
  const bool device = path != Path::kUncached;
  if (!device && stores_.merges(address, now)) return {};
  const isa::Cycles enters = stores_.free_at(now);
  isa::Cycles goes = enters + isa::Cycles(kDataPort.request);
  // Stores leave in order.
  goes = std::max(goes, device ? std::max(device_done_, stores_.empty_at()) : isa::Cycles(0));
  const Time t = around_.bus.time_of(goes);
  const Burst& burst = transfer(address, bytes, true, false, t);
  if (!burst.answered) return {};
  const isa::Cycles done = cycles(burst.done);
  const isa::Cycles taken = cycles(burst.first - std::min(burst.first - t, burst.interval));
  stores_.push(address, taken, done);
  Stall stall = waited_for((enters - now).value, 0);
  if (!device) return stall;
  ++around_.counts.device_accesses;
  device_done_ = done;
  if (path == Path::kStronglyOrdered) stall.cycles = static_cast<std::uint32_t>((done - now).value);
  stall.device = std::exchange(stall.cycles, 0);
  return stall;
}

Stall DataSide::clean(std::uint32_t line, bool invalidate_too, isa::Cycles now) {
  Stall stall{kMaintenanceCycles, 0, 0, false};
  const std::optional<int> way = cache_.exists() ? cache_.find(line) : std::nullopt;
  if (!way) return stall;
  if (cache_.dirty(line, *way)) {
    // One eviction buffer: the write-back before must be over.
    const isa::Cycles free = std::max(now, written_back_);
    stall.bus = static_cast<std::uint32_t>((free - now).value);
    cache_.set_dirty(line, *way, false);
    around_.quick_stores.remove(line);
    write_back(line, around_.bus.time_of(free + isa::Cycles(kDataPort.request)));
  }
  if (invalidate_too) invalidate(line);
  return stall;
}

void DataSide::invalidate(std::uint32_t line) {
  cache_.invalidate(line);
  around_.quick_loads.remove(line);
  around_.quick_stores.remove(line);
}

std::optional<std::uint32_t> DataSide::line_of_set_way(std::uint32_t argument) const {
  if (!cache_.exists()) return std::nullopt;
  const int way_bits = std::countr_zero(static_cast<unsigned>(cache_.ways()));
  const int way = way_bits ? static_cast<int>(argument >> (32 - way_bits)) : 0;
  return cache_.line_in(argument / kLineBytes % cache_.sets(), way);
}

Stall DataSide::drain(isa::Cycles now) const {
  const isa::Cycles done =
      std::max({now, stores_.empty_at(), written_back_, device_done_, cycles(fills_.last_done())});
  return waited_for((done - now).value, 0);
}

void DataSide::reset() {
  cache_.reset();
  fills_.clear();
  stores_.clear();
  enabled_ = false;
  written_back_ = device_done_ = isa::Cycles(0);
  full_lines_ = 0;
  read_allocate_mode_ = false;
  burst_bytes_ = 0;
}

}  // namespace memory_model
