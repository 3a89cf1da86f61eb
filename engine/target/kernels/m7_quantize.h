/* The float edges: QUANTIZE float32 -> int8 and DEQUANTIZE int8 -> float32. IEEE single precision, one
 * operation each, so every machine gives the same bits. */
#ifndef M7_QUANTIZE_H
#define M7_QUANTIZE_H

#include "m7_dsp.h"

/* round(x / scale) + zero_point, halves away from zero, clamped. A NaN gives the zero point. */
M7_INLINE void m7_quantize(const float* in, int8_t* out, int count, float scale, int zero_point) {
  for (int i = 0; i < count; ++i) {
    float v = in[i] / scale;
    v = v > 1000.0F ? 1000.0F : v < -1000.0F ? -1000.0F : v == v ? v : 0.0F;
    int whole = (int)v;
    const float rest = v - (float)whole; /* exact */
    if (rest >= 0.5F) ++whole;
    if (rest <= -0.5F) --whole;
    out[i] = (int8_t)m7_ssat8(whole + zero_point);
  }
}

M7_INLINE void m7_dequantize(const int8_t* in, float* out, int count, float scale, int zero_point) {
  for (int i = 0; i < count; ++i) out[i] = scale * (float)(in[i] - zero_point);
}

#endif
