/* The innermost step of CONV_2D and FULLY_CONNECTED: columns x two channels' weights -> accumulators. */
#ifndef M7_MAC_H
#define M7_MAC_H

#include "m7_dsp.h"

/* Two inputs (k and k + 2, or k + 1 and k + 3) of `pixels` pixels and two channels. */
M7_INLINE void m7_mac_word(const uint32_t* columns, uint32_t weights, int pixels, int32_t* acc) {
  const uint32_t a = m7_sxtb16(weights), b = m7_sxtb16_ror8(weights);
#pragma GCC unroll 4
  for (int p = 0; p < pixels; ++p) {
    const uint32_t x = columns[p];
    acc[2 * p] = m7_smlad(x, a, acc[2 * p]);
    acc[2 * p + 1] = m7_smlad(x, b, acc[2 * p + 1]);
  }
}

/* acc[2p] and acc[2p + 1]: sums of channel a and b over the columns up to `end` (not empty), from their
 * biases at `weights`. `pixels` and `turn` (2 .. 14 words of weights, divides them all) are literal. Returns
 * the end of the weights. Layouts: m7_conv.h. */
M7_INLINE const int8_t* m7_mac(const uint32_t* columns, const uint32_t* end, int turn, int pixels,
                               const int8_t* weights, int32_t* acc) {
  const int8_t* w = (const int8_t*)__builtin_assume_aligned(weights, 4);
#pragma GCC unroll 4
  for (int p = 0; p < pixels; ++p) {
    acc[2 * p] = (int32_t)m7_load32(w);
    acc[2 * p + 1] = (int32_t)m7_load32(w + 4);
  }
  w += 8;
  do {
#pragma GCC unroll 14
    for (int i = 0; i < turn; ++i) m7_mac_word(columns + i * pixels, m7_load32(w + 4 * i), pixels, acc);
    columns += turn * pixels;
    w = (const int8_t*)__builtin_assume_aligned(w + 4 * turn, 4);
  } while (columns != end);
  return w;
}

#endif
