// CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED.
#include "reference/geometry.h"
#include "reference/kernels/kernels.h"
#include "reference/requantize.h"

namespace reference::kernels {
namespace {

/// Accumulators wrap at 32 bits, as on the target; unsigned arithmetic keeps that defined.
using Accumulator = std::uint32_t;

/// What turns an output channel's accumulator into int8.
struct OutputStage {
  std::vector<QuantizedMultiplier> multipliers;  ///< one per channel
  std::int32_t zero_point = 0;
  Int8Range range;

  std::int8_t operator()(Accumulator accumulator, std::int64_t channel) const {
    const auto scaled = multiply_by_quantized_multiplier(static_cast<std::int32_t>(accumulator),
                                                         multipliers[static_cast<std::size_t>(channel)]);
    return range.clamp(static_cast<std::int64_t>(scaled) + zero_point);
  }
};

OutputStage output_stage(const Call& call, std::int64_t channels, ActivationFunction activation,
                         double (*effective_scale)(float, float, float)) {
  const std::vector<float>& filter = call.input(1).quantization.scale;
  OutputStage stage;
  for (std::int64_t c = 0; c < channels; ++c) {
    const float of_channel = filter.size() == 1 ? filter[0] : filter[static_cast<std::size_t>(c)];
    stage.multipliers.push_back(
        quantize_multiplier(effective_scale(scale(call.input(0)), of_channel, scale(call.output()))));
  }
  stage.zero_point = zero_point(call.output());
  stage.range = activation_range(activation, call.output());
  return stage;
}

/// Sum of (x[i] - zero_point) * w[i].
Accumulator dot(const std::int8_t* x, const std::int8_t* w, std::int64_t count, std::int32_t x_zero_point) {
  Accumulator sum = 0;
  for (std::int64_t i = 0; i < count; ++i) sum += static_cast<Accumulator>((x[i] - x_zero_point) * w[i]);
  return sum;
}

}  // namespace

TensorData conv_2d(const Call& call) {
  const auto& options = std::get<Conv2DOptions>(call.op.options);
  const Shape& in = call.input(0).shape;
  const Shape& filter = call.input(1).shape;
  const Shape& out = call.output().shape;
  const std::int64_t height = in[1], width = in[2], channels = in[3];
  const std::int64_t filter_height = filter[1], filter_width = filter[2], filter_channels = filter[3];
  const std::int64_t out_channels = out[3];
  const std::int64_t groups = channels / filter_channels;
  const std::int64_t out_per_group = out_channels / groups;
  const std::int64_t pad_h =
      window(options.padding, height, filter_height, options.stride_h, options.dilation_h_factor).pad;
  const std::int64_t pad_w =
      window(options.padding, width, filter_width, options.stride_w, options.dilation_w_factor).pad;
  const OutputStage stage =
      output_stage(call, out_channels, options.fused_activation_function, convolution_scale);
  const std::vector<std::int32_t> bias = call.bias(2, out_channels);
  const std::int8_t* x = call.int8(0).data();
  const std::int8_t* w = call.int8(1).data();
  const std::int32_t x_zero_point = zero_point(call.input(0));

  TensorData result = call.new_output();
  std::int8_t* y = as_int8(result).data();
  for (std::int64_t n = 0; n < out[0]; ++n) {
    for (std::int64_t oy = 0; oy < out[1]; ++oy) {
      for (std::int64_t ox = 0; ox < out[2]; ++ox) {
        for (std::int64_t oc = 0; oc < out_channels; ++oc) {
          const std::int64_t first_channel = oc / out_per_group * filter_channels;
          auto accumulator = static_cast<Accumulator>(bias[static_cast<std::size_t>(oc)]);
          for (std::int64_t ky = 0; ky < filter_height; ++ky) {
            const std::int64_t iy = oy * options.stride_h - pad_h + ky * options.dilation_h_factor;
            if (iy < 0 || iy >= height) continue;
            for (std::int64_t kx = 0; kx < filter_width; ++kx) {
              const std::int64_t ix = ox * options.stride_w - pad_w + kx * options.dilation_w_factor;
              if (ix < 0 || ix >= width) continue;
              accumulator += dot(x + ((n * height + iy) * width + ix) * channels + first_channel,
                                 w + ((oc * filter_height + ky) * filter_width + kx) * filter_channels,
                                 filter_channels, x_zero_point);
            }
          }
          *y++ = stage(accumulator, oc);
        }
      }
    }
  }
  return result;
}

TensorData depthwise_conv_2d(const Call& call) {
  const auto& options = std::get<DepthwiseConv2DOptions>(call.op.options);
  const Shape& in = call.input(0).shape;
  const Shape& filter = call.input(1).shape;
  const Shape& out = call.output().shape;
  const std::int64_t height = in[1], width = in[2], channels = in[3];
  const std::int64_t filter_height = filter[1], filter_width = filter[2];
  const std::int64_t multiplier = options.depth_multiplier;
  const std::int64_t out_channels = channels * multiplier;
  const std::int64_t pad_h =
      window(options.padding, height, filter_height, options.stride_h, options.dilation_h_factor).pad;
  const std::int64_t pad_w =
      window(options.padding, width, filter_width, options.stride_w, options.dilation_w_factor).pad;
  const OutputStage stage =
      output_stage(call, out_channels, options.fused_activation_function, convolution_scale);
  const std::vector<std::int32_t> bias = call.bias(2, out_channels);
  const std::int8_t* x = call.int8(0).data();
  const std::int8_t* w = call.int8(1).data();
  const std::int32_t x_zero_point = zero_point(call.input(0));

  TensorData result = call.new_output();
  std::int8_t* y = as_int8(result).data();
  for (std::int64_t n = 0; n < out[0]; ++n) {
    for (std::int64_t oy = 0; oy < out[1]; ++oy) {
      for (std::int64_t ox = 0; ox < out[2]; ++ox) {
        // One accumulator per output channel c * multiplier + m, filled tap by tap.
        std::vector<Accumulator> accumulators(bias.begin(), bias.end());
        for (std::int64_t ky = 0; ky < filter_height; ++ky) {
          const std::int64_t iy = oy * options.stride_h - pad_h + ky * options.dilation_h_factor;
          if (iy < 0 || iy >= height) continue;
          for (std::int64_t kx = 0; kx < filter_width; ++kx) {
            const std::int64_t ix = ox * options.stride_w - pad_w + kx * options.dilation_w_factor;
            if (ix < 0 || ix >= width) continue;
            const std::int8_t* pixel = x + ((n * height + iy) * width + ix) * channels;
            const std::int8_t* tap = w + (ky * filter_width + kx) * out_channels;
            Accumulator* accumulator = accumulators.data();
            for (std::int64_t c = 0; c < channels; ++c) {
              const std::int32_t value = pixel[c] - x_zero_point;
              for (std::int64_t m = 0; m < multiplier; ++m)
                *accumulator++ += static_cast<Accumulator>(value * *tap++);
            }
          }
        }
        for (std::int64_t oc = 0; oc < out_channels; ++oc)
          *y++ = stage(accumulators[static_cast<std::size_t>(oc)], oc);
      }
    }
  }
  return result;
}

TensorData fully_connected(const Call& call) {
  const auto& options = std::get<FullyConnectedOptions>(call.op.options);
  const std::int64_t outputs = call.input(1).shape[0], inputs = call.input(1).shape[1];
  const std::int64_t batches = call.input(0).elements() / inputs;
  const bool per_channel = call.input(1).quantization.scale.size() > 1;
  const OutputStage stage = output_stage(call, outputs, options.fused_activation_function,
                                         per_channel ? convolution_scale : fully_connected_scale);
  const std::vector<std::int32_t> bias = call.bias(2, outputs);
  const std::int8_t* x = call.int8(0).data();
  const std::int8_t* w = call.int8(1).data();
  const std::int32_t x_zero_point = zero_point(call.input(0));

  TensorData result = call.new_output();
  std::int8_t* y = as_int8(result).data();
  for (std::int64_t b = 0; b < batches; ++b) {
    for (std::int64_t o = 0; o < outputs; ++o) {
      const auto start = static_cast<Accumulator>(bias[static_cast<std::size_t>(o)]);
      *y++ = stage(start + dot(x + b * inputs, w + o * inputs, inputs, x_zero_point), o);
    }
  }
  return result;
}

}  // namespace reference::kernels
