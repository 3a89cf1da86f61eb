// A few Thumb-2 encodings, so that tests of timing read like assembly.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <vector>

#include "isa/block.h"

namespace isa::thumb {

/// A halfword, or two with the first in the upper half.
using Code = std::uint32_t;

constexpr Code kNop = 0xf3af8000, kNarrowNop = 0xbf00;

constexpr Code three(Code base, Code d, Code n, Code m) {
  return base | n << 16 | d << 8 | m;
}
constexpr Code add(Code d, Code n, Code m) {
  return three(0xeb000000, d, n, m);
}
constexpr Code adds(Code d, Code n, Code m) {
  return three(0xeb100000, d, n, m);
}
constexpr Code adc(Code d, Code n, Code m) {
  return three(0xeb400000, d, n, m);
}
constexpr Code eor(Code d, Code n, Code m) {
  return three(0xea800000, d, n, m);
}
constexpr Code eor_lsl3(Code d, Code n, Code m) {
  return eor(d, n, m) | 3 << 6;
}
constexpr Code lsl3(Code d, Code m) {
  return three(0xea4f0000, d, 0, m) | 3 << 6;
}
constexpr Code uadd8(Code d, Code n, Code m) {
  return three(0xfa80f040, d, n, m);
}
constexpr Code uxtb(Code d, Code m) {
  return three(0xfa5ff080, d, 0, m);
}
constexpr Code mul(Code d, Code n, Code m) {
  return three(0xfb00f000, d, n, m);
}
constexpr Code subs1(Code d) {
  return 0xf1b00001 | d << 16 | d << 8;
}
constexpr Code narrow_subs1(Code d) {
  return 0x3801 | d << 8;
}

constexpr Code immediate(Code base, Code t, Code n, Code offset) {
  return base | n << 16 | t << 12 | offset;
}
constexpr Code ldr(Code t, Code n, Code offset = 0) {
  return immediate(0xf8d00000, t, n, offset);
}
constexpr Code ldrb(Code t, Code n, Code offset = 0) {
  return immediate(0xf8900000, t, n, offset);
}
constexpr Code str(Code t, Code n, Code offset = 0) {
  return immediate(0xf8c00000, t, n, offset);
}
constexpr Code strb(Code t, Code n, Code offset = 0) {
  return immediate(0xf8800000, t, n, offset);
}
constexpr Code ldrd(Code t, Code u, Code n) {
  return 0xe9d00000 | n << 16 | t << 12 | u << 8;
}
constexpr Code ldm(Code n, Code list) {
  return 0xe8900000 | n << 16 | list;
}
constexpr Code stm(Code n, Code list) {
  return 0xe8800000 | n << 16 | list;
}

/// Conditional branches 4 bytes back and 4 bytes on: their distance is of no account to a block's cost.
constexpr Code kBne = 0xf47faffc, kNarrowBne = 0xd1fc, kNarrowBeq = 0xd000, kItEq = 0xbf08;

constexpr Code vadd(Code d, Code n, Code m) {
  return 0xee300a00 | (d & 1) << 22 | d >> 1 << 12 | n >> 1 << 16 | (n & 1) << 7 | (m & 1) << 5 | m >> 1;
}
constexpr Code vfma(Code d, Code n, Code m) {
  return vadd(d, n, m) ^ 0x00900000;
}
constexpr Code vdiv(Code d, Code n, Code m) {
  return vadd(d, n, m) ^ 0x00b00000;
}
/// d0 += d1 * d2 and d3 = d1 * d2
constexpr Code kDoubleFma = 0xeea10b02, kDoubleMul = 0xee213b02;

inline std::vector<Instruction> code(std::initializer_list<Code> codes, std::uint32_t base = 0x1000) {
  std::vector<std::uint8_t> bytes;
  auto halfword = [&](Code h) {
    bytes.push_back(static_cast<std::uint8_t>(h));
    bytes.push_back(static_cast<std::uint8_t>(h >> 8));
  };
  for (Code c : codes) {
    if (c >> 16) halfword(c >> 16);
    halfword(c & 0xffff);
  }
  return instructions_of(bytes, Address(base));
}

}  // namespace isa::thumb
