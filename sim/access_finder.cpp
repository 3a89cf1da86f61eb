// Aligns the accesses of a block with its instructions.
//
// Every unconditional load or store made all its accesses before the next instruction began, so a walk
// through the block consumes the events one by one. Only conditional instructions and STREX leave a choice:
// then all choices are kept, and at the end the one whose address agrees with the registers is taken.
#include "sim/access_finder.h"

#include <algorithm>
#include <vector>

namespace sim {
namespace {

/// How many of `events`, from `from`, are `access` being carried out; at most access.count.
std::size_t matching(const isa::MemoryAccess& access, std::span<const AccessEvent> events, std::size_t from) {
  std::size_t n = 0;
  while (n < access.count && from + n < events.size()) {
    const AccessEvent& event = events[from + n];
    isa::Address expected = events[from].address + isa::Bytes(static_cast<std::int64_t>(n * access.unit));
    if (event.store != access.store || event.bytes != access.unit || event.address != expected) break;
    ++n;
  }
  return n;
}

struct Candidate {
  std::size_t index = 0;
  int agrees = 0;  ///< points for the address and the condition
};

}  // namespace

std::optional<std::size_t> find_access(const Block& block, std::span<const AccessEvent> events,
                                       const std::array<std::uint32_t, 16>& r, std::uint32_t xpsr) {
  if (events.empty()) return std::nullopt;
  std::vector<bool> reached(events.size() + 1), next;
  reached[0] = true;
  std::optional<Candidate> best;
  for (std::size_t i = 0; i < block.code.size(); ++i) {
    const isa::Instruction& in = block.code[i];
    auto access = isa::memory_access(in.first, in.second);
    if (!access) continue;
    bool may_skip = access->may_skip || in.condition != isa::kAlways;
    next.assign(events.size() + 1, false);
    for (std::size_t j = 0; j < events.size(); ++j) {
      if (!reached[j]) continue;
      if (may_skip) next[j] = true;
      // STREX first reads what it is going to replace.
      bool reads_first = access->may_skip && !events[j].store && j + 1 < events.size();
      std::size_t from = reads_first ? j + 1 : j;
      std::size_t n = matching(*access, events, from);
      if (n == access->count) next[from + n] = true;
      if (n == 0 || from + n != events.size()) continue;
      isa::Address last =
          access->address(r, in.address) + isa::Bytes(static_cast<std::int64_t>((n - 1) * access->unit));
      Candidate candidate{
          i, (last == events.back().address ? 2 : 0) + (isa::condition_holds(in.condition, xpsr) ? 1 : 0)};
      if (!best || candidate.agrees > best->agrees) best = candidate;
    }
    reached.swap(next);
  }
  return best ? std::optional(best->index) : std::nullopt;
}

}  // namespace sim
