#include "engine/passes/views.h"

#include <algorithm>
#include <cstring>

#include "engine/passes/uses.h"
#include "engine/passes/window.h"

namespace engine {
namespace {

using reference::OperatorKind;

std::vector<std::int32_t> int32_values(const reference::Graph& graph, int tensor) {
  if (!graph.is_constant(tensor) || graph.tensor(tensor).type != reference::TensorType::kInt32) return {};
  const reference::TensorData& bytes = *graph.tensor(tensor).constant;
  std::vector<std::int32_t> values(bytes.size() / sizeof(std::int32_t));
  std::memcpy(values.data(), bytes.data(), values.size() * sizeof(std::int32_t));
  return values;
}

// Row-major bytes keep their order if the axes longer than one do.
bool keeps_order(const reference::Tensor& input, const std::vector<std::int32_t>& permutation) {
  if (permutation.size() != input.shape.size()) return false;
  int last = -1;
  for (const std::int32_t axis : permutation) {
    if (axis < 0 || axis >= static_cast<int>(input.shape.size())) return false;
    if (input.shape[axis] == 1) continue;
    if (axis < last) return false;
    last = axis;
  }
  return true;
}

bool slices_everything(const reference::Tensor& input, const reference::Tensor& output,
                       const std::vector<std::int32_t>& strides) {
  if (input.elements() != output.elements() || strides.size() != input.shape.size()) return false;
  for (std::size_t axis = 0; axis < strides.size(); ++axis) {
    if (input.shape[axis] != 1 && strides[axis] != 1) return false;
  }
  return true;
}

}  // namespace

bool is_view(const reference::Graph& graph, int op) {
  const reference::Operator& oper = graph.operators[op];
  const reference::Tensor& input = graph.tensor(oper.inputs.at(0));
  const reference::Tensor& output = graph.tensor(oper.outputs.at(0));
  if (input.type != output.type) return false;
  const ActivationRange range =
      output.quantization.scale.size() == 1 ? activation_range(graph, op) : ActivationRange{};
  const bool clamps = range.min > -128 || range.max < 127;
  switch (oper.kind) {
    case OperatorKind::kReshape:
      return true;
    case OperatorKind::kTranspose:
      return keeps_order(input, int32_values(graph, oper.inputs.at(1)));
    case OperatorKind::kQuantize:
    case OperatorKind::kRelu:
    case OperatorKind::kRelu6:
      return same_quantization(input, output) && !clamps;
    case OperatorKind::kAveragePool2D:
    case OperatorKind::kMaxPool2D: {
      const auto& options = std::get<reference::Pool2DOptions>(oper.options);
      return options.filter_height == 1 && options.filter_width == 1 && input.shape == output.shape &&
             same_quantization(input, output) && !clamps;
    }
    case OperatorKind::kPad:
    case OperatorKind::kPadV2:
      return input.shape == output.shape;
    case OperatorKind::kConcatenation:
      return oper.inputs.size() == 1 && same_quantization(input, output) && !clamps;
    case OperatorKind::kStridedSlice:
      return oper.inputs.size() == 4 && slices_everything(input, output, int32_values(graph, oper.inputs[3]));
    case OperatorKind::kResizeNearestNeighbor:
      return input.shape == output.shape;
    default:
      return false;
  }
}

}  // namespace engine
