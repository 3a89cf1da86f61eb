/* int32 accumulator -> int8, bit for bit gemmlowp's two roundings: v = SaturatingRoundingDoublingHighMul(acc
 * << left, multiplier), then RoundingDivideByPOT(v, right), then the zero point and the clamp.
 *
 * The short form holds where 1 <= right <= 21, no left shift, 0 <= multiplier and |acc| < 2^30 (the generator
 * proves the bound from the weights). Then (2 * acc * multiplier + 2^31) >> 32 is the first rounding, with no
 * overflow, and the second, half away from zero, is (v + (v >> 31) + 2^(right-1)) >> right. v and acc have
 * the same sign, except that v may be 0 for acc < 0: there the sign of acc subtracts one from a half, which
 * rounds to 0 all the same. So the sign, the half and the zero point join the SMMLAR as its addend. */
#ifndef M7_REQUANT_H
#define M7_REQUANT_H

#include "m7_dsp.h"

M7_INLINE int32_t m7_clamp(int32_t v, int lowest, int highest) {
  if (lowest <= -128 && highest >= 127) return m7_ssat8(v);
  v = v < lowest ? lowest : v;
  return v > highest ? highest : v;
}

/* The addend of the short form: a half of the last place and the zero point, both before the shift by
 * `right`. */
M7_INLINE int32_t m7_requant_half(int zero_point, int right) {
  return m7_shl(2 * zero_point + 1, right - 1);
}

/* The short form. `half` is m7_requant_half(zero_point, right); `twice` is 2 * acc. */
M7_INLINE int32_t m7_requant_short(int32_t twice, int32_t multiplier, int right, int32_t half, int lowest,
                                   int highest) {
  const int32_t v = m7_smmlar(twice, multiplier, half + (twice >> 31));
  return m7_clamp(v >> right, lowest, highest);
}

M7_INLINE int32_t m7_doubling_high_mul(int32_t a, int32_t b) {
  if (a == INT32_MIN && b == INT32_MIN) return INT32_MAX;
  return (int32_t)(((int64_t)a * b + ((int64_t)1 << 30)) >> 31);
}

/* v / 2^right, halves away from zero; right = 0..31. */
M7_INLINE int32_t m7_rounding_shift(int32_t v, int right) {
  const int32_t mask = (int32_t)(((int64_t)1 << right) - 1);
  const int32_t threshold = (mask >> 1) + (v < 0);
  return (v >> right) + ((v & mask) > threshold);
}

/* Any accumulator, any multiplier, shift = -31..31 (positive is left). No zero point, no clamp. */
M7_INLINE int32_t m7_multiply(int32_t acc, int32_t multiplier, int shift) {
  const int32_t v = m7_doubling_high_mul(m7_shl(acc, shift > 0 ? shift : 0), multiplier);
  return m7_rounding_shift(v, shift > 0 ? 0 : -shift);
}

/* The general form; `shift` as in m7_multiply. */
M7_INLINE int32_t m7_requant_any(int32_t acc, int32_t multiplier, int shift, int zero_point, int lowest,
                                 int highest) {
  const int32_t v = m7_add(m7_multiply(acc, multiplier, shift), zero_point);
  if (lowest <= -128 && highest >= 127) return m7_ssat8(v);
  return m7_clamp(v, lowest, highest);
}

#endif
