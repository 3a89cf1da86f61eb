#include "traces/peak.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <iterator>
#include <map>
#include <utility>

namespace traces {
namespace {

/// The address above the stack's first byte; none where the trace does not say.
std::optional<std::uint64_t> stack_top(const Trace& trace) {
  if (trace.end && trace.end->stack_top != 0) return trace.end->stack_top;
  std::uint64_t top = 0;
  for (const Life& life : trace.lives) {
    if (life.kind == LifeKind::kStack) top = std::max(top, std::uint64_t{life.address} + life.bytes);
  }
  return top == 0 ? std::nullopt : std::optional(top);
}

bool has_stack_depth(const Trace& trace) {
  return std::any_of(trace.samples.begin(), trace.samples.end(),
                     [](const Sample& sample) { return sample.stack_bytes > 0; });
}

void add_clipped(Occupant occupant, AddressRange range, std::vector<Occupant>& out) {
  occupant.begin = std::max(occupant.begin, range.begin);
  occupant.end = std::min(occupant.end, range.end);
  if (occupant.begin < occupant.end && occupant.born <= occupant.died) out.push_back(occupant);
}

/// The stack as one occupant for each stretch of time in which it was equally deep.
void add_stack(const Trace& trace, std::uint64_t top, AddressRange range, std::vector<Occupant>& out) {
  Occupant stretch;
  std::uint64_t depth = 0;
  const auto close = [&](std::uint64_t end) {
    if (depth == 0) return;
    stretch.begin = top - std::min(depth, top);
    stretch.end = top;
    stretch.died = end - 1;
    add_clipped(stretch, range, out);
  };
  std::uint64_t at = 0;
  for (const Sample& sample : trace.samples) {
    if (sample.begin >= sample.end) continue;
    if (sample.stack_bytes != depth || sample.begin != at) {
      close(at);
      stretch.born = sample.begin;
      depth = sample.stack_bytes;
    }
    at = sample.end;
  }
  close(at);
}

/// How many of the slots between neighbouring addresses are covered, under ranges that come and go.
class Coverage {
 public:
  explicit Coverage(const std::vector<Occupant>& occupants) {
    for (const Occupant& o : occupants) {
      addresses_.push_back(o.begin);
      addresses_.push_back(o.end);
    }
    std::sort(addresses_.begin(), addresses_.end());
    addresses_.erase(std::unique(addresses_.begin(), addresses_.end()), addresses_.end());
    nodes_.resize(2 * std::bit_ceil(std::max<std::size_t>(1, addresses_.size())));
    if (!addresses_.empty() && addresses_.back() - addresses_.front() < kLargestTable) {
      slots_.resize(addresses_.back() - addresses_.front() + 1);
      for (std::size_t i = 0; i < addresses_.size(); ++i)
        slots_[addresses_[i] - addresses_.front()] = static_cast<std::uint32_t>(i);
    }
  }

  /// `change`: 1 where the range comes, -1 where it goes.
  void change(std::uint64_t begin, std::uint64_t end, int change) {
    if (addresses_.size() < 2) return;
    update(1, 0, addresses_.size() - 1, slot(begin), slot(end), change);
  }
  std::uint64_t covered() const { return nodes_.size() > 1 ? nodes_[1].covered : 0; }

 private:
  struct Node {
    std::int32_t whole = 0;     ///< ranges over all of it that are noted here
    std::uint64_t covered = 0;  ///< bytes of it in some range
  };

  /// Of an address that is among those of the constructor's occupants.
  std::size_t slot(std::uint64_t address) const {
    if (!slots_.empty()) return slots_[address - addresses_.front()];
    return static_cast<std::size_t>(std::lower_bound(addresses_.begin(), addresses_.end(), address) -
                                    addresses_.begin());
  }

  // The node stands for slots first..last - 1.
  void update(std::size_t node, std::size_t first, std::size_t last, std::size_t begin, std::size_t end,
              int change) {
    if (begin >= last || end <= first) return;
    Node& here = nodes_[node];
    if (begin <= first && last <= end) {
      here.whole += change;
    } else {
      const std::size_t middle = (first + last) / 2;
      update(2 * node, first, middle, begin, end, change);
      update(2 * node + 1, middle, last, begin, end, change);
    }
    if (here.whole > 0) {
      here.covered = addresses_[last] - addresses_[first];
    } else {
      here.covered = last - first == 1 ? 0 : nodes_[2 * node].covered + nodes_[2 * node + 1].covered;
    }
  }

  /// Addresses that are closer together are looked up in a table: a search takes most of the time otherwise.
  static constexpr std::uint64_t kLargestTable = 4u << 20;

  std::vector<std::uint64_t> addresses_;
  std::vector<std::uint32_t> slots_;  ///< by address, from the lowest on; empty: too far apart
  std::vector<Node> nodes_;
};

/// Addresses that are taken.
class RangeSet {
 public:
  /// Returns how many of these bytes were free.
  std::uint64_t add(std::uint64_t begin, std::uint64_t end) {
    std::uint64_t free = end - begin, joined_begin = begin, joined_end = end;
    auto it = ranges_.upper_bound(begin);
    if (it != ranges_.begin() && std::prev(it)->second >= begin) --it;
    while (it != ranges_.end() && it->first <= end) {
      const std::uint64_t from = std::max(it->first, begin), to = std::min(it->second, end);
      if (to > from) free -= to - from;
      joined_begin = std::min(joined_begin, it->first);
      joined_end = std::max(joined_end, it->second);
      it = ranges_.erase(it);
    }
    ranges_.emplace(joined_begin, joined_end);
    return free;
  }

 private:
  std::map<std::uint64_t, std::uint64_t> ranges_;  // disjoint: begin -> end
};

struct Event {
  std::uint64_t cycle = 0;
  std::uint32_t occupant = 0;
  int change = 0;
};

std::pair<std::string, LifeKind> owner_of(const Trace& trace, const Occupant& occupant) {
  if (occupant.life < 0) return {"stack", LifeKind::kStack};
  const Life& life = trace.lives[static_cast<std::size_t>(occupant.life)];
  return {name_of(trace, life), life.kind};
}

}  // namespace

AddressRange range_of(const Region& region) {
  return {region.base, std::uint64_t{region.base} + region.bytes};
}

std::optional<AddressRange> arena_of(const Trace& trace) {
  if (trace.buffers.empty()) return std::nullopt;
  AddressRange range{~std::uint64_t{0}, 0};
  for (const Buffer& buffer : trace.buffers) {
    range.begin = std::min(range.begin, std::uint64_t{buffer.address});
    range.end = std::max(range.end, std::uint64_t{buffer.address} + buffer.bytes);
  }
  return range;
}

std::string name_of(const Trace& trace, const Life& life) {
  for (const StringId id : {life.name, life.owner}) {
    if (!trace.text(id).empty()) return std::string(trace.text(id));
  }
  return fmt::format("0x{:08x}", life.address);
}

std::vector<Occupant> occupants_in(const Trace& trace, AddressRange range) {
  const std::optional<std::uint64_t> top =
      has_stack_depth(trace) ? stack_top(trace) : std::optional<std::uint64_t>();
  std::vector<Occupant> occupants;
  for (std::size_t i = 0; i < trace.lives.size(); ++i) {
    const Life& life = trace.lives[i];
    if (top && life.kind == LifeKind::kStack) continue;
    add_clipped({life.address, std::uint64_t{life.address} + life.bytes, life.born, life.died(),
                 static_cast<std::int64_t>(i)},
                range, occupants);
  }
  if (top) add_stack(trace, *top, range, occupants);
  return occupants;
}

std::vector<LivePoint> live_bytes(std::vector<Occupant> occupants) {
  std::vector<Event> events;
  events.reserve(2 * occupants.size());
  for (std::uint32_t i = 0; i < occupants.size(); ++i) {
    events.push_back({occupants[i].born, i, 1});
    if (occupants[i].died != kNever) events.push_back({occupants[i].died + 1, i, -1});
  }
  std::sort(events.begin(), events.end(), [](const Event& a, const Event& b) { return a.cycle < b.cycle; });

  Coverage coverage(occupants);
  std::vector<LivePoint> points{{0, 0}};
  for (std::size_t i = 0; i < events.size();) {
    const std::uint64_t cycle = events[i].cycle;
    for (; i < events.size() && events[i].cycle == cycle; ++i) {
      const Occupant& o = occupants[events[i].occupant];
      coverage.change(o.begin, o.end, events[i].change);
    }
    if (points.back().cycle == cycle) {
      points.back().bytes = coverage.covered();
    } else if (points.back().bytes != coverage.covered()) {
      points.push_back({cycle, coverage.covered()});
    }
  }
  return points;
}

std::vector<LivePoint> live_bytes(const Trace& trace, AddressRange range) {
  return live_bytes(occupants_in(trace, range));
}

Peak peak_of(const std::vector<LivePoint>& points) {
  Peak peak;
  for (const LivePoint& point : points) {
    if (point.bytes > peak.bytes) peak = {point.bytes, point.cycle};
  }
  return peak;
}

Peak peak_in(const Trace& trace, AddressRange range) {
  return peak_of(live_bytes(trace, range));
}

std::vector<Owner> owners_at(const Trace& trace, AddressRange range, std::uint64_t cycle) {
  std::vector<Occupant> live = occupants_in(trace, range);
  std::erase_if(live, [cycle](const Occupant& o) { return cycle < o.born || cycle > o.died; });
  // Youngest first; of equally old ones the later in the trace.
  std::sort(live.begin(), live.end(), [](const Occupant& a, const Occupant& b) {
    return a.born != b.born ? a.born > b.born : a.life > b.life;
  });

  struct Holding {
    Owner owner;
    std::uint64_t largest = 0;  ///< bytes of its largest life
    RangeSet extent;
  };
  std::map<std::pair<std::string, LifeKind>, Holding> holdings;
  RangeSet taken;
  for (const Occupant& o : live) {
    const auto key = owner_of(trace, o);
    Holding& holding = holdings[key];
    if (holding.largest == 0 || o.end - o.begin > holding.largest) {
      holding.owner = {key.first, key.second, holding.owner.bytes, holding.owner.extent_bytes, o.life};
      holding.largest = o.end - o.begin;
    }
    holding.owner.bytes += taken.add(o.begin, o.end);
    holding.owner.extent_bytes += holding.extent.add(o.begin, o.end);
  }
  std::vector<Owner> sorted;
  for (auto& [key, holding] : holdings) sorted.push_back(std::move(holding.owner));
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Owner& a, const Owner& b) { return a.bytes > b.bytes; });
  return sorted;
}

}  // namespace traces
