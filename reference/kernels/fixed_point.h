// Signed 32-bit fixed point and the functions of it that TFLite's int8 SOFTMAX and LOGISTIC are defined by.
#pragma once

#include <cstdint>

namespace reference::kernels {

/// A Q format is named by its integer bits: Q0 holds [-1, 1) with 31 fraction bits, Q5 holds [-32, 32)
/// with 26. exp(a) for a <= 0: Q`integer_bits` in, Q0 out (1.0 saturates to INT32_MAX). integer_bits in [1,
/// 5].
std::int32_t exp_on_negative_values(std::int32_t a, int integer_bits);

/// 1 / (1 + a) for a in [0, 1]: Q0 in, Q0 out.
std::int32_t one_over_one_plus(std::int32_t a);

/// 1 / (1 + exp(-a)): Q`integer_bits` in, Q0 out.
std::int32_t logistic_function(std::int32_t a, int integer_bits);

/// The largest |x| whose product with 2^left_shift stays inside Q`integer_bits`, 31 bits wide.
std::int32_t input_radius(int integer_bits, int left_shift);

}  // namespace reference::kernels
