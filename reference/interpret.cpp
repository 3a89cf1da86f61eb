#include "reference/interpret.h"

#include <fmt/format.h>

#include <cstring>

#include "reference/kernels/kernels.h"
#include "reference/validate.h"

namespace reference {
namespace {

TensorData run(const kernels::Call& call) {
  switch (call.op.kind) {
    case OperatorKind::kAdd:
      return kernels::add(call);
    case OperatorKind::kAveragePool2D:
      return kernels::average_pool_2d(call);
    case OperatorKind::kConcatenation:
      return kernels::concatenation(call);
    case OperatorKind::kConv2D:
      return kernels::conv_2d(call);
    case OperatorKind::kDepthwiseConv2D:
      return kernels::depthwise_conv_2d(call);
    case OperatorKind::kDequantize:
      return kernels::dequantize(call);
    case OperatorKind::kFullyConnected:
      return kernels::fully_connected(call);
    case OperatorKind::kLogistic:
      return kernels::logistic(call);
    case OperatorKind::kMaxPool2D:
      return kernels::max_pool_2d(call);
    case OperatorKind::kMean:
      return kernels::mean(call);
    case OperatorKind::kMul:
      return kernels::mul(call);
    case OperatorKind::kPad:
    case OperatorKind::kPadV2:
      return kernels::pad(call);
    case OperatorKind::kQuantize:
      return kernels::quantize(call);
    case OperatorKind::kRelu:
    case OperatorKind::kRelu6:
      return kernels::relu(call);
    case OperatorKind::kReshape:
      return kernels::reshape(call);
    case OperatorKind::kResizeNearestNeighbor:
      return kernels::resize_nearest_neighbor(call);
    case OperatorKind::kSoftmax:
      return kernels::softmax(call);
    case OperatorKind::kStridedSlice:
      return kernels::strided_slice(call);
    case OperatorKind::kSub:
      return kernels::sub(call);
    case OperatorKind::kTranspose:
      return kernels::transpose(call);
  }
  throw ModelError(
      fmt::format("{}: operator kind {} is unknown", call.graph.name, static_cast<int>(call.op.kind)));
}

/// The tensor whose quantisation a seeded input has: its own, or the output's of the first QUANTIZE that
/// reads it.
const Tensor& quantization_of_input(const Graph& graph, int input) {
  if (graph.tensor(input).type == TensorType::kInt8) return graph.tensor(input);
  for (const Operator& op : graph.operators) {
    if (op.kind == OperatorKind::kQuantize && op.inputs.at(0) == input) return graph.tensor(op.outputs.at(0));
  }
  throw ModelError(
      fmt::format("{}: input tensor {} is {} and no QUANTIZE reads it, so a seed cannot make its values; "
                  "give the input as a file",
                  graph.name, input, to_string(graph.tensor(input).type)));
}

}  // namespace

std::vector<TensorData> interpret(const Graph& graph, std::span<const TensorData> inputs,
                                  const OperatorDone& done) {
  validate(graph, graph.name);
  if (inputs.size() != graph.inputs.size()) {
    throw ModelError(
        fmt::format("{}: {} inputs given, expected {}", graph.name, inputs.size(), graph.inputs.size()));
  }
  std::vector<TensorData> values(graph.tensors.size());
  for (std::size_t t = 0; t < graph.tensors.size(); ++t) {
    if (graph.tensors[t].constant) values[t] = *graph.tensors[t].constant;
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const int tensor = graph.inputs[i];
    const std::int64_t expected = graph.tensor(tensor).bytes();
    if (static_cast<std::int64_t>(inputs[i].size()) != expected) {
      throw ModelError(fmt::format("{}: input {} (tensor {}) has {} bytes, expected {}", graph.name, i,
                                   tensor, inputs[i].size(), expected));
    }
    values[static_cast<std::size_t>(tensor)] = inputs[i];
  }
  for (std::size_t i = 0; i < graph.operators.size(); ++i) {
    const Operator& op = graph.operators[i];
    values[static_cast<std::size_t>(op.outputs.at(0))] = run({.graph = graph, .op = op, .values = values});
    if (done) done(static_cast<int>(i));
  }
  return values;
}

std::vector<TensorData> seeded_inputs(const Graph& graph, std::uint32_t seed) {
  std::vector<TensorData> inputs;
  std::uint32_t state = seed;
  const auto next = [&state] {
    state = state * 1664525U + 1013904223U;
    return static_cast<std::int8_t>(state >> 24);
  };
  for (const int index : graph.inputs) {
    const Tensor& tensor = graph.tensor(index);
    const Tensor& quantized = quantization_of_input(graph, index);
    TensorData data(static_cast<std::size_t>(tensor.bytes()));
    for (std::int64_t k = 0; k < tensor.elements(); ++k) {
      const std::int8_t x = next();
      if (tensor.type == TensorType::kInt8) {
        data[static_cast<std::size_t>(k)] = static_cast<std::uint8_t>(x);
      } else {
        const float real = static_cast<float>(x - kernels::zero_point(quantized)) * kernels::scale(quantized);
        std::memcpy(data.data() + k * static_cast<std::int64_t>(sizeof(real)), &real, sizeof(real));
      }
    }
    inputs.push_back(std::move(data));
  }
  return inputs;
}

}  // namespace reference
