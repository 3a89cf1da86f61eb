/* MEAN on int8: sums of elements, then one requantisation by scale_in / (count * scale_out). */
#ifndef M7_MEAN_H
#define M7_MEAN_H

#include "m7_requant.h"

M7_INLINE int32_t m7_sum_strided(const int8_t* in, int stride, int count) {
  int32_t sum = 0;
#pragma GCC unroll 4
  for (int i = 0; i < count; ++i) sum += in[i * stride];
  return sum;
}

/* `zero_sum`: the input's zero point times the count. */
M7_INLINE int8_t m7_mean_result(int32_t sum, int32_t zero_sum, int32_t multiplier, int shift,
                                int zero_point) {
  return (int8_t)m7_requant_any(m7_add(sum, -zero_sum), multiplier, shift, zero_point, -128, 127);
}

#endif
