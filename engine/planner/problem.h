// The planner's view of a program: what each step reads, writes and needs, in bytes, without any operator in
// it.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/plan.h"
#include "engine/step.h"

namespace engine {

/// An input whose bytes the step's output may share if it dies in the step. `lead` counts for kLead only.
struct Share {
  int storage = 0;
  Overlap::Kind kind = Overlap::Kind::kLead;
  std::int64_t lead = 0;
};

struct PlanStep {
  std::vector<int> inputs;  ///< storages read, each once
  int output = 0;           ///< storage written
  std::int64_t scratch = 0;
  std::vector<Share> shares;
};

/// Storages and steps by index; steps in the program's order.
struct Problem {
  std::vector<PlanStep> steps;
  std::vector<std::int64_t> size;  ///< per storage, bytes
  std::vector<int> tensor;         ///< per storage, tensor of the graph
  std::vector<bool> is_input, is_output;
  std::vector<std::vector<int>> readers;  ///< per storage, steps that read it
};

/// Asks every kernel what it needs. Throws Unsupported.
Problem problem_of(const reference::Graph& graph, const Program& program, const PlanOptions& options);

/// Bytes that step `step`'s output and its dying inputs can have in common, at most: inputs follow each
/// other, each no sooner than its lead behind the output's start, as long as the output lasts.
/// `dies(storage)` tells.
template <class Dies>
std::int64_t shareable_bytes(const Problem& problem, const PlanStep& step, Dies dies);

/// First and last step position of every storage under `order` (steps of the problem, by position).
struct Lifetimes {
  std::vector<int> first, last;
};
Lifetimes lifetimes_of(const Problem& problem, const std::vector<int>& order);

/// Bytes that must be in memory at each position of `order`: live storages plus scratch, less what may be
/// shared. The largest is a lower bound for every placement of that order.
std::vector<std::int64_t> needed_bytes(const Problem& problem, const std::vector<int>& order);

/// Positions 0, 1, 2...: the program's own order.
std::vector<int> file_order(const Problem& problem);

// Implementation.

std::int64_t shareable_bytes(const std::vector<Share>& dying, const Problem& problem,
                             std::int64_t output_bytes);

template <class Dies>
std::int64_t shareable_bytes(const Problem& problem, const PlanStep& step, Dies dies) {
  std::vector<Share> dying;
  for (const Share& share : step.shares) {
    if (dies(share.storage)) dying.push_back(share);
  }
  return shareable_bytes(dying, problem, problem.size[step.output]);
}

}  // namespace engine
