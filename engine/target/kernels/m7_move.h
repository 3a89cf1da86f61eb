/* Bytes that move unchanged: PAD, CONCATENATION, TRANSPOSE, STRIDED_SLICE, RESIZE_NEAREST_NEIGHBOR. Always
 * forward, element by element or word by word, so that a destination in front of its source may overlap it.
 */
#ifndef M7_MOVE_H
#define M7_MOVE_H

#include "m7_dsp.h"

/* Returns the end of the destination. */
M7_INLINE int8_t* m7_copy(const int8_t* from, int8_t* to, int count) {
  for (; count >= 4; count -= 4, from += 4, to += 4) m7_store32(to, m7_load32(from));
  for (; count > 0; --count) *to++ = *from++;
  return to;
}

M7_INLINE int8_t* m7_copy_strided(const int8_t* from, int stride, int8_t* to, int count) {
  if (stride == 1) return m7_copy(from, to, count);
  for (; count > 0; --count, from += stride) *to++ = *from;
  return to;
}

M7_INLINE int8_t* m7_fill(int8_t* to, int value, int count) {
  const uint32_t four = ((uint32_t)value & 0xFFU) * 0x01010101U;
  for (; count >= 4; count -= 4, to += 4) m7_store32(to, four);
  for (; count > 0; --count) *to++ = (int8_t)value;
  return to;
}

#endif
