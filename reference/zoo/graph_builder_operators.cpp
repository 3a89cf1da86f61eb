#include <algorithm>
#include <cstdlib>
#include <utility>

#include "reference/geometry.h"
#include "reference/zoo/graph_builder.h"

namespace reference::zoo {
namespace {

std::int32_t length(const std::vector<std::int32_t>& values) {
  return static_cast<std::int32_t>(values.size());
}

constexpr float kUnitScale = 1.0F / 256;  // TFLite's fixed output scale of SOFTMAX and LOGISTIC

}  // namespace

int GraphBuilder::arithmetic(OperatorKind kind, const std::string& name, int a, int b,
                             ActivationFunction activation, double bound) {
  std::vector<std::int32_t> out = *broadcast(shape(a), shape(b));
  return append_calibrated(kind, name, {a, b}, ArithmeticOptions{activation}, std::move(out), bound);
}

int GraphBuilder::add(const std::string& name, int a, int b, ActivationFunction activation) {
  return arithmetic(OperatorKind::kAdd, name, a, b, activation,
                    distribution(a).largest + distribution(b).largest);
}

int GraphBuilder::sub(const std::string& name, int a, int b, ActivationFunction activation) {
  return arithmetic(OperatorKind::kSub, name, a, b, activation,
                    distribution(a).largest + distribution(b).largest);
}

int GraphBuilder::mul(const std::string& name, int a, int b, ActivationFunction activation) {
  return arithmetic(OperatorKind::kMul, name, a, b, activation,
                    distribution(a).largest * distribution(b).largest);
}

int GraphBuilder::concatenation(const std::string& name, std::vector<int> inputs, int axis) {
  double low = 0;
  double high = 0;
  for (const int x : inputs) {
    const QuantizationParameters& q = quantization(x);
    low = std::min(low, (-128.0 - q.zero_point[0]) * q.scale[0]);
    high = std::max(high, (127.0 - q.zero_point[0]) * q.scale[0]);
  }
  QuantizationParameters common{{static_cast<float>((high - low) / 255)}, {}, 0};
  common.zero_point = {std::clamp(static_cast<std::int32_t>(-128.0 - low * 255 / (high - low)), -128, 127)};
  const bool alike =
      std::ranges::all_of(inputs, [&](int x) { return quantization(x) == quantization(inputs.front()); });
  if (alike) common = quantization(inputs.front());

  std::vector<std::int32_t> out = shape(inputs.front());
  const auto along = static_cast<std::size_t>(axis < 0 ? axis + length(out) : axis);
  out[along] = 0;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (quantization(inputs[i]) != common) {
      inputs[i] = quantize(name + "/input" + std::to_string(i), inputs[i], common);
    }
    out[along] += shape(inputs[i])[along];
  }
  return append(OperatorKind::kConcatenation, name, std::move(inputs),
                ConcatenationOptions{axis, ActivationFunction::kNone}, std::move(out), std::move(common));
}

int GraphBuilder::pad(const std::string& name, int x, int top, int bottom, int left, int right) {
  const int paddings = constant(name + "/paddings", {4, 2}, {0, 0, top, bottom, left, right, 0, 0});
  std::vector<std::int32_t> out = shape(x);
  out[1] += top + bottom;
  out[2] += left + right;
  return append_like_input(OperatorKind::kPad, name, {x, paddings}, NoOptions{}, std::move(out));
}

int GraphBuilder::pad_v2(const std::string& name, int x, int top, int bottom, int left, int right,
                         std::int8_t fill) {
  const int paddings = constant(name + "/paddings", {4, 2}, {0, 0, top, bottom, left, right, 0, 0});
  const int value = add_tensor({name + "/value",
                                TensorType::kInt8,
                                {1},
                                quantization(x),
                                TensorData{static_cast<std::uint8_t>(fill)}});
  std::vector<std::int32_t> out = shape(x);
  out[1] += top + bottom;
  out[2] += left + right;
  return append_like_input(OperatorKind::kPadV2, name, {x, paddings, value}, NoOptions{}, std::move(out));
}

int GraphBuilder::mean(const std::string& name, int x, const std::vector<std::int32_t>& axes,
                       bool keep_dims) {
  const int indices = constant(name + "/axes", {length(axes)}, axes);
  std::vector<std::int32_t> out;
  for (std::int32_t d = 0; d < length(shape(x)); ++d) {
    const bool reduced = std::ranges::find(axes, d) != axes.end();
    if (!reduced || keep_dims) out.push_back(reduced ? 1 : shape(x)[static_cast<std::size_t>(d)]);
  }
  return append_calibrated(OperatorKind::kMean, name, {x, indices}, ReducerOptions{keep_dims}, std::move(out),
                           distribution(x).largest);
}

int GraphBuilder::pool(OperatorKind kind, const std::string& name, int x, const Pool2DOptions& options) {
  std::vector<std::int32_t> out = shape(x);
  out[1] = window_outputs(out[1], options.filter_height, options.stride_h, 1, options.padding);
  out[2] = window_outputs(out[2], options.filter_width, options.stride_w, 1, options.padding);
  return append_like_input(kind, name, {x}, options, std::move(out));
}

int GraphBuilder::average_pool_2d(const std::string& name, int x, const Pool2DOptions& options) {
  return pool(OperatorKind::kAveragePool2D, name, x, options);
}

int GraphBuilder::max_pool_2d(const std::string& name, int x, const Pool2DOptions& options) {
  return pool(OperatorKind::kMaxPool2D, name, x, options);
}

int GraphBuilder::reshape(const std::string& name, int x, std::vector<std::int32_t> shape) {
  const int wanted = constant(name + "/shape", {length(shape)}, shape);
  return append_like_input(OperatorKind::kReshape, name, {x, wanted}, ReshapeOptions{}, std::move(shape));
}

int GraphBuilder::transpose(const std::string& name, int x, const std::vector<std::int32_t>& permutation) {
  const int order = constant(name + "/permutation", {length(permutation)}, permutation);
  std::vector<std::int32_t> out;
  for (const std::int32_t d : permutation) out.push_back(shape(x)[static_cast<std::size_t>(d)]);
  return append_like_input(OperatorKind::kTranspose, name, {x, order}, NoOptions{}, std::move(out));
}

int GraphBuilder::strided_slice(const std::string& name, int x, const std::vector<std::int32_t>& begin,
                                const std::vector<std::int32_t>& end,
                                const std::vector<std::int32_t>& strides,
                                const StridedSliceOptions& options) {
  std::vector<std::int32_t> out = resolve_slice(shape(x), begin, end, strides, options).value().shape;
  const std::int32_t n = length(begin);
  const int b = constant(name + "/begin", {n}, begin);
  const int e = constant(name + "/end", {n}, end);
  const int s = constant(name + "/strides", {n}, strides);
  return append_like_input(OperatorKind::kStridedSlice, name, {x, b, e, s}, options, std::move(out));
}

int GraphBuilder::resize_nearest_neighbor(const std::string& name, int x, int height, int width,
                                          const ResizeNearestNeighborOptions& options) {
  const int size = constant(name + "/size", {2}, {height, width});
  return append_like_input(OperatorKind::kResizeNearestNeighbor, name, {x, size}, options,
                           {shape(x)[0], height, width, shape(x)[3]});
}

int GraphBuilder::relu(const std::string& name, int x) {
  return append_like_input(OperatorKind::kRelu, name, {x}, NoOptions{}, shape(x));
}

int GraphBuilder::relu6(const std::string& name, int x) {
  return append_like_input(OperatorKind::kRelu6, name, {x}, NoOptions{}, shape(x));
}

int GraphBuilder::logistic(const std::string& name, int x) {
  return append(OperatorKind::kLogistic, name, {x}, NoOptions{}, shape(x), {{kUnitScale}, {-128}, 0});
}

int GraphBuilder::softmax(const std::string& name, int x, float beta) {
  return append(OperatorKind::kSoftmax, name, {x}, SoftmaxOptions{beta}, shape(x), {{kUnitScale}, {-128}, 0});
}

int GraphBuilder::quantize(const std::string& name, int x, QuantizationParameters quantization) {
  return append(OperatorKind::kQuantize, name, {x}, NoOptions{}, shape(x), std::move(quantization));
}

int GraphBuilder::float_input(const std::string& name, std::vector<std::int32_t> shape, float scale,
                              int zero_point) {
  const int real = add_tensor({name, TensorType::kFloat32, shape, {}, {}});
  x_graph.inputs.push_back(real);
  const int x =
      add_tensor({name + "/quantized", TensorType::kInt8, std::move(shape), {{scale}, {zero_point}, 0}, {}});
  x_graph.operators.push_back({OperatorKind::kQuantize, {real}, {x}, NoOptions{}});
  fill_input_samples(x);
  return x;
}

int GraphBuilder::dequantize(const std::string& name, int x) {
  const int real = add_tensor({name, TensorType::kFloat32, shape(x), {}, {}});
  x_graph.operators.push_back({OperatorKind::kDequantize, {x}, {real}, NoOptions{}});
  return real;
}

}  // namespace reference::zoo
