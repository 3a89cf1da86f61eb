// The order of the steps: which schedule of a branchy network needs least memory.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/planner/problem.h"

namespace engine {

struct OrderSearch {
  std::vector<int> order;
  bool exact = true;  ///< no order needs less; false where the search had to drop states
};

/// Dynamic programming over the sets of steps already run: exact while at most `max_states` sets are alive, a
/// beam of the most promising ones beyond. Returns the program's own order unless another one needs strictly
/// less.
OrderSearch best_order(const Problem& problem, std::size_t max_states = 60'000);

}  // namespace engine
