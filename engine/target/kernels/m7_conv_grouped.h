/* CONV_2D with groups: rare, so plain. Output channel c reads the inputs of group c / (channels / groups)
 * only. params and weights as in m7_depthwise.h, the window's bytes being [row][column][input of the group].
 */
#ifndef M7_CONV_GROUPED_H
#define M7_CONV_GROUPED_H

#include "m7_conv.h"

M7_INLINE void m7_conv_grouped(const int8_t* in, int8_t* out, const int32_t* params, const int8_t* weights,
                               int pixels, m7_window g, int channels, int groups, m7_output o) {
  const int depth = g.depth / groups, inputs = g.filter_h * g.filter_w * depth;
  int oy = 0, ox = 0;
  for (; pixels > 0; --pixels) {
    for (int c = 0; c < channels; ++c) {
      const int8_t* group = in + c / (channels / groups) * depth;
      const int8_t* w = weights + c * (inputs + 1);
      const int shift = *w++;
      int32_t acc = params[2 * c];
      for (int ky = 0; ky < g.filter_h; ++ky) {
        const int iy = oy * g.stride_h - g.pad_top + ky * g.dilation_h;
        for (int kx = 0; kx < g.filter_w; ++kx) {
          const int ix = ox * g.stride_w - g.pad_left + kx * g.dilation_w;
          const int outside = iy < 0 || iy >= g.in_h || ix < 0 || ix >= g.in_w;
          for (int k = 0; k < depth; ++k) {
            const int x = outside ? g.zero_point : group[(iy * g.in_w + ix) * g.depth + k];
            acc = m7_add(acc, x * *w++);
          }
        }
      }
      const int32_t half = o.any_form ? 0 : m7_shl(2 * o.zero_point + 1, shift);
      *out++ = m7_result(acc, params[2 * c + 1], shift, half, o);
    }
    if (++ox == g.out_w) {
      ox = 0;
      ++oy;
    }
  }
}

#endif
