#include "tests/engine/one_operator.h"

#include <fmt/format.h>

#include <cmath>
#include <cstring>
#include <utility>

#include "reference/validate.h"

namespace engine {

using reference::OperatorKind;
using reference::Tensor;
using reference::TensorData;
using reference::TensorType;

OneOperator::OneOperator(std::string name, std::uint32_t seed) : x_random(seed) {
  x_case.name = std::move(name);
  x_case.graph.name = "one";
}

TensorData OneOperator::bytes(std::int64_t count) {
  TensorData data(static_cast<std::size_t>(count));
  for (std::uint8_t& byte : data) {
    // Extremes come often.
    const int kind = pick(0, 15);
    byte = static_cast<std::uint8_t>(kind == 0 ? -128 : kind == 1 ? 127 : pick(-128, 127));
  }
  return data;
}

int OneOperator::add(const Shape& shape, TensorType type) {
  Tensor tensor;
  tensor.name = fmt::format("t{}", x_case.graph.tensors.size());
  tensor.shape = shape;
  tensor.type = type;
  x_case.graph.tensors.push_back(tensor);
  return static_cast<int>(x_case.graph.tensors.size()) - 1;
}

int OneOperator::output(const Shape& shape, Quantization q) {
  const int index = add(shape, TensorType::kInt8);
  x_case.graph.tensors.back().quantization = {{q.scale}, {q.zero_point}, 0};
  return index;
}

int OneOperator::float_output(const Shape& shape) {
  return add(shape, TensorType::kFloat32);
}

int OneOperator::input(const Shape& shape, Quantization q) {
  const int index = output(shape, q);
  x_case.graph.inputs.push_back(index);
  x_case.inputs.push_back(bytes(x_case.graph.tensors.back().elements()));
  return index;
}

int OneOperator::float_input(const Shape& shape, float range) {
  const int index = add(shape, TensorType::kFloat32);
  x_case.graph.inputs.push_back(index);
  TensorData data(static_cast<std::size_t>(x_case.graph.tensors.back().bytes()));
  for (std::size_t i = 0; i < data.size(); i += sizeof(float)) {
    // Halves of the step, where rounding matters, and values between.
    const float value =
        range * static_cast<float>(pick(-256, 256)) / 256.0F + static_cast<float>(pick(-1, 1)) * 1e-6F;
    std::memcpy(data.data() + i, &value, sizeof(value));
  }
  x_case.inputs.push_back(data);
  return index;
}

int OneOperator::constant_int8(const Shape& shape, Quantization q) {
  const int index = output(shape, q);
  x_case.graph.tensors.back().constant = bytes(x_case.graph.tensors.back().elements());
  return index;
}

int OneOperator::constant_int32(const std::vector<std::int32_t>& values) {
  const int index = add({static_cast<std::int32_t>(values.size())}, TensorType::kInt32);
  TensorData data(values.size() * sizeof(std::int32_t));
  std::memcpy(data.data(), values.data(), data.size());
  x_case.graph.tensors.back().constant = data;
  return index;
}

void OneOperator::make_matrix(int constant, std::int32_t rows) {
  Tensor& tensor = x_case.graph.tensors.at(static_cast<std::size_t>(constant));
  tensor.shape = {rows, static_cast<std::int32_t>(tensor.elements()) / rows};
}

int OneOperator::weights(const Shape& shape, int axis, const std::vector<float>& scales) {
  const int index = constant_int8(shape);
  auto& q = x_case.graph.tensors.back().quantization;
  q.scale = scales;
  q.zero_point.assign(scales.size(), 0);
  q.quantized_dimension = axis;
  return index;
}

KernelCase OneOperator::finish(OperatorKind kind, const std::vector<int>& inputs, int output,
                               reference::Options options) {
  x_case.graph.operators.push_back({kind, inputs, {output}, std::move(options)});
  x_case.graph.outputs = {output};
  reference::validate(x_case.graph, x_case.name);
  return x_case;
}

namespace {

constexpr float kInputScale = 0.04F, kOutputScale = 0.07F;

/// Filter scales that make input scale * filter scale / output scale the wanted multipliers.
std::vector<float> filter_scales(const Convolution& c, int channels, int inputs) {
  // Uniform bytes have a standard deviation of 74.
  const double spread = 50.0 / (std::sqrt(static_cast<double>(inputs)) * 74.0 * 74.0);
  std::vector<float> scales;
  for (int i = 0; i < channels; ++i) {
    const double real = c.multipliers.empty()
                            ? spread * (1.0 + 0.3 * (i % 4))
                            : c.multipliers[static_cast<std::size_t>(i) % c.multipliers.size()];
    scales.push_back(static_cast<float>(real * kOutputScale / kInputScale));
  }
  return scales;
}

int add_bias(OneOperator& b, const Convolution& c, int channels) {
  std::vector<std::int32_t> values;
  for (int i = 0; i < channels; ++i) values.push_back(b.pick(-c.largest_bias, c.largest_bias));
  return b.constant_int32(values);
}

int output_size(int in, int filter, int stride, int dilation, reference::Padding padding) {
  const int extent = (filter - 1) * dilation + 1;
  return padding == reference::Padding::kSame ? (in + stride - 1) / stride : (in - extent) / stride + 1;
}

Shape output_shape(const Convolution& c, int channels) {
  return {c.input[0], output_size(c.input[1], c.filter_h, c.stride_h, c.dilation_h, c.padding),
          output_size(c.input[2], c.filter_w, c.stride_w, c.dilation_w, c.padding), channels};
}

}  // namespace

KernelCase conv_case(const std::string& name, const Convolution& c, std::uint32_t seed) {
  OneOperator b(name, seed);
  const int depth = c.input[3] / c.groups;
  const int x = b.input(c.input, {kInputScale, c.input_zero_point});
  const int w = b.weights({c.channels, c.filter_h, c.filter_w, depth}, 0,
                          filter_scales(c, c.channels, c.filter_h * c.filter_w * depth));
  std::vector<int> inputs = {x, w};
  if (c.bias) inputs.push_back(add_bias(b, c, c.channels));
  const int y = b.output(output_shape(c, c.channels), {kOutputScale, c.output_zero_point});
  return b.finish(
      OperatorKind::kConv2D, inputs, y,
      reference::Conv2DOptions{c.padding, c.stride_w, c.stride_h, c.dilation_w, c.dilation_h, c.activation});
}

KernelCase depthwise_case(const std::string& name, const Convolution& c, std::uint32_t seed) {
  OneOperator b(name, seed);
  const int channels = c.input[3] * c.multiplier;
  const int x = b.input(c.input, {kInputScale, c.input_zero_point});
  const int w = b.weights({1, c.filter_h, c.filter_w, channels}, 3,
                          filter_scales(c, channels, c.filter_h * c.filter_w));
  std::vector<int> inputs = {x, w};
  if (c.bias) inputs.push_back(add_bias(b, c, channels));
  const int y = b.output(output_shape(c, channels), {kOutputScale, c.output_zero_point});
  return b.finish(OperatorKind::kDepthwiseConv2D, inputs, y,
                  reference::DepthwiseConv2DOptions{c.padding, c.stride_w, c.stride_h, c.dilation_w,
                                                    c.dilation_h, c.multiplier, c.activation});
}

KernelCase fully_connected_case(const std::string& name, const Convolution& c, std::uint32_t seed) {
  OneOperator b(name, seed);
  const int x = b.input(c.input, {kInputScale, c.input_zero_point});
  std::vector<float> scales = filter_scales(c, c.channels, c.input[1]);
  if (c.groups == 1)
    scales.resize(1);  // per tensor, as exporters do; `groups` 2 asks for one scale per channel
  const int w = b.weights({c.channels, c.input[1]}, 0, scales);
  std::vector<int> inputs = {x, w};
  if (c.bias) inputs.push_back(add_bias(b, c, c.channels));
  const int y = b.output({c.input[0], c.channels}, {kOutputScale, c.output_zero_point});
  return b.finish(OperatorKind::kFullyConnected, inputs, y,
                  reference::FullyConnectedOptions{c.activation, false});
}

}  // namespace engine
