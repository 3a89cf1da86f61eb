/* CONV_2D and FULLY_CONNECTED, the common case: four pixels, an even number of channels, the short form of
 * the requantisation, no clamp but int8's. Layouts: m7_conv.h.
 *
 * Four pixels and two channels take eight accumulators, two columns, two weights and two pointers: all
 * fourteen registers, which the compiler does not manage without spilling. So this is assembly, with the
 * plain C beside it. Each SMLAD issues beside one of the other instructions, nothing waits for a load, and a
 * word of weights (sixteen products) takes nine cycles. */
#ifndef M7_CONV_FOUR_H
#define M7_CONV_FOUR_H

#include "m7_conv_result.h"
#include "m7_mac.h"

#if defined(__ARM_FEATURE_DSP)

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter" /* naked functions take theirs from the registers */

/* clang-format off */

/* r0-r7: accumulators a, b of pixels 0..3; r8: columns; r9: weights; r10, r11: weights of channels a and b; r12, lr:
 * columns of two pixels. The loads of a turn's first word step the pointers over its `n` words, so that the others lie
 * at negative offsets. */
#define M7_MAC_LOAD(n)               \
  "ldr r11, [r9], #(4*" #n ")\n\t"   \
  "ldr r12, [r8], #(16*" #n ")\n\t"  \
  "ldr lr, [r8, #(4-16*" #n ")]\n\t"

/* Word i for pixels 0, 1 and 2, from the sums a0 .. b2. */
#define M7_MAC_PART(i, n, a0, b0, a1, b1, a2, b2)     \
  "sxtb16 r10, r11\n\t"                               \
  "sxtb16 r11, r11, ror #8\n\t"                       \
  "smlad r0, r12, r10, " #a0 "\n\t"                   \
  "smlad r1, r12, r11, " #b0 "\n\t"                   \
  "ldr r12, [r8, #(16*(" #i "-" #n ")+8)]\n\t"        \
  "smlad r2, lr, r10, " #a1 "\n\t"                    \
  "smlad r3, lr, r11, " #b1 "\n\t"                    \
  "ldr lr, [r8, #(16*(" #i "-" #n ")+12)]\n\t"        \
  "smlad r4, r12, r10, " #a2 "\n\t"                   \
  "smlad r5, r12, r11, " #b2 "\n\t"

/* Word i for pixel 3, and the loads of word i + 1. */
#define M7_MAC_NEXT(i, n)                             \
  "ldr r12, [r8, #(16*(" #i "+1-" #n "))]\n\t"        \
  "smlad r7, lr, r11, r7\n\t"                         \
  "ldr r11, [r9, #(4*(" #i "+1-" #n "))]\n\t"         \
  "smlad r6, lr, r10, r6\n\t"                         \
  "ldr lr, [r8, #(16*(" #i "+1-" #n ")+4)]\n\t"

#define M7_MAC_PIXELS(i, n) M7_MAC_PART(i, n, r0, r1, r2, r3, r4, r5)
#define M7_MAC_WORD(i, n) M7_MAC_PIXELS(i, n) M7_MAC_NEXT(i, n)
#define M7_MAC_LAST(i, n)     \
  M7_MAC_PIXELS(i, n)         \
  "smlad r7, lr, r11, r7\n\t" \
  "ldr r11, [sp, #52]\n\t"    \
  "smlad r6, lr, r10, r6\n\t" \
  "cmp r8, r11\n\t"

/* Four doubled accumulators to int8: a at r8, b at r8 + r10, then r8 moves by `move` steps of r10, c and d there. r11:
 * multiplier, lr: shift, r9: half, r12: free. As m7_scaled. One shift issues a cycle, so products go between shifts. */
#define M7_RESULTS(a, b, move, c, d)            \
  "add r12, r9, " #a ", asr #31\n\t"            \
  "smmlar " #a ", " #a ", r11, r12\n\t"         \
  "add r12, r9, " #b ", asr #31\n\t"            \
  "smmlar " #b ", " #b ", r11, r12\n\t"         \
  "add r12, r9, " #c ", asr #31\n\t"            \
  "smmlar " #c ", " #c ", r11, r12\n\t"         \
  "add r12, r9, " #d ", asr #31\n\t"            \
  "smmlar " #d ", " #d ", r11, r12\n\t"         \
  "asr " #a ", " #a ", lr\n\t"                  \
  "ssat " #a ", #8, " #a ", asr #1\n\t"         \
  "asr " #b ", " #b ", lr\n\t"                  \
  "strb " #a ", [r8]\n\t"                       \
  "ssat " #b ", #8, " #b ", asr #1\n\t"         \
  "asr " #c ", " #c ", lr\n\t"                  \
  "strb " #b ", [r8, r10]\n\t"                  \
  "ssat " #c ", #8, " #c ", asr #1\n\t"         \
  move " r8, r8, r10, lsl #1\n\t"               \
  "asr " #d ", " #d ", lr\n\t"                  \
  "strb " #c ", [r8]\n\t"                       \
  "ssat " #d ", #8, " #d ", asr #1\n\t"         \
  "strb " #d ", [r8, r10]\n\t"

/* Frame: columns, weights, out, channels (the register arguments), nine saved registers, end of the columns, 2 * zero
 * point + 1, end of out. The first word starts every sum from its bias, which only pixel 3's registers hold. */
#define M7_CONV_FOUR(name, n, words)                                                                            \
  __attribute__((naked, noinline, unused)) static void name(                                                    \
      const uint32_t *columns, const int8_t *stream, int8_t *out, int channels, const uint32_t *columns_end,    \
      int32_t base, const int8_t *out_end) {                                                                    \
    __asm__("push {r4-r11, lr}\n\t"                                                                             \
            "push {r0-r3}\n\t"                                                                                  \
            "mov r9, r1\n"                                                                                      \
            "1:\n\t"                                                                                            \
            "ldr r8, [sp]\n\t"                                                                                  \
            "ldrd r6, r7, [r9], #8\n\t" M7_MAC_LOAD(n) M7_MAC_PART(0, n, r6, r7, r6, r7, r6, r7)                \
            "b 3f\n"                                                                                            \
            "2:\n\t" M7_MAC_LOAD(n) M7_MAC_PIXELS(0, n)                                                         \
            "3:\n\t" M7_MAC_NEXT(0, n) words                                                                    \
            "bne 2b\n\t"                                                                                        \
            "ldr r8, [sp, #8]\n\t"                                                                              \
            "add r0, r0, r0\n\t"                                                                                \
            "ldrsb lr, [r9, #8]\n\t"                                                                            \
            "add r2, r2, r2\n\t"                                                                                \
            "ldr r11, [r9]\n\t"                                                                                 \
            "add r4, r4, r4\n\t"                                                                                \
            "ldr r10, [sp, #12]\n\t"                                                                            \
            "add r6, r6, r6\n\t"                                                                                \
            "str r9, [sp, #4]\n\t"                                                                              \
            "add r1, r1, r1\n\t"                                                                                \
            "ldr r9, [sp, #56]\n\t"                                                                             \
            "add r3, r3, r3\n\t"                                                                                \
            "add r5, r5, r5\n\t"                                                                                \
            "lsl r9, r9, lr\n\t"                                                                                \
            "add r7, r7, r7\n\t" M7_RESULTS(r0, r2, "add", r4, r6)                                              \
            "ldr r0, [sp, #4]\n\t"                                                                              \
            "ldr r9, [sp, #56]\n\t"                                                                             \
            "add r8, r8, #1\n\t"                                                                                \
            "ldrsb lr, [r0, #9]\n\t"                                                                            \
            "ldr r11, [r0, #4]\n\t"                                                                             \
            "lsl r9, r9, lr\n\t" M7_RESULTS(r5, r7, "sub", r1, r3)                                              \
            "ldr r12, [sp, #60]\n\t"                                                                            \
            "add r8, r8, #1\n\t"                                                                                \
            "add r9, r0, #12\n\t"                                                                               \
            "str r8, [sp, #8]\n\t"                                                                              \
            "cmp r8, r12\n\t"                                                                                   \
            "bne 1b\n\t"                                                                                        \
            "add sp, sp, #16\n\t"                                                                               \
            "pop {r4-r11, pc}");                                                                                \
  }

/* By words of weights in a turn; a layer takes one whose turns its words fill. */
M7_CONV_FOUR(m7_conv_four_2, 2, M7_MAC_LAST(1, 2))
M7_CONV_FOUR(m7_conv_four_4, 4, M7_MAC_WORD(1, 4) M7_MAC_WORD(2, 4) M7_MAC_LAST(3, 4))
M7_CONV_FOUR(m7_conv_four_8, 8,
             M7_MAC_WORD(1, 8) M7_MAC_WORD(2, 8) M7_MAC_WORD(3, 8) M7_MAC_WORD(4, 8) M7_MAC_WORD(5, 8)
                 M7_MAC_WORD(6, 8) M7_MAC_LAST(7, 8))
M7_CONV_FOUR(m7_conv_four_14, 14,
             M7_MAC_WORD(1, 14) M7_MAC_WORD(2, 14) M7_MAC_WORD(3, 14) M7_MAC_WORD(4, 14) M7_MAC_WORD(5, 14)
                 M7_MAC_WORD(6, 14) M7_MAC_WORD(7, 14) M7_MAC_WORD(8, 14) M7_MAC_WORD(9, 14) M7_MAC_WORD(10, 14)
                     M7_MAC_WORD(11, 14) M7_MAC_WORD(12, 14) M7_MAC_LAST(13, 14))

/* clang-format on */

/* Columns of four pixels, `depth` bytes apart, 4 * `words` bytes each; words >= 1. Returns their end. */
__attribute__((naked, noinline, unused)) static uint32_t* m7_gather_four(const int8_t* in, int depth,
                                                                         int words, uint32_t* columns) {
  __asm__(
      "push {r4-r11, lr}\n\t"
      "mov r12, r3\n\t"
      "add lr, r0, r2, lsl #2\n\t"
      "add r3, r1, r1, lsl #1\n\t"
      "add r2, r0, r1, lsl #1\n\t"
      "add r1, r1, r0\n\t"
      "add r3, r3, r0\n"
      "1:\n\t"
      "ldr r8, [r0], #4\n\t"
      "ldr r9, [r1], #4\n\t"
      "ldr r10, [r2], #4\n\t"
      "ldr r11, [r3], #4\n\t"
      "sxtb16 r4, r8\n\t"
      "sxtb16 r5, r9\n\t"
      "sxtb16 r6, r10\n\t"
      "sxtb16 r7, r11\n\t"
      "sxtb16 r8, r8, ror #8\n\t"
      "sxtb16 r9, r9, ror #8\n\t"
      "sxtb16 r10, r10, ror #8\n\t"
      "sxtb16 r11, r11, ror #8\n\t"
      "cmp r0, lr\n\t"
      "stmia r12!, {r4-r11}\n\t"
      "bne 1b\n\t"
      "mov r0, r12\n\t"
      "pop {r4-r11, pc}");
}

#pragma GCC diagnostic pop

#else

M7_INLINE void m7_conv_four_8(const uint32_t* columns, const int8_t* stream, int8_t* out, int channels,
                              const uint32_t* columns_end, int32_t base, const int8_t* out_end) {
  int32_t acc[8];
  for (; out != out_end; out += 2) {
    stream = m7_mac(columns, (int)(columns_end - columns) / 4, 2, 4, stream, acc);
    for (int p = 0; p < 4; ++p) {
      for (int which = 0; which < 2; ++which) {
        const int shift = stream[8 + which];
        const int32_t multiplier = (int32_t)m7_load32(stream + 4 * which), half = m7_shl(base, shift);
        out[p * channels + which] = m7_ssat8(m7_scaled(acc[2 * p + which], multiplier, shift, half));
      }
    }
    stream += 12;
  }
}
#define m7_conv_four_2 m7_conv_four_8
#define m7_conv_four_4 m7_conv_four_8
#define m7_conv_four_14 m7_conv_four_8

M7_INLINE uint32_t* m7_gather_four(const int8_t* in, int depth, int words, uint32_t* columns) {
  for (; words > 0; --words, in += 4, columns += 8) {
    for (int p = 0; p < 4; ++p) {
      const uint32_t x = m7_load32(in + p * depth);
      columns[p] = m7_sxtb16(x);
      columns[p + 4] = m7_sxtb16_ror8(x);
    }
  }
  return columns;
}

#endif

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
