#include "engine/emit/requant.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

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

OutputStage output_stage(const Layer& layer, const std::vector<std::vector<std::int8_t>>& weights) {
  const std::vector<float>& filter = layer.input(1).quantization.scale;
  const std::vector<std::int32_t> bias = layer.bias(2, weights.size());
  const bool fully_connected = layer.step.kind == reference::OperatorKind::kFullyConnected;
  constexpr std::int64_t kShortLimit = std::int64_t{1} << 30;
  OutputStage stage;
  std::vector<Multiplier> multipliers;
  for (std::size_t c = 0; c < weights.size(); ++c) {
    const float of_channel = filter.size() == 1 ? filter[0] : filter.at(c);
    // TFLite multiplies the scales of a per-tensor FULLY_CONNECTED as floats.
    const double product = fully_connected && filter.size() == 1
                               ? static_cast<double>(scale(layer.input()) * of_channel)
                               : static_cast<double>(scale(layer.input())) * static_cast<double>(of_channel);
    multipliers.push_back(multiplier_of(product / static_cast<double>(scale(layer.output()))));
    std::int64_t sum = 0, lowest = 0, highest = 0;
    for (const std::int8_t w : weights[c]) {
      sum += w;
      lowest += std::min(w * -128, w * 127);
      highest += std::max(w * -128, w * 127);
    }
    std::int64_t folded = bias[c] - zero_point(layer.input()) * sum;
    if (multipliers.back().value == 0) folded = 0;  // the result is the zero point, whatever the sum
    stage.channels.push_back(
        {static_cast<std::int32_t>(static_cast<std::uint32_t>(folded)), multipliers.back().value, 0});
    stage.any_form = stage.any_form || !short_form(multipliers.back()) || folded + lowest <= -kShortLimit ||
                     folded + highest >= kShortLimit;
  }
  for (std::size_t c = 0; c < weights.size(); ++c) {
    const int right = multipliers[c].value == 0 ? 1 : -multipliers[c].shift;
    stage.channels[c].shift = static_cast<std::int8_t>(stage.any_form ? multipliers[c].shift : right - 1);
  }
  return stage;
}

std::string output_literal(const Layer& layer, const std::string& zero_point, bool any_form) {
  return fmt::format("{{{}, {}, {}, {}}}", zero_point, layer.step.activation_min, layer.step.activation_max,
                     any_form ? 1 : 0);
}

}  // namespace engine
