// The arithmetic behind a calibrated weighted operator: exact sums, their statistics, and the scales they ask
// for.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "reference/graph.h"
#include "reference/zoo/graph_builder.h"

namespace reference::zoo {

/// A convolution over [batches, in_h, in_w, in_channels]. A matrix is a 1x1 one over in_h rows.
struct Window {
  int batches = 1;
  int in_h = 1, in_w = 1, in_channels = 1;
  int out_h = 1, out_w = 1, out_channels = 1;
  int kernel_h = 1, kernel_w = 1;
  int stride_h = 1, stride_w = 1;
  int dilation_h = 1, dilation_w = 1;
  int pad_top = 0, pad_left = 0;
  int depth_multiplier = 0;  ///< 0: a dense convolution, filter OHWI; else depth-wise, filter 1HWC
};

/// Sums of (x - zero_point) * w, [batches, out_h, out_w, out_channels]; padding counts as zero.
std::vector<std::int32_t> accumulate(const Window& window, std::span<const std::int8_t> x, int zero_point,
                                     std::span<const std::int8_t> filter);

/// Sum of squared weights of each output channel.
std::vector<double> filter_norms(const Window& window, std::span<const std::int8_t> filter);

struct Scaling {
  std::vector<float> weight_scale;  ///< one entry, or one a channel
  std::vector<std::int32_t> bias;   ///< empty where there is none
  std::vector<double> multiplier;   ///< sum -> output steps, one a channel
  float output_scale = 1;
  int output_zero_point = 0;
};

/// Scales and biases that spread each channel of `sums` over the target's int8 range without crowding its
/// ends. `given_scale` is the weight scale of a filter that another operator already uses, else null.
Scaling choose_scaling(std::span<const std::int32_t> sums, const std::vector<double>& norms, bool per_channel,
                       bool bias, const std::vector<float>* given_scale, float input_scale,
                       const OutputTarget& target, Random& random);

/// The int8 values that follow; within a step of TFLite's fixed-point result.
std::vector<std::int8_t> requantize(std::span<const std::int32_t> sums, const Scaling& scaling,
                                    ActivationFunction activation);

/// The quantisation whose range holds the real values `scale * samples` out to four standard deviations, and
/// zero.
QuantizationParameters fitted_quantization(std::span<const std::int8_t> samples, float scale);

}  // namespace reference::zoo
