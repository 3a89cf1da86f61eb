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

#if defined(__ARM_FEATURE_DSP)

/* Four pixels and two channels take eight accumulators, two columns, two weights and two pointers: all fourteen
 * registers, which the compiler does not manage without spilling. In this order each SMLAD issues beside one of the
 * other instructions, nothing waits for a load, and a word of weights takes nine cycles for sixteen products. The
 * first word's loads step the pointers over all `n` words, so the others lie at negative offsets. */
#define M7_MAC_FIRST(n)                    \
  "ldr %[b], [%[w]], #(4*" #n ")\n\t"      \
  "ldr %[x], [%[c]], #(16*" #n ")\n\t"     \
  "ldr %[y], [%[c], #(4-16*" #n ")]\n\t"

#define M7_MAC_HALF(i, n)                              \
  "sxtb16 %[a], %[b]\n\t"                              \
  "sxtb16 %[b], %[b], ror #8\n\t"                      \
  "smlad %[p0], %[x], %[a], %[p0]\n\t"                 \
  "smlad %[q0], %[x], %[b], %[q0]\n\t"                 \
  "ldr %[x], [%[c], #(16*(" #i "-" #n ")+8)]\n\t"      \
  "smlad %[p1], %[y], %[a], %[p1]\n\t"                 \
  "smlad %[q1], %[y], %[b], %[q1]\n\t"                 \
  "ldr %[y], [%[c], #(16*(" #i "-" #n ")+12)]\n\t"     \
  "smlad %[p2], %[x], %[a], %[p2]\n\t"                 \
  "smlad %[q2], %[x], %[b], %[q2]\n\t"

#define M7_MAC_STEP(i, n)                              \
  M7_MAC_HALF(i, n)                                    \
  "ldr %[x], [%[c], #(16*(" #i "+1-" #n "))]\n\t"      \
  "smlad %[q3], %[y], %[b], %[q3]\n\t"                 \
  "ldr %[b], [%[w], #(4*(" #i "+1-" #n "))]\n\t"       \
  "smlad %[p3], %[y], %[a], %[p3]\n\t"                 \
  "ldr %[y], [%[c], #(16*(" #i "+1-" #n ")+4)]\n\t"

#define M7_MAC_LAST(i, n)              \
  M7_MAC_HALF(i, n)                    \
  "smlad %[q3], %[y], %[b], %[q3]\n\t" \
  "ldr %[b], %[end]\n\t"               \
  "smlad %[p3], %[y], %[a], %[p3]\n\t" \
  "cmp %[w], %[b]\n\t"

#define M7_MAC_LOOP(words)                                                                                          \
  __asm__ volatile("1:\n\t" words "bne 1b"                                                                          \
                   : [p0] "+r"(acc[0]), [q0] "+r"(acc[1]), [p1] "+r"(acc[2]), [q1] "+r"(acc[3]), [p2] "+r"(acc[4]), \
                     [q2] "+r"(acc[5]), [p3] "+r"(acc[6]), [q3] "+r"(acc[7]), [c] "+r"(columns), [w] "+r"(weights), \
                     [a] "=&r"(a), [b] "=&r"(b), [x] "=&r"(x), [y] "=&r"(y)                                         \
                   : [end] "m"(end)                                                                                 \
                   : "cc", "memory")

/* Eight inputs a turn, or sixteen where `wide`; at least one turn, up to `end`. */
M7_INLINE void m7_mac_four(const uint32_t *columns, const uint32_t *weights, const uint32_t *end, int wide,
                           int32_t *acc) {
  uint32_t a, b, x, y;
  if (wide) {
    M7_MAC_LOOP(M7_MAC_FIRST(8) M7_MAC_STEP(0, 8) M7_MAC_STEP(1, 8) M7_MAC_STEP(2, 8) M7_MAC_STEP(3, 8)
                    M7_MAC_STEP(4, 8) M7_MAC_STEP(5, 8) M7_MAC_STEP(6, 8) M7_MAC_LAST(7, 8));
  } else {
    M7_MAC_LOOP(M7_MAC_FIRST(4) M7_MAC_STEP(0, 4) M7_MAC_STEP(1, 4) M7_MAC_STEP(2, 4) M7_MAC_LAST(3, 4));
  }
}

#else

M7_INLINE void m7_mac_four(const uint32_t *columns, const uint32_t *weights, const uint32_t *end, int wide,
                           int32_t *acc) {
  const int words = wide ? 8 : 4;
  for (; weights != end; weights += words, columns += 4 * words) {
    for (int i = 0; i < words; ++i) m7_mac_word(columns + 4 * i, weights[i], 4, acc);
  }
}

#endif

/* acc[2p] and acc[2p + 1]: sums of channel a and b over 4 * k4 inputs, from bias_a and bias_b. rest_k4 = k4 & 3 and
 * `pixels` are literal. Returns the end of the weights. Layouts: m7_conv.h. */
M7_INLINE const int8_t *m7_mac(const uint32_t *columns, int k4, int rest_k4, int pixels, const int8_t *weights,
                               int32_t bias_a, int32_t bias_b, int32_t *acc) {
  const uint32_t *w = (const uint32_t *)__builtin_assume_aligned(weights, 4);
  const int wide = rest_k4 < 2, odd = rest_k4 & 1;
  const int words = 2 * (k4 - odd);
#pragma GCC unroll 4
  for (int p = 0; p < pixels; ++p) {
    acc[2 * p] = bias_a;
    acc[2 * p + 1] = bias_b;
  }
  if (pixels == 4 && words > 0) {
    m7_mac_four(columns, w, w + words, wide, acc);
    columns += 4 * words;
    w += words;
  } else {
    for (int n = words >> 2; n > 0; --n) {
#pragma GCC unroll 4
      for (int i = 0; i < 4; ++i) m7_mac_word(columns + i * pixels, w[i], pixels, acc);
      columns += 4 * pixels;
      w += 4;
    }
  }
  if (odd) {
    m7_mac_word(columns, w[0], pixels, acc);
    m7_mac_word(columns + pixels, w[1], pixels, acc);
    w += 2;
  }
  return (const int8_t *)w;
}

#endif
