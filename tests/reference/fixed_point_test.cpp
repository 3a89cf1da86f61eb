// The fixed-point functions against the real ones.
#include "reference/kernels/fixed_point.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace reference::kernels {
namespace {

double q0(std::int32_t raw) {
  return std::ldexp(raw, -31);
}

TEST(ExpOnNegativeValues, FollowsTheExponential) {
  for (double x = -0.001; x > -31.9; x -= 0.0373) {
    const auto raw = static_cast<std::int32_t>(std::llround(std::ldexp(x, 26)));  // Q5
    EXPECT_NEAR(q0(exp_on_negative_values(raw, 5)), std::exp(std::ldexp(raw, -26)), 1e-6) << x;
  }
}

TEST(ExpOnNegativeValues, IsOneAtZeroAndNothingFarBelow) {
  EXPECT_EQ(exp_on_negative_values(0, 5), std::numeric_limits<std::int32_t>::max());
  EXPECT_EQ(exp_on_negative_values(std::numeric_limits<std::int32_t>::min(), 5), 0);
}

TEST(OneOverOnePlus, FollowsTheReciprocal) {
  for (double x = 0.0; x < 1.0; x += 0.00917) {
    const auto raw = static_cast<std::int32_t>(std::llround(std::ldexp(x, 31)));
    EXPECT_NEAR(q0(one_over_one_plus(raw)), 1.0 / (1.0 + q0(raw)), 1e-8) << x;
  }
}

TEST(LogisticFunction, FollowsTheSigmoidOnBothSides) {
  for (double x = -7.9; x < 7.9; x += 0.0371) {
    const auto raw = static_cast<std::int32_t>(std::llround(std::ldexp(x, 27)));  // Q4
    EXPECT_NEAR(q0(logistic_function(raw, 4)), 1.0 / (1.0 + std::exp(-std::ldexp(raw, -27))), 1e-6) << x;
  }
  EXPECT_EQ(logistic_function(0, 4), 1 << 30);
}

TEST(InputRadius, IsTheLargestInputThatStaysInRange) {
  EXPECT_EQ(input_radius(5, 0), 31 << 26);
  EXPECT_EQ(input_radius(5, 20), 31 << 6);
  EXPECT_EQ(input_radius(4, 31), 0);
  EXPECT_EQ(input_radius(4, -20), std::numeric_limits<std::int32_t>::max());
}

}  // namespace
}  // namespace reference::kernels
