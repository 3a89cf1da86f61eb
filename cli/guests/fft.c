/* 1024-point complex FFT in place, magnitude, maximum, in single precision. One radix-2 stage and three radix-8
   stages, decimation in frequency; the table of twiddle factors has 1024 complex numbers, and the table of swaps
   puts the result in order. Its working set is that of CMSIS-DSP's arm_cfft_f32, arm_cmplx_mag_f32 and
   arm_max_f32 for 1024 points: 8 KB of data in place, 4 KB of magnitudes, 8 KB of twiddle factors, 3.5 KB of
   swaps. */
#include "fft_tables.h" /* fft_twiddles, fft_swaps, fft_swap_count, fft_signal: written by fft_tables() */

#define POINTS 1024

typedef struct {
  float re, im;
} complex32;

#define ADD(a, b) ((complex32){(a).re + (b).re, (a).im + (b).im})
#define SUB(a, b) ((complex32){(a).re - (b).re, (a).im - (b).im})
#define MINUS_I(a) ((complex32){(a).im, -(a).re})
#define TIMES(a, w) ((complex32){(a).re * (w).re - (a).im * (w).im, (a).re * (w).im + (a).im * (w).re})

static const float kRootHalf = 0.70710678118654752f;

/* First stage: x[k] and x[k + 512] -> sum, and difference times W^k. */
static void halve(complex32* x) {
  const complex32* w = (const complex32*)fft_twiddles;
  for (int k = 0; k < POINTS / 2; ++k) {
    const complex32 a = x[k], b = x[k + POINTS / 2], d = SUB(a, b), t = w[k];
    x[k] = ADD(a, b);
    x[k + POINTS / 2] = TIMES(d, t);
  }
}

/* 8-point DFT of x[0], x[m], ... x[7m], in place; output j is multiplied by w[j * step]. */
static inline __attribute__((always_inline)) void butterfly(complex32* x, int m, const complex32* w,
                                                            int twiddled) {
  const complex32 a0 = ADD(x[0], x[4 * m]), a4 = SUB(x[0], x[4 * m]);
  const complex32 a2 = ADD(x[2 * m], x[6 * m]), a6 = SUB(x[2 * m], x[6 * m]);
  const complex32 even0 = ADD(a0, a2), even2 = SUB(a0, a2);
  const complex32 a6i = MINUS_I(a6);
  const complex32 even1 = ADD(a4, a6i), even3 = SUB(a4, a6i);

  const complex32 a1 = ADD(x[m], x[5 * m]), a5 = SUB(x[m], x[5 * m]);
  const complex32 a3 = ADD(x[3 * m], x[7 * m]), a7 = SUB(x[3 * m], x[7 * m]);
  const complex32 odd0 = ADD(a1, a3), odd2 = SUB(a1, a3);
  const complex32 a7i = MINUS_I(a7);
  const complex32 b1 = ADD(a5, a7i), b3 = SUB(a5, a7i);
  /* times W8 and W8^3 */
  const complex32 odd1 = {(b1.re + b1.im) * kRootHalf, (b1.im - b1.re) * kRootHalf};
  const complex32 odd3 = {(b3.im - b3.re) * kRootHalf, (b3.re + b3.im) * -kRootHalf};
  const complex32 odd2i = MINUS_I(odd2);

  const complex32 y1 = ADD(even1, odd1), y2 = ADD(even2, odd2i), y3 = ADD(even3, odd3);
  const complex32 y4 = SUB(even0, odd0), y5 = SUB(even1, odd1), y6 = SUB(even2, odd2i);
  const complex32 y7 = SUB(even3, odd3);
  x[0] = ADD(even0, odd0);
  x[m] = twiddled ? TIMES(y1, w[1]) : y1;
  x[2 * m] = twiddled ? TIMES(y2, w[2]) : y2;
  x[3 * m] = twiddled ? TIMES(y3, w[3]) : y3;
  x[4 * m] = twiddled ? TIMES(y4, w[4]) : y4;
  x[5 * m] = twiddled ? TIMES(y5, w[5]) : y5;
  x[6 * m] = twiddled ? TIMES(y6, w[6]) : y6;
  x[7 * m] = twiddled ? TIMES(y7, w[7]) : y7;
}

/* One radix-8 stage: blocks of `length` points, whose root of unity is every `step`-th twiddle factor. */
static void stage(complex32* x, int length, int step) {
  const complex32* table = (const complex32*)fft_twiddles;
  complex32 w[8];
  const int m = length / 8;
  for (int block = 0; block < POINTS; block += length) butterfly(x + block, m, w, 0);
  for (int k = 1; k < m; ++k) {
    for (int j = 1; j < 8; ++j) w[j] = table[j * k * step];
    for (int block = k; block < POINTS; block += length) butterfly(x + block, m, w, 1);
  }
}

/* The table has byte offsets, two a swap. */
typedef uint32_t __attribute__((may_alias)) word;

static void put_in_order(word* words) {
  for (int i = 0; i < 2 * fft_swap_count; i += 2) {
    const unsigned a = fft_swaps[i] >> 2, b = fft_swaps[i + 1] >> 2;
    uint32_t t = words[a];
    words[a] = words[b];
    words[b] = t;
    t = words[a + 1];
    words[a + 1] = words[b + 1];
    words[b + 1] = t;
  }
}

static void magnitude(const complex32* x, float* out) {
  for (int i = 0; i < POINTS; ++i) {
    const float square = x[i].re * x[i].re + x[i].im * x[i].im;
    out[i] = square >= 0.0f ? __builtin_sqrtf(square) : 0.0f;
  }
}

static unsigned largest(const float* x) {
  unsigned at = 0;
  float most = x[0];
  for (unsigned i = 1; i < POINTS; ++i) {
    if (x[i] > most) {
      most = x[i];
      at = i;
    }
  }
  return at;
}

static float fft_magnitudes[POINTS];

/* [0]: how often to do it; [1]: where the largest magnitude was; [2]: where 64 MB of memory begin that the MPU
   shall make ordinary, cacheable and executable; 0: nowhere. */
extern volatile unsigned guest_control[3];

__attribute__((noinline)) void transform(void) {
  complex32* x = (complex32*)fft_signal;
  halve(x);
  stage(x, 512, 2);
  stage(x, 64, 16);
  stage(x, 8, 128);
  put_in_order((word*)fft_signal);
  magnitude(x, fft_magnitudes);
  guest_control[1] = largest(fft_magnitudes);
}

static __attribute__((section(".start"))) void make_ordinary(unsigned base) {
  volatile unsigned* mpu = (volatile unsigned*)0xe000ed94; /* CTRL, RNR, RBAR, RASR */
  mpu[1] = 0;
  mpu[2] = base;
  mpu[3] = 3u << 24 | 1u << 19 | 1u << 17 | 1u << 16 | 25u << 1 | 1u; /* full access, write-back, 64 MB */
  mpu[0] = 5;                                                         /* on, default map behind it */
  __asm volatile("dsb\n isb" ::: "memory");
}

/* Makes the transform unitary, so that it can be repeated for ever. */
static __attribute__((section(".start"))) void scale(void) {
  for (int i = 0; i < 2 * POINTS; ++i) fft_signal[i] *= 1.0f / 32;
}

/* In a section of its own, so that only the transform itself runs from the memory that is measured. */
__attribute__((section(".start"))) int main(void) {
  if (guest_control[2]) make_ordinary(guest_control[2]);
  void (*volatile run)(void) = transform;
  for (unsigned n = guest_control[0]; n > 0; --n) {
    run();
    if (n > 1) scale();
  }
  return 0;
}
