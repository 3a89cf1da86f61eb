/* An inference engine as code generators write it: one static buffer for every tensor and for scratch,
 * kernels called directly, depth-wise convolutions in place, no step marks. int8, NHWC. Only the memory it
 * uses matters: the weights are any numbers. */
#include "truth.h"

#ifndef KERNEL
#define KERNEL __attribute__((noinline)) /* as if each were a file of its own */
#endif

enum { SCRATCH = 46080, BUFFER = SCRATCH + 2 * 2 * 9 * 8 + 1024 };

static int8_t buffer[BUFFER] __attribute__((aligned(8)));
static uint32_t answer; /* row of the output */
static const int8_t weights[9 * 64] = {3, -5, 7, 1, -2, 11, -13, 4, 6, -9, 2, 8};
static const int32_t bias[64] = {100, -50, 30, -10};

static inline int8_t clamp(int32_t value) {
  value >>= 7;
  return (int8_t)(value > 127 ? 127 : value < -128 ? -128 : value);
}

/* Two columns of 16-bit inputs with all filters. */
KERNEL int8_t* multiply_columns(const int16_t* columns, int count, int channels, int8_t* out) {
  const int16_t *a = columns, *b = columns + count;
  for (int c = 0; c < channels; ++c) {
    int32_t sum_a = bias[c], sum_b = bias[c];
    const int8_t* w = weights + c;
    for (int i = 0; i < count; ++i) {
      sum_a += w[i] * a[i];
      sum_b += w[i] * b[i];
    }
    out[c] = clamp(sum_a);
    out[channels + c] = clamp(sum_b);
  }
  return out + 2 * channels;
}

/* 3x3, stride 2, padding 1. */
KERNEL void conv_3x3_s2(const int8_t* in, int size, int channels, int16_t* scratch, int8_t* out,
                        int out_channels) {
  const int count = 9 * channels;
  int filled = 0;
  for (int y = 0; y < size; y += 2) {
    for (int x = 0; x < size; x += 2) {
      int16_t* column = scratch + filled * count;
      for (int ky = -1; ky < 2; ++ky) {
        for (int kx = -1; kx < 2; ++kx) {
          const int inside = y + ky >= 0 && y + ky < size && x + kx >= 0 && x + kx < size;
          const int8_t* pixel = in + ((y + ky) * size + x + kx) * channels;
          for (int c = 0; c < channels; ++c) *column++ = inside ? (int16_t)(pixel[c] + 1) : 0;
        }
      }
      if (++filled == 2) {
        out = multiply_columns(scratch, count, out_channels, out);
        filled = 0;
      }
    }
  }
}

/* 3x3 on a padded channel; the results go back into the tensor. */
KERNEL void depthwise_channel(const int8_t* padded, int size, int stride, int channels, int8_t* out) {
  const int width = size + 2;
  for (int y = 0; y < size; y += stride) {
    for (int x = 0; x < size; x += stride) {
      const int8_t* p = padded + y * width + x;
      int32_t sum = 500;
      for (int ky = 0; ky < 3; ++ky) {
        for (int kx = 0; kx < 3; ++kx) sum += weights[ky * 3 + kx] * p[ky * width + kx];
      }
      *out = clamp(sum * 16);
      out += channels;
    }
  }
}

KERNEL void depthwise_3x3_inplace(int8_t* tensor, int size, int stride, int channels, int8_t* padded,
                                  uint32_t* out_row) {
  const int width = size + 2;
  for (int i = 0; i < width; ++i) padded[i] = padded[(width - 1) * width + i] = -1;
  for (int i = 0; i < width; ++i) padded[i * width] = padded[i * width + width - 1] = -1;
  for (int c = 0; c < channels; ++c) {
    const int8_t* in = tensor + c;
    for (int y = 0; y < size; ++y) {
      int8_t* row = padded + (y + 1) * width + 1;
      for (int x = 0; x < size; ++x) {
        *row++ = *in;
        in += channels;
      }
    }
    if (c == 0) *out_row = born(tensor, (uint32_t)(size / stride * (size / stride) * channels));
    depthwise_channel(padded, size, stride, channels, tensor + c);
  }
}

KERNEL void conv_1x1(const int8_t* in, int pixels, int channels, int16_t* scratch, int8_t* out,
                     int out_channels) {
  for (int p = 0; p < pixels; p += 2) {
    for (int i = 0; i < 2 * channels; ++i) scratch[i] = (int16_t)(*in++ + 1);
    out = multiply_columns(scratch, channels, out_channels, out);
  }
}

KERNEL void add(const int8_t* a, const int8_t* b, int count, int8_t* out) {
  for (int i = 0; i < count; ++i) out[i] = clamp((a[i] + b[i]) << 6);
}

KERNEL void average_pool(const int8_t* in, int pixels, int channels, int8_t* out) {
  for (int c = 0; c < channels; ++c) {
    int32_t sum = 0;
    for (int p = 0; p < pixels; ++p) sum += in[p * channels + c];
    out[c] = (int8_t)(sum / pixels);
  }
}

KERNEL void fully_connected(const int8_t* in, int count, int8_t* out, int outputs) {
  for (int o = 0; o < outputs; ++o) {
    int32_t sum = bias[o];
    for (int i = 0; i < count; ++i) sum += weights[o + i] * in[i];
    out[o] = clamp(sum);
  }
}

KERNEL void fill_input(int8_t* in, int count) {
  for (int i = 0; i < count; ++i) in[i] = (int8_t)(i * 7 + (i >> 5));
}

/* A kernel's scratch lives while it runs. */
#define WITH_SCRATCH(bytes, call)                           \
  do {                                                      \
    uint32_t scratch_row = born(buffer + SCRATCH, (bytes)); \
    call;                                                   \
    used(scratch_row);                                      \
  } while (0)

KERNEL void invoke(uint32_t input) {
  int16_t* columns = (int16_t*)(buffer + SCRATCH);
  int8_t* channel = buffer + SCRATCH;
  uint32_t out;

  /* 48x48x3 -> 24x24x8 */
  uint32_t t1 = born(buffer + 9216, 24 * 24 * 8);
  WITH_SCRATCH(2 * 2 * 27, conv_3x3_s2(buffer, 48, 3, columns, buffer + 9216, 8));
  used(input);
  uint32_t t2;
  WITH_SCRATCH(26 * 26, depthwise_3x3_inplace(buffer + 9216, 24, 1, 8, channel, &t2));
  used(t1);
  /* 24x24x8 -> 24x24x16 */
  uint32_t t3 = born(buffer, 24 * 24 * 16);
  WITH_SCRATCH(2 * 2 * 8, conv_1x1(buffer + 9216, 24 * 24, 8, columns, buffer, 16));
  used(t2);
  /* in place with stride 2: 12x12x16 */
  uint32_t t4;
  WITH_SCRATCH(26 * 26, depthwise_3x3_inplace(buffer, 24, 2, 16, channel, &t4));
  used(t3);
  /* 12x12x16 -> 12x12x24 */
  uint32_t t5 = born(buffer + 12288, 12 * 12 * 24);
  WITH_SCRATCH(2 * 2 * 16, conv_1x1(buffer, 12 * 12, 16, columns, buffer + 12288, 24));
  used(t4);

  /* Inverted residual blocks: widen, depth-wise, narrow, add. */
  uint32_t block = t5;
  int8_t *from = buffer + 12288, *to = buffer + 16384;
  for (int i = 0; i < 3; ++i) {
    uint32_t wide = born(buffer, 12 * 12 * 48);
    WITH_SCRATCH(2 * 2 * 24, conv_1x1(from, 12 * 12, 24, columns, buffer, 48));
    uint32_t deep;
    WITH_SCRATCH(14 * 14, depthwise_3x3_inplace(buffer, 12, 1, 48, channel, &deep));
    used(wide);
    uint32_t narrow = born(buffer + 8192, 12 * 12 * 24);
    WITH_SCRATCH(2 * 2 * 48, conv_1x1(buffer, 12 * 12, 48, columns, buffer + 8192, 24));
    used(deep);
    out = born(to, 12 * 12 * 24);
    add(from, buffer + 8192, 12 * 12 * 24, to);
    used(block);
    used(narrow);
    block = out;
    int8_t* swap = from;
    from = to;
    to = swap;
  }
  uint32_t pooled = born(buffer, 24);
  average_pool(from, 12 * 12, 24, buffer);
  used(block);
  out = born(buffer + 64, 10);
  fully_connected(buffer, 24, buffer + 64, 10);
  used(pooled);
  answer = out;
}

int main(void) {
  count_cycles();
  uint32_t input = born(buffer, 48 * 48 * 3);
  fill_input(buffer, 48 * 48 * 3);
  invoke(input);
  int sum = 0;
  for (int i = 0; i < 10; ++i) sum += buffer[64 + i];
  used(answer);
  return sum & 1;
}
