// From what was seen to the rows of a trace.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "traces/life_tracker.h"
#include "traces/observation.h"
#include "traces/trace.h"

namespace traces {

/// What puts names to addresses.
struct PlaceNames {
  std::function<std::string(std::uint32_t pc)> function;
  std::function<std::string(std::uint32_t pc)> line;  ///< "conv.c:120"
  std::function<StringId(std::string_view)> intern;
};

/// Rows in the order of their kinds, then of their cycles. Equal observations (kind, pc, owner) become one
/// row: the first, with the counts of all. Of each kind at most kMaxFindingsOfAKind, problems first.
std::vector<Finding> findings_of(std::vector<Observation> seen, const PlaceNames& names);
inline constexpr std::size_t kMaxFindingsOfAKind = 256;

/// How deep the stack went.
struct StackUse {
  std::uint32_t top = 0, limit_bytes = 0, used_bytes = 0;
  std::uint32_t pc = 0;  ///< of the store at its deepest
  std::int32_t step = -1;
  std::uint64_t cycle = 0;
  std::string path;   ///< "main > invoke > conv"
  std::string below;  ///< what lies at the limit; may be empty
};
/// A problem where it reached its limit, worth knowing above kStackNearlyFull percent of it.
std::optional<Observation> stack_observation(const StackUse& stack);
inline constexpr std::uint32_t kStackNearlyFull = 90;

}  // namespace traces
