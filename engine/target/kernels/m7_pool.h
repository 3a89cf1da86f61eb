/* AVERAGE_POOL_2D and MAX_POOL_2D on int8, NHWC, one image; padding does not count. Output pixels in order,
 * channels in order: an output element is written when its window has been read, before the next element's
 * is. */
#ifndef M7_POOL_H
#define M7_POOL_H

#include "m7_requant.h"

/* All fields literal. */
typedef struct {
  int in_h, in_w, channels, out_h, out_w;
  int filter_h, filter_w, stride_h, stride_w, pad_top, pad_left;
  int lowest, highest;
} m7_pool_shape;

M7_INLINE int m7_pool_average(const int8_t* p, int rows, int columns, m7_pool_shape s) {
  const int count = rows * columns;
  int sum = 0;
  for (int y = 0; y < rows; ++y, p += s.in_w * s.channels) {
    for (int x = 0; x < columns; ++x) sum += p[x * s.channels];
  }
  return (sum > 0 ? sum + count / 2 : sum - count / 2) / count;
}

M7_INLINE int m7_pool_max(const int8_t* p, int rows, int columns, m7_pool_shape s) {
  int most = -128;
  for (int y = 0; y < rows; ++y, p += s.in_w * s.channels) {
    for (int x = 0; x < columns; ++x) most = p[x * s.channels] > most ? p[x * s.channels] : most;
  }
  return most;
}

M7_INLINE int8_t m7_pool_element(const int8_t* p, int rows, int columns, int average, m7_pool_shape s) {
  const int v = average ? m7_pool_average(p, rows, columns, s) : m7_pool_max(p, rows, columns, s);
  return (int8_t)m7_clamp(v, s.lowest, s.highest);
}

/* `average`: literal; 0 is the maximum. */
M7_INLINE void m7_pool(const int8_t* in, int8_t* out, int average, m7_pool_shape s) {
  for (int oy = 0; oy < s.out_h; ++oy) {
    const int top = oy * s.stride_h - s.pad_top;
    const int y0 = top < 0 ? 0 : top, y1 = top + s.filter_h < s.in_h ? top + s.filter_h : s.in_h;
    for (int ox = 0; ox < s.out_w; ++ox) {
      const int left = ox * s.stride_w - s.pad_left;
      const int x0 = left < 0 ? 0 : left, x1 = left + s.filter_w < s.in_w ? left + s.filter_w : s.in_w;
      const int8_t* p = in + (y0 * s.in_w + x0) * s.channels;
      if (y1 - y0 == s.filter_h && x1 - x0 == s.filter_w) {
        for (int c = 0; c < s.channels; ++c)
          *out++ = m7_pool_element(p + c, s.filter_h, s.filter_w, average, s);
      } else {
        for (int c = 0; c < s.channels; ++c) *out++ = m7_pool_element(p + c, y1 - y0, x1 - x0, average, s);
      }
    }
  }
}

#endif
