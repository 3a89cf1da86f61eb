#include "engine/passes/fold.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <optional>

#include "engine/passes/window.h"

namespace engine {
namespace {

using reference::OperatorKind;
using reference::TensorType;

bool is_pad(const reference::Operator& oper) {
  return oper.kind == OperatorKind::kPad || oper.kind == OperatorKind::kPadV2;
}

// [axis][before, after] of a constant int32 [4,2] that pads rows and columns only, by amounts a window can
// hold.
bool pads_rows_and_columns(const reference::Graph& graph, const reference::Operator& oper) {
  const int paddings = oper.inputs.at(1);
  if (!graph.is_constant(paddings)) return false;
  const reference::Tensor& tensor = graph.tensor(paddings);
  if (tensor.type != TensorType::kInt32 || tensor.constant->size() != 8 * sizeof(std::int32_t)) return false;
  std::int32_t values[8];
  std::memcpy(values, tensor.constant->data(), sizeof values);
  const bool small = std::all_of(std::begin(values), std::end(values), [](std::int32_t v) {
    return v >= 0 && v <= std::numeric_limits<std::int16_t>::max();
  });
  return small && values[0] == 0 && values[1] == 0 && values[6] == 0 && values[7] == 0;
}

std::optional<int> pad_value(const reference::Graph& graph, const reference::Operator& oper) {
  if (oper.kind == OperatorKind::kPad) return graph.tensor(oper.outputs[0]).quantization.zero_point.at(0);
  const int value = oper.inputs.size() > 2 ? oper.inputs[2] : -1;
  if (!graph.is_constant(value) || graph.tensor(value).constant->size() != 1) return std::nullopt;
  return static_cast<std::int8_t>(graph.tensor(value).constant->front());
}

// Every window of `size` outputs meets [0, in), where output o begins at o * stride - before.
bool every_window_meets(int in, int size, int filter, int stride, int before) {
  const std::int64_t last = (std::int64_t{size} - 1) * stride - before;
  return filter - before > 0 && last < in;
}

bool reader_takes_pad(const reference::Graph& graph, int pad, int reader, int value,
                      const std::vector<bool>& foldable) {
  const reference::Operator& oper = graph.operators[reader];
  const reference::Tensor& padded = graph.tensor(graph.operators[pad].outputs[0]);
  const auto& inputs = oper.inputs;
  const bool is_data_only = inputs[0] == graph.operators[pad].outputs[0] &&
                            std::count(inputs.begin(), inputs.end(), inputs[0]) == 1;
  if (!is_data_only) return false;
  switch (oper.kind) {
    case OperatorKind::kConv2D:
    case OperatorKind::kDepthwiseConv2D:
      return value == padded.quantization.zero_point[0];
    case OperatorKind::kMaxPool2D: {
      const Pads pads = pads_of(graph, pad);
      const Window window = window_of(graph, reader);
      const reference::Tensor& input = graph.tensor(graph.operators[pad].inputs[0]);
      const reference::Tensor& output = graph.tensor(oper.outputs[0]);
      return value == -128 &&
             every_window_meets(input.shape[1], output.shape[1], window.filter_h, window.stride_h,
                                pads.top + window.pad_top) &&
             every_window_meets(input.shape[2], output.shape[2], window.filter_w, window.stride_w,
                                pads.left + window.pad_left);
    }
    case OperatorKind::kPad:
    case OperatorKind::kPadV2: {
      // A chain of pads adds up only if all of them add the same value, and is judged by the last one's
      // readers. A max pool behind a chain is left alone: its windows would have to be checked against the
      // innermost input.
      const int output = oper.outputs[0];
      const bool before_pool = std::any_of(
          graph.operators.begin(), graph.operators.end(), [output](const reference::Operator& other) {
            return other.kind == OperatorKind::kMaxPool2D && other.inputs.at(0) == output;
          });
      return foldable[reader] && !before_pool && pad_value(graph, oper) == value;
    }
    default:
      return false;
  }
}

bool has_clamp(OperatorKind kind) {
  switch (kind) {
    case OperatorKind::kAdd:
    case OperatorKind::kAveragePool2D:
    case OperatorKind::kConv2D:
    case OperatorKind::kDepthwiseConv2D:
    case OperatorKind::kFullyConnected:
    case OperatorKind::kMaxPool2D:
    case OperatorKind::kMul:
    case OperatorKind::kSub:
      return true;
    default:
      return false;
  }
}

}  // namespace

Pads pads_of(const reference::Graph& graph, int op) {
  std::int32_t values[8] = {};
  const reference::TensorData& bytes = *graph.tensor(graph.operators[op].inputs.at(1)).constant;
  std::memcpy(values, bytes.data(), std::min(bytes.size(), sizeof values));
  return {values[2], values[3], values[4], values[5]};
}

std::vector<bool> foldable_pads(const reference::Graph& graph, const Uses& uses) {
  std::vector<bool> foldable(graph.operators.size(), false);
  // Readers come later in the order, so a chain of pads is decided from its end.
  for (int op = static_cast<int>(graph.operators.size()) - 1; op >= 0; --op) {
    const reference::Operator& oper = graph.operators[op];
    if (!uses.needed[op] || !is_pad(oper)) continue;
    const reference::Tensor& input = graph.tensor(oper.inputs.at(0));
    const reference::Tensor& output = graph.tensor(oper.outputs.at(0));
    if (graph.is_constant(oper.inputs[0]) || input.type != TensorType::kInt8 || input.shape.size() != 4 ||
        !same_quantization(input, output) || uses.is_output[oper.outputs[0]]) {
      continue;
    }
    if (!pads_rows_and_columns(graph, oper)) continue;
    const std::optional<int> value = pad_value(graph, oper);
    if (!value) continue;
    const std::vector<int>& readers = uses.readers[oper.outputs[0]];
    foldable[op] = !readers.empty() && std::all_of(readers.begin(), readers.end(), [&](int reader) {
      return reader_takes_pad(graph, op, reader, *value, foldable);
    });
  }
  return foldable;
}

std::vector<int> relu_producers(const reference::Graph& graph, const Uses& uses) {
  std::vector<int> producers(graph.operators.size(), -1);
  for (int op = 0; op < static_cast<int>(graph.operators.size()); ++op) {
    const reference::Operator& oper = graph.operators[op];
    if (!uses.needed[op]) continue;
    if (oper.kind != OperatorKind::kRelu && oper.kind != OperatorKind::kRelu6) continue;
    const int input = oper.inputs.at(0);
    const int writer = uses.writer[input];
    if (writer < 0 || uses.readers[input].size() != 1 || uses.is_output[input]) continue;
    if (!same_quantization(graph.tensor(input), graph.tensor(oper.outputs[0]))) continue;
    // RELU behind RELU folds into the same producer.
    const int target = producers[writer] >= 0 ? producers[writer] : writer;
    if (has_clamp(graph.operators[target].kind)) producers[op] = target;
  }
  return producers;
}

}  // namespace engine
