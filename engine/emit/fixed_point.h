// The fixed-point exponential and logistic that TFLite's int8 operators are defined by; for tables made at
// generation time.
#pragma once

#include <cstdint>

namespace engine {

/// exp(a), a <= 0 with `integer_bits` (<= 5) integer bits; the result has none, 1.0 is INT32_MAX.
std::int32_t fixed_exp(std::int32_t a, int integer_bits);

/// 1 / (1 + exp(-a)), the same formats.
std::int32_t fixed_logistic(std::int32_t a, int integer_bits);

/// The largest int8 difference that stays inside `integer_bits` when shifted left by `left_shift`.
std::int32_t fixed_radius(int integer_bits, int left_shift);

}  // namespace engine
