/* The memory functions that GCC may call; there is no C library. */
#include <stddef.h>
#include <stdint.h>

/* Without this GCC would turn the loops below into calls of themselves. */
#define NO_PATTERNS __attribute__((optimize("no-tree-loop-distribute-patterns")))

/* Unaligned words are fine in normal memory on Armv7-M. */
typedef uint32_t word __attribute__((may_alias, aligned(1)));

NO_PATTERNS void* memcpy(void* restrict to, const void* restrict from, size_t size) {
  uint8_t* d = to;
  const uint8_t* s = from;
  for (; size >= 16; size -= 16, d += 16, s += 16) {
    const uint32_t a = *(const word*)s, b = *(const word*)(s + 4);
    const uint32_t c = *(const word*)(s + 8), e = *(const word*)(s + 12);
    *(word*)d = a;
    *(word*)(d + 4) = b;
    *(word*)(d + 8) = c;
    *(word*)(d + 12) = e;
  }
  for (; size >= 4; size -= 4, d += 4, s += 4) *(word*)d = *(const word*)s;
  for (; size > 0; --size) *d++ = *s++;
  return to;
}

NO_PATTERNS void* memmove(void* to, const void* from, size_t size) {
  uint8_t* d = to;
  const uint8_t* s = from;
  if ((uintptr_t)d - (uintptr_t)s >= size) {
    /* Forwards is safe. The bytes must not be read ahead by more than one word. */
    for (; size >= 4; size -= 4, d += 4, s += 4) *(word*)d = *(const word*)s;
    for (; size > 0; --size) *d++ = *s++;
    return to;
  }
  while (size >= 4) {
    size -= 4;
    *(word*)(d + size) = *(const word*)(s + size);
  }
  while (size > 0) {
    --size;
    d[size] = s[size];
  }
  return to;
}

NO_PATTERNS void* memset(void* to, int value, size_t size) {
  uint8_t* d = to;
  const uint32_t four = (uint8_t)value * 0x01010101u;
  for (; size >= 4; size -= 4, d += 4) *(word*)d = four;
  for (; size > 0; --size) *d++ = (uint8_t)value;
  return to;
}

NO_PATTERNS int memcmp(const void* left, const void* right, size_t size) {
  const uint8_t *a = left, *b = right;
  for (; size > 0; --size, ++a, ++b) {
    if (*a != *b) return *a - *b;
  }
  return 0;
}
