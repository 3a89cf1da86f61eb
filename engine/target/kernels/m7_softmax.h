/* SOFTMAX on int8 rows, output scale 1/256 and zero point -128, in TFLite's fixed point: sums in Q12.19, the
 * reciprocal by Newton's method. exps[d] = exp(-d * beta * scale) in Q0.31 comes from the generator; behind
 * its end it is 0. A row is read whole before its first element is written. */
#ifndef M7_SOFTMAX_H
#define M7_SOFTMAX_H

#include "m7_requant.h"

/* v * 2^bits, saturating. */
M7_INLINE int32_t m7_saturating_shl(int32_t v, int bits) {
  const int64_t wide = (int64_t)v * ((int64_t)1 << bits);
  return wide > INT32_MAX ? INT32_MAX : wide < INT32_MIN ? INT32_MIN : (int32_t)wide;
}

/* 1 / (1 + a), a in [0, 1): Q0.31 in and out. Newton's division from 48/17 - 32/17 d with d = (1 + a) / 2, in
 * Q2.29. */
M7_INLINE int32_t m7_reciprocal(int32_t a) {
  const int32_t d = (int32_t)(((int64_t)a + INT32_MAX + 1) >> 1);
  int32_t x = 1515870810 + m7_doubling_high_mul(d, -1010580540);
  for (int i = 0; i < 3; ++i) {
    const int32_t error = (1 << 29) - m7_doubling_high_mul(d, x);
    x = m7_add(x, m7_saturating_shl(m7_doubling_high_mul(x, error), 2));
  }
  return m7_saturating_shl(x, 1);
}

M7_INLINE void m7_softmax(const int8_t* in, int8_t* out, int rows, int depth, const int32_t* exps,
                          int count) {
  for (; rows > 0; --rows, in += depth, out += depth) {
    int most = -128;
    for (int i = 0; i < depth; ++i) most = in[i] > most ? in[i] : most;
    uint32_t sum = 0;
    for (int i = 0; i < depth; ++i) {
      const int d = most - in[i];
      if (d < count) sum += (uint32_t)m7_rounding_shift(exps[d], 12);
    }
    /* sum = (1 + fraction) * 2^(12 - headroom), in Q12.19 */
    const int headroom = __builtin_clz(sum);
    const int32_t reciprocal = m7_reciprocal((int32_t)((sum << headroom) & 0x7FFFFFFFU));
    const int right = 12 - headroom + 31 - 8;
    for (int i = 0; i < depth; ++i) {
      const int d = most - in[i];
      const int32_t share = d < count ? m7_doubling_high_mul(reciprocal, exps[d]) : 0;
      out[i] = (int8_t)m7_ssat8((right > 31 ? 0 : m7_rounding_shift(share, right)) - 128);
    }
  }
}

#endif
