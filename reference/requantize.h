// TFLite's requantisation: real scales as 32-bit fixed-point multipliers, and the rounding that TFLM's
// reference kernels give (a rounding high multiplication, then a rounding shift; "double rounding").
#pragma once

#include <cstdint>

#include "reference/graph.h"

namespace reference {

/// real = value * 2^(shift - 31), value in [2^30, 2^31) or 0.
struct QuantizedMultiplier {
  std::int32_t value = 0;
  int shift = 0;  ///< left if positive
  bool operator==(const QuantizedMultiplier&) const = default;
};

/// `real` must be finite, >= 0 and below kMaxMultiplier; below 2^-32 it becomes 0.
QuantizedMultiplier quantize_multiplier(double real);
inline constexpr double kMaxMultiplier = 1073741824.0;  // 2^30: a left shift by at most 30

/// a * b / 2^31 rounded to nearest, halves upwards; INT32_MIN squared saturates to INT32_MAX.
std::int32_t saturating_rounding_doubling_high_mul(std::int32_t a, std::int32_t b);
/// x / 2^exponent, rounded to nearest, halves away from zero. exponent in [0, 62].
std::int32_t rounding_divide_by_pot(std::int32_t x, int exponent);
/// x * real in the two steps above; a left shift is applied to x first and wraps at 32 bits.
std::int32_t multiply_by_quantized_multiplier(std::int32_t x, QuantizedMultiplier multiplier);

/// Inclusive bounds of an int8 output.
struct Int8Range {
  std::int32_t min = -128, max = 127;
  std::int8_t clamp(std::int64_t value) const {
    return static_cast<std::int8_t>(value < min ? min : (value > max ? max : value));
  }
  bool operator==(const Int8Range&) const = default;
};

/// round(value / scale) + zero_point, saturated to the int32 range (NaN becomes zero_point). The division is
/// in float, halves round away from zero.
std::int64_t quantize(float value, float scale, std::int32_t zero_point);

/// What a fused activation leaves of the int8 range, in the output's quantisation.
Int8Range activation_range(ActivationFunction activation, const Tensor& output);

/// Effective scales of CONV_2D and DEPTHWISE_CONV_2D, and of a per-channel FULLY_CONNECTED: in double.
double convolution_scale(float input, float filter, float output);
/// Effective scale of a per-tensor FULLY_CONNECTED: TFLite multiplies input and filter scale in float.
double fully_connected_scale(float input, float filter, float output);

}  // namespace reference
