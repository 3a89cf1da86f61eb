// Where buffers lie: offsets in one arena such that buffers alive together never share bytes they may not.
#pragma once

#include <cstdint>
#include <vector>

namespace engine {

/// A byte range to place.
struct Item {
  std::int64_t size = 0;  ///< >= 1
  std::int64_t alignment = 4;
};

/// Two items alive at the same time. Without `may_share` they are disjoint; with it, `b` is the output of the
/// step in which `a` dies, and they are disjoint or
///  - exact: offset(b) == offset(a)
///  - else:  offset(b) <= offset(a) - lead
struct Conflict {
  int a = 0, b = 0;
  bool may_share = false;
  bool exact = false;
  std::int64_t lead = 0;
};

struct PlacementProblem {
  std::vector<Item> items;
  std::vector<int> first_step, last_step;  ///< per item; only steer the search, `conflicts` alone decides
  std::vector<Conflict> conflicts;
  std::int64_t lower_bound = 0;
};

struct Placed {
  std::vector<std::int64_t> offset;  ///< per item, >= 0
  std::int64_t arena = 0;            ///< largest offset + size
};

/// Searches for a small arena: first fit in several orders, then repair of one target size after another.
/// Stops at `lower_bound`. The work is bounded and the result depends on the arguments alone.
Placed place(const PlacementProblem& problem);

/// True where offsets `a` and `b` of the conflict's items are allowed together.
bool allowed(const PlacementProblem& problem, const Conflict& conflict, std::int64_t a, std::int64_t b);

}  // namespace engine
