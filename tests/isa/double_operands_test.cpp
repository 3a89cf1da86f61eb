#include "isa/double_operands.h"

#include <gmock/gmock.h>

#include <bit>

namespace isa {
namespace {

using ::testing::ElementsAre;
using ::testing::Optional;

TEST(DoubleOperandsOf, AreTheRegistersThatArithmeticReads) {
  EXPECT_THAT(double_operands(0xee31, 0x0b02), Optional(ElementsAre(1, 2)));     // vadd.f64 d0, d1, d2
  EXPECT_THAT(double_operands(0xee21, 0x0b02), Optional(ElementsAre(1, 2)));     // vmul.f64 d0, d1, d2
  EXPECT_THAT(double_operands(0xee81, 0x0b02), Optional(ElementsAre(1, 2)));     // vdiv.f64 d0, d1, d2
  EXPECT_THAT(double_operands(0xeea1, 0x3b02), Optional(ElementsAre(1, 2, 3)));  // vfma.f64 d3, d1, d2
  EXPECT_THAT(double_operands(0xee01, 0x3b42), Optional(ElementsAre(1, 2, 3)));  // vmls.f64 d3, d1, d2
}

TEST(DoubleOperandsOf, AreNothingForOtherInstructions) {
  EXPECT_FALSE(double_operands(0xee31, 0x0a02));  // vadd.f32
  EXPECT_FALSE(double_operands(0xeeb4, 0x0b41));  // vcmp.f64 d0, d1
  EXPECT_FALSE(double_operands(0xeeb1, 0x0bc1));  // vsqrt.f64 d0, d1
  EXPECT_FALSE(double_operands(0xfe01, 0x0b02));  // vseleq.f64
  EXPECT_FALSE(double_operands(0xed91, 0x0b00));  // vldr d0, [r1]
}

TEST(DoubleOperandsOf, AreClassedByTheRarestOfThem) {
  auto classed = [](std::initializer_list<double> values) {
    std::vector<std::uint64_t> bits;
    for (double v : values) bits.push_back(std::bit_cast<std::uint64_t>(v));
    return classify(bits);
  };
  EXPECT_EQ(classed({1.0, 1.5}), DoubleOperands::kSameExponent);
  EXPECT_EQ(classed({1.0, -1.9}), DoubleOperands::kSameExponent);
  EXPECT_EQ(classed({1.0, 2.0}), DoubleOperands::kDifferentExponent);
  EXPECT_EQ(classed({1.0, 1.0, 4.0}), DoubleOperands::kDifferentExponent);
  EXPECT_EQ(classed({1.0, 4.9e-324}), DoubleOperands::kDenormal);
  EXPECT_EQ(classed({-0.0, 4.9e-324}), DoubleOperands::kZero);
}

}  // namespace
}  // namespace isa
