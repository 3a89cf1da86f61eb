#include "engine/emit/requant.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

namespace engine {

Multiplier multiplier_of(double real) {
  if (real == 0.0) return {};
  Multiplier m;
  const double fraction = std::frexp(real, &m.shift);
  auto value = static_cast<std::int64_t>(std::round(fraction * 2147483648.0));
  if (value == std::int64_t{1} << 31) {
    value >>= 1;
    ++m.shift;
  }
  if (m.shift < -31) return {};
  m.value = static_cast<std::int32_t>(value);
  return m;
}

std::int32_t doubling_high_mul(std::int32_t a, std::int32_t b) {
  if (a == INT32_MIN && b == INT32_MIN) return INT32_MAX;
  return static_cast<std::int32_t>((std::int64_t{a} * b + (std::int64_t{1} << 30)) >> 31);
}

std::int32_t rounding_shift(std::int32_t v, int right) {
  if (right == 0) return v;
  const std::int64_t half = std::int64_t{1} << (right - 1);
  return static_cast<std::int32_t>((std::int64_t{v} + half - (v < 0 ? 1 : 0)) >> right);
}

std::int32_t multiply(std::int32_t x, Multiplier m) {
  const auto shifted = static_cast<std::int32_t>(static_cast<std::uint32_t>(x) << std::max(m.shift, 0));
  return rounding_shift(doubling_high_mul(shifted, m.value), std::max(-m.shift, 0));
}

bool short_form(Multiplier m) {
  return m.value == 0 || (m.shift <= -1 && m.shift >= -21);
}

namespace {

/// Least and greatest accumulator of a channel.
struct Bounds {
  std::int64_t lowest, highest;
};

Bounds bounds_of(std::int64_t folded_bias, const std::vector<std::int8_t>& weights) {
  Bounds b{folded_bias, folded_bias};
  for (const std::int8_t w : weights) {
    b.lowest += std::min(w * -128, w * 127);
    b.highest += std::max(w * -128, w * 127);
  }
  return b;
}

bool inside(Bounds b, std::int64_t limit) {
  return b.lowest > -limit && b.highest < limit;
}

/// The result where no input changes it. Results rise with the accumulator, so the ends decide.
std::optional<int> constant_result(const Layer& layer, Bounds b, Multiplier m) {
  const auto result = [&](std::int64_t accumulator) {
    const std::int64_t q =
        std::int64_t{multiply(static_cast<std::int32_t>(accumulator), m)} + zero_point(layer.output());
    return static_cast<int>(
        std::clamp<std::int64_t>(q, layer.step.activation_min, layer.step.activation_max));
  };
  if (m.value == 0) return result(0);
  // A left shift must not wrap between the ends.
  if (!inside(b, (std::int64_t{1} << 31) >> std::max(m.shift, 0))) return std::nullopt;
  return result(b.lowest) == result(b.highest) ? std::optional(result(b.lowest)) : std::nullopt;
}

}  // namespace

OutputStage output_stage(const Layer& layer, std::vector<std::vector<std::int8_t>>& weights) {
  const std::vector<float>& filter = layer.input(1).quantization.scale;
  const std::vector<std::int32_t> bias = layer.bias(2, weights.size());
  const bool fully_connected = layer.step.kind == reference::OperatorKind::kFullyConnected;
  constexpr std::int64_t kShortLimit = std::int64_t{1} << 30;
  constexpr Multiplier kQuarter = {1 << 30, -1};
  OutputStage stage;
  std::vector<Multiplier> multipliers;
  for (std::size_t c = 0; c < weights.size(); ++c) {
    const float of_channel = filter.size() == 1 ? filter[0] : filter.at(c);
    // TFLite multiplies the scales of a per-tensor FULLY_CONNECTED as floats.
    const double product = fully_connected && filter.size() == 1
                               ? static_cast<double>(scale(layer.input()) * of_channel)
                               : static_cast<double>(scale(layer.input())) * static_cast<double>(of_channel);
    Multiplier m = multiplier_of(product / static_cast<double>(scale(layer.output())));
    const std::int64_t sum = std::accumulate(weights[c].begin(), weights[c].end(), std::int64_t{0});
    std::int64_t folded = bias[c] - zero_point(layer.input()) * sum;
    Bounds bounds = bounds_of(folded, weights[c]);
    const std::optional<int> constant = constant_result(layer, bounds, m);
    if (constant) {
      std::fill(weights[c].begin(), weights[c].end(), std::int8_t{0});
      m = kQuarter;
      folded = 4 * (*constant - zero_point(layer.output()));
      bounds = {folded, folded};
    }
    multipliers.push_back(m);
    stage.channels.push_back({static_cast<std::int32_t>(static_cast<std::uint32_t>(folded)), m.value, 0});
    stage.any_form = stage.any_form || !short_form(m) || !inside(bounds, kShortLimit);
  }
  for (std::size_t c = 0; c < weights.size(); ++c)
    stage.channels[c].shift =
        static_cast<std::int8_t>(stage.any_form ? multipliers[c].shift : -multipliers[c].shift - 1);
  return stage;
}

std::string output_literal(const Layer& layer, const std::string& zero_point, bool any_form) {
  return fmt::format("{{{}, {}, {}, {}}}", zero_point, layer.step.activation_min, layer.step.activation_max,
                     any_form ? 1 : 0);
}

}  // namespace engine
