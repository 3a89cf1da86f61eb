// The prefetch unit: 64 bits a cycle into a queue, ahead of the core, along the foreseen path.
#pragma once

#include <algorithm>

#include "isa/timing_table.h"
#include "isa/units.h"

namespace isa::timing {

/// When the halfwords of an instruction are there. Cycles as in StoreBuffer.
struct FrontEnd {
  int arrived = -1;        ///< when the 64 bits came that hold the end of the instruction before
  bool redirected = true;  ///< the next instruction is not the one behind it in memory

  /// The first cycle in which the instruction at `at` may issue; `now` is the last cycle that issued.
  /// Keeps where it ends.
  int arrival(Address at, int bytes, int now) {
    bool new_fetch = redirected || at.value % kFetchBytes == 0;
    if (new_fetch) next(now);
    bool straddles = static_cast<int>(at.value % kFetchBytes) + bytes > kFetchBytes;
    if (straddles) next(now);
    redirected = false;
    return arrived;
  }

  /// The queue is full where the core lags behind: fetches wait for room in it.
  void next(int now) { arrived = std::max(arrived, now - (kFetchQueue - 1)) + 1; }
};

}  // namespace isa::timing
