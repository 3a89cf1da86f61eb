/* CONV_2D and FULLY_CONNECTED, one pixel (a row of FULLY_CONNECTED's input): as m7_conv_four.h, where the
 * common case is told. Each word of weights is used once, so its expansion and the loads bound the loop:
 * three cycles a word. */
#ifndef M7_CONV_ONE_H
#define M7_CONV_ONE_H

#include "m7_conv_result.h"

/* One pair of channels after the other, from `out` to `out_end`. `turn` (literal, even) words of weights at a
 * time; every load stands two cycles or more before its value is used. */
M7_INLINE void m7_conv_one_channels(const uint32_t* columns, const int8_t* stream, int8_t* out,
                                    const uint32_t* columns_end, int32_t base, const int8_t* out_end,
                                    int turn) {
  do {
    int32_t acc_a = (int32_t)m7_load32(stream), acc_b = (int32_t)m7_load32(stream + 4);
    uint32_t word0 = m7_load32(stream + 8), word1 = m7_load32(stream + 12);
    const uint32_t* at = columns;
    stream += 16;
    do {
#pragma GCC unroll 14
      for (int i = 0; i < turn; i += 2) {
        const uint32_t x0 = at[i];
        const uint32_t a0 = m7_sxtb16(word0);
        const uint32_t x1 = at[i + 1];
        const uint32_t b0 = m7_sxtb16_ror8(word0);
        word0 = m7_load32(stream + 4 * i);
        acc_a = m7_smlad(x0, a0, acc_a);
        const uint32_t a1 = m7_sxtb16(word1);
        acc_b = m7_smlad(x0, b0, acc_b);
        const uint32_t b1 = m7_sxtb16_ror8(word1);
        acc_a = m7_smlad(x1, a1, acc_a);
        word1 = m7_load32(stream + 4 * i + 4);
        acc_b = m7_smlad(x1, b1, acc_b);
      }
      at += turn;
      stream += 4 * turn;
    } while (at != columns_end);
    /* The words read ahead are the multipliers. */
    const int shift_a = stream[0], shift_b = stream[1];
    const int32_t a = m7_scaled(acc_a, (int32_t)word0, shift_a, m7_shl(base, shift_a));
    const int32_t b = m7_scaled(acc_b, (int32_t)word1, shift_b, m7_shl(base, shift_b));
    out[0] = (int8_t)m7_ssat8(a);
    out[1] = (int8_t)m7_ssat8(b);
    stream += 4;
    out += 2;
  } while (out != out_end);
}

#define M7_CONV_ONE(turn)                                                                                 \
  M7_AS_WRITTEN M7_SHARED void m7_conv_one_##turn(const uint32_t* columns, const int8_t* stream,          \
                                                  int8_t* out, const uint32_t* columns_end, int32_t base, \
                                                  const int8_t* out_end) {                                \
    m7_conv_one_channels(columns, stream, out, columns_end, base, out_end, turn);                         \
  }

/* By words of weights in a turn, as in m7_conv_four.h. */
M7_CONV_ONE(2)
M7_CONV_ONE(4)
M7_CONV_ONE(8)
M7_CONV_ONE(14)

/* `count` (even) channels; `words`: a multiple of the turn's (literal). */
M7_INLINE void m7_conv_one(const uint32_t* columns, int words, int turn, const int8_t* stream, int8_t* out,
                           int count, int zero_point) {
  const uint32_t* columns_end = columns + words;
  const int32_t base = 2 * zero_point + 1;
  if (turn == 14) {
    m7_conv_one_14(columns, stream, out, columns_end, base, out + count);
  } else if (turn == 8) {
    m7_conv_one_8(columns, stream, out, columns_end, base, out + count);
  } else if (turn == 4) {
    m7_conv_one_4(columns, stream, out, columns_end, base, out + count);
  } else {
    m7_conv_one_2(columns, stream, out, columns_end, base, out + count);
  }
}

#endif
