/* CONV_2D and FULLY_CONNECTED on int8, NHWC.
 *
 * Output pixels are taken in order, four at a time. Their inputs are first gathered into `columns` (scratch):
 * int16 pairs in the order that SXTB16 gives, the four pixels' words beside each other, so that one pointer
 * feeds them all. Then each pair of output channels runs over the columns: one weight word (two channels x
 * two inputs) is expanded in two instructions and used for all pixels. Where scratch allows, the columns of
 * several such groups are gathered first, and a chunk of channels, whose weights the data cache holds, runs
 * over all of them: else every group reads all weights from flash again. A tile (1 or more groups) is written
 * only when all that it reads has been gathered, and tiles go forward: engine/emit/conv.cpp walks this same
 * order to tell how far input and output may overlap.
 *
 * The stream of a layer, made at generation time, holds for each pair of output channels a, b
 *   int32 bias[2]        with the input's zero point folded in: bias - zp * sum(weights)
 *   int8  weights[]      for every four inputs k0..k3: a.k0 b.k0 a.k2 b.k2 a.k1 b.k1 a.k3 b.k3
 *   int32 multiplier[2]
 *   int8  shift[4]       short form: right - 1; any form: TFLite's shift; two bytes unused
 * Inputs are padded with zero weights to a multiple of four, channels to a multiple of two. */
#ifndef M7_CONV_H
#define M7_CONV_H

#include "m7_conv_four.h"
#include "m7_conv_one.h"

/* The results of one channel (`which` of the pair) in all pixels. */
M7_INLINE void m7_conv_store(const int32_t* acc, int pixels, int which, const int8_t* scales, int8_t* out,
                             int channels, m7_output o) {
  const int32_t multiplier = (int32_t)m7_load32(__builtin_assume_aligned(scales + 4 * which, 4));
  const int shift = scales[8 + which];
  const int32_t half = o.any_form ? 0 : m7_shl(2 * o.zero_point + 1, shift);
#pragma GCC unroll 4
  for (int p = 0; p < pixels; ++p) {
    *out = m7_result(acc[2 * p + which], multiplier, shift, half, o);
    out += channels;
  }
}

/* How a layer is cut. `turn` and `odd_channels` literal. */
typedef struct {
  int words; /* of weights in a channel pair: two inputs each, an even number */
  int turn;  /* of m7_conv_four.h: 2, 4, 8 or 14, a divisor of words */
  int odd_channels;
  int groups; /* of four pixels in a tile */
  int chunk;  /* channels that run over a tile at a time: an even number, or all */
} m7_cut;

/* `count` (even but for the last ones) of the output channels of `pixels` (literal, 1..4) output pixels whose
 * columns are ready. */
M7_INLINE void m7_conv_channels(const uint32_t* columns, m7_cut cut, int pixels, const int8_t* stream,
                                int8_t* out, int channels, int count, m7_output o) {
  const int common = !o.any_form && o.lowest <= -128 && o.highest >= 127 && !cut.odd_channels;
  if (pixels == 4 && common) {
    m7_conv_four(columns, cut.words, cut.turn, stream, out, channels, count, o.zero_point);
    return;
  }
  if (pixels == 1 && common) {
    m7_conv_one(columns, cut.words, cut.turn, stream, out, count, o.zero_point);
    return;
  }
  int8_t* end = out + (count & ~1);
  int32_t acc[8];
  for (; out != end; out += 2, stream += 12) {
    stream = m7_mac(columns, columns + cut.words * pixels, cut.turn, pixels, stream, acc);
    m7_conv_store(acc, pixels, 0, stream, out, channels, o);
    m7_conv_store(acc, pixels, 1, stream, out + 1, channels, o);
  }
  if (!cut.odd_channels || (count & 1) == 0) return;
  stream = m7_mac(columns, columns + cut.words * pixels, cut.turn, pixels, stream, acc);
  m7_conv_store(acc, pixels, 0, stream, out, channels, o);
}

/* All output channels of a tile of `groups` times four pixels whose columns are ready, 4 * words for a group.
 */
M7_INLINE void m7_conv_tile(const uint32_t* columns, m7_cut cut, int groups, const int8_t* stream,
                            int8_t* out, int channels, m7_output o) {
  for (int done = 0; done < channels; done += cut.chunk) {
    const int count = channels - done < cut.chunk ? channels - done : cut.chunk;
    const uint32_t* group = columns;
    int8_t* to = out + done;
    for (int g = groups; g > 0; --g, group += 4 * cut.words, to += 4 * channels) {
      m7_conv_channels(group, cut, 4, stream, to, channels, count, o);
    }
    stream += (count >> 1) * (4 * cut.words + 20);
  }
}

/* `count` (1..4, literal) bytes as the low bytes of a word. */
M7_INLINE uint32_t m7_load_bytes(const int8_t* p, int count) {
  if (count == 4) return m7_load32(p);
  uint32_t v = (uint8_t)p[0];
  if (count > 1) v |= (uint32_t)(uint8_t)p[1] << 8;
  if (count > 2) v |= (uint32_t)(uint8_t)p[2] << 16;
  return v;
}

/* Columns of `pixels` pixels that lie one behind the other, `depth` inputs each (rest: depth & 3, literal).
 */
M7_INLINE void m7_gather_flat(const int8_t* in, int depth, int rest, int pixels, uint32_t* columns) {
  const int8_t* end = in + (depth - rest);
  if (pixels == 4) {
    if (in != end) columns = m7_gather_four(in, depth, depth >> 2, columns);
    in = end;
  }
  for (; in != end; in += 4, columns += 2 * pixels) {
#pragma GCC unroll 4
    for (int p = 0; p < pixels; ++p) {
      const uint32_t x = m7_load32(in + p * depth);
      columns[p] = m7_sxtb16(x);
      columns[p + pixels] = m7_sxtb16_ror8(x);
    }
  }
  if (rest == 0) return;
#pragma GCC unroll 4
  for (int p = 0; p < pixels; ++p) {
    const uint32_t x = m7_load_bytes(in + p * depth, rest);
    columns[p] = m7_sxtb16(x);
    columns[p + pixels] = m7_sxtb16_ror8(x);
  }
}

/* 1x1, stride 1, no padding (and FULLY_CONNECTED, where a row of the batch is a pixel). `tail`: pixels & 3
 * and `rest`: depth & 3 are literal. Scratch: 2 * roundup4(depth) * min(pixels, 4 * groups) bytes. */
M7_INLINE void m7_conv_flat(const int8_t* in, int8_t* out, const int8_t* stream, void* scratch, int pixels,
                            int tail, int depth, int rest, m7_cut cut, int channels, m7_output o) {
  uint32_t* columns = (uint32_t*)__builtin_assume_aligned(scratch, 8);
  for (int left = pixels >> 2; left > 0; left -= cut.groups) {
    const int groups = left < cut.groups ? left : cut.groups;
    uint32_t* to = columns;
    for (int g = groups; g > 0; --g, in += 4 * depth, to += 4 * cut.words) {
      m7_gather_flat(in, depth, rest, 4, to);
    }
    m7_conv_tile(columns, cut, groups, stream, out, channels, o);
    out += 4 * groups * channels;
  }
  if (tail == 0) return;
  m7_gather_flat(in, depth, rest, tail, columns);
  m7_conv_channels(columns, cut, tail, stream, out, channels, channels, o);
}

/* Any window. All fields literal. Inputs of a pixel: row, column, channel of the window, flattened. */
typedef struct {
  int in_h, in_w, depth, out_w;
  int filter_h, filter_w, stride_h, stride_w, dilation_h, dilation_w, pad_top, pad_left;
  int zero_point; /* of the input: what padding holds */
} m7_window;

/* Bytes of a run, contiguous in memory, to the columns of one pixel. */
M7_INLINE uint32_t* m7_gather_run(const int8_t* in, int bytes, int pixels, uint32_t* column) {
#pragma GCC unroll 4
  for (int k = 0; k < bytes; k += 4) {
    const uint32_t x = m7_load32(in + k);
    column[0] = m7_sxtb16(x);
    column[pixels] = m7_sxtb16_ror8(x);
    column += 2 * pixels;
  }
  return column;
}

M7_INLINE uint32_t* m7_gather_padding(int zero_point, int bytes, int pixels, uint32_t* column) {
  const uint32_t pair = ((uint32_t)zero_point & 0xFFFFU) * 0x10001U;
  for (int k = 0; k < bytes; k += 4) {
    column[0] = pair;
    column[pixels] = pair;
    column += 2 * pixels;
  }
  return column;
}

/* depth & 3 == 0: straight from the input. */
M7_INLINE void m7_gather_window_words(const int8_t* in, m7_window g, int oy, int ox, int pixels,
                                      uint32_t* column) {
  const int x0 = ox * g.stride_w - g.pad_left;
  const int inside = x0 >= 0 && x0 + (g.filter_w - 1) * g.dilation_w < g.in_w;
  for (int ky = 0; ky < g.filter_h; ++ky) {
    const int iy = oy * g.stride_h - g.pad_top + ky * g.dilation_h;
    if (iy < 0 || iy >= g.in_h) {
      column = m7_gather_padding(g.zero_point, g.filter_w * g.depth, pixels, column);
      continue;
    }
    const int8_t* row = in + iy * g.in_w * g.depth;
    if (inside && g.dilation_w == 1) {
      column = m7_gather_run(row + x0 * g.depth, g.filter_w * g.depth, pixels, column);
      continue;
    }
    for (int kx = 0; kx < g.filter_w; ++kx) {
      const int ix = x0 + kx * g.dilation_w;
      column = ix < 0 || ix >= g.in_w ? m7_gather_padding(g.zero_point, g.depth, pixels, column)
                                      : m7_gather_run(row + ix * g.depth, g.depth, pixels, column);
    }
  }
}

/* depth & 3 != 0: through `patch`, the window's bytes in order, its tail zero. */
M7_INLINE void m7_gather_window_bytes(const int8_t* in, m7_window g, int oy, int ox, int pixels,
                                      uint32_t* column, int8_t* patch) {
  const int x0 = ox * g.stride_w - g.pad_left;
  const int inside = x0 >= 0 && x0 + (g.filter_w - 1) * g.dilation_w < g.in_w;
  const int run = g.filter_w * g.depth;
#pragma GCC unroll 7
  for (int ky = 0; ky < g.filter_h; ++ky) {
    const int iy = oy * g.stride_h - g.pad_top + ky * g.dilation_h;
    int8_t* to = patch + ky * run;
    if (iy < 0 || iy >= g.in_h) {
      __builtin_memset(to, g.zero_point, (unsigned)run);
      continue;
    }
    const int8_t* row = in + iy * g.in_w * g.depth;
    if (inside && g.dilation_w == 1) {
      __builtin_memcpy(to, row + x0 * g.depth, (unsigned)run);
      continue;
    }
    for (int kx = 0; kx < g.filter_w; ++kx, to += g.depth) {
      const int ix = x0 + kx * g.dilation_w;
      if (ix < 0 || ix >= g.in_w) {
        __builtin_memset(to, g.zero_point, (unsigned)g.depth);
      } else {
        __builtin_memcpy(to, row + ix * g.depth, (unsigned)g.depth);
      }
    }
  }
  m7_gather_run(patch, (g.filter_h * run + 3) & ~3, pixels, column);
}

M7_INLINE void m7_gather_windows(const int8_t* in, m7_window g, int* oy, int* ox, int pixels,
                                 uint32_t* columns, int8_t* patch) {
  for (int p = 0; p < pixels; ++p) {
    if ((g.depth & 3) == 0) {
      m7_gather_window_words(in, g, *oy, *ox, pixels, columns + p);
    } else {
      m7_gather_window_bytes(in, g, *oy, *ox, pixels, columns + p, patch);
    }
    if (++*ox == g.out_w) {
      *ox = 0;
      ++*oy;
    }
  }
}

/* Scratch: 2 * roundup4(inputs) * min(pixels, 4 * groups) bytes, and roundup4(inputs) more where depth & 3 is
 * not 0. */
M7_INLINE void m7_conv_window(const int8_t* in, int8_t* out, const int8_t* stream, void* scratch, int pixels,
                              m7_window g, m7_cut cut, int channels, m7_output o) {
  const int inputs = g.filter_h * g.filter_w * g.depth, k4 = (inputs + 3) >> 2, tail = pixels & 3;
  uint32_t* columns = (uint32_t*)__builtin_assume_aligned(scratch, 8);
  int8_t* patch = (int8_t*)(columns + 2 * k4 * (pixels < 4 * cut.groups ? pixels : 4 * cut.groups));
  if ((g.depth & 3) != 0) __builtin_memset(patch + 4 * (k4 - 1), 0, 4);
  int oy = 0, ox = 0;
  for (int left = pixels >> 2; left > 0; left -= cut.groups) {
    const int groups = left < cut.groups ? left : cut.groups;
    uint32_t* to = columns;
    for (int n = groups; n > 0; --n, to += 4 * cut.words) m7_gather_windows(in, g, &oy, &ox, 4, to, patch);
    m7_conv_tile(columns, cut, groups, stream, out, channels, o);
    out += 4 * groups * channels;
  }
  if (tail == 0) return;
  m7_gather_windows(in, g, &oy, &ox, tail, columns, patch);
  m7_conv_channels(columns, cut, tail, stream, out, channels, channels, o);
}

#endif
