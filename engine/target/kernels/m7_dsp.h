/* The Armv7E-M DSP instructions that the kernels use, each with a portable definition, so that the very same
 * kernels run on the host under sanitizers. Memory is read through __builtin_memcpy: the compiler makes one
 * LDR of it, and an address that is not a multiple of four stays defined behaviour. */
#ifndef M7_DSP_H
#define M7_DSP_H

#include <stdint.h>

#define M7_INLINE static inline __attribute__((always_inline))
/* One copy for all layers, however many call it. */
#define M7_SHARED static __attribute__((noinline, noclone, unused))

/* Instructions in the order of the statements: for loops that are written as the core's two issue slots want
 * them. GCC's schedulers move loads to their uses, or run out of registers. */
#if defined(__arm__) && !defined(__clang__)
#define M7_AS_WRITTEN __attribute__((optimize("no-schedule-insns", "no-schedule-insns2", "no-tree-ter")))
/* `value` (a variable) is in a register here: neither loaded nor computed later. */
#define M7_HERE(value) __asm__ volatile("" : "+r"(value))
#else
#define M7_AS_WRITTEN
#define M7_HERE(value) ((void)0)
#endif

/* Four bytes from any address. */
M7_INLINE uint32_t m7_load32(const void* p) {
  uint32_t v;
  __builtin_memcpy(&v, p, 4);
  return v;
}

/* Four bytes to any address. */
M7_INLINE void m7_store32(void* p, uint32_t v) {
  __builtin_memcpy(p, &v, 4);
}

/* Two's complement addition that wraps, as the processor's does. */
M7_INLINE int32_t m7_add(int32_t a, int32_t b) {
  return (int32_t)((uint32_t)a + (uint32_t)b);
}

/* a << n that wraps, n = 0..31. */
M7_INLINE int32_t m7_shl(int32_t a, int n) {
  return (int32_t)((uint32_t)a << n);
}

#if defined(__ARM_FEATURE_DSP)

#include <arm_acle.h>

/* Bytes 0 and 2 of x, sign-extended into two halfwords. */
M7_INLINE uint32_t m7_sxtb16(uint32_t x) {
  return (uint32_t)__sxtb16((int8x4_t)x);
}
/* Bytes 1 and 3 of x, sign-extended into two halfwords. */
M7_INLINE uint32_t m7_sxtb16_ror8(uint32_t x) {
  uint32_t r;
  __asm__("sxtb16 %0, %1, ror #8" : "=r"(r) : "r"(x));
  return r;
}
/* (low half of a, low half of b << 16). */
M7_INLINE uint32_t m7_pkhbt(uint32_t a, uint32_t b) {
  uint32_t r;
  __asm__("pkhbt %0, %1, %2, lsl #16" : "=r"(r) : "r"(a), "r"(b));
  return r;
}
/* (high half of a >> 16, high half of b). */
M7_INLINE uint32_t m7_pkhtb(uint32_t a, uint32_t b) {
  uint32_t r;
  __asm__("pkhtb %0, %2, %1, asr #16" : "=r"(r) : "r"(a), "r"(b));
  return r;
}
/* acc + a.low * b.low + a.high * b.high, wrapping. */
M7_INLINE int32_t m7_smlad(uint32_t a, uint32_t b, int32_t acc) {
  return __smlad((int16x2_t)a, (int16x2_t)b, acc);
}
/* *acc += a.low * b.low + a.high * b.high, wrapping. The sum stays in its register: where a loop fills them
 * all, GCC must not give it another. */
M7_INLINE void m7_smlad_to(int32_t* acc, uint32_t a, uint32_t b) {
  __asm__("smlad %0, %1, %2, %0" : "+r"(*acc) : "r"(a), "r"(b));
}
/* acc + a.low * b.high, wrapping; then a.high * b.low. */
M7_INLINE int32_t m7_smlabt(uint32_t a, uint32_t b, int32_t acc) {
  return __smlabt((int32_t)a, (int32_t)b, acc);
}
M7_INLINE int32_t m7_smlatb(uint32_t a, uint32_t b, int32_t acc) {
  return __smlatb((int32_t)a, (int32_t)b, acc);
}
/* acc + ((a * b + 2^31) >> 32), wrapping. */
M7_INLINE int32_t m7_smmlar(int32_t a, int32_t b, int32_t acc) {
  int32_t r;
  __asm__("smmlar %0, %1, %2, %3" : "=r"(r) : "r"(a), "r"(b), "r"(acc));
  return r;
}
/* (a * b + 2^31) >> 32. */
M7_INLINE int32_t m7_smmulr(int32_t a, int32_t b) {
  int32_t r;
  __asm__("smmulr %0, %1, %2" : "=r"(r) : "r"(a), "r"(b));
  return r;
}
/* v clamped to -128..127. */
M7_INLINE int32_t m7_ssat8(int32_t v) {
  return __ssat(v, 8);
}

#else

M7_INLINE int32_t m7_low(uint32_t x) {
  return (int16_t)(x & 0xFFFFU);
}
M7_INLINE int32_t m7_high(uint32_t x) {
  return (int16_t)(x >> 16);
}
M7_INLINE uint32_t m7_sxtb16(uint32_t x) {
  const uint32_t low = (uint32_t)(int8_t)(x & 0xFFU), high = (uint32_t)(int8_t)((x >> 16) & 0xFFU);
  return (low & 0xFFFFU) | (high << 16);
}
M7_INLINE uint32_t m7_sxtb16_ror8(uint32_t x) {
  return m7_sxtb16(x >> 8);
}
M7_INLINE uint32_t m7_pkhbt(uint32_t a, uint32_t b) {
  return (a & 0xFFFFU) | (b << 16);
}
M7_INLINE uint32_t m7_pkhtb(uint32_t a, uint32_t b) {
  return (a >> 16) | (b & 0xFFFF0000U);
}
M7_INLINE int32_t m7_smlabt(uint32_t a, uint32_t b, int32_t acc) {
  return m7_add(acc, m7_low(a) * m7_high(b));
}
M7_INLINE int32_t m7_smlatb(uint32_t a, uint32_t b, int32_t acc) {
  return m7_add(acc, m7_high(a) * m7_low(b));
}
M7_INLINE int32_t m7_smlad(uint32_t a, uint32_t b, int32_t acc) {
  return m7_add(m7_add(acc, m7_low(a) * m7_low(b)), m7_high(a) * m7_high(b));
}
M7_INLINE void m7_smlad_to(int32_t* acc, uint32_t a, uint32_t b) {
  *acc = m7_smlad(a, b, *acc);
}
M7_INLINE int32_t m7_smmulr(int32_t a, int32_t b) {
  return (int32_t)(((int64_t)a * b + ((int64_t)1 << 31)) >> 32);
}
M7_INLINE int32_t m7_smmlar(int32_t a, int32_t b, int32_t acc) {
  return m7_add(acc, m7_smmulr(a, b));
}
M7_INLINE int32_t m7_ssat8(int32_t v) {
  return v < -128 ? -128 : v > 127 ? 127 : v;
}

#endif

#endif
