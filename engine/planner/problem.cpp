#include "engine/planner/problem.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>

#include "engine/emit.h"

namespace engine {
namespace {

// One rule for a storage that the step reads at several positions: every position must allow it.
std::optional<Share> combined_share(const Program& program, const Step& step, int tensor_storage, int storage,
                                    const std::vector<Overlap>& overlaps) {
  Share share{storage, Overlap::Kind::kLead, 0};
  for (std::size_t i = 0; i < step.inputs.size(); ++i) {
    if (step.inputs[i] < 0 || program.storage[step.inputs[i]] != tensor_storage) continue;
    const auto it = std::find_if(overlaps.begin(), overlaps.end(), [i](const Overlap& overlap) {
      return overlap.input == static_cast<int>(i);
    });
    if (it == overlaps.end()) return std::nullopt;
    if (it->kind == Overlap::Kind::kExact) share.kind = Overlap::Kind::kExact;
    if (it->kind == Overlap::Kind::kLead) share.lead = std::max(share.lead, it->lead.value);
  }
  // Equal offsets leave no lead.
  if (share.kind == Overlap::Kind::kExact && share.lead > 0) return std::nullopt;
  return share;
}

}  // namespace

Problem problem_of(const reference::Graph& graph, const Program& program, const PlanOptions& options) {
  Problem problem;
  std::map<int, int> index;  // tensor -> storage
  const auto storage_of = [&](int tensor) {
    const int root = program.storage[tensor];
    const auto [it, is_new] = index.try_emplace(root, static_cast<int>(problem.size.size()));
    if (is_new) {
      problem.size.push_back(graph.tensor(root).bytes());
      problem.tensor.push_back(root);
      problem.is_input.push_back(false);
      problem.is_output.push_back(false);
      problem.readers.emplace_back();
    }
    return it->second;
  };
  for (const int tensor : program.inputs) problem.is_input[storage_of(tensor)] = true;
  for (const Step& step : program.steps) {
    const KernelNeeds needs = kernel_needs(graph, step);
    PlanStep plan_step;
    for (const int tensor : step.inputs) {
      if (tensor < 0 || program.storage[tensor] < 0) continue;
      const int storage = storage_of(tensor);
      if (std::count(plan_step.inputs.begin(), plan_step.inputs.end(), storage) != 0) continue;
      plan_step.inputs.push_back(storage);
      problem.readers[storage].push_back(static_cast<int>(problem.steps.size()));
      if (!options.in_place) continue;
      const auto share = combined_share(program, step, program.storage[tensor], storage, needs.overlaps);
      if (share) plan_step.shares.push_back(*share);
    }
    plan_step.output = storage_of(step.output);
    plan_step.scratch = needs.scratch.value;
    problem.steps.push_back(std::move(plan_step));
  }
  for (const int tensor : program.outputs) problem.is_output[storage_of(tensor)] = true;
  return problem;
}

std::int64_t shareable_bytes(const std::vector<Share>& dying, const Problem& problem,
                             std::int64_t output_bytes) {
  std::vector<Share> sorted = dying;
  std::sort(sorted.begin(), sorted.end(), [](const Share& a, const Share& b) { return a.lead < b.lead; });
  std::int64_t end = 0, shared = 0;  // the inputs so far end `end` bytes behind the output's start
  for (const Share& share : sorted) {
    const std::int64_t begin = std::max(end, share.lead);
    end = begin + problem.size[share.storage];
    shared += std::max<std::int64_t>(0, std::min(end, output_bytes) - begin);
  }
  return shared;
}

Lifetimes lifetimes_of(const Problem& problem, const std::vector<int>& order) {
  const int steps = static_cast<int>(order.size());
  Lifetimes lifetimes{std::vector<int>(problem.size.size(), 0), std::vector<int>(problem.size.size(), 0)};
  for (int position = 0; position < steps; ++position) {
    const PlanStep& step = problem.steps[order[position]];
    lifetimes.first[step.output] = lifetimes.last[step.output] = position;
    for (const int input : step.inputs) lifetimes.last[input] = position;
  }
  for (std::size_t storage = 0; storage < problem.size.size(); ++storage) {
    if (problem.is_output[storage]) lifetimes.last[storage] = steps - 1;
  }
  return lifetimes;
}

std::vector<std::int64_t> needed_bytes(const Problem& problem, const std::vector<int>& order) {
  const Lifetimes lifetimes = lifetimes_of(problem, order);
  std::vector<std::int64_t> needed(order.size(), 0);
  for (std::size_t storage = 0; storage < problem.size.size(); ++storage) {
    for (int p = lifetimes.first[storage]; p <= lifetimes.last[storage]; ++p)
      needed[p] += problem.size[storage];
  }
  for (int position = 0; position < static_cast<int>(order.size()); ++position) {
    const PlanStep& step = problem.steps[order[position]];
    const auto dies = [&](int storage) {
      return lifetimes.last[storage] == position && !problem.is_output[storage];
    };
    needed[position] += step.scratch - shareable_bytes(problem, step, dies);
  }
  return needed;
}

std::vector<int> file_order(const Problem& problem) {
  std::vector<int> order(problem.steps.size());
  std::iota(order.begin(), order.end(), 0);
  return order;
}

}  // namespace engine
