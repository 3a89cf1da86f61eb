/* DEPTHWISE_CONV_2D on int8, NHWC.
 *
 * One lane (channel) or four at a time are copied out of the image into int16 planes with their padding, a
 * few rows at a time, and each plane is convolved with its window in registers (3x3) or a small table of
 * pairs (others). The results go back strided, into the lane they came from: where input and output start at
 * the same byte and an output row never reaches an input row that is still to be read
 * (engine/emit/depthwise.cpp checks), the layer needs no second tensor.
 *
 * params: for each channel int32 bias (input zero point folded in) and multiplier. weights: for each channel
 * the shift (as in m7_conv.h) and the window's bytes, row-major. */
#ifndef M7_DEPTHWISE_H
#define M7_DEPTHWISE_H

#include "m7_requant.h"

/* All fields but the zero points literal. stride_w is 1 or 2, no dilation, one output per channel. */
typedef struct {
  int in_h, in_w, channels, out_h, out_w;
  int filter_h, filter_w, stride_h, stride_w, pad_top, pad_left;
  int rows;  /* of the planes */
  int pitch; /* int16 of a plane's row, even */
  int lanes; /* 1 or 4 */
  int group; /* output columns at once, other than 3x3: at most 6; even for stride 1 */
  int in_zero_point, out_zero_point, lowest, highest, any_form;
} m7_depthwise_shape;

M7_INLINE uint32_t m7_pair(int32_t low, int32_t high) {
  return m7_pkhbt((uint32_t)low, (uint32_t)high);
}

M7_INLINE int m7_depthwise_columns(m7_depthwise_shape s) {
  const int room = s.pitch - s.pad_left;
  return s.in_w < room ? s.in_w : room;
}

/* One row of one lane; `to` is the plane's row behind the left padding. */
M7_INLINE void m7_depthwise_copy_lane(const int8_t* from, int16_t* to, m7_depthwise_shape s) {
  int n = m7_depthwise_columns(s);
  if (s.pad_left & 1) {
    *to++ = *from;
    from += s.channels;
    --n;
  }
#pragma GCC unroll 4
  for (int i = n >> 1; i > 0; --i) {
    m7_store32(__builtin_assume_aligned(to, 4), m7_pair(from[0], from[s.channels]));
    from += 2 * s.channels;
    to += 2;
  }
  if (n & 1) *to = *from;
}

/* The same of four lanes, whose planes lie `plane` int16 apart. */
M7_INLINE void m7_depthwise_copy_four(const int8_t* from, int16_t* to, int plane, m7_depthwise_shape s) {
  int n = m7_depthwise_columns(s);
  if (s.pad_left & 1) {
    for (int l = 0; l < 4; ++l) to[l * plane] = from[l];
    from += s.channels;
    ++to;
    --n;
  }
#pragma GCC unroll 2
  for (int i = n >> 1; i > 0; --i) {
    const uint32_t x = m7_load32(from), y = m7_load32(from + s.channels);
    const uint32_t x02 = m7_sxtb16(x), x13 = m7_sxtb16_ror8(x), y02 = m7_sxtb16(y), y13 = m7_sxtb16_ror8(y);
    m7_store32(__builtin_assume_aligned(to, 4), m7_pkhbt(x02, y02));
    m7_store32(__builtin_assume_aligned(to + plane, 4), m7_pkhbt(x13, y13));
    m7_store32(__builtin_assume_aligned(to + 2 * plane, 4), m7_pkhtb(x02, y02));
    m7_store32(__builtin_assume_aligned(to + 3 * plane, 4), m7_pkhtb(x13, y13));
    from += 2 * s.channels;
    to += 2;
  }
  if (n & 1) {
    for (int l = 0; l < 4; ++l) to[l * plane] = from[l];
  }
}

/* `count` even. */
M7_INLINE void m7_depthwise_fill(int16_t* to, int count, int value) {
  const uint32_t pair = ((uint32_t)value & 0xFFFFU) * 0x10001U;
  for (int i = 0; i < count; i += 2) m7_store32(__builtin_assume_aligned(to + i, 4), pair);
}

/* What turns the sums of one channel into bytes. */
typedef struct {
  int32_t bias, multiplier, half;
  int shift;
} m7_channel;

M7_INLINE m7_channel m7_depthwise_channel(const int32_t* params, int shift, m7_depthwise_shape s) {
  const m7_channel c = {params[0], params[1], s.any_form ? 0 : m7_shl(2 * s.out_zero_point + 1, shift),
                        shift};
  return c;
}

M7_INLINE int8_t m7_depthwise_result(int32_t acc, m7_channel c, m7_depthwise_shape s) {
  if (s.any_form) {
    return (int8_t)m7_requant_any(acc, c.multiplier, c.shift, s.out_zero_point, s.lowest, s.highest);
  }
  const int32_t v = m7_smmlar(m7_shl(acc, 1), c.multiplier, c.half + (acc >> 31));
  return (int8_t)m7_clamp((v >> c.shift) >> 1, s.lowest, s.highest);
}

/* Two results side by side: each step of one waits for its last, and the other fills in. */
M7_INLINE void m7_depthwise_two_results(int32_t a, int32_t b, m7_channel c, int8_t* out,
                                        m7_depthwise_shape s) {
  if (s.any_form) {
    out[0] = m7_depthwise_result(a, c, s);
    out[s.channels] = m7_depthwise_result(b, c, s);
    return;
  }
  const int32_t half_a = c.half + (a >> 31), twice_a = m7_shl(a, 1);
  const int32_t half_b = c.half + (b >> 31), twice_b = m7_shl(b, 1);
  a = m7_smmlar(twice_a, c.multiplier, half_a);
  b = m7_smmlar(twice_b, c.multiplier, half_b);
  a >>= c.shift;
  b >>= c.shift;
  a = m7_clamp(a >> 1, s.lowest, s.highest);
  b = m7_clamp(b >> 1, s.lowest, s.highest);
  out[0] = (int8_t)a;
  out[s.channels] = (int8_t)b;
}

/* 3x3: one (second = 0) or two output columns; the window is (w0,w1) and (w1,w2) of each row. The words of a
 * row are loaded while the row before it is summed. */
M7_INLINE void m7_depthwise_3x3_columns(const int16_t* x, const uint32_t* w01, const uint32_t* w12,
                                        int second, m7_channel c, int8_t* out, m7_depthwise_shape s) {
  const int16_t* row = (const int16_t*)__builtin_assume_aligned(x, 4);
  uint32_t x01 = m7_load32(row), x23 = m7_load32(row + 2), x45 = 0;
  M7_HERE(x01);
  M7_HERE(x23);
  int32_t a = c.bias, b = c.bias;
#pragma GCC unroll 3
  for (int ky = 0; ky < 3; ++ky) {
    if (second && s.stride_w == 2) {
      x45 = m7_load32(row + 4);
      M7_HERE(x45);
    }
    row = (const int16_t*)__builtin_assume_aligned(row + s.pitch, 4);
    a = m7_smlad(x01, w01[ky], a);
    if (second && s.stride_w == 1) b = m7_smlatb(x01, w01[ky], b);
    if (ky < 2) {
      x01 = m7_load32(row);
      M7_HERE(x01);
    }
    if (second) b = m7_smlad(x23, s.stride_w == 1 ? w12[ky] : w01[ky], b);
    a = m7_smlabt(x23, w12[ky], a);
    if (ky < 2) {
      x23 = m7_load32(row + 2);
      M7_HERE(x23);
    }
    if (second && s.stride_w == 2) b = m7_smlabt(x45, w12[ky], b);
  }
  if (second) {
    m7_depthwise_two_results(a, b, c, out, s);
  } else {
    out[0] = m7_depthwise_result(a, c, s);
  }
}

M7_INLINE void m7_depthwise_3x3(const int16_t* x, const int8_t* w, m7_channel c, int8_t* out, int out_rows,
                                m7_depthwise_shape s) {
  uint32_t w01[3], w12[3];
#pragma GCC unroll 3
  for (int ky = 0; ky < 3; ++ky) {
    w01[ky] = m7_pair(w[3 * ky], w[3 * ky + 1]);
    w12[ky] = m7_pair(w[3 * ky + 1], w[3 * ky + 2]);
  }
  for (; out_rows > 0; --out_rows) {
    const int16_t* p = x;
    for (int i = s.out_w >> 1; i > 0; --i) {
      m7_depthwise_3x3_columns(p, w01, w12, 1, c, out, s);
      p += 2 * s.stride_w;
      out += 2 * s.channels;
    }
    if (s.out_w & 1) {
      m7_depthwise_3x3_columns(p, w01, w12, 0, c, out, s);
      out += s.channels;
    }
    x += s.stride_h * s.pitch;
  }
}

/* Words of a row of the table of pairs. */
M7_INLINE int m7_depthwise_words(m7_depthwise_shape s) {
  return s.stride_w == 1 ? (s.filter_w + 2) / 2 : (s.filter_w + 1) / 2;
}

/* The table: for each row and j, even (w[2j], w[2j+1]) and, for stride 1, odd (w[2j-1], w[2j]). */
M7_INLINE void m7_depthwise_table(const int8_t* w, uint32_t* table, m7_depthwise_shape s) {
  const int words = m7_depthwise_words(s);
  for (int ky = 0; ky < s.filter_h; ++ky, w += s.filter_w) {
#pragma GCC unroll 8
    for (int j = 0; j < words; ++j) {
      const int k = 2 * j;
      *table++ = m7_pair(k < s.filter_w ? w[k] : 0, k + 1 < s.filter_w ? w[k + 1] : 0);
      if (s.stride_w == 1) *table++ = m7_pair(k > 0 ? w[k - 1] : 0, k < s.filter_w ? w[k] : 0);
    }
  }
}

/* `count` (1..6, literal) output columns; x is the first one's window, word-aligned. Stride 1: word i holds
 * the inputs of columns 2i (with the even pairs) and 2i + 1 (with the odd ones); stride 2: those of column i.
 * Along a row of the window the words move on by one, so each is loaded once. */
M7_INLINE void m7_depthwise_group(const int16_t* x, const uint32_t* table, int count, m7_channel c,
                                  int8_t* out, m7_depthwise_shape s) {
  const int words = m7_depthwise_words(s), live = s.stride_w == 1 ? (count + 1) / 2 : count;
  int32_t acc[6];
  uint32_t here[6];
#pragma GCC unroll 6
  for (int i = 0; i < count; ++i) acc[i] = c.bias;
#pragma GCC unroll 8
  for (int ky = 0; ky < s.filter_h; ++ky) {
    const int16_t* row = (const int16_t*)__builtin_assume_aligned(x + ky * s.pitch, 4);
#pragma GCC unroll 6
    for (int i = 0; i + 1 < live; ++i) here[i] = m7_load32(row + 2 * i);
#pragma GCC unroll 8
    for (int j = 0; j < words; ++j) {
      here[live - 1] = m7_load32(row + 2 * (j + live - 1));
      const uint32_t even = *table++;
      if (s.stride_w == 1) {
        const uint32_t odd = *table++;
#pragma GCC unroll 6
        for (int i = 0; i < count; ++i) acc[i] = m7_smlad(here[i / 2], i % 2 == 0 ? even : odd, acc[i]);
      } else {
#pragma GCC unroll 6
        for (int i = 0; i < count; ++i) acc[i] = m7_smlad(here[i], even, acc[i]);
      }
#pragma GCC unroll 6
      for (int i = 0; i + 1 < live; ++i) here[i] = here[i + 1];
    }
  }
#pragma GCC unroll 3
  for (int i = 0; i + 1 < count; i += 2) {
    m7_depthwise_two_results(acc[i], acc[i + 1], c, out + i * s.channels, s);
  }
  if (count & 1) out[(count - 1) * s.channels] = m7_depthwise_result(acc[count - 1], c, s);
}

M7_INLINE void m7_depthwise_any(const int16_t* x, const uint32_t* table, m7_channel c, int8_t* out,
                                int out_rows, m7_depthwise_shape s) {
  const int rest = s.out_w % s.group;
  for (; out_rows > 0; --out_rows) {
    const int16_t* p = x;
    for (int i = s.out_w / s.group; i > 0; --i) {
      m7_depthwise_group(p, table, s.group, c, out, s);
      p += s.group * s.stride_w;
      out += s.group * s.channels;
    }
    if (rest != 0) {
      m7_depthwise_group(p, table, rest, c, out, s);
      out += rest * s.channels;
    }
    x += s.stride_h * s.pitch;
  }
}

/* Rows first..last - 1 of the planes, from input row `iy` of row `first`. */
M7_INLINE void m7_depthwise_rows(const int8_t* lane, int16_t* planes, int first, int last, int iy, int lanes,
                                 m7_depthwise_shape s) {
  const int plane = s.rows * s.pitch, all = (s.out_h - 1) * s.stride_h + s.filter_h;
  for (int r = first; r < last; ++r, ++iy) {
    int16_t* to = planes + r * s.pitch;
    if (iy < 0 || iy >= s.in_h) {
      if (s.rows == all) continue; /* the whole image fits: padding stays from the start */
      for (int l = 0; l < lanes; ++l) m7_depthwise_fill(to + l * plane, s.pitch, s.in_zero_point);
    } else if (lanes == 4) {
      m7_depthwise_copy_four(lane + iy * s.in_w * s.channels, to + s.pad_left, plane, s);
    } else {
      m7_depthwise_copy_lane(lane + iy * s.in_w * s.channels, to + s.pad_left, s);
    }
  }
}

/* Lanes c .. c + lanes - 1, from the first row to the last. */
M7_INLINE void m7_depthwise_lanes(const int8_t* in, int8_t* out, const int32_t* params, const int8_t* weights,
                                  int16_t* planes, uint32_t* table, int lanes, m7_depthwise_shape s) {
  const int plane = s.rows * s.pitch, window = s.filter_h * s.filter_w;
  const int block = (s.rows - s.filter_h) / s.stride_h + 1, step = block * s.stride_h;
  int iy = -s.pad_top, have = 0;
  for (int oy = 0; oy < s.out_h; oy += block) {
    const int out_rows = s.out_h - oy < block ? s.out_h - oy : block;
    const int need = (out_rows - 1) * s.stride_h + s.filter_h;
    m7_depthwise_rows(in, planes, have, need, iy + have, lanes, s);
    for (int l = 0; l < lanes; ++l) {
      const int8_t* w = weights + l * (window + 1);
      const m7_channel c = m7_depthwise_channel(params + 2 * l, w[0], s);
      int8_t* to = out + oy * s.out_w * s.channels + l;
      if (s.filter_h == 3 && s.filter_w == 3) {
        m7_depthwise_3x3(planes + l * plane, w + 1, c, to, out_rows, s);
      } else {
        m7_depthwise_table(w + 1, table, s);
        m7_depthwise_any(planes + l * plane, table, c, to, out_rows, s);
      }
    }
    have = need > step ? need - step : 0;
    if (oy + block < s.out_h) {
      for (int l = 0; l < lanes; ++l) {
        const int16_t* from = planes + l * plane + step * s.pitch;
        int16_t* to = planes + l * plane;
        for (int i = 0; i < have * s.pitch; i += 2) {
          m7_store32(__builtin_assume_aligned(to + i, 4), m7_load32(__builtin_assume_aligned(from + i, 4)));
        }
      }
    }
    iy += step;
  }
}

/* Scratch: lanes * rows * pitch int16, then (other than 3x3) filter_h * words table entries of one or two
 * words. */
M7_INLINE void m7_depthwise(const int8_t* in, int8_t* out, const int32_t* params, const int8_t* weights,
                            void* scratch, m7_depthwise_shape s) {
  int16_t* planes = (int16_t*)__builtin_assume_aligned(scratch, 8);
  uint32_t* table = (uint32_t*)(planes + s.lanes * s.rows * s.pitch);
  m7_depthwise_fill(planes, s.lanes * s.rows * s.pitch, s.in_zero_point);
  int c = 0;
  for (; c + s.lanes <= s.channels; c += s.lanes) {
    m7_depthwise_lanes(in + c, out + c, params + 2 * c, weights + c * (s.filter_h * s.filter_w + 1), planes,
                       table, s.lanes, s);
  }
  if (s.channels % s.lanes == 0) return;
  for (; c < s.channels; ++c) {
    m7_depthwise_lanes(in + c, out + c, params + 2 * c, weights + c * (s.filter_h * s.filter_w + 1), planes,
                       table, 1, s);
  }
}

#endif
