/* The innermost step of CONV_2D and FULLY_CONNECTED: columns x two channels' weights -> accumulators. */
#ifndef M7_MAC_H
#define M7_MAC_H

#include "m7_dsp.h"

/* Two inputs (k and k + 2, or k + 1 and k + 3) of `pixels` pixels and two channels. */
M7_INLINE void m7_mac_word(const uint32_t *columns, uint32_t weights, int pixels, int32_t *acc) {
  const uint32_t a = m7_sxtb16(weights), b = m7_sxtb16_ror8(weights);
#pragma GCC unroll 4
  for (int p = 0; p < pixels; ++p) {
    const uint32_t x = columns[p];
    acc[2 * p] = m7_smlad(x, a, acc[2 * p]);
    acc[2 * p + 1] = m7_smlad(x, b, acc[2 * p + 1]);
  }
}

/* acc[2p] and acc[2p + 1]: sums of channel a and b over 4 * k4 inputs, from bias_a and bias_b. odd_k4 = k4 & 1 and
 * `pixels` are literal. Returns the end of the weights. Layouts: m7_conv.h. */
M7_INLINE const int8_t *m7_mac(const uint32_t *columns, int k4, int odd_k4, int pixels, const int8_t *weights,
                               int32_t bias_a, int32_t bias_b, int32_t *acc) {
  const uint32_t *w = (const uint32_t *)__builtin_assume_aligned(weights, 4);
#pragma GCC unroll 4
  for (int p = 0; p < pixels; ++p) {
    acc[2 * p] = bias_a;
    acc[2 * p + 1] = bias_b;
  }
  for (int n = k4 >> 1; n > 0; --n) {
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i) m7_mac_word(columns + i * pixels, w[i], pixels, acc);
    columns += 4 * pixels;
    w += 4;
  }
  if (odd_k4) {
    m7_mac_word(columns, w[0], pixels, acc);
    m7_mac_word(columns + pixels, w[1], pixels, acc);
    w += 2;
  }
  return (const int8_t *)w;
}

#endif
