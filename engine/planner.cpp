// Graph and program -> Plan: an order of the steps and a place for every buffer.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <optional>
#include <stdexcept>

#include "engine/emit.h"
#include "engine/plan.h"
#include "engine/planner/order.h"
#include "engine/planner/placement.h"
#include "engine/planner/problem.h"
#include "engine/planner/verify.h"

namespace engine {
namespace {

// What `place` sees of one order: an item for every storage, then one for every scratch.
PlacementProblem placement_problem(const Problem& problem, const std::vector<int>& order,
                                   std::vector<int>& scratch_at) {
  const Lifetimes lifetimes = lifetimes_of(problem, order);
  PlacementProblem result;
  result.first_step = lifetimes.first;
  result.last_step = lifetimes.last;
  for (const std::int64_t size : problem.size) result.items.push_back({size, 4});
  scratch_at.clear();
  for (int position = 0; position < static_cast<int>(order.size()); ++position) {
    const std::int64_t scratch = problem.steps[order[position]].scratch;
    if (scratch == 0) continue;
    scratch_at.push_back(position);
    result.items.push_back({scratch, 8});
    result.first_step.push_back(position);
    result.last_step.push_back(position);
  }
  const int storages = static_cast<int>(problem.size.size()), items = static_cast<int>(result.items.size());
  for (int a = 0; a < items; ++a) {
    for (int b = 0; b < items; ++b) {
      const int both_first = std::max(result.first_step[a], result.first_step[b]);
      const int both_last = std::min(result.last_step[a], result.last_step[b]);
      if (both_first > both_last) continue;
      const bool tensors = a < storages && b < storages;
      // `b` born where `a` dies: the one case in which they may share bytes.
      const PlanStep& step = problem.steps[order[result.last_step[a]]];
      if (tensors && a != b && result.last_step[a] == result.first_step[b] && !problem.is_output[a] &&
          step.output == b) {
        const auto share = std::find_if(step.shares.begin(), step.shares.end(),
                                        [a](const Share& s) { return s.storage == a; });
        if (share != step.shares.end()) {
          result.conflicts.push_back({a, b, true, share->kind == Overlap::Kind::kExact, share->lead});
          continue;
        }
      }
      const PlanStep& other = problem.steps[order[result.last_step[b]]];
      const bool seen_from_b = tensors && result.last_step[b] == result.first_step[a] &&
                               !problem.is_output[b] && other.output == a &&
                               std::any_of(other.shares.begin(), other.shares.end(),
                                           [b](const Share& s) { return s.storage == b; });
      if (a < b && !seen_from_b) result.conflicts.push_back({a, b, false, false, 0});
    }
  }
  const std::vector<std::int64_t> needed = needed_bytes(problem, order);
  result.lower_bound = needed.empty() ? 0 : *std::max_element(needed.begin(), needed.end());
  return result;
}

struct Candidate {
  std::vector<int> order;
  PlacementProblem problem;
  std::vector<int> scratch_at;  // positions of the items behind the storages
  Placed placed;
};

Candidate candidate(const Problem& problem, std::vector<int> order) {
  Candidate result;
  result.problem = placement_problem(problem, order, result.scratch_at);
  result.placed = place(result.problem);
  result.order = std::move(order);
  return result;
}

struct Tiled {
  Program program;
  Problem problem;
  Candidate candidate;
};

// Gives the memory that the peak leaves over to the tiles of the other steps, under the same order. The lower
// bound stays what it was; nothing where no placement is found that fits in the same arena.
std::optional<Tiled> with_wide_tiles(const reference::Graph& graph, const Program& program,
                                     const PlanOptions& options, const Problem& problem,
                                     const Candidate& best) {
  const std::vector<std::int64_t> needed = needed_bytes(problem, best.order);
  for (const int part : {1, 2, 4}) {  // of what is left: less may be placed where more is not
    Program wide = program;
    for (std::size_t position = 0; position < best.order.size(); ++position) {
      const int step = best.order[position];
      const std::int64_t left = (best.problem.lower_bound - needed[position]) / part;
      wide.steps[step].tile =
          best_tile(graph, wide.steps[step], isa::Bytes(problem.steps[step].scratch + left));
    }
    Problem wide_problem = problem_of(graph, wide, options);
    Candidate placed = candidate(wide_problem, best.order);
    if (placed.placed.arena > best.placed.arena) continue;
    return Tiled{std::move(wide), std::move(wide_problem), std::move(placed)};
  }
  return std::nullopt;
}

traces::BufferKind kind_of(const Problem& problem, std::size_t storage) {
  if (problem.is_input[storage]) return traces::BufferKind::kInput;
  if (problem.is_output[storage]) return traces::BufferKind::kOutput;
  return traces::BufferKind::kActivation;
}

std::string name_of(const reference::Graph& graph, int tensor) {
  const std::string& name = graph.tensor(tensor).name;
  return name.empty() ? fmt::format("tensor {}", tensor) : name;
}

}  // namespace

Plan plan(const reference::Graph& graph, const Program& lowered, const PlanOptions& options) {
  Program program = lowered;
  Problem problem = problem_of(graph, program, options);
  Candidate best = candidate(problem, file_order(problem));
  if (options.reorder) {
    OrderSearch search = best_order(problem);
    if (search.order != best.order) {
      Candidate other = candidate(problem, std::move(search.order));
      if (other.placed.arena < best.placed.arena) best = std::move(other);
    }
  }
  if (auto tiled = with_wide_tiles(graph, program, options, problem, best)) {
    program = std::move(tiled->program);
    problem = std::move(tiled->problem);
    best = std::move(tiled->candidate);
  }

  Plan plan;
  plan.model = graph.name;
  plan.program = program;
  plan.program.steps.clear();
  for (const int step : best.order) {
    plan.program.steps.push_back(program.steps[step]);
    plan.program.steps.back().id = static_cast<int>(plan.program.steps.size()) - 1;
  }
  for (std::size_t item = 0; item < best.problem.items.size(); ++item) {
    Buffer buffer;
    buffer.size = isa::Bytes(best.problem.items[item].size);
    buffer.offset = isa::Bytes(best.placed.offset[item]);
    buffer.first_step = best.problem.first_step[item];
    buffer.last_step = best.problem.last_step[item];
    if (item < problem.size.size()) {
      buffer.tensor = problem.tensor[item];
      buffer.name = name_of(graph, buffer.tensor);
      buffer.kind = kind_of(problem, item);
    } else {
      buffer.name = fmt::format("scratch of step {}", best.scratch_at[item - problem.size.size()]);
      buffer.kind = traces::BufferKind::kScratch;
    }
    plan.buffers.push_back(std::move(buffer));
  }
  std::stable_sort(plan.buffers.begin(), plan.buffers.end(),
                   [](const Buffer& a, const Buffer& b) { return a.first_step < b.first_step; });
  const auto buffer_of = [&](int tensor) {
    const auto it = std::find_if(plan.buffers.begin(), plan.buffers.end(),
                                 [&](const Buffer& b) { return b.tensor == program.storage[tensor]; });
    return static_cast<int>(it - plan.buffers.begin());
  };
  for (const int tensor : program.inputs) plan.inputs.push_back(buffer_of(tensor));
  for (const int tensor : program.outputs) plan.outputs.push_back(buffer_of(tensor));
  plan.arena = isa::Bytes(best.placed.arena);
  plan.lower_bound = isa::Bytes(best.problem.lower_bound);
  const std::vector<std::int64_t> needed = needed_bytes(problem, best.order);
  plan.peak_step = static_cast<int>(std::max_element(needed.begin(), needed.end()) - needed.begin());

  const std::vector<std::string> faults = plan_faults(graph, plan);
  if (!faults.empty()) throw std::logic_error("planner: " + faults.front());
  return plan;
}

isa::Bytes Plan::live_bytes(int step) const {
  std::vector<std::pair<isa::Bytes, isa::Bytes>> ranges;
  for (const Buffer& b : buffers) {
    if (b.first_step <= step && step <= b.last_step) ranges.emplace_back(b.offset, b.offset + b.size);
  }
  std::sort(ranges.begin(), ranges.end());
  isa::Bytes total(0), end(0);
  for (const auto& [from, to] : ranges) {
    total += std::max(to, end) - std::max(from, end);
    end = std::max(to, end);
  }
  return total;
}

traces::StepTable step_table(const reference::Graph& graph, const Plan& plan) {
  traces::StepTable table;
  table.model = plan.model;
  table.arena_bytes = plan.arena.value;
  table.arena_lower_bound_bytes = plan.lower_bound.value;
  std::map<int, int> by_tensor;  // storage -> index into the buffers
  for (const Buffer& b : plan.buffers) {
    if (b.tensor >= 0) by_tensor[b.tensor] = static_cast<int>(table.buffers.size());
    traces::BufferRow row{b.name, b.kind, b.tensor, b.offset.value, b.size.value, b.first_step, b.last_step};
    if (b.tensor >= 0) {
      const reference::Tensor& tensor = graph.tensor(b.tensor);
      row.type = reference::to_string(tensor.type);
      row.shape = fmt::format("{}", fmt::join(tensor.shape, "x"));
    }
    table.buffers.push_back(std::move(row));
  }
  for (const Step& step : plan.program.steps) {
    const int writes = by_tensor.at(plan.program.storage[step.output]);
    std::vector<int> reads;
    for (const int input : step.inputs) {
      const auto it = input < 0 ? by_tensor.end() : by_tensor.find(plan.program.storage[input]);
      const bool is_new = it != by_tensor.end() && std::ranges::find(reads, it->second) == reads.end();
      if (is_new) reads.push_back(it->second);
    }
    table.steps.push_back({step.id, to_string(step.kind), step.name, step.op, step.output,
                           plan.buffers[writes].offset.value, graph.tensor(step.output).bytes(), step.macs,
                           plan.live_bytes(step.id).value, std::move(reads), writes});
  }
  table.inputs = plan.inputs;
  table.outputs = plan.outputs;
  return table;
}

}  // namespace engine
