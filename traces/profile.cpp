#include "traces/profile.h"

#include <algorithm>
#include <unordered_map>

namespace traces {
namespace {

/// Cycles below each node, itself included. Parents come before their children.
std::vector<std::uint64_t> subtree_cycles(const std::vector<CallNode>& calls) {
  std::vector<std::uint64_t> cycles(calls.size());
  for (std::size_t i = calls.size(); i-- > 0;) {
    cycles[i] += calls[i].self_cycles;
    if (i > 0) cycles[calls[i].parent] += cycles[i];
  }
  return cycles;
}

/// Inclusive cycles by function: subtrees of nodes that have no caller of the same function.
std::unordered_map<StringId, std::uint64_t> inclusive_cycles(const std::vector<CallNode>& calls) {
  std::unordered_map<StringId, std::uint64_t> by_function;
  if (calls.empty()) return by_function;
  const std::vector<std::uint64_t> cycles = subtree_cycles(calls);
  std::vector<std::vector<std::uint32_t>> children(calls.size());
  for (std::uint32_t i = 1; i < calls.size(); ++i) children[calls[i].parent].push_back(i);

  struct Visit {
    std::uint32_t node = 0;
    std::size_t next_child = 0;
  };
  std::unordered_map<StringId, int> running;
  std::vector<Visit> path{{0, 0}};
  while (!path.empty()) {
    Visit& visit = path.back();
    const CallNode& node = calls[visit.node];
    if (visit.next_child == 0 && running[node.function]++ == 0) {
      by_function[node.function] += cycles[visit.node];
    }
    if (visit.next_child < children[visit.node].size()) {
      const std::uint32_t child = children[visit.node][visit.next_child++];
      path.push_back({child, 0});
    } else {
      --running[node.function];
      path.pop_back();
    }
  }
  return by_function;
}

}  // namespace

std::vector<FunctionTotals> function_totals(const Trace& trace) {
  const std::unordered_map<StringId, std::uint64_t> inclusive = inclusive_cycles(trace.calls);
  std::vector<FunctionTotals> totals;
  totals.reserve(trace.functions.size());
  for (const FunctionCost& cost : trace.functions) {
    FunctionTotals row{cost.name, cost.file, cost.calls, cost.instructions, cost.causes, 0};
    const auto found = inclusive.find(cost.name);
    row.inclusive_cycles = std::max(row.self_cycles(), found == inclusive.end() ? 0 : found->second);
    totals.push_back(row);
  }
  std::stable_sort(totals.begin(), totals.end(), [](const FunctionTotals& a, const FunctionTotals& b) {
    return a.self_cycles() > b.self_cycles();
  });
  return totals;
}

}  // namespace traces
