// The short form of the requantisation against the definition, on corners and random values.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "engine/target/kernels/m7_conv_result.h"

namespace {

// gemmlowp's two roundings, from their definition: divisions that round half up, then half away from zero.
std::int64_t defined(std::int64_t accumulator, std::int64_t multiplier, int shift) {
  const std::int64_t shifted =
      static_cast<std::int32_t>(static_cast<std::uint32_t>(accumulator) << std::max(shift, 0));
  const int right = std::max(-shift, 0);
  if (shifted == INT32_MIN && multiplier == INT32_MIN) return INT32_MAX;
  const auto floor_divide = [](__int128 a, __int128 b) {
    return static_cast<std::int64_t>(a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0));
  };
  const std::int64_t v =
      floor_divide(static_cast<__int128>(shifted) * multiplier * 2 + (__int128{1} << 31), __int128{1} << 32);
  const std::int64_t magnitude = v < 0 ? -v : v;
  const std::int64_t rounded =
      floor_divide(static_cast<__int128>(magnitude) * 2 + (__int128{1} << right), __int128{2} << right);
  return v < 0 ? -rounded : rounded;
}

struct Sample {
  std::int32_t accumulator, multiplier;
  int right, zero_point;
};

void expect_equal(const Sample& s) {
  const std::int64_t plain = defined(s.accumulator, s.multiplier, -s.right) + s.zero_point;
  const auto expected = static_cast<std::int32_t>(std::clamp<std::int64_t>(plain, -128, 127));
  const std::int32_t half = m7_requant_half(s.zero_point, s.right);
  const std::int32_t twice = m7_shl(s.accumulator, 1);
  ASSERT_EQ(m7_requant_short(twice, s.multiplier, s.right, half, -128, 127), expected)
      << s.accumulator << " * " << s.multiplier << " >> " << s.right << " + " << s.zero_point;
  ASSERT_EQ(m7_ssat8(m7_scaled(s.accumulator, s.multiplier, s.right - 1, half)), expected);
  ASSERT_EQ(m7_requant_any(s.accumulator, s.multiplier, -s.right, s.zero_point, -128, 127), expected);
}

TEST(Requantisation, ShortFormEqualsTheDefinitionOnCorners) {
  constexpr std::int32_t kLimit = (1 << 30) - 1;
  for (const std::int32_t multiplier : {0, 1 << 30, (1 << 30) + 1, 1518500250, INT32_MAX - 1, INT32_MAX}) {
    for (int right = 1; right <= 21; ++right) {
      for (const int zero_point : {-128, -1, 0, 1, 127}) {
        for (const std::int32_t near :
             {0, 1 << right, 1 << (right - 1), 3 << (right - 1), 1 << 20, kLimit - 3}) {
          for (int d = -3; d <= 3; ++d) {
            expect_equal({near + d, multiplier, right, zero_point});
            expect_equal({-near - d, multiplier, right, zero_point});
          }
        }
      }
    }
  }
}

TEST(Requantisation, ShortFormEqualsTheDefinitionOnRandomValues) {
  constexpr std::uint32_t kSeed = 20;
  std::mt19937 random(kSeed);
  const auto pick = [&](std::int32_t low, std::int32_t high) {
    return std::uniform_int_distribution<std::int32_t>(low, high)(random);
  };
  for (int i = 0; i < 300000; ++i) {
    const int bits = pick(1, 30);
    const std::int32_t limit = static_cast<std::int32_t>((std::int64_t{1} << bits) - 1);
    expect_equal({pick(-limit, limit), pick(1 << 30, INT32_MAX), pick(1, 21), pick(-128, 127)});
    if (HasFatalFailure()) FAIL() << "seed " << kSeed << ", value " << i;
  }
}

TEST(Requantisation, AnyFormEqualsTheDefinitionOnAllOfInt32) {
  constexpr std::uint32_t kSeed = 21;
  std::mt19937 random(kSeed);
  const auto pick = [&](std::int32_t low, std::int32_t high) {
    return std::uniform_int_distribution<std::int32_t>(low, high)(random);
  };
  for (int i = 0; i < 300000; ++i) {
    const std::int32_t accumulator = i % 16 == 0 ? INT32_MIN + pick(0, 2) : pick(INT32_MIN, INT32_MAX);
    const std::int32_t multiplier = i % 8 == 0 ? INT32_MAX : pick(0, INT32_MAX);
    const int shift = pick(-31, 31);
    ASSERT_EQ(m7_multiply(accumulator, multiplier, shift), defined(accumulator, multiplier, shift))
        << accumulator << " * " << multiplier << ", shift " << shift << ", seed " << kSeed;
  }
  EXPECT_EQ(m7_multiply(INT32_MIN, INT32_MIN, 0), INT32_MAX);
}

}  // namespace
