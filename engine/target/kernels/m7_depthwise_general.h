/* DEPTHWISE_CONV_2D with any stride, dilation and depth multiplier: plain. params and weights as in
 * m7_depthwise.h. */
#ifndef M7_DEPTHWISE_GENERAL_H
#define M7_DEPTHWISE_GENERAL_H

#include "m7_requant.h"

/* Any stride, dilation and depth multiplier: output pixels in order, channels in order, one output at a time.
 */
typedef struct {
  int in_h, in_w, depth, out_h, out_w, multiplier;
  int filter_h, filter_w, stride_h, stride_w, dilation_h, dilation_w, pad_top, pad_left;
  int in_zero_point, out_zero_point, lowest, highest, any_form;
} m7_depthwise_general_shape;

M7_INLINE void m7_depthwise_general(const int8_t* in, int8_t* out, const int32_t* params,
                                    const int8_t* weights, m7_depthwise_general_shape g) {
  const int window = g.filter_h * g.filter_w, channels = g.depth * g.multiplier;
  for (int oy = 0; oy < g.out_h; ++oy) {
    for (int ox = 0; ox < g.out_w; ++ox) {
      for (int c = 0; c < channels; ++c) {
        const int8_t* w = weights + c * (window + 1) + 1;
        const int lane = c / g.multiplier;
        int32_t acc = params[2 * c];
        for (int ky = 0; ky < g.filter_h; ++ky) {
          const int iy = oy * g.stride_h - g.pad_top + ky * g.dilation_h;
          for (int kx = 0; kx < g.filter_w; ++kx) {
            const int ix = ox * g.stride_w - g.pad_left + kx * g.dilation_w;
            const int outside = iy < 0 || iy >= g.in_h || ix < 0 || ix >= g.in_w;
            const int x = outside ? g.in_zero_point : in[(iy * g.in_w + ix) * g.depth + lane];
            acc = m7_add(acc, x * *w++);
          }
        }
        const int shift = weights[c * (window + 1)];
        int32_t v;
        if (g.any_form) {
          v = m7_requant_any(acc, params[2 * c + 1], shift, g.out_zero_point, g.lowest, g.highest);
        } else {
          v = m7_requant_short(m7_shl(acc, 1), params[2 * c + 1], shift + 1,
                               m7_requant_half(g.out_zero_point, shift + 1), g.lowest, g.highest);
        }
        *out++ = (int8_t)v;
      }
    }
  }
}

#endif
