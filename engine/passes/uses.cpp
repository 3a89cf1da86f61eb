#include "engine/passes/uses.h"

#include <fmt/format.h>

namespace engine {

Uses uses_of(const reference::Graph& graph) {
  Uses uses;
  uses.writer.assign(graph.tensors.size(), -1);
  uses.readers.resize(graph.tensors.size());
  uses.is_output.assign(graph.tensors.size(), false);
  uses.needed.assign(graph.operators.size(), false);

  std::vector<bool> wanted(graph.tensors.size(), false);
  for (const int t : graph.outputs) uses.is_output[t] = wanted[t] = true;
  for (int op = static_cast<int>(graph.operators.size()) - 1; op >= 0; --op) {
    const reference::Operator& oper = graph.operators[op];
    for (const int t : oper.outputs) uses.needed[op] = uses.needed[op] || wanted[t];
    if (!uses.needed[op]) continue;
    for (const int t : oper.inputs) {
      if (t >= 0) wanted[t] = true;
    }
  }
  for (int op = 0; op < static_cast<int>(graph.operators.size()); ++op) {
    if (!uses.needed[op]) continue;
    for (const int t : graph.operators[op].outputs) uses.writer[t] = op;
    for (const int t : graph.operators[op].inputs) {
      if (t >= 0 && (uses.readers[t].empty() || uses.readers[t].back() != op)) uses.readers[t].push_back(op);
    }
  }
  return uses;
}

std::string place_of(const reference::Graph& graph, int op) {
  return fmt::format("{}: op {} ({})", graph.name, op, to_string(graph.operators[op].kind));
}

bool same_quantization(const reference::Tensor& a, const reference::Tensor& b) {
  return a.quantization.scale.size() == 1 && a.quantization.zero_point.size() == 1 &&
         a.quantization.scale == b.quantization.scale &&
         a.quantization.zero_point == b.quantization.zero_point;
}

}  // namespace engine
