// Checks of the operators that compute.
#include <fmt/format.h>

#include <cmath>

#include "reference/operator_check.h"

namespace reference {
namespace {

constexpr std::int64_t kMaxStride = 1 << 16;

/// A constant int8 filter with one scale, or one for each of the `outputs` along `dimension`, all zero points
/// 0; and an int32 bias with an element for each output, or none.
void check_weights(const OperatorCheck& check, std::int64_t outputs, int dimension) {
  const Tensor& filter = check.input(1);
  if (!filter.constant) check.fail("filter is not a constant");
  const QuantizationParameters& q = filter.quantization;
  if (q.scale.size() != 1 &&
      (q.scale.size() != static_cast<std::size_t>(outputs) || q.quantized_dimension != dimension))
    check.fail(fmt::format(
        "filter has {} quantisation scales along dimension {}, expected 1, or {} along dimension {}",
        q.scale.size(), q.quantized_dimension, outputs, dimension));
  for (std::size_t i = 0; i < q.zero_point.size(); ++i) {
    if (q.zero_point[i] != 0)
      check.fail(fmt::format("filter has zero point {} in channel {}, expected 0", q.zero_point[i], i));
  }
  for (const float scale : q.scale)
    check.require_multiplier(
        convolution_scale(check.input(0).quantization.scale[0], scale, check.output().quantization.scale[0]),
        "input scale * filter scale / output scale");
  if (!check.has_input(2)) return;
  const Tensor& bias = check.input(2);
  check.require_type(bias, "bias", TensorType::kInt32);
  if (!bias.constant) check.fail("bias is not a constant");
  if (bias.elements() != outputs)
    check.fail(fmt::format("bias has {} elements, expected {}", bias.elements(), outputs));
}

void check_int8_in_out(const OperatorCheck& check) {
  check.require_int8(check.input(0), "input");
  check.require_int8(check.output(), "output");
}

/// Output height and width of a convolution or a pool.
template <typename Options>
Shape windowed_shape(const OperatorCheck& check, const Options& options, std::int64_t filter_h,
                     std::int64_t filter_w, std::int64_t dilation_h, std::int64_t dilation_w,
                     std::int32_t channels) {
  const Shape& in = check.input(0).shape;
  check.require_range("stride_h", options.stride_h, 1, kMaxStride);
  check.require_range("stride_w", options.stride_w, 1, kMaxStride);
  const std::int64_t out_h = window(options.padding, in[1], filter_h, options.stride_h, dilation_h).out;
  const std::int64_t out_w = window(options.padding, in[2], filter_w, options.stride_w, dilation_w).out;
  if (out_h < 1 || out_w < 1)
    check.fail(fmt::format("a {}x{} window does not fit into {}x{} without padding",
                           (filter_h - 1) * dilation_h + 1, (filter_w - 1) * dilation_w + 1, in[1], in[2]));
  return {in[0], static_cast<std::int32_t>(out_h), static_cast<std::int32_t>(out_w), channels};
}

void require_probabilities(const OperatorCheck& check) {
  const QuantizationParameters& q = check.output().quantization;
  if (q.zero_point[0] != -128 || std::abs(q.scale[0] - 1.0F / 256.0F) > 0.001F / 256.0F)
    check.fail(fmt::format("output has scale {} and zero point {}, expected 1/256 and -128", q.scale[0],
                           q.zero_point[0]));
}

}  // namespace

void check_conv_2d(const OperatorCheck& check) {
  const auto& options = check.options<Conv2DOptions>();
  check.require_inputs(2, 3);
  check_int8_in_out(check);
  check.require_rank(check.input(0), "input", 4, "[N,H,W,C]");
  const Tensor& filter = check.input(1);
  check.require_type(filter, "filter", TensorType::kInt8);
  check.require_rank(filter, "filter", 4, "[O,H,W,I]");
  const std::int32_t channels = check.input(0).shape[3];
  const std::int32_t filter_channels = filter.shape[3];
  if (channels % filter_channels != 0)
    check.fail(fmt::format("filter has {} input channels, expected {} or a divisor of it (groups)",
                           filter_channels, channels));
  if (filter.shape[0] % (channels / filter_channels) != 0)
    check.fail(fmt::format("filter has {} output channels, expected a multiple of its {} groups",
                           filter.shape[0], channels / filter_channels));
  check.require_range("dilation_h_factor", options.dilation_h_factor, 1, kMaxStride);
  check.require_range("dilation_w_factor", options.dilation_w_factor, 1, kMaxStride);
  check_weights(check, filter.shape[0], 0);
  check.require_output_shape(windowed_shape(check, options, filter.shape[1], filter.shape[2],
                                            options.dilation_h_factor, options.dilation_w_factor,
                                            filter.shape[0]));
}

void check_depthwise_conv_2d(const OperatorCheck& check) {
  const auto& options = check.options<DepthwiseConv2DOptions>();
  check.require_inputs(2, 3);
  check_int8_in_out(check);
  check.require_rank(check.input(0), "input", 4, "[N,H,W,C]");
  const Tensor& filter = check.input(1);
  check.require_type(filter, "filter", TensorType::kInt8);
  check.require_rank(filter, "filter", 4, "[1,H,W,C]");
  if (filter.shape[0] != 1)
    check.fail(fmt::format("filter has shape {}, expected [1,H,W,C]", to_text(filter.shape)));
  check.require_range("depth_multiplier", options.depth_multiplier, 1, kMaxStride);
  const std::int64_t outputs = std::int64_t{check.input(0).shape[3]} * options.depth_multiplier;
  if (filter.shape[3] != outputs)
    check.fail(fmt::format("filter has {} channels, expected {} ({} input channels x depth multiplier {})",
                           filter.shape[3], outputs, check.input(0).shape[3], options.depth_multiplier));
  check.require_range("dilation_h_factor", options.dilation_h_factor, 1, kMaxStride);
  check.require_range("dilation_w_factor", options.dilation_w_factor, 1, kMaxStride);
  check_weights(check, outputs, 3);
  check.require_output_shape(windowed_shape(check, options, filter.shape[1], filter.shape[2],
                                            options.dilation_h_factor, options.dilation_w_factor,
                                            filter.shape[3]));
}

void check_fully_connected(const OperatorCheck& check) {
  const auto& options = check.options<FullyConnectedOptions>();
  check.require_inputs(2, 3);
  check_int8_in_out(check);
  const Tensor& filter = check.input(1);
  check.require_type(filter, "filter", TensorType::kInt8);
  check.require_rank(filter, "filter", 2, "[O,I]");
  const std::int32_t outputs = filter.shape[0], inputs = filter.shape[1];
  check_weights(check, outputs, 0);
  const Shape& in = check.input(0).shape;
  const std::int64_t elements = check.input(0).elements();
  if (elements % inputs != 0)
    check.fail(fmt::format("input has {} elements, expected a multiple of the filter's {} inputs", elements,
                           inputs));
  if (!options.keep_num_dims) {
    check.require_output_shape({static_cast<std::int32_t>(elements / inputs), outputs});
    return;
  }
  if (in.empty() || in.back() != inputs)
    check.fail(fmt::format("input has shape {}, expected a last dimension of {} (keep_num_dims)", to_text(in),
                           inputs));
  Shape expected = in;
  expected.back() = outputs;
  check.require_output_shape(expected);
}

namespace {

void check_two_int8(const OperatorCheck& check) {
  check.options<ArithmeticOptions>();
  check.require_inputs(2, 2);
  check.require_int8(check.input(0), "input 0");
  check.require_int8(check.input(1), "input 1");
  check.require_int8(check.output(), "output");
  const std::optional<Shape> shape = broadcast(check.input(0).shape, check.input(1).shape);
  if (!shape)
    check.fail(fmt::format("inputs have shapes {} and {}, which do not broadcast",
                           to_text(check.input(0).shape), to_text(check.input(1).shape)));
  check.require_output_shape(*shape);
}

}  // namespace

void check_add_or_sub(const OperatorCheck& check) {
  check_two_int8(check);
  const double largest = std::max(check.input(0).quantization.scale[0], check.input(1).quantization.scale[0]);
  const double ratio =
      2.0 * largest / ((1 << 20) * static_cast<double>(check.output().quantization.scale[0]));
  if (ratio >= 1.0)
    check.fail(fmt::format("output scale is {}, too small for input scales of {}: expected above {}",
                           check.output().quantization.scale[0], largest, largest / (1 << 19)));
}

void check_mul(const OperatorCheck& check) {
  check_two_int8(check);
  check.require_multiplier(
      convolution_scale(check.input(0).quantization.scale[0], check.input(1).quantization.scale[0],
                        check.output().quantization.scale[0]),
      "product of the input scales / output scale");
}

void check_relu(const OperatorCheck& check) {
  check.options<NoOptions>();
  check.require_inputs(1, 1);
  check_int8_in_out(check);
  check.require_multiplier(
      static_cast<double>(check.input(0).quantization.scale[0]) / check.output().quantization.scale[0],
      "input scale / output scale");
  check.require_output_shape(check.input(0).shape);
}

void check_pool(const OperatorCheck& check) {
  const auto& options = check.options<Pool2DOptions>();
  check.require_inputs(1, 1);
  check_int8_in_out(check);
  check.require_same_quantization(check.input(0), "input", check.output(), "output");
  check.require_rank(check.input(0), "input", 4, "[N,H,W,C]");
  check.require_range("filter_height", options.filter_height, 1, kMaxStride);
  check.require_range("filter_width", options.filter_width, 1, kMaxStride);
  check.require_output_shape(windowed_shape(check, options, options.filter_height, options.filter_width, 1, 1,
                                            check.input(0).shape[3]));
}

void check_mean(const OperatorCheck& check) {
  const auto& options = check.options<ReducerOptions>();
  check.require_inputs(2, 2);
  check_int8_in_out(check);
  check.require_multiplier(
      static_cast<double>(check.input(0).quantization.scale[0]) / check.output().quantization.scale[0],
      "input scale / output scale");
  const Shape& in = check.input(0).shape;
  const int rank = static_cast<int>(in.size());
  std::vector<bool> reduced(in.size(), false);
  for (const std::int32_t axis : check.constant_int32(1, "axis")) {
    const std::optional<int> resolved = resolve_axis(axis, rank);
    if (!resolved) check.fail(fmt::format("axis {} is outside the input's {} dimensions", axis, rank));
    reduced[static_cast<std::size_t>(*resolved)] = true;
  }
  Shape expected;
  for (std::size_t d = 0; d < in.size(); ++d) {
    if (!reduced[d]) {
      expected.push_back(in[d]);
    } else if (options.keep_dims) {
      expected.push_back(1);
    }
  }
  check.require_output_shape(expected);
}

void check_softmax(const OperatorCheck& check) {
  constexpr std::int32_t kMaxDepth = 4095;  // the sum of exponentials has 12 integer bits
  const auto& options = check.options<SoftmaxOptions>();
  check.require_inputs(1, 1);
  check_int8_in_out(check);
  require_probabilities(check);
  check.require_output_shape(check.input(0).shape);
  if (check.input(0).shape.empty()) check.fail("input has 0 dimensions, expected at least 1");
  check.require_range("last dimension", check.input(0).shape.back(), 1, kMaxDepth);
  const double scaled = static_cast<double>(options.beta) * check.input(0).quantization.scale[0];
  if (!(std::isfinite(scaled) && scaled * (1 << 26) >= 1.0))
    check.fail(fmt::format("beta * input scale is {}, expected at least 2^-26", scaled));
}

void check_logistic(const OperatorCheck& check) {
  check.options<NoOptions>();
  check.require_inputs(1, 1);
  check_int8_in_out(check);
  require_probabilities(check);
  check.require_output_shape(check.input(0).shape);
}

void check_quantize(const OperatorCheck& check) {
  check.options<NoOptions>();
  check.require_inputs(1, 1);
  check.require_int8(check.output(), "output");
  check.require_output_shape(check.input(0).shape);
  if (check.input(0).type == TensorType::kFloat32) return;
  check.require_int8(check.input(0), "input");
  check.require_multiplier(
      static_cast<double>(check.input(0).quantization.scale[0]) / check.output().quantization.scale[0],
      "input scale / output scale");
}

void check_dequantize(const OperatorCheck& check) {
  check.options<NoOptions>();
  check.require_inputs(1, 1);
  check.require_int8(check.input(0), "input");
  check.require_type(check.output(), "output", TensorType::kFloat32);
  check.require_output_shape(check.input(0).shape);
}

}  // namespace reference
