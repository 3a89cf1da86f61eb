#include "reference/random_graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "reference/zoo/graph_builder.h"

namespace reference {
namespace {

using zoo::GraphBuilder;
using zoo::OutputTarget;
using zoo::Weighted;

constexpr int kMostElements = 4000;  ///< of a tensor: the graphs are for tests that run many

/// Grows a network one random operator at a time. A method returns the new tensor, or nothing where its
/// operator does not suit `x` (shape, or values that it would flatten).
class Grower {
 public:
  explicit Grower(std::uint32_t seed) : x_net(fmt::format("random-{}", seed), 16), x_random(x_net.random()) {}

  Graph grow();

 private:
  using Made = std::optional<int>;

  int pick(std::initializer_list<int> choices) {
    return *(choices.begin() + x_random.integer(0, static_cast<int>(choices.size()) - 1));
  }
  const std::vector<std::int32_t>& shape(int x) const { return x_net.shape(x); }
  int elements(int x) const;
  std::string name(const char* kind) { return fmt::format("{}_{}", kind, x_named++); }
  /// Registers a tensor that a later operator may read.
  int keep(int x);
  int read(int x);
  int recent();

  int first_input();
  int random_zero_point();
  OutputTarget random_target();
  Weighted random_window(int x);
  Padding padding_that_fits(int x, const Weighted& w);
  ActivationFunction pool_activation(int x);
  Pool2DOptions random_pool(int x);
  bool survives_relu(int x, double upper) const;
  QuantizationParameters nearby_quantization(int x);
  Made partner(int x, bool broadcast);
  bool border_is_harmless(int x, int added) const;
  int head(int x);

  Made conv_2d(int x);
  Made shared_conv_2d(int x);
  Made depthwise_conv_2d(int x);
  Made fully_connected(int x);
  Made arithmetic(int x);
  Made concatenation(int x);
  Made pool(int x);
  Made pad(int x);
  Made mean(int x);
  Made reshape(int x);
  Made transpose(int x);
  Made strided_slice(int x);
  Made resize(int x);
  Made rectify(int x);
  Made squash(int x);
  Made quantize(int x);

  GraphBuilder x_net;
  zoo::Random& x_random;
  std::vector<int> x_tensors;  ///< int8 tensors of rank 4 that may be read
  std::vector<int> x_unread;   ///< of these, the ones nobody read yet
  int x_named = 0;
};

int Grower::elements(int x) const {
  int n = 1;
  for (const std::int32_t d : shape(x)) n *= d;
  return n;
}

int Grower::keep(int x) {
  x_tensors.push_back(x);
  x_unread.push_back(x);
  return x;
}

int Grower::read(int x) {
  std::erase(x_unread, x);
  return x;
}

int Grower::recent() {
  const int last = static_cast<int>(x_tensors.size()) - 1;
  return x_tensors[static_cast<std::size_t>(x_random.chance(75) ? last : x_random.integer(0, last))];
}

int Grower::first_input() {
  const std::vector<std::int32_t> shape{1, x_random.integer(1, 17), x_random.integer(3, 17),
                                        x_random.integer(1, 9)};
  const auto scale = static_cast<float>(x_random.real(0.004, 0.05));
  const std::string label = name("input");
  return x_random.chance(20) ? x_net.float_input(label, shape, scale, random_zero_point())
                             : x_net.input(label, shape, scale, random_zero_point());
}

int Grower::random_zero_point() {
  const int dice = x_random.integer(0, 3);
  return dice == 0 ? -128 : dice == 1 ? 127 : x_random.integer(-127, 126);
}

OutputTarget Grower::random_target() {
  switch (pick({0, 0, 0, 1, 2, 3})) {
    case 1:
      return {ActivationFunction::kRelu, static_cast<float>(x_random.real(0.015, 0.06)),
              x_random.chance(70) ? -128 : x_random.integer(-128, -90)};
    case 2:
      return {ActivationFunction::kRelu6, x_random.chance(70) ? 6.0F / 255 : 0.027F, -128};
    case 3:
      return {ActivationFunction::kReluN1To1, static_cast<float>(x_random.real(0.009, 0.02)),
              x_random.integer(-20, 20)};
    default:
      return {ActivationFunction::kNone, static_cast<float>(x_random.real(0.02, 0.08)), random_zero_point()};
  }
}

Weighted Grower::random_window(int x) {
  Weighted w;
  w.kernel_h = std::min(pick({1, 1, 2, 3, 3, 4, 5, 7}), 2 * shape(x)[1] + 1);
  w.kernel_w = std::min(pick({1, 1, 2, 3, 3, 4, 5, 7}), 2 * shape(x)[2] + 1);
  w.stride_h = pick({1, 1, 1, 2, 3});
  w.stride_w = pick({1, 1, 1, 2, 3});
  if (x_random.chance(15)) {
    w.dilation_h = x_random.integer(1, 3);
    w.dilation_w = x_random.integer(1, 3);
  }
  w.padding = padding_that_fits(x, w);
  w.per_channel = x_random.chance(80);
  return w;
}

Padding Grower::padding_that_fits(int x, const Weighted& w) {
  const bool fits =
      (w.kernel_h - 1) * w.dilation_h < shape(x)[1] && (w.kernel_w - 1) * w.dilation_w < shape(x)[2];
  return fits && x_random.chance(40) ? Padding::kValid : Padding::kSame;
}

bool Grower::survives_relu(int x, double upper) const {
  const GraphBuilder::Distribution d = x_net.distribution(x);
  const QuantizationParameters& q = x_net.quantization(x);
  // At -128 the zeros would count as saturated.
  const double room = q.zero_point[0] == -128 ? 1 : -0.3;
  return d.mean - q.zero_point[0] > room * d.deviation &&
         q.zero_point[0] + upper / q.scale[0] > d.mean + d.deviation;
}

ActivationFunction Grower::pool_activation(int x) {
  return x_random.chance(20) && survives_relu(x, 1e9) ? ActivationFunction::kRelu : ActivationFunction::kNone;
}

Pool2DOptions Grower::random_pool(int x) {
  Pool2DOptions options;
  options.filter_height = std::min(x_random.integer(1, 4), shape(x)[1]);
  options.filter_width = std::min(x_random.integer(1, 4), shape(x)[2]);
  options.stride_h = x_random.integer(1, 3);
  options.stride_w = x_random.integer(1, 3);
  options.padding = x_random.chance(50) ? Padding::kSame : Padding::kValid;
  options.fused_activation_function = pool_activation(x);
  return options;
}

QuantizationParameters Grower::nearby_quantization(int x) {
  // The same values at another scale and place, still within the range.
  const GraphBuilder::Distribution d = x_net.distribution(x);
  const QuantizationParameters& q = x_net.quantization(x);
  const double offset = d.mean - q.zero_point[0];
  const double factor = std::min(
      {x_random.real(0.7, 1.6), 42 / std::max(1.0, d.deviation), 110 / std::max(1.0, std::abs(offset))});
  const double centre = x_random.real(-12, 12);
  const auto zero_point = static_cast<std::int32_t>(std::lround(centre - offset * factor));
  return {{static_cast<float>(q.scale[0] / factor)}, {std::clamp(zero_point, -128, 127)}, 0};
}

Grower::Made Grower::conv_2d(int x) {
  Weighted w = random_window(x);
  w.output_channels = x_random.chance(70) ? x_random.integer(1, 13) : x_random.integer(14, 24);
  const OutputTarget target = random_target();
  if (target.activation == ActivationFunction::kNone) w.bias = x_random.chance(80);
  return x_net.conv_2d(name("conv"), read(x), w, target);
}

Grower::Made Grower::shared_conv_2d(int x) {
  // Two convolutions of one filter; the second reads what the first made.
  const int channels = shape(x)[3];
  const OutputTarget linear{ActivationFunction::kNone, 0.04F, random_zero_point()};
  const std::string label = name("shared");
  Weighted w{
      .output_channels = channels, .kernel_h = x_random.integer(1, 3), .kernel_w = x_random.integer(1, 3)};
  w.per_channel = x_random.chance(50);
  const int first = x_net.conv_2d(label, read(x), w, linear);
  w.shared_filter = x_net.filter_of(first);
  w.bias = x_random.chance(50);
  return x_net.conv_2d(label + "/again", first, w, linear);
}

Grower::Made Grower::depthwise_conv_2d(int x) {
  Weighted w = random_window(x);
  w.depth_multiplier = pick({1, 1, 1, 2, 2, 3});
  if (shape(x)[3] * w.depth_multiplier > 32) w.depth_multiplier = 1;
  const OutputTarget target = random_target();
  if (target.activation == ActivationFunction::kNone) w.bias = x_random.chance(80);
  return x_net.depthwise_conv_2d(name("depthwise"), read(x), w, target);
}

Grower::Made Grower::fully_connected(int x) {
  Weighted w{.output_channels = x_random.integer(1, 16)};
  w.keep_num_dims = true;
  w.bias = x_random.chance(80);
  OutputTarget target = random_target();
  if (!w.bias) target = {ActivationFunction::kNone, 0.05F, 0};
  return x_net.fully_connected(name("matrix"), read(x), w, target);
}

Grower::Made Grower::partner(int x, bool broadcast) {
  std::vector<int> alike;
  for (const int t : x_tensors) {
    if (t != x && shape(t) == shape(x)) alike.push_back(t);
  }
  if (!alike.empty() && x_random.chance(60)) {
    return read(alike[static_cast<std::size_t>(x_random.integer(0, static_cast<int>(alike.size()) - 1))]);
  }
  const auto scale = static_cast<float>(x_random.real(0.02, 0.08));
  if (broadcast && x_random.chance(20)) {
    return x_net.random_constant(name("constant"), {1, 1, 1, shape(x)[3]}, scale, random_zero_point());
  }
  if (broadcast && x_random.chance(30)) return x_net.mean(name("squeeze"), x, {1, 2}, true);
  Weighted w{
      .output_channels = shape(x)[3], .kernel_h = x_random.integer(1, 3), .kernel_w = x_random.integer(1, 3)};
  return x_net.conv_2d(name("branch"), x, w, {ActivationFunction::kNone, scale, random_zero_point()});
}

Grower::Made Grower::arithmetic(int x) {
  const int other = *partner(x, true);
  int a = read(x);
  int b = other;
  if (x_random.chance(50)) std::swap(a, b);
  switch (x_random.integer(0, 3)) {
    case 0:
      return x_net.mul(name("mul"), a, b);
    case 1:
      return x_net.sub(name("sub"), a, b);
    default:
      return x_net.add(name("add"), a, b);
  }
}

Grower::Made Grower::concatenation(int x) {
  const int axis = pick({3, 3, -1, 1, 2});
  const int other = *partner(x, false);
  const float ratio = x_net.quantization(x).scale[0] / x_net.quantization(other).scale[0];
  if (ratio > 4 || ratio < 0.25F) {
    if (std::ranges::find(x_tensors, other) == x_tensors.end()) keep(other);
    return std::nullopt;
  }
  std::vector<int> inputs{read(x), other};
  if (x_random.chance(20)) inputs.push_back(x);
  return x_net.concatenation(name("concat"), std::move(inputs), axis);
}

Grower::Made Grower::pool(int x) {
  if (x_net.distribution(x).deviation < 8) return std::nullopt;
  const Pool2DOptions options = random_pool(x);
  return x_random.chance(50) ? x_net.average_pool_2d(name("average"), read(x), options)
                             : x_net.max_pool_2d(name("max"), read(x), options);
}

bool Grower::border_is_harmless(int x, int added) const {
  const int zero_point = x_net.quantization(x).zero_point[0];
  const bool at_edge = zero_point == -128 || zero_point == 127;
  return !at_edge || added * 10 < elements(x);
}

Grower::Made Grower::pad(int x) {
  const int top = x_random.integer(0, 2), bottom = x_random.integer(0, 2);
  const int left = x_random.integer(0, 3), right = x_random.integer(0, 1);
  const int grown = (shape(x)[1] + top + bottom) * (shape(x)[2] + left + right) * shape(x)[3];
  if (grown > 2 * elements(x)) return std::nullopt;  // all border
  if (x_random.chance(50)) {
    const auto fill = static_cast<std::int8_t>(x_random.integer(-100, 100));
    return x_net.pad_v2(name("padv2"), read(x), top, bottom, left, right, fill);
  }
  if (!border_is_harmless(x, grown - elements(x))) return std::nullopt;
  return x_net.pad(name("pad"), read(x), top, bottom, left, right);
}

Grower::Made Grower::mean(int x) {
  switch (x_random.integer(0, 3)) {
    case 0:
      return x_net.mean(name("mean"), read(x), {1, 2}, true);
    case 1:
      return x_net.mean(name("mean"), read(x), {1}, true);
    case 2:
      return x_net.mean(name("mean"), read(x), {2}, true);
    default:
      return shape(x)[3] > 1 ? Made(x_net.mean(name("mean"), read(x), {3}, true)) : std::nullopt;
  }
}

Grower::Made Grower::reshape(int x) {
  const std::vector<std::int32_t> s = shape(x);
  switch (x_random.integer(0, 3)) {
    case 0:
      return x_net.reshape(name("reshape"), read(x), {1, 1, s[1] * s[2], s[3]});
    case 1:
      return x_net.reshape(name("reshape"), read(x), {1, s[2], s[1], s[3]});
    case 2:
      if (s[2] * s[3] > 32) return std::nullopt;
      return x_net.reshape(name("reshape"), read(x), {1, s[1], 1, s[2] * s[3]});
    default:
      if (s[1] * s[2] > 32) return std::nullopt;
      return x_net.reshape(name("reshape"), read(x), {1, s[3], 1, s[1] * s[2]});
  }
}

Grower::Made Grower::transpose(int x) {
  std::vector<std::int32_t> order{1, 2, 3};
  for (std::size_t i = 2; i > 0; --i) {
    std::swap(order[i], order[static_cast<std::size_t>(x_random.integer(0, static_cast<int>(i)))]);
  }
  order.insert(order.begin(), 0);
  return x_net.transpose(name("transpose"), read(x), order);
}

Grower::Made Grower::strided_slice(int x) {
  std::vector<std::int32_t> begin{0}, end{1}, strides{1};
  StridedSliceOptions options;
  for (int d = 1; d < 4; ++d) {
    const std::int32_t size = shape(x)[static_cast<std::size_t>(d)];
    const int first = x_random.integer(0, (size - 1) / 3);
    const int last = x_random.integer(2 * (size - 1) / 3, size - 1);
    const bool backwards = x_random.chance(15);
    // A negative index counts from the back; "before the first" has no such spelling and needs its mask.
    begin.push_back(backwards ? last : first - (x_random.chance(30) ? size : 0));
    end.push_back(backwards ? first : last + 1);
    strides.push_back((backwards ? -1 : 1) * x_random.integer(1, 3));
    if (x_random.chance(25)) options.begin_mask |= 1 << d;
    if (x_random.chance(25) || (backwards && last == first)) options.end_mask |= 1 << d;
  }
  return x_net.strided_slice(name("slice"), read(x), begin, end, strides, options);
}

Grower::Made Grower::resize(int x) {
  if (elements(x) < 8) return std::nullopt;  // one value again and again
  const int height = x_random.chance(50) ? 2 * shape(x)[1] : x_random.integer(1, 15);
  const int width = x_random.chance(50) ? 2 * shape(x)[2] : x_random.integer(1, 15);
  if (height * width * shape(x)[3] > kMostElements) return std::nullopt;
  const int mode = x_random.integer(0, 3);
  return x_net.resize_nearest_neighbor(name("resize"), read(x), height, width, {mode == 1, mode == 2});
}

Grower::Made Grower::rectify(int x) {
  if (survives_relu(x, 6) && x_random.chance(60)) return x_net.relu6(name("relu6"), read(x));
  if (survives_relu(x, 1e9)) return x_net.relu(name("relu"), read(x));
  return std::nullopt;
}

Grower::Made Grower::squash(int x) {
  const GraphBuilder::Distribution d = x_net.distribution(x);
  const QuantizationParameters& q = x_net.quantization(x);
  if (x_random.chance(50)) {
    const double centre = (d.mean - q.zero_point[0]) * q.scale[0];
    const double deviation = d.deviation * q.scale[0];
    if (std::abs(centre) > 2 || deviation > 2 || deviation < 0.2) return std::nullopt;
    return x_net.logistic(name("logistic"), read(x));
  }
  if (shape(x).back() < 2 || shape(x).back() > 16 || d.deviation < 4) return std::nullopt;
  return x_net.softmax(name("softmax"), read(x), static_cast<float>(0.9 / (d.deviation * q.scale[0])));
}

Grower::Made Grower::quantize(int x) {
  return x_net.quantize(name("quantize"), read(x), nearby_quantization(x));
}

int Grower::head(int x) {
  read(x);
  if (x_random.chance(50)) {
    x = x_net.mean(name("pool"), x, {1, 2}, false);
  } else {
    x = x_net.reshape(name("flatten"), x, {1, elements(x)});
  }
  const Weighted w{.output_channels = x_random.integer(2, 12)};
  x = x_net.fully_connected(name("classifier"), x, w,
                            {ActivationFunction::kNone, 0.024F, random_zero_point()});
  if (x_random.chance(50)) x = x_net.softmax(name("probabilities"), x);
  return x_random.chance(30) ? x_net.dequantize(name("result"), x) : x;
}

Graph Grower::grow() {
  using Make = Made (Grower::*)(int);
  // Convolutions more often than the rest: they bring values back to life.
  constexpr Make kMakers[] = {&Grower::conv_2d,
                              &Grower::conv_2d,
                              &Grower::conv_2d,
                              &Grower::depthwise_conv_2d,
                              &Grower::depthwise_conv_2d,
                              &Grower::shared_conv_2d,
                              &Grower::fully_connected,
                              &Grower::arithmetic,
                              &Grower::arithmetic,
                              &Grower::concatenation,
                              &Grower::pool,
                              &Grower::pool,
                              &Grower::pad,
                              &Grower::mean,
                              &Grower::reshape,
                              &Grower::transpose,
                              &Grower::strided_slice,
                              &Grower::resize,
                              &Grower::rectify,
                              &Grower::squash,
                              &Grower::quantize};
  keep(first_input());
  if (x_random.chance(20)) keep(first_input());
  const int wanted = x_random.integer(3, 12);
  int made = 0;
  for (int tries = 0; made < wanted && tries < 100; ++tries) {
    const Make make = kMakers[x_random.integer(0, static_cast<int>(std::size(kMakers)) - 1)];
    const Made y = (this->*make)(recent());
    if (!y) continue;
    keep(*y);
    ++made;
  }
  std::vector<int> outputs = x_unread;
  if (x_random.chance(50)) {
    const int last = x_tensors.back();
    std::erase(outputs, last);
    outputs.push_back(head(last));
  }
  return x_net.finish(std::move(outputs));
}

}  // namespace

Graph random_graph(std::uint32_t seed) {
  return Grower(seed).grow();
}

}  // namespace reference
