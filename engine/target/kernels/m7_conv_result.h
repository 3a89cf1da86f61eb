/* From an accumulator to an output byte. */
#ifndef M7_CONV_RESULT_H
#define M7_CONV_RESULT_H

#include "m7_requant.h"

/* What the output of a layer looks like. `any_form`: see m7_requant.h. */
typedef struct {
  int zero_point, lowest, highest;
  int any_form;
} m7_output;

/* The short form before the clamp; shift is right - 1, half m7_requant_half(zero_point, right). */
M7_INLINE int32_t m7_scaled(int32_t acc, int32_t multiplier, int shift, int32_t half) {
  const int32_t v = m7_smmlar(m7_shl(acc, 1), multiplier, half + (acc >> 31));
  return (v >> shift) >> 1;
}

/* `shift` and `half` as in m7_scaled, or TFLite's shift in the any form. */
M7_INLINE int8_t m7_result(int32_t acc, int32_t multiplier, int shift, int32_t half, m7_output o) {
  if (o.any_form) return (int8_t)m7_requant_any(acc, multiplier, shift, o.zero_point, o.lowest, o.highest);
  return (int8_t)m7_clamp(m7_scaled(acc, multiplier, shift, half), o.lowest, o.highest);
}

#endif
