/* Any int8 -> int8 function of one operand (LOGISTIC, RELU, RELU6, QUANTIZE) as 256 bytes: table[x + 128].
 * Element i is read, then written. */
#ifndef M7_TABLE_H
#define M7_TABLE_H

#include "m7_dsp.h"

M7_INLINE void m7_table(const int8_t* in, int8_t* out, int count, const int8_t* table) {
  const int8_t* zero = table + 128;
#pragma GCC unroll 4
  for (int i = 0; i < count; ++i) out[i] = zero[in[i]];
}

#endif
