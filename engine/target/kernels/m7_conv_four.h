/* CONV_2D and FULLY_CONNECTED, the common case: four pixels, an even number of channels, the short form of
 * the requantisation, no clamp but int8's. Layouts: m7_conv.h.
 *
 * Four pixels and two channels take eight accumulators, two pointers, two words of weights and one of a
 * column: what the core has registers for. The functions are shared by all layers, so that unrolling them
 * costs flash only once. */
#ifndef M7_CONV_FOUR_H
#define M7_CONV_FOUR_H

#include "m7_conv_result.h"
#include "m7_mac.h"

/* One pair of channels after the other, from `out` to `out_end`. `turn` (literal) words of weights at a time.
 */
M7_INLINE void m7_conv_four_channels(const uint32_t* columns, const int8_t* stream, int8_t* out, int channels,
                                     const uint32_t* columns_end, int32_t base, const int8_t* out_end,
                                     int turn) {
  do {
    int32_t acc[8];
    stream = m7_mac(columns, columns_end, turn, 4, stream, acc);
    int8_t* q = out;
#pragma GCC unroll 2
    for (int which = 0; which < 2; ++which, q = out + 1) {
      const int shift = stream[8 + which];
      const int32_t multiplier = (int32_t)m7_load32(stream + 4 * which), half = m7_shl(base, shift);
#pragma GCC unroll 4
      for (int p = 0; p < 4; ++p, q += channels) {
        *q = (int8_t)m7_ssat8(m7_scaled(acc[2 * p + which], multiplier, shift, half));
      }
    }
    stream += 12;
    out += 2;
  } while (out != out_end);
}

#define M7_CONV_FOUR(turn)                                                                       \
  M7_SHARED void m7_conv_four_##turn(const uint32_t* columns, const int8_t* stream, int8_t* out, \
                                     int channels, const uint32_t* columns_end, int32_t base,    \
                                     const int8_t* out_end) {                                    \
    m7_conv_four_channels(columns, stream, out, channels, columns_end, base, out_end, turn);     \
  }

/* By words of weights in a turn; a layer takes one whose turns its words fill. */
M7_CONV_FOUR(2)
M7_CONV_FOUR(4)
M7_CONV_FOUR(8)
M7_CONV_FOUR(14)

/* Columns of four pixels, `depth` bytes apart, 4 * `words` bytes each; words >= 1. Returns their end. */
M7_SHARED uint32_t* m7_gather_four(const int8_t* in, int depth, int words, uint32_t* columns) {
  for (; words > 0; --words, in += 4, columns += 8) {
#pragma GCC unroll 4
    for (int p = 0; p < 4; ++p) {
      const uint32_t x = m7_load32(in + p * depth);
      columns[p] = m7_sxtb16(x);
      columns[p + 4] = m7_sxtb16_ror8(x);
    }
  }
  return columns;
}

/* `words` (literal: a multiple of the turn's) of weights. */
M7_INLINE void m7_conv_four(const uint32_t* columns, int words, int turn, const int8_t* stream, int8_t* out,
                            int channels, int zero_point) {
  const uint32_t* columns_end = columns + 4 * words;
  const int32_t base = 2 * zero_point + 1;
  if (turn == 14) {
    m7_conv_four_14(columns, stream, out, channels, columns_end, base, out + channels);
  } else if (turn == 8) {
    m7_conv_four_8(columns, stream, out, channels, columns_end, base, out + channels);
  } else if (turn == 4) {
    m7_conv_four_4(columns, stream, out, channels, columns_end, base, out + channels);
  } else {
    m7_conv_four_2(columns, stream, out, channels, columns_end, base, out + channels);
  }
}

#endif
