#include "traces/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace traces {

std::vector<Finding> findings_of(std::vector<Observation> seen, const PlaceNames& names) {
  std::map<std::tuple<FindingKind, std::uint32_t, std::string>, Observation> merged;
  for (Observation& one : seen) {
    const std::uint64_t count = one.count;
    const std::uint64_t cycle = one.cycle;
    auto [place, is_new] = merged.try_emplace({one.kind, one.pc, one.owner}, std::move(one));
    if (is_new) continue;
    Observation& kept = place->second;
    const std::uint64_t together = kept.count + count;
    if (cycle < kept.cycle) kept = std::move(one);
    kept.count = together;
  }
  std::vector<const Observation*> sorted;
  for (const auto& [key, one] : merged) sorted.push_back(&one);
  std::ranges::stable_sort(
      sorted, {}, [](const Observation* one) { return std::tuple(one->kind, !one->is_problem, one->cycle); });
  std::vector<Finding> rows;
  std::map<FindingKind, std::size_t> of_kind;
  for (const Observation* one : sorted) {
    if (++of_kind[one->kind] > kMaxFindingsOfAKind) continue;
    Finding row;
    row.kind = one->kind;
    row.is_problem = one->is_problem;
    row.text = names.intern(one->text);
    row.pc = one->pc;
    if (one->pc != 0) {
      row.function = names.intern(names.function(one->pc));
      row.line = names.intern(names.line(one->pc));
    }
    row.owner = names.intern(one->owner);
    row.step = one->step;
    row.address = one->address;
    row.bytes = one->bytes;
    row.cycle = one->cycle;
    row.count = one->count;
    row.saves_bytes = one->saves_bytes;
    rows.push_back(row);
  }
  return rows;
}

std::optional<Observation> stack_observation(const StackUse& stack) {
  const std::uint64_t used = stack.used_bytes, limit = stack.limit_bytes;
  if (limit == 0 || used * 100 <= limit * kStackNearlyFull) return std::nullopt;
  Observation one;
  one.kind = FindingKind::kStackHigh;
  one.is_problem = used >= limit;
  one.owner = "stack";
  one.pc = stack.pc;
  one.step = stack.step;
  one.cycle = stack.cycle;
  one.address = stack.top - stack.used_bytes;
  one.bytes = stack.used_bytes;
  one.text = used > limit ? fmt::format("the stack ran {} bytes past its limit of {}{}", used - limit, limit,
                                        stack.below.empty() ? "" : fmt::format(", into {}", stack.below))
             : used == limit ? fmt::format("the stack reached its limit of {} bytes", limit)
                             : fmt::format("the stack used {} of its {} bytes", used, limit);
  if (!stack.path.empty()) one.text += fmt::format(" ({})", stack.path);
  return one;
}

}  // namespace traces
