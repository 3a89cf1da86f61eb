#include "tests/engine/graphs.h"

#include <fmt/format.h>

#include <cstring>

#include "reference/validate.h"

namespace engine {
namespace {

using reference::Operator;
using reference::OperatorKind;
using reference::Padding;
using reference::Tensor;
using reference::TensorType;

int output_size(int in, int filter, int stride, int dilation, Padding padding) {
  const int extent = (filter - 1) * dilation + 1;
  return padding == Padding::kSame ? (in + stride - 1) / stride : (in - extent) / stride + 1;
}

}  // namespace

int GraphBuilder::input(const Shape& shape, float scale, int zero_point) {
  graph_.inputs.push_back(activation(shape, scale, zero_point));
  return graph_.inputs.back();
}

int GraphBuilder::activation(const Shape& shape, float scale, int zero_point) {
  Tensor tensor;
  tensor.name = fmt::format("t{}", graph_.tensors.size());
  tensor.shape = shape;
  tensor.quantization.scale = {scale};
  tensor.quantization.zero_point = {zero_point};
  graph_.tensors.push_back(tensor);
  return static_cast<int>(graph_.tensors.size()) - 1;
}

int GraphBuilder::constant_int32(const std::vector<std::int32_t>& values, const Shape& shape) {
  const int index = activation(shape);
  tensor(index).type = TensorType::kInt32;
  tensor(index).quantization = {};
  tensor(index).constant.emplace(values.size() * sizeof(std::int32_t));
  std::memcpy(tensor(index).constant->data(), values.data(), tensor(index).constant->size());
  return index;
}

int GraphBuilder::constant_int8(int value) {
  const int index = activation({1});
  tensor(index).constant = reference::TensorData{static_cast<std::uint8_t>(value)};
  return index;
}

std::int8_t GraphBuilder::next_byte() {
  state_ = state_ * 1664525U + 1013904223U;
  const auto byte = static_cast<std::int8_t>(state_ >> 24U);
  return byte == -128 ? std::int8_t{-127} : byte;
}

int GraphBuilder::weights(const Shape& shape, int channel_axis) {
  const int index = activation(shape);
  Tensor& t = tensor(index);
  const auto channels = static_cast<std::size_t>(shape[static_cast<std::size_t>(channel_axis)]);
  t.quantization.scale.assign(channels, 0.01F);
  for (std::size_t c = 0; c < channels; ++c) t.quantization.scale[c] += 0.001F * static_cast<float>(c % 5);
  t.quantization.zero_point.assign(channels, 0);
  t.quantization.quantized_dimension = channel_axis;
  t.constant.emplace();
  for (std::int64_t i = 0; i < t.elements(); ++i)
    t.constant->push_back(static_cast<std::uint8_t>(next_byte()));
  return index;
}

int GraphBuilder::bias(int channels) {
  std::vector<std::int32_t> values;
  for (int c = 0; c < channels; ++c) values.push_back(next_byte() * 10);
  const int index = constant_int32(values, {channels});
  return index;
}

int GraphBuilder::conv(int from, int channels, int filter, reference::Conv2DOptions options) {
  const Shape in = tensor(from).shape;
  const int w = weights({channels, filter, filter, in[3]}, 0);
  const int b = bias(channels);
  const int to = activation(
      {in[0], output_size(in[1], filter, options.stride_h, options.dilation_h_factor, options.padding),
       output_size(in[2], filter, options.stride_w, options.dilation_w_factor, options.padding), channels});
  return op(OperatorKind::kConv2D, {from, w, b}, to, options);
}

int GraphBuilder::depthwise(int from, int filter, reference::DepthwiseConv2DOptions options) {
  const Shape in = tensor(from).shape;
  const int channels = in[3] * options.depth_multiplier;
  const int w = weights({1, filter, filter, channels}, 3);
  const int b = bias(channels);
  const int to = activation(
      {in[0], output_size(in[1], filter, options.stride_h, options.dilation_h_factor, options.padding),
       output_size(in[2], filter, options.stride_w, options.dilation_w_factor, options.padding), channels});
  return op(OperatorKind::kDepthwiseConv2D, {from, w, b}, to, options);
}

int GraphBuilder::add(int a, int b) {
  const int to = activation(tensor(a).shape);
  return op(OperatorKind::kAdd, {a, b}, to, reference::ArithmeticOptions{});
}

int GraphBuilder::pad(int from, int top, int bottom, int left, int right) {
  const int amounts = constant_int32({0, 0, top, bottom, left, right, 0, 0}, {4, 2});
  Shape shape = tensor(from).shape;
  shape[1] += top + bottom;
  shape[2] += left + right;
  const Tensor source = tensor(from);
  const int to = activation(shape, source.quantization.scale[0], source.quantization.zero_point[0]);
  return op(OperatorKind::kPad, {from, amounts}, to);
}

int GraphBuilder::op(OperatorKind kind, const std::vector<int>& inputs, int to, reference::Options options) {
  Operator oper;
  oper.kind = kind;
  oper.inputs = inputs;
  oper.outputs = {to};
  oper.options = std::move(options);
  graph_.operators.push_back(std::move(oper));
  return to;
}

reference::Graph GraphBuilder::finish(const std::vector<int>& outputs) {
  graph_.outputs = outputs;
  for (Operator& oper : graph_.operators) {
    if (oper.kind != OperatorKind::kConv2D && oper.kind != OperatorKind::kDepthwiseConv2D) continue;
    // The accumulator's scale, as TFLite demands it of a bias.
    const Tensor& filter = tensor(oper.inputs[1]);
    Tensor& bias = tensor(oper.inputs[2]);
    bias.quantization.scale.clear();
    for (const float scale : filter.quantization.scale) {
      bias.quantization.scale.push_back(scale * tensor(oper.inputs[0]).quantization.scale[0]);
    }
    bias.quantization.zero_point.assign(bias.quantization.scale.size(), 0);
  }
  reference::validate(graph_, graph_.name);
  return graph_;
}

}  // namespace engine
