// The store buffer: four entries of 64 bits between the core and the caches and buses (Arm DDI0489F).
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <utility>

#include "isa/units.h"

namespace memory_model {

class StoreBuffer {
 public:
  static constexpr std::uint32_t kEntryBytes = 8;

  /// When an entry is free for a store made at `now`: then, or when the oldest has left.
  isa::Cycles free_at(isa::Cycles now) const { return std::max(now, oldest().leaves); }

  /// The store joins one to the same 64 bits that has not begun to leave.
  bool merges(std::uint32_t address, isa::Cycles now) const {
    return std::any_of(entries_.begin(), entries_.end(),
                       [&](const Entry& e) { return e.dword == address / kEntryBytes && e.starts > now; });
  }
  /// Takes the place of the oldest. It can be merged with until `starts`, and its entry is free at `leaves`.
  void push(std::uint32_t address, isa::Cycles starts, isa::Cycles leaves) {
    oldest() = {address / kEntryBytes, starts, leaves};
    last_ = std::max(last_, leaves);
  }
  /// When all that is in it has left.
  isa::Cycles empty_at() const { return last_; }
  /// When the last store to these 64 bits has left; 0 where there is none.
  isa::Cycles leaves_at(std::uint32_t address) const {
    isa::Cycles at;
    for (const Entry& e : entries_) {
      if (e.dword == address / kEntryBytes) at = std::max(at, e.leaves);
    }
    return at;
  }
  void clear() { *this = StoreBuffer(); }

 private:
  struct Entry {
    std::uint32_t dword = std::numeric_limits<std::uint32_t>::max();
    isa::Cycles starts, leaves;
  };
  Entry& oldest() { return const_cast<Entry&>(std::as_const(*this).oldest()); }
  const Entry& oldest() const {
    return *std::min_element(entries_.begin(), entries_.end(),
                             [](const Entry& a, const Entry& b) { return a.leaves < b.leaves; });
  }

  std::array<Entry, 4> entries_;
  isa::Cycles last_;
};

}  // namespace memory_model
