// SOFTMAX and LOGISTIC: int8 in, int8 of scale 1/256 and zero point -128 out.
#include <algorithm>
#include <bit>
#include <cmath>

#include "reference/kernels/fixed_point.h"
#include "reference/kernels/kernels.h"
#include "reference/requantize.h"

namespace reference::kernels {

TensorData softmax(const Call& call) {
  constexpr int kDifferenceBits = 5;  // integer bits of x - max
  constexpr int kSumBits = 12;        // integer bits of the sum of exponentials
  const Tensor& in = call.input(0);
  const double beta = std::get<SoftmaxOptions>(call.op.options).beta;
  const double real = std::min(beta * static_cast<double>(scale(in)) * (1 << (31 - kDifferenceBits)),
                               static_cast<double>((std::int64_t{1} << 31) - 1));
  const QuantizedMultiplier multiplier = quantize_multiplier(real);
  const std::int32_t smallest_difference = -input_radius(kDifferenceBits, multiplier.shift);
  const std::int64_t depth = in.shape.empty() ? 1 : in.shape.back();
  const auto exponential = [&](std::int32_t difference) {
    return exp_on_negative_values(multiply_by_quantized_multiplier(difference, multiplier), kDifferenceBits);
  };

  const auto x = call.int8(0);
  TensorData result = call.new_output();
  std::int8_t* y = as_int8(result).data();
  for (auto row = x.begin(); row != x.end(); row += depth) {
    const std::int32_t largest = *std::max_element(row, row + depth);
    std::int32_t sum = 0;
    for (std::int64_t c = 0; c < depth; ++c) {
      if (row[c] - largest >= smallest_difference)
        sum += rounding_divide_by_pot(exponential(row[c] - largest), kSumBits);
    }
    // 1 / sum: sum = 2^bits_over_unit * (1 + fraction).
    const int headroom = std::countl_zero(static_cast<std::uint32_t>(sum));
    const int bits_over_unit = kSumBits - headroom;
    const auto fraction =
        static_cast<std::int32_t>((static_cast<std::uint32_t>(sum) << headroom) - (std::uint32_t{1} << 31));
    const std::int32_t reciprocal = one_over_one_plus(fraction);
    for (std::int64_t c = 0; c < depth; ++c) {
      if (row[c] - largest < smallest_difference) {
        *y++ = -128;
        continue;
      }
      const std::int32_t share =
          saturating_rounding_doubling_high_mul(reciprocal, exponential(row[c] - largest));
      *y++ = Int8Range{}.clamp(std::int64_t{rounding_divide_by_pot(share, bits_over_unit + 31 - 8)} - 128);
    }
  }
  return result;
}

TensorData logistic(const Call& call) {
  constexpr int kInputBits = 4;
  const Tensor& in = call.input(0);
  const QuantizedMultiplier multiplier =
      quantize_multiplier(static_cast<double>(scale(in)) * (1 << (31 - kInputBits)));
  const std::int32_t radius = input_radius(kInputBits, multiplier.shift);
  TensorData result = call.new_output();
  std::int8_t* y = as_int8(result).data();
  for (const std::int8_t x : call.int8(0)) {
    const std::int32_t centred = x - zero_point(in);
    if (centred <= -radius) {
      *y++ = -128;
    } else if (centred >= radius) {
      *y++ = 127;
    } else {
      const std::int32_t probability =
          logistic_function(multiply_by_quantized_multiplier(centred, multiplier), kInputBits);
      *y++ = Int8Range{}.clamp(std::int64_t{rounding_divide_by_pot(probability, 31 - 8)} - 128);
    }
  }
  return result;
}

}  // namespace reference::kernels
