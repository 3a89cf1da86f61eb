#include "reference/kernels/fixed_point.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "reference/requantize.h"

namespace reference::kernels {
namespace {

constexpr std::int32_t kMax = std::numeric_limits<std::int32_t>::max();
constexpr std::int32_t kMin = std::numeric_limits<std::int32_t>::min();

/// Product of Qa and Qb, in Q(a+b).
std::int32_t times(std::int32_t a, std::int32_t b) {
  return saturating_rounding_doubling_high_mul(a, b);
}

std::int32_t shift_left_saturating(std::int32_t x, int bits) {
  const std::int64_t wide = static_cast<std::int64_t>(x) * (std::int64_t{1} << bits);
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(wide, kMin, kMax));
}

/// exp(a) for a in [-1/4, 0), Q0: Taylor to the fourth power around -1/8.
std::int32_t exp_near_zero(std::int32_t a) {
  constexpr std::int32_t kExpOfMinusEighth = 1895147668;
  constexpr std::int32_t kThird = 715827883;
  const std::int32_t x = a + (1 << 28);
  const std::int32_t x2 = times(x, x);
  const std::int32_t x3 = times(x2, x);
  const std::int32_t x4 = times(x2, x2);
  const std::int32_t x4_over_4 = rounding_divide_by_pot(x4, 2);
  const std::int32_t higher_terms = rounding_divide_by_pot(times(x4_over_4 + x3, kThird) + x2, 1);
  return kExpOfMinusEighth + times(kExpOfMinusEighth, x + higher_terms);
}

}  // namespace

std::int32_t exp_on_negative_values(std::int32_t a, int integer_bits) {
  if (a == 0) return kMax;
  const int fraction_bits = 31 - integer_bits;
  const std::int32_t quarter = 1 << (fraction_bits - 2);
  // a = fraction - remainder, fraction in [-1/4, 0), remainder a multiple of 1/4.
  const std::int32_t fraction = (a & (quarter - 1)) - quarter;
  const std::int32_t remainder = fraction - a;
  std::int32_t result = exp_near_zero(shift_left_saturating(fraction, integer_bits));
  // exp(-2^e) in Q0 for e = -2 .. 4: one factor for each bit of the remainder.
  constexpr std::array<std::int32_t, 7> kExpOfMinusPower = {1672461947, 1302514674, 790015084, 290630308,
                                                            39332535,   720401,     242};
  for (int i = 0; i < static_cast<int>(kExpOfMinusPower.size()); ++i) {
    const int exponent = i - 2;
    if (exponent >= integer_bits) break;
    if ((remainder >> (fraction_bits + exponent) & 1) != 0)
      result = times(result, kExpOfMinusPower[static_cast<std::size_t>(i)]);
  }
  return result;
}

std::int32_t one_over_one_plus(std::int32_t a) {
  // Newton's division of 1 by (1 + a) / 2, from the line 48/17 - 32/17 d; all in Q2.
  constexpr std::int32_t k48Over17 = 1515870810;
  constexpr std::int32_t kMinus32Over17 = -1010580540;
  constexpr std::int32_t kOne = 1 << 29;
  const auto half_denominator = static_cast<std::int32_t>((static_cast<std::int64_t>(a) + kMax + 1) / 2);
  std::int32_t x = k48Over17 + times(half_denominator, kMinus32Over17);
  for (int iteration = 0; iteration < 3; ++iteration) {
    const std::int32_t error = kOne - times(half_denominator, x);
    x += shift_left_saturating(times(x, error), 2);
  }
  return shift_left_saturating(x, 1);  // half of it, from Q2 to Q0
}

std::int32_t logistic_function(std::int32_t a, int integer_bits) {
  if (a == 0) return 1 << 30;
  const std::int32_t of_magnitude = one_over_one_plus(exp_on_negative_values(a > 0 ? -a : a, integer_bits));
  return a > 0 ? of_magnitude : kMax - of_magnitude;
}

std::int32_t input_radius(int integer_bits, int left_shift) {
  const double largest = ((1 << integer_bits) - 1) * std::ldexp(1.0, 31 - integer_bits - left_shift);
  return static_cast<std::int32_t>(std::min(std::floor(largest), static_cast<double>(kMax)));
}

}  // namespace reference::kernels
