#include "reference/macs.h"

#include <set>

namespace reference {
namespace {

bool has_weights(const Operator& op) {
  return op.kind == OperatorKind::kConv2D || op.kind == OperatorKind::kDepthwiseConv2D ||
         op.kind == OperatorKind::kFullyConnected;
}

}  // namespace

std::int64_t macs(const Graph& graph, int op_index) {
  const Operator& op = graph.operators.at(static_cast<std::size_t>(op_index));
  if (!has_weights(op)) return 0;
  const Tensor& filter = graph.tensor(op.inputs.at(1));
  const Tensor& output = graph.tensor(op.outputs.at(0));
  switch (op.kind) {
    case OperatorKind::kConv2D:  // [O,H,W,I]
      return output.elements() * filter.shape.at(1) * filter.shape.at(2) * filter.shape.at(3);
    case OperatorKind::kDepthwiseConv2D:  // [1,H,W,C]
      return output.elements() * filter.shape.at(1) * filter.shape.at(2);
    default:  // FULLY_CONNECTED: [O,I]
      return output.elements() * filter.shape.at(1);
  }
}

std::int64_t macs(const Graph& graph) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < graph.operators.size(); ++i) sum += macs(graph, static_cast<int>(i));
  return sum;
}

std::int64_t weights(const Graph& graph) {
  std::set<int> tensors;
  for (const Operator& op : graph.operators) {
    if (has_weights(op)) tensors.insert(op.inputs.at(1));
  }
  std::int64_t sum = 0;
  for (const int tensor : tensors) sum += graph.tensor(tensor).elements();
  return sum;
}

}  // namespace reference
