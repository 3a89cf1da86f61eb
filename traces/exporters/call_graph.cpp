#include "traces/exporters/call_graph.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "traces/summary.h"

namespace traces {
namespace {

std::uint64_t rest(std::uint64_t whole, std::uint64_t part) {
  return whole > part ? whole - part : 0;
}

Cost rest(const Cost& whole, const Cost& part) {
  Cost out{rest(whole.cycles, part.cycles), rest(whole.instructions, part.instructions), {}};
  for (std::size_t i = 0; i < isa::kCauses; ++i)
    out.causes.by[i] = rest(whole.causes.by[i], part.causes.by[i]);
  return out;
}

bool is_nothing(const Cost& cost) {
  return cost.cycles == 0 && cost.instructions == 0;
}

Cost cost_of(std::uint64_t instructions, const isa::CauseCycles& causes) {
  return {causes.total().value, instructions, causes};
}

/// What a node and all below it took.
struct Inclusive {
  std::uint64_t cycles = 0, instructions = 0;
};

class Builder {
 public:
  explicit Builder(const Trace& trace) : trace_(trace) {}

  CallGraph build() {
    for (const FunctionCost& cost : trace_.functions) add(cost);
    const std::size_t with_costs = graph_.functions.size();
    for (const CallNode& node : trace_.calls) add(node, with_costs);
    for (const LineCost& cost : trace_.lines) add(cost);
    for (std::size_t i = 0; i < graph_.functions.size(); ++i) finish(i);
    add_calls();
    const Counts run = total_counts(trace_);
    graph_.other = rest(cost_of(run.instructions, run.causes), graph_.total);
    graph_.total += graph_.other;
    return std::move(graph_);
  }

 private:
  std::size_t node_of(StringId name) {
    const auto [found, is_new] = by_name_.try_emplace(name, graph_.functions.size());
    if (is_new) {
      graph_.functions.emplace_back().name = name;
      whole_.emplace_back();
    }
    return found->second;
  }

  void add(const FunctionCost& cost) {
    const std::size_t index = node_of(cost.name);
    if (graph_.functions[index].file == 0) graph_.functions[index].file = cost.file;
    whole_[index] += cost_of(cost.instructions, cost.causes);
  }

  /// Functions below `with_costs` have said themselves what they took.
  void add(const CallNode& node, std::size_t with_costs) {
    if (node.function == 0 && node.self_cycles == 0) return;  // a root that stands for nothing
    const std::size_t index = node_of(node.function);
    if (index >= with_costs) whole_[index] += {node.self_cycles, node.self_instructions, {}};
  }

  void add(const LineCost& cost) {
    const std::int32_t line = std::max(0, cost.line);
    graph_.functions[node_of(cost.function)].lines.push_back(
        {cost.file, line, cost_of(cost.instructions, cost.causes)});
  }

  /// What no line took goes to line 0; lines go in order.
  void finish(std::size_t index) {
    FunctionNode& node = graph_.functions[index];
    Cost lines;
    for (const LineOfFunction& line : node.lines) lines += line.cost;
    const Cost unknown = rest(whole_[index], lines);
    if (!is_nothing(unknown)) node.lines.push_back({node.file, 0, unknown});

    const auto key = [&node](const LineOfFunction& line) {
      return std::tuple(line.file != node.file, line.file, line.line);
    };
    std::stable_sort(node.lines.begin(), node.lines.end(),
                     [&](const LineOfFunction& a, const LineOfFunction& b) { return key(a) < key(b); });
    for (const LineOfFunction& line : node.lines) {
      graph_.total += line.cost;
      if (node.first_line == 0 && line.file == node.file) node.first_line = line.line;
    }
  }

  std::vector<Inclusive> inclusive() const {
    std::vector<Inclusive> below(trace_.calls.size());
    for (std::size_t i = trace_.calls.size(); i-- > 0;) {  // parents come before their children
      const CallNode& node = trace_.calls[i];
      below[i].cycles += node.self_cycles;
      below[i].instructions += node.self_instructions;
      if (i == 0) break;
      below[node.parent].cycles += below[i].cycles;
      below[node.parent].instructions += below[i].instructions;
    }
    return below;
  }

  /// Walks the tree in depth, with the calls that are being made on the way.
  void add_calls() {
    const std::vector<CallNode>& calls = trace_.calls;
    if (calls.empty()) return;
    const std::vector<Inclusive> below = inclusive();
    std::vector<std::vector<std::uint32_t>> children(calls.size());
    for (std::uint32_t i = 1; i < calls.size(); ++i) children[calls[i].parent].push_back(i);

    using Call = std::pair<std::size_t, std::size_t>;  // caller, callee
    struct Step {
      std::uint32_t node = 0;
      bool leaves = false;
    };
    std::map<Call, CallEdge> edges;
    std::map<Call, int> running;
    std::vector<Step> path{{0, false}};
    while (!path.empty()) {
      const Step step = path.back();
      path.pop_back();
      if (step.node != 0 &&
          calls[calls[step.node].parent].function != 0) {  // who called the first is not known
        const std::size_t caller = node_of(calls[calls[step.node].parent].function);
        const Call call(caller, node_of(calls[step.node].function));
        if (step.leaves) {
          --running[call];
        } else {
          CallEdge& edge = edges[call];
          edge.callee = call.second;
          edge.calls += calls[step.node].calls;
          if (running[call]++ == 0) {
            edge.cycles += below[step.node].cycles;
            edge.instructions += below[step.node].instructions;
          }
        }
      }
      if (step.leaves) continue;
      path.push_back({step.node, true});
      for (const std::uint32_t child : children[step.node]) path.push_back({child, false});
    }
    for (const auto& [call, edge] : edges) graph_.functions[call.first].edges.push_back(edge);
  }

  const Trace& trace_;
  CallGraph graph_;
  std::vector<Cost> whole_;  ///< what each function took, all its lines together
  std::unordered_map<StringId, std::size_t> by_name_;
};

}  // namespace

Cost& Cost::operator+=(const Cost& o) {
  cycles += o.cycles;
  instructions += o.instructions;
  causes += o.causes;
  return *this;
}

CallGraph call_graph(const Trace& trace) {
  return Builder(trace).build();
}

}  // namespace traces
