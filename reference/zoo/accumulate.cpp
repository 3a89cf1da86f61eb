#include "reference/zoo/accumulate.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace reference::zoo {
namespace {

std::int32_t dot(const std::int16_t* a, const std::int16_t* b, std::size_t n) {
  std::int32_t sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += a[i] * b[i];
  return sum;
}

std::size_t size(int value) {
  return static_cast<std::size_t>(value);
}

/// Calls visit(tap, pixel) for every kernel tap of output (y, x) that falls on the image of `batch`.
template <class Visit>
void for_each_tap(const Window& w, int batch, int y, int x, Visit visit) {
  for (int i = 0; i < w.kernel_h; ++i) {
    const int row = y * w.stride_h - w.pad_top + i * w.dilation_h;
    if (row < 0 || row >= w.in_h) continue;
    for (int j = 0; j < w.kernel_w; ++j) {
      const int column = x * w.stride_w - w.pad_left + j * w.dilation_w;
      if (column < 0 || column >= w.in_w) continue;
      visit(size(i * w.kernel_w + j), (size(batch) * size(w.in_h) + size(row)) * size(w.in_w) + size(column));
    }
  }
}

void dense_pixel(const Window& w, const std::vector<std::int16_t>& x, const std::vector<std::int16_t>& filter,
                 int batch, int row, int column, std::vector<std::int16_t>& patch, std::int32_t* sums) {
  const std::size_t depth = size(w.in_channels);
  std::ranges::fill(patch, std::int16_t{0});
  for_each_tap(w, batch, row, column, [&](std::size_t tap, std::size_t pixel) {
    std::copy_n(x.begin() + static_cast<std::ptrdiff_t>(pixel * depth), depth,
                patch.begin() + static_cast<std::ptrdiff_t>(tap * depth));
  });
  for (std::size_t o = 0; o < size(w.out_channels); ++o) {
    sums[o] = dot(patch.data(), filter.data() + o * patch.size(), patch.size());
  }
}

void depthwise_pixel(const Window& w, const std::vector<std::int16_t>& x,
                     const std::vector<std::int16_t>& filter, int batch, int row, int column,
                     std::int32_t* sums) {
  const std::size_t depth = size(w.in_channels);
  const std::size_t channels = size(w.out_channels);
  for_each_tap(w, batch, row, column, [&](std::size_t tap, std::size_t pixel) {
    const std::int16_t* weights = filter.data() + tap * channels;
    const std::int16_t* values = x.data() + pixel * depth;
    if (w.depth_multiplier == 1) {
      for (std::size_t c = 0; c < channels; ++c) sums[c] += weights[c] * values[c];
    } else {
      for (std::size_t c = 0; c < channels; ++c) sums[c] += weights[c] * values[c / size(w.depth_multiplier)];
    }
  });
}

struct Statistics {
  std::vector<double> mean, variance;
};

Statistics channel_statistics(std::span<const std::int32_t> sums, std::size_t channels) {
  Statistics s{std::vector<double>(channels), std::vector<double>(channels)};
  const auto n = std::max(1.0, static_cast<double>(sums.size() / channels));
  for (std::size_t i = 0; i < sums.size(); i += channels) {
    for (std::size_t c = 0; c < channels; ++c) s.mean[c] += sums[i + c];
  }
  for (double& mean : s.mean) mean /= n;
  for (std::size_t i = 0; i < sums.size(); i += channels) {
    for (std::size_t c = 0; c < channels; ++c) {
      const double d = sums[i + c] - s.mean[c];
      s.variance[c] += d * d;
    }
  }
  for (double& variance : s.variance) variance /= n;
  return s;
}

/// Standard deviations that trust a channel's own samples the more of them there are; else the variance for a
/// unit of squared weight, which channels of random weights share.
std::vector<double> deviations(const Statistics& s, const std::vector<double>& norms, double n) {
  constexpr double kPriorSamples = 8;
  double shared = 0;
  for (std::size_t c = 0; c < norms.size(); ++c) shared += s.variance[c] / norms[c];
  shared = std::max(1.0, shared / static_cast<double>(norms.size()));
  std::vector<double> result(norms.size());
  for (std::size_t c = 0; c < norms.size(); ++c) {
    result[c] = std::sqrt((n * s.variance[c] + kPriorSamples * shared * norms[c]) / (n + kPriorSamples));
  }
  return result;
}

double root_mean_square(const std::vector<double>& values) {
  double sum = 0;
  for (const double v : values) sum += v * v;
  return std::sqrt(sum / static_cast<double>(values.size()));
}

/// Multipliers of an operator without bias, whose channel means stay where they fall: one factor and a zero
/// point for all of them.
void fit_without_bias(const Statistics& s, const std::vector<double>& spread, Scaling& scaling) {
  double mean = 0;
  for (std::size_t c = 0; c < spread.size(); ++c) mean += s.mean[c] * scaling.multiplier[c];
  mean /= static_cast<double>(spread.size());
  double square = 0;
  for (std::size_t c = 0; c < spread.size(); ++c) {
    const double offset = s.mean[c] * scaling.multiplier[c] - mean;
    square += spread[c] * spread[c] + offset * offset;
  }
  const double deviation = std::sqrt(square / static_cast<double>(spread.size()));
  const double factor = std::min(38 / deviation, 250 / (std::abs(mean) + 2.5 * deviation));
  for (double& multiplier : scaling.multiplier) multiplier *= factor;
  scaling.output_zero_point = std::clamp(static_cast<int>(std::lround(-mean * factor)), -128, 127);
}

}  // namespace

std::vector<std::int32_t> accumulate(const Window& w, std::span<const std::int8_t> x, int zero_point,
                                     std::span<const std::int8_t> filter) {
  std::vector<std::int16_t> offset(x.size());
  std::ranges::transform(x, offset.begin(),
                         [&](std::int8_t v) { return static_cast<std::int16_t>(v - zero_point); });
  const std::vector<std::int16_t> weights(filter.begin(), filter.end());
  std::vector<std::int16_t> patch(size(w.kernel_h) * size(w.kernel_w) * size(w.in_channels));
  std::vector<std::int32_t> sums(size(w.batches) * size(w.out_h) * size(w.out_w) * size(w.out_channels));
  std::int32_t* at = sums.data();
  for (int batch = 0; batch < w.batches; ++batch) {
    for (int row = 0; row < w.out_h; ++row) {
      for (int column = 0; column < w.out_w; ++column, at += w.out_channels) {
        if (w.depth_multiplier > 0) {
          depthwise_pixel(w, offset, weights, batch, row, column, at);
        } else {
          dense_pixel(w, offset, weights, batch, row, column, patch, at);
        }
      }
    }
  }
  return sums;
}

std::vector<double> filter_norms(const Window& w, std::span<const std::int8_t> filter) {
  std::vector<double> norms(size(w.out_channels));
  const std::size_t per_channel = filter.size() / norms.size();
  for (std::size_t i = 0; i < filter.size(); ++i) {
    norms[w.depth_multiplier > 0 ? i % norms.size() : i / per_channel] += filter[i] * filter[i];
  }
  for (double& norm : norms) norm = std::max(norm, 1.0);
  return norms;
}

Scaling choose_scaling(std::span<const std::int32_t> sums, const std::vector<double>& norms, bool per_channel,
                       bool bias, const std::vector<float>* given_scale, float input_scale,
                       const OutputTarget& target, Random& random) {
  const std::size_t channels = norms.size();
  const bool floor_at_zero =
      target.activation == ActivationFunction::kRelu || target.activation == ActivationFunction::kRelu6;
  if (!bias && floor_at_zero)
    throw std::logic_error("a rectified output without bias would leave channels dead");
  const Statistics s = channel_statistics(sums, channels);
  const std::vector<double> deviation =
      deviations(s, norms, static_cast<double>(sums.size()) / static_cast<double>(channels));

  // Where each channel shall lie, in output steps. Rectified: 1.6 to 3.3 deviations above zero.
  std::vector<double> spread(channels);
  std::vector<double> centre(channels);
  for (std::size_t c = 0; c < channels; ++c) {
    spread[c] = floor_at_zero ? random.real(38, 52) : random.real(26, 38);
    centre[c] = floor_at_zero ? target.zero_point + random.real(85, 125) : random.real(-20, 20);
  }

  Scaling scaling;
  scaling.output_scale = target.scale;
  scaling.output_zero_point =
      std::clamp(target.zero_point - static_cast<int>(std::lround(target.lift * 32)), -128, 127);
  scaling.multiplier.resize(channels);
  if (given_scale != nullptr) {
    for (std::size_t c = 0; c < channels; ++c) {
      scaling.multiplier[c] =
          (*given_scale)[given_scale->size() == 1 ? 0 : c] * static_cast<double>(input_scale);
    }
    std::vector<double> real_deviation(channels);
    for (std::size_t c = 0; c < channels; ++c) real_deviation[c] = deviation[c] * scaling.multiplier[c];
    scaling.output_scale = static_cast<float>(root_mean_square(real_deviation) / root_mean_square(spread));
    for (double& multiplier : scaling.multiplier) multiplier /= scaling.output_scale;
  } else if (per_channel) {
    for (std::size_t c = 0; c < channels; ++c) scaling.multiplier[c] = spread[c] / deviation[c];
  } else {
    std::ranges::fill(scaling.multiplier, root_mean_square(spread) / root_mean_square(deviation));
  }
  if (!bias) {
    const double before = scaling.multiplier[0];
    fit_without_bias(s, spread, scaling);
    // The weights' scale is not ours to change: the output's is.
    if (given_scale != nullptr) scaling.output_scale *= static_cast<float>(before / scaling.multiplier[0]);
  }

  if (given_scale != nullptr) {
    scaling.weight_scale = *given_scale;
  } else {
    scaling.weight_scale.resize(per_channel ? channels : 1);
    for (std::size_t c = 0; c < scaling.weight_scale.size(); ++c) {
      scaling.weight_scale[c] =
          static_cast<float>(scaling.multiplier[c] * scaling.output_scale / input_scale);
    }
  }
  if (bias) {
    for (std::size_t c = 0; c < channels; ++c) {
      const double exact = (centre[c] - scaling.output_zero_point) / scaling.multiplier[c] - s.mean[c];
      scaling.bias.push_back(static_cast<std::int32_t>(std::lround(std::clamp(exact, -2e9, 2e9))));
    }
  }
  return scaling;
}

std::vector<std::int8_t> requantize(std::span<const std::int32_t> sums, const Scaling& scaling,
                                    ActivationFunction activation) {
  const std::size_t channels = scaling.multiplier.size();
  const double zero_point = scaling.output_zero_point;
  double low = -128;
  double high = 127;
  if (activation == ActivationFunction::kRelu || activation == ActivationFunction::kRelu6) low = zero_point;
  if (activation == ActivationFunction::kRelu6) {
    high = std::min(high, zero_point + std::round(6 / static_cast<double>(scaling.output_scale)));
  }
  if (activation == ActivationFunction::kReluN1To1) {
    const double one = std::round(1 / static_cast<double>(scaling.output_scale));
    low = std::max(low, zero_point - one);
    high = std::min(high, zero_point + one);
  }
  std::vector<double> offset(channels, zero_point);
  for (std::size_t c = 0; c < scaling.bias.size(); ++c) offset[c] += scaling.bias[c] * scaling.multiplier[c];
  std::vector<std::int8_t> values(sums.size());
  for (std::size_t i = 0; i < sums.size(); i += channels) {
    for (std::size_t c = 0; c < channels; ++c) {
      const double exact = std::clamp(sums[i + c] * scaling.multiplier[c] + offset[c], low, high);
      values[i + c] = static_cast<std::int8_t>(static_cast<int>(exact + 128.5) - 128);
    }
  }
  return values;
}

QuantizationParameters fitted_quantization(std::span<const std::int8_t> samples, float scale) {
  double sum = 0;
  double square = 0;
  int least = 0;
  int most = 0;
  for (const std::int8_t v : samples) {
    sum += v;
    square += v * v;
    least = std::min<int>(least, v);
    most = std::max<int>(most, v);
  }
  const auto n = std::max(1.0, static_cast<double>(samples.size()));
  const double mean = sum / n;
  const double deviation = std::sqrt(std::max(0.0, square / n - mean * mean)) + 0.5;
  const double low = std::min(0.0, std::max(least - 0.5, mean - 4 * deviation)) * scale;
  const double high = std::max(0.0, std::min(most + 0.5, mean + 4 * deviation)) * scale;
  const double step = std::max((high - low) / 254, 1e-9);
  const auto zero_point = static_cast<std::int32_t>(std::lround(-127.5 - low / step));
  return {{static_cast<float>(step)}, {std::clamp(zero_point, -128, 127)}, 0};
}

}  // namespace reference::zoo
