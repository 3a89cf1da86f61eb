// Random one-operator networks.
#include <cmath>

#include "tests/engine/one_operator.h"

namespace engine {
namespace {

using reference::ActivationFunction;
using reference::OperatorKind;
using reference::Padding;

class Draw {
 public:
  explicit Draw(std::uint32_t seed) : x_random(seed) {}
  int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(x_random); }
  template <class T>
  T of(std::initializer_list<T> values) {
    return *(values.begin() + pick(0, static_cast<int>(values.size()) - 1));
  }

 private:
  std::mt19937 x_random;
};

Convolution random_convolution(Draw& d) {
  Convolution c;
  c.padding = d.of({Padding::kSame, Padding::kValid});
  c.filter_h = d.pick(1, 5);
  c.filter_w = d.of({1, 2, 3, 3, 5, 7});
  c.stride_h = d.pick(1, 3);
  c.stride_w = d.pick(1, 3);
  if (d.pick(0, 4) == 0) c.dilation_h = d.pick(1, 3), c.dilation_w = d.pick(1, 2);
  const int least_h = (c.filter_h - 1) * c.dilation_h + 1, least_w = (c.filter_w - 1) * c.dilation_w + 1;
  c.input = {d.of({1, 1, 2}), least_h + d.pick(0, 6), least_w + d.pick(0, 6), d.pick(1, 13)};
  c.channels = d.pick(1, 13);
  c.activation = d.of({ActivationFunction::kNone, ActivationFunction::kNone, ActivationFunction::kRelu,
                       ActivationFunction::kRelu6, ActivationFunction::kReluN1To1});
  c.input_zero_point = d.of({-128, 127, d.pick(-128, 127)});
  c.output_zero_point = d.of({-128, 127, d.pick(-128, 127)});
  if (d.pick(0, 3) == 0) c.multipliers = {std::ldexp(1.0, -d.pick(0, 40)), std::exp(-0.4 * d.pick(-5, 60))};
  c.bias = d.pick(0, 5) != 0;
  c.largest_bias = d.of({0, 5000, 1 << 24, INT32_MAX});
  return c;
}

Quantization random_quantization(Draw& d) {
  return {std::exp(-0.1F * static_cast<float>(d.pick(0, 70))), d.of({-128, 127, d.pick(-128, 127)})};
}

KernelCase random_arithmetic(OperatorKind kind, Draw& d, const std::string& name, std::uint32_t seed) {
  Shape a, b, out;
  for (int rank = d.pick(1, 4); rank > 0; --rank) {
    const int size = d.pick(1, 6), repeat = d.pick(0, 4);
    a.push_back(repeat == 0 ? 1 : size);
    b.push_back(repeat == 1 ? 1 : size);
    out.push_back(size);
  }
  OneOperator builder(name, seed);
  const int x = builder.input(a, random_quantization(d)), y = builder.input(b, random_quantization(d));
  return builder.finish(
      kind, {x, y}, builder.output(out, random_quantization(d)),
      reference::ArithmeticOptions{d.of({ActivationFunction::kNone, ActivationFunction::kRelu})});
}

KernelCase random_pool(OperatorKind kind, Draw& d, const std::string& name, std::uint32_t seed) {
  reference::Pool2DOptions options;
  options.padding = d.of({Padding::kSame, Padding::kValid});
  options.filter_height = d.pick(2, 5);
  options.filter_width = d.pick(1, 5);
  options.stride_h = d.pick(1, 4);
  options.stride_w = d.pick(1, 4);
  const Shape in = {d.of({1, 2}), options.filter_height + d.pick(0, 5), options.filter_width + d.pick(0, 5),
                    d.pick(1, 9)};
  const auto size = [&](int i, int filter, int stride) {
    return options.padding == Padding::kSame ? (i + stride - 1) / stride : (i - filter) / stride + 1;
  };
  OneOperator builder(name, seed);
  const Quantization q = random_quantization(d);
  const int x = builder.input(in, q);
  const Shape out = {in[0], size(in[1], options.filter_height, options.stride_h),
                     size(in[2], options.filter_width, options.stride_w), in[3]};
  return builder.finish(kind, {x}, builder.output(out, q), options);
}

}  // namespace

KernelCase random_case(std::uint32_t seed) {
  Draw d(seed);
  const std::string name = "seed " + std::to_string(seed);
  switch (d.pick(0, 9)) {
    case 0:
    case 1:
      return conv_case(name, random_convolution(d), seed);
    case 2: {
      Convolution c = random_convolution(d);  // 1x1
      c.filter_h = c.filter_w = c.stride_h = c.stride_w = c.dilation_h = c.dilation_w = 1;
      c.input[3] = d.pick(1, 40);
      return conv_case(name, c, seed);
    }
    case 3:
    case 4:
    case 5: {
      Convolution c = random_convolution(d);
      if (d.pick(0, 2) != 0) c.stride_w = d.pick(1, 2), c.dilation_h = c.dilation_w = 1;
      c.multiplier = d.of({1, 1, 1, 2});
      return depthwise_case(name, c, seed);
    }
    case 6: {
      Convolution c = random_convolution(d);
      c.input = {d.pick(1, 6), d.pick(1, 50)};
      return fully_connected_case(name, c, seed);
    }
    case 7:
      return random_arithmetic(d.of({OperatorKind::kAdd, OperatorKind::kSub}), d, name, seed);
    case 8:
      return random_arithmetic(OperatorKind::kMul, d, name, seed);
    default:
      return random_pool(d.of({OperatorKind::kAveragePool2D, OperatorKind::kMaxPool2D}), d, name, seed);
  }
}

}  // namespace engine
