#include "engine/emit/fixed_point.h"

#include <algorithm>
#include <cmath>

#include "engine/emit/requant.h"
#include "engine/target/kernels/m7_softmax.h"

namespace engine {
namespace {

struct Factor {
  int exponent;        // of two
  std::int32_t value;  // exp(-2^exponent), 31 fraction bits
};
constexpr Factor kFactors[] = {{-2, 1672461947}, {-1, 1302514674}, {0, 790015084}, {1, 290630308},
                               {2, 39332535},    {3, 720401},      {4, 242}};

// exp on [-1/4, 0): the Taylor polynomial of degree four around -1/8.
std::int32_t exp_of_last_quarter(std::int32_t a) {
  constexpr std::int32_t kAtMinusEighth = 1895147668, kThird = 715827883;
  const std::int32_t x = a + (1 << 28);
  const std::int32_t square = doubling_high_mul(x, x);
  const std::int32_t cube = doubling_high_mul(square, x);
  const std::int32_t fourth = rounding_shift(doubling_high_mul(square, square), 2);
  const std::int32_t tail = rounding_shift(doubling_high_mul(fourth + cube, kThird) + square, 1);
  return kAtMinusEighth + doubling_high_mul(kAtMinusEighth, x + tail);
}

}  // namespace

std::int32_t fixed_exp(std::int32_t a, int integer_bits) {
  if (a == 0) return INT32_MAX;
  const int fraction_bits = 31 - integer_bits;
  const std::int32_t quarter = 1 << (fraction_bits - 2);
  const std::int32_t last = (a & (quarter - 1)) - quarter;
  const std::int32_t whole_quarters = last - a;
  std::int32_t result = exp_of_last_quarter(last * (1 << integer_bits));
  for (const Factor& factor : kFactors) {
    if (factor.exponent >= integer_bits) continue;
    if ((whole_quarters >> (fraction_bits + factor.exponent) & 1) != 0)
      result = doubling_high_mul(result, factor.value);
  }
  return result;
}

std::int32_t fixed_logistic(std::int32_t a, int integer_bits) {
  if (a == 0) return 1 << 30;
  const std::int32_t of_magnitude = m7_reciprocal(fixed_exp(a > 0 ? -a : a, integer_bits));
  return a > 0 ? of_magnitude : INT32_MAX - of_magnitude;
}

std::int32_t fixed_radius(int integer_bits, int left_shift) {
  const double largest = std::ldexp((1 << integer_bits) - 1, 31 - integer_bits - left_shift);
  return static_cast<std::int32_t>(std::min(std::floor(largest), 2147483647.0));
}

}  // namespace engine
