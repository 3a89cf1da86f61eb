// ADD, SUB, MUL (broadcast), RELU and RELU6.
#include <algorithm>
#include <functional>

#include "reference/geometry.h"
#include "reference/kernels/kernels.h"
#include "reference/requantize.h"

namespace reference::kernels {
namespace {

/// Calls combine(a, b) for each output element, in order, with both inputs broadcast to the output's shape.
template <typename Combine>
TensorData broadcast_each(const Call& call, const Combine& combine) {
  const Shape& out = call.output().shape;
  // Strides of each input along the output's dimensions; 0 where the input repeats.
  const auto broadcast_strides = [&](const Shape& in) {
    const std::vector<std::int64_t> own = strides(in);
    std::vector<std::int64_t> result(out.size(), 0);
    const std::size_t lead = out.size() - in.size();
    for (std::size_t d = 0; d < in.size(); ++d) result[lead + d] = in[d] == 1 ? 0 : own[d];
    return result;
  };
  const std::vector<std::int64_t> strides_a = broadcast_strides(call.input(0).shape);
  const std::vector<std::int64_t> strides_b = broadcast_strides(call.input(1).shape);
  const auto a = call.int8(0), b = call.int8(1);

  TensorData result = call.new_output();
  std::int8_t* y = as_int8(result).data();
  std::vector<std::int32_t> index(out.size(), 0);
  do {
    std::int64_t at_a = 0, at_b = 0;
    for (std::size_t d = 0; d < out.size(); ++d) {
      at_a += index[d] * strides_a[d];
      at_b += index[d] * strides_b[d];
    }
    *y++ = combine(a[static_cast<std::size_t>(at_a)], b[static_cast<std::size_t>(at_b)]);
  } while (next_index(out, index));
  return result;
}

constexpr int kLeftShift = 20;

/// Real multipliers of ADD and SUB: each input to twice the larger scale, then the sum to the output's scale.
struct SumScales {
  double a, b, sum;
};

/// Both inputs are brought to twice the larger scale, with 20 bits of headroom.
template <typename Sum>
TensorData scaled_sum(const Call& call, const SumScales& scales, const Sum& sum) {
  const QuantizedMultiplier of_a = quantize_multiplier(scales.a);
  const QuantizedMultiplier of_b = quantize_multiplier(scales.b);
  const QuantizedMultiplier of_sum = quantize_multiplier(scales.sum);
  const std::int32_t zero_a = zero_point(call.input(0)), zero_b = zero_point(call.input(1));
  const std::int32_t zero_out = zero_point(call.output());
  const Int8Range range =
      activation_range(std::get<ArithmeticOptions>(call.op.options).fused_activation_function, call.output());
  return broadcast_each(call, [&](std::int8_t x, std::int8_t z) {
    const std::int32_t scaled_a = multiply_by_quantized_multiplier((x - zero_a) * (1 << kLeftShift), of_a);
    const std::int32_t scaled_b = multiply_by_quantized_multiplier((z - zero_b) * (1 << kLeftShift), of_b);
    const std::int32_t total = multiply_by_quantized_multiplier(sum(scaled_a, scaled_b), of_sum);
    return range.clamp(static_cast<std::int64_t>(total) + zero_out);
  });
}

}  // namespace

TensorData add(const Call& call) {
  const double a = scale(call.input(0)), b = scale(call.input(1)), out = scale(call.output());
  const double twice_max = 2.0 * std::max(a, b);
  return scaled_sum(call, {a / twice_max, b / twice_max, twice_max / ((1 << kLeftShift) * out)},
                    std::plus<>());
}

TensorData sub(const Call& call) {
  // TFLM divides these in float, unlike those of ADD.
  const float a = scale(call.input(0)), b = scale(call.input(1)), out = scale(call.output());
  const float twice_max = 2.0F * std::max(a, b);
  const float of_sum = twice_max / (static_cast<float>(1 << kLeftShift) * out);
  return scaled_sum(call, {a / twice_max, b / twice_max, of_sum}, std::minus<>());
}

TensorData mul(const Call& call) {
  const Tensor &a = call.input(0), &b = call.input(1);
  const QuantizedMultiplier multiplier =
      quantize_multiplier(convolution_scale(scale(a), scale(b), scale(call.output())));
  const std::int32_t zero_a = zero_point(a), zero_b = zero_point(b), zero_out = zero_point(call.output());
  const Int8Range range =
      activation_range(std::get<ArithmeticOptions>(call.op.options).fused_activation_function, call.output());
  return broadcast_each(call, [&](std::int8_t x, std::int8_t z) {
    const std::int32_t product = multiply_by_quantized_multiplier((x - zero_a) * (z - zero_b), multiplier);
    return range.clamp(static_cast<std::int64_t>(product) + zero_out);
  });
}

TensorData relu(const Call& call) {
  const Tensor &in = call.input(0), &out = call.output();
  const QuantizedMultiplier multiplier =
      quantize_multiplier(static_cast<double>(scale(in)) / static_cast<double>(scale(out)));
  const Int8Range range = activation_range(
      call.op.kind == OperatorKind::kRelu6 ? ActivationFunction::kRelu6 : ActivationFunction::kRelu, out);
  TensorData result = call.new_output();
  std::int8_t* y = as_int8(result).data();
  for (const std::int8_t x : call.int8(0)) {
    const std::int32_t scaled = multiply_by_quantized_multiplier(x - zero_point(in), multiplier);
    *y++ = range.clamp(static_cast<std::int64_t>(scaled) + zero_point(out));
  }
  return result;
}

}  // namespace reference::kernels
