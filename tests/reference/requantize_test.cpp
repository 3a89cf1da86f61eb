#include "reference/requantize.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace reference {
namespace {

constexpr std::int32_t kMin = std::numeric_limits<std::int32_t>::min();
constexpr std::int32_t kMax = std::numeric_limits<std::int32_t>::max();

TEST(QuantizeMultiplier, SplitsIntoASignificandAndAShift) {
  EXPECT_EQ(quantize_multiplier(1.0), (QuantizedMultiplier{1 << 30, 1}));
  EXPECT_EQ(quantize_multiplier(0.5), (QuantizedMultiplier{1 << 30, 0}));
  EXPECT_EQ(quantize_multiplier(0.375), (QuantizedMultiplier{1610612736, -1}));
  EXPECT_EQ(quantize_multiplier(6.0), (QuantizedMultiplier{1610612736, 3}));
}

TEST(QuantizeMultiplier, CarriesIntoTheShiftWhenTheSignificandRoundsUpToOne) {
  EXPECT_EQ(quantize_multiplier(1.0 - 1e-12), (QuantizedMultiplier{1 << 30, 1}));
}

TEST(QuantizeMultiplier, BecomesZeroBelowTheSmallestShift) {
  EXPECT_EQ(quantize_multiplier(0.0), (QuantizedMultiplier{0, 0}));
  EXPECT_EQ(quantize_multiplier(std::ldexp(0.5, -31)), (QuantizedMultiplier{1 << 30, -31}));
  EXPECT_EQ(quantize_multiplier(std::ldexp(0.5, -32)), (QuantizedMultiplier{0, 0}));
}

TEST(HighMultiplication, RoundsHalvesUpwards) {
  const std::int32_t half = 1 << 30;
  EXPECT_EQ(saturating_rounding_doubling_high_mul(1, half), 1);    // 0.5
  EXPECT_EQ(saturating_rounding_doubling_high_mul(-1, half), 0);   // -0.5
  EXPECT_EQ(saturating_rounding_doubling_high_mul(3, half), 2);    // 1.5
  EXPECT_EQ(saturating_rounding_doubling_high_mul(-3, half), -1);  // -1.5
  EXPECT_EQ(saturating_rounding_doubling_high_mul(-4, half), -2);
}

TEST(HighMultiplication, SaturatesTheOneProductThatOverflows) {
  EXPECT_EQ(saturating_rounding_doubling_high_mul(kMin, kMin), kMax);
  EXPECT_EQ(saturating_rounding_doubling_high_mul(kMin, kMax), -kMax);
  EXPECT_EQ(saturating_rounding_doubling_high_mul(kMax, kMax), kMax - 1);
}

TEST(RoundingShift, RoundsHalvesAwayFromZero) {
  EXPECT_EQ(rounding_divide_by_pot(3, 1), 2);
  EXPECT_EQ(rounding_divide_by_pot(-3, 1), -2);
  EXPECT_EQ(rounding_divide_by_pot(5, 2), 1);
  EXPECT_EQ(rounding_divide_by_pot(6, 2), 2);
  EXPECT_EQ(rounding_divide_by_pot(-6, 2), -2);
  EXPECT_EQ(rounding_divide_by_pot(7, 0), 7);
}

TEST(RoundingShift, HoldsAtTheEdgesOfItsRange) {
  EXPECT_EQ(rounding_divide_by_pot(kMax, 31), 1);
  EXPECT_EQ(rounding_divide_by_pot(kMin, 31), -1);
  EXPECT_EQ(rounding_divide_by_pot(kMax, 32), 0);
}

TEST(Requantise, RoundsTwice) {
  // 0.3125 = 0.625 / 2: 5 * 0.625 = 3.125 -> 3, then 1.5 -> 2, where one rounding of 1.5625 gives 2 as well;
  // 7 * 0.3125 = 2.1875, but 4.375 -> 4 -> 2; 23 * 0.3125 = 7.1875, 14.375 -> 14 -> 7.
  const QuantizedMultiplier multiplier = quantize_multiplier(0.3125);
  EXPECT_EQ(multiply_by_quantized_multiplier(5, multiplier), 2);
  EXPECT_EQ(multiply_by_quantized_multiplier(7, multiplier), 2);
  // 0.28125 * 5 = 1.40625 rounds to 1 at once; in two steps 0.5625 * 5 = 2.8125 -> 3, 3 / 2 -> 2.
  EXPECT_EQ(multiply_by_quantized_multiplier(5, quantize_multiplier(0.28125)), 2);
}

TEST(Requantise, AppliesALeftShiftFirst) {
  EXPECT_EQ(multiply_by_quantized_multiplier(-7, quantize_multiplier(3.0)), -21);
  EXPECT_EQ(multiply_by_quantized_multiplier(100, quantize_multiplier(1.0)), 100);
  EXPECT_EQ(multiply_by_quantized_multiplier(kMin, quantize_multiplier(0.5)), kMin / 2);
}

TEST(Requantise, GivesZeroForAZeroMultiplier) {
  EXPECT_EQ(multiply_by_quantized_multiplier(kMax, {}), 0);
}

TEST(Quantize, RoundsHalvesAwayFromZeroAndSaturates) {
  EXPECT_EQ(quantize(0.25F, 0.5F, 3), 4);
  EXPECT_EQ(quantize(-0.25F, 0.5F, 3), 2);
  EXPECT_EQ(quantize(1e30F, 1e-5F, 3), kMax);
  EXPECT_EQ(quantize(-1e30F, 1e-5F, 3), kMin);
  EXPECT_EQ(quantize(std::numeric_limits<float>::quiet_NaN(), 1.0F, 3), 3);
}

TEST(ActivationRange, IsInTheOutputsQuantisation) {
  Tensor output;
  output.quantization = {{0.1F}, {-28}, 0};
  EXPECT_EQ(activation_range(ActivationFunction::kNone, output), (Int8Range{-128, 127}));
  EXPECT_EQ(activation_range(ActivationFunction::kRelu, output), (Int8Range{-28, 127}));
  EXPECT_EQ(activation_range(ActivationFunction::kRelu6, output), (Int8Range{-28, 32}));
  EXPECT_EQ(activation_range(ActivationFunction::kReluN1To1, output), (Int8Range{-38, -18}));
}

TEST(ActivationRange, StaysInsideInt8) {
  Tensor output;
  output.quantization = {{0.01F}, {127}, 0};
  EXPECT_EQ(activation_range(ActivationFunction::kRelu6, output), (Int8Range{127, 127}));
  output.quantization = {{1e-9F}, {-128}, 0};
  EXPECT_EQ(activation_range(ActivationFunction::kReluN1To1, output), (Int8Range{-128, 127}));
}

TEST(EffectiveScale, IsAProductInFloatForPerTensorFullyConnectedOnly) {
  const float a = 0.1F, b = 0.3F;
  EXPECT_EQ(fully_connected_scale(a, b, 1.0F), static_cast<double>(a * b));
  EXPECT_NE(convolution_scale(a, b, 1.0F), fully_connected_scale(a, b, 1.0F));
}

}  // namespace
}  // namespace reference
