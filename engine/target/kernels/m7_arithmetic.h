/* ADD, SUB and MUL on int8, one run of elements. A stride of 0 repeats an operand, 1 walks it (both literal).
 * Element i is read, then written: the output may lie in an operand that is walked, or in front of it. */
#ifndef M7_ARITHMETIC_H
#define M7_ARITHMETIC_H

#include "m7_requant.h"

/* An operand of ADD or SUB: (x - zero_point) * 2^20 * multiplier * 2^(-31 - right), two roundings. */
typedef struct {
  int zero_point;
  int32_t multiplier;
  int right;
} m7_term;

typedef struct {
  m7_term a, b;
  int subtract;
  int32_t multiplier; /* of the sum, with shift as in m7_multiply */
  int shift;
  int zero_point, lowest, highest;
} m7_sum_shape;

M7_INLINE int32_t m7_term_of(int x, m7_term t) {
  /* Exactly a half: the rounding has nothing to do. */
  if (t.multiplier == 1 << 30 && t.right == 0) return m7_shl(x - t.zero_point, 19);
  const int32_t v = m7_smmulr(m7_shl(x, 21) - m7_shl(t.zero_point, 21), t.multiplier);
  if (t.right == 0) return v;
  return (v + (v >> 31) + (1 << (t.right - 1))) >> t.right;
}

M7_INLINE int8_t m7_sum_of(int a, int b, m7_sum_shape s) {
  const int32_t x = m7_term_of(a, s.a), y = m7_term_of(b, s.b), sum = s.subtract ? x - y : x + y;
  if (s.shift <= -1 && s.shift >= -21) {
    const int32_t half = m7_requant_half(s.zero_point, -s.shift);
    return (int8_t)m7_requant_short(m7_shl(sum, 1), s.multiplier, -s.shift, half, s.lowest, s.highest);
  }
  return (int8_t)m7_requant_any(sum, s.multiplier, s.shift, s.zero_point, s.lowest, s.highest);
}

M7_INLINE void m7_sum_run(const int8_t* a, int stride_a, const int8_t* b, int stride_b, int8_t* out,
                          int count, m7_sum_shape s) {
#pragma GCC unroll 2
  for (int i = 0; i < count; ++i) out[i] = m7_sum_of(a[i * stride_a], b[i * stride_b], s);
}

typedef struct {
  int zero_a, zero_b;
  int32_t multiplier;
  int shift; /* as in m7_multiply */
  int zero_point, lowest, highest;
} m7_product_shape;

M7_INLINE int8_t m7_product_of(int a, int b, m7_product_shape s) {
  const int32_t product = (a - s.zero_a) * (b - s.zero_b);
  if (s.shift <= -1 && s.shift >= -21) {
    const int32_t half = m7_requant_half(s.zero_point, -s.shift);
    return (int8_t)m7_requant_short(m7_shl(product, 1), s.multiplier, -s.shift, half, s.lowest, s.highest);
  }
  return (int8_t)m7_requant_any(product, s.multiplier, s.shift, s.zero_point, s.lowest, s.highest);
}

M7_INLINE void m7_product_run(const int8_t* a, int stride_a, const int8_t* b, int stride_b, int8_t* out,
                              int count, m7_product_shape s) {
#pragma GCC unroll 2
  for (int i = 0; i < count; ++i) out[i] = m7_product_of(a[i * stride_a], b[i * stride_b], s);
}

#endif
