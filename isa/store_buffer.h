// The store buffer in front of the TCMs and the data cache.
#pragma once

#include <algorithm>
#include <array>

#include "isa/timing_table.h"

namespace isa::timing {

/// A first-in first-out queue of stores. A store of less than a word to a TCM reads, merges and writes its
/// bank, and one that is not aligned does so in both; all others are written in one cycle. Cycles are
/// counted from any moment, the same for all calls.
struct StoreBuffer {
  static constexpr int kLongAgo = -1000;
  enum Banks : unsigned { kNoBank = 0, kEven = 1, kOdd = 2, kBoth = 3 };

  std::array<int, kStoreSlots> done = filled();  ///< when each slot is free again, oldest store first
  std::array<int, 2> bank_free{kLongAgo, kLongAgo};

  /// The first cycle in which a store may issue.
  int ready() const { return done.front(); }

  /// A store issued in `cycle` that keeps `banks` busy for a read and a write.
  void push(int cycle, unsigned banks) {
    int start = cycle + kStoreDrain;
    for (unsigned b = 0; b < 2; ++b) {
      if (banks >> b & 1) start = std::max(start, bank_free[b]);
    }
    int end = start + (banks ? kReadModifyWrite : 1);
    for (unsigned b = 0; b < 2; ++b) {
      if (banks >> b & 1) bank_free[b] = end;
    }
    end = std::max(end, done.back());
    std::shift_left(done.begin(), done.end(), 1);
    done.back() = end;
  }

  /// Forgets what no store from `cycle` on can notice.
  void forget_before(int cycle) {
    for (std::size_t slot = 0; slot < done.size(); ++slot) {
      // This slot is asked for behind `slot` more stores, and there is one a cycle.
      if (done[slot] <= cycle + static_cast<int>(slot)) done[slot] = kLongAgo;
    }
    for (int& bank : bank_free) {
      if (bank <= cycle + kStoreDrain) bank = kLongAgo;
    }
  }

 private:
  static constexpr std::array<int, kStoreSlots> filled() {
    std::array<int, kStoreSlots> all{};
    all.fill(kLongAgo);
    return all;
  }
};

}  // namespace isa::timing
