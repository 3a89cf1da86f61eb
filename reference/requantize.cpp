// Written from the definitions; the engine has its own, so that the two can be compared.
#include "reference/requantize.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace reference {

QuantizedMultiplier quantize_multiplier(double real) {
  if (real == 0.0) return {};
  int shift = 0;
  const double significand = std::frexp(real, &shift);  // in [0.5, 1)
  std::int64_t value = std::llround(significand * 2147483648.0);
  if (value == std::int64_t{1} << 31) {
    value /= 2;
    ++shift;
  }
  if (shift < -31) return {};
  return {static_cast<std::int32_t>(value), shift};
}

std::int32_t saturating_rounding_doubling_high_mul(std::int32_t a, std::int32_t b) {
  constexpr std::int32_t kMin = std::numeric_limits<std::int32_t>::min();
  if (a == kMin && b == kMin) return std::numeric_limits<std::int32_t>::max();
  const std::int64_t product = static_cast<std::int64_t>(a) * b;
  const std::int64_t nudge = product >= 0 ? std::int64_t{1} << 30 : 1 - (std::int64_t{1} << 30);
  return static_cast<std::int32_t>((product + nudge) / (std::int64_t{1} << 31));
}

std::int32_t rounding_divide_by_pot(std::int32_t x, int exponent) {
  const std::int64_t mask = (std::int64_t{1} << exponent) - 1;
  const std::int64_t remainder = x & mask;
  const std::int64_t threshold = (mask >> 1) + (x < 0 ? 1 : 0);
  return static_cast<std::int32_t>((static_cast<std::int64_t>(x) >> exponent) +
                                   (remainder > threshold ? 1 : 0));
}

std::int32_t multiply_by_quantized_multiplier(std::int32_t x, QuantizedMultiplier multiplier) {
  const int left = std::max(multiplier.shift, 0);
  const int right = std::max(-multiplier.shift, 0);
  const auto shifted = static_cast<std::int32_t>(static_cast<std::uint32_t>(x) << left);
  return rounding_divide_by_pot(saturating_rounding_doubling_high_mul(shifted, multiplier.value), right);
}

std::int64_t quantize(float value, float scale, std::int32_t zero_point) {
  if (std::isnan(value)) return zero_point;
  const float rounded = std::round(value / scale);
  constexpr float kLimit = 2147483648.0F;
  if (rounded >= kLimit) return std::int64_t{std::numeric_limits<std::int32_t>::max()};
  if (rounded <= -kLimit) return std::int64_t{std::numeric_limits<std::int32_t>::min()};
  return static_cast<std::int64_t>(rounded) + zero_point;
}

Int8Range activation_range(ActivationFunction activation, const Tensor& output) {
  const auto bound = [&](float real) {
    const std::int64_t q =
        quantize(real, output.quantization.scale.at(0), output.quantization.zero_point.at(0));
    return static_cast<std::int32_t>(std::clamp<std::int64_t>(q, -1000, 1000));
  };
  Int8Range range;
  switch (activation) {
    case ActivationFunction::kNone:
      break;
    case ActivationFunction::kRelu:
      range.min = std::max(range.min, bound(0.0F));
      break;
    case ActivationFunction::kReluN1To1:
      range.min = std::max(range.min, bound(-1.0F));
      range.max = std::min(range.max, bound(1.0F));
      break;
    case ActivationFunction::kRelu6:
      range.min = std::max(range.min, bound(0.0F));
      range.max = std::min(range.max, bound(6.0F));
      break;
  }
  return range;
}

double convolution_scale(float input, float filter, float output) {
  return static_cast<double>(input) * static_cast<double>(filter) / static_cast<double>(output);
}

double fully_connected_scale(float input, float filter, float output) {
  const float product = input * filter;
  return static_cast<double>(product) / static_cast<double>(output);
}

}  // namespace reference
