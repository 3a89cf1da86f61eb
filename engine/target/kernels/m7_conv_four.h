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

/* `turn` (literal) words of weights: two channels, two inputs each, over the columns of four pixels.
 *
 * Every load but the first ones stands two cycles or more before its value is used, beside a SMLAD that it
 * can issue with; the next weights replace the last column, the next column the weights: two pointers, eight
 * sums, and four registers in flight are what the core has. */
M7_INLINE void m7_mac_four(const uint32_t* columns, const int8_t* weights, int turn, int32_t* acc) {
  uint32_t word = m7_load32(weights), x = columns[0], y, a, b;
  M7_HERE(word);
  M7_HERE(x);
  a = m7_sxtb16(word);
#pragma GCC unroll 14
  for (int i = 0; i < turn; ++i, columns += 4) {
    y = columns[1];
    M7_HERE(y);
    b = m7_sxtb16_ror8(word);
    m7_smlad_to(&acc[0], x, a);
    m7_smlad_to(&acc[1], x, b);
    x = columns[2];
    M7_HERE(x);
    m7_smlad_to(&acc[2], y, a);
    m7_smlad_to(&acc[3], y, b);
    y = columns[3];
    M7_HERE(y);
    m7_smlad_to(&acc[4], x, a);
    m7_smlad_to(&acc[5], x, b);
    if (i + 1 < turn) {
      word = m7_load32(weights + 4 * i + 4);
      M7_HERE(word);
    }
    m7_smlad_to(&acc[6], y, a);
    m7_smlad_to(&acc[7], y, b);
    if (i + 1 < turn) {
      x = columns[4];
      M7_HERE(x);
      a = m7_sxtb16(word);
    }
  }
}

/* The sums of one channel (`acc`, every second word) in four pixels, to bytes `channels` apart. Each step of
 * one result waits for its last; steps of the others stand between. */
M7_INLINE void m7_conv_four_store(const int32_t* acc, int32_t multiplier, int shift, int32_t half,
                                  int8_t* out, int channels) {
  int32_t v[4], twice[4];
#pragma GCC unroll 4
  for (int p = 0; p < 4; ++p) {
    v[p] = half + (acc[2 * p] >> 31);
    twice[p] = m7_shl(acc[2 * p], 1);
  }
  v[0] = m7_smmlar(twice[0], multiplier, v[0]);
  v[1] = m7_smmlar(twice[1], multiplier, v[1]);
  v[2] = m7_smmlar(twice[2], multiplier, v[2]);
  v[0] >>= shift;
  v[3] = m7_smmlar(twice[3], multiplier, v[3]);
  v[1] >>= shift;
  M7_HERE(out);
  v[2] >>= shift;
  M7_HERE(channels);
  v[3] >>= shift;
  int8_t* third = out + 2 * channels;
  M7_HERE(third);
  v[0] = m7_ssat8(v[0] >> 1);
  v[1] = m7_ssat8(v[1] >> 1);
  out[0] = (int8_t)v[0];
  v[2] = m7_ssat8(v[2] >> 1);
  out[channels] = (int8_t)v[1];
  v[3] = m7_ssat8(v[3] >> 1);
  third[0] = (int8_t)v[2];
  third[channels] = (int8_t)v[3];
}

/* One pair of channels after the other, from `out` to `out_end`. `turn` (literal) words of weights at a time.
 */
M7_INLINE void m7_conv_four_channels(const uint32_t* columns, const int8_t* stream, int8_t* out, int channels,
                                     const uint32_t* columns_end, int32_t base, const int8_t* out_end,
                                     int turn) {
  do {
    const int32_t bias_a = (int32_t)m7_load32(stream), bias_b = (int32_t)m7_load32(stream + 4);
    int32_t acc[8] = {bias_a, bias_b, bias_a, bias_b, bias_a, bias_b, bias_a, bias_b};
    const uint32_t* at = columns;
    stream += 8;
    do {
      m7_mac_four(at, stream, turn, acc);
      at += 4 * turn;
      stream += 4 * turn;
      M7_HERE(at);
      M7_HERE(stream);
    } while (at != columns_end);
    const int8_t* scales = stream;
#pragma GCC unroll 2
    for (int which = 0; which < 2; ++which, scales += 4) {
      const int shift = stream[8 + which];
      m7_conv_four_store(acc + which, (int32_t)m7_load32(scales), shift, m7_shl(base, shift), out + which,
                         channels);
    }
    stream += 12;
    out += 2;
  } while (out != out_end);
}

#define M7_CONV_FOUR(turn)                                                                                 \
  M7_AS_WRITTEN M7_SHARED void m7_conv_four_##turn(const uint32_t* columns, const int8_t* stream,          \
                                                   int8_t* out, int channels, const uint32_t* columns_end, \
                                                   int32_t base, const int8_t* out_end) {                  \
    m7_conv_four_channels(columns, stream, out, channels, columns_end, base, out_end, turn);               \
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

/* `count` (even) of `channels` channels; `words`: a multiple of the turn's (literal). */
M7_INLINE void m7_conv_four(const uint32_t* columns, int words, int turn, const int8_t* stream, int8_t* out,
                            int channels, int count, int zero_point) {
  const uint32_t* columns_end = columns + 4 * words;
  const int32_t base = 2 * zero_point + 1;
  if (turn == 14) {
    m7_conv_four_14(columns, stream, out, channels, columns_end, base, out + count);
  } else if (turn == 8) {
    m7_conv_four_8(columns, stream, out, channels, columns_end, base, out + count);
  } else if (turn == 4) {
    m7_conv_four_4(columns, stream, out, channels, columns_end, base, out + count);
  } else {
    m7_conv_four_2(columns, stream, out, channels, columns_end, base, out + count);
  }
}

#endif
