// Straight-line code, taken apart.
#include "isa/block.h"

#include "isa/disassemble.h"

namespace isa {

bool condition_holds(std::uint8_t code, std::uint32_t xpsr) {
  bool n = xpsr >> 31 & 1, z = xpsr >> 30 & 1, c = xpsr >> 29 & 1, v = xpsr >> 28 & 1;
  bool holds = true;
  switch (code >> 1) {
    case 0:
      holds = z;
      break;
    case 1:
      holds = c;
      break;
    case 2:
      holds = n;
      break;
    case 3:
      holds = v;
      break;
    case 4:
      holds = c && !z;
      break;
    case 5:
      holds = n == v;
      break;
    case 6:
      holds = !z && n == v;
      break;
    default:
      return true;
  }
  return (code & 1) ? !holds : holds;
}

bool is_fpu(std::uint16_t first, std::uint16_t second) {
  // Coprocessor instructions: 111x 11xx ...., coprocessor number in bits 11..8 of the second halfword.
  return (first & 0xec00) == 0xec00 && (second & 0x0e00) == 0x0a00 && is_32_bit(first);
}

bool is_divide(std::uint16_t first, std::uint16_t second) {
  return (first & 0xffd0) == 0xfb90 && (second & 0x00f0) == 0x00f0;
}

bool is_double_precision(std::uint16_t first, std::uint16_t second) {
  // Data processing has bit 4 of the second halfword clear; loads, stores and moves to core registers exist
  // anyway.
  bool data_processing = (first & 0xef00) == 0xee00 && (second & 0x0010) == 0;
  if (!is_fpu(first, second) || !data_processing) return false;
  bool sz = second & 0x0100;
  // VCVT.F64.F32 says sz = 0: its source is single, its result double.
  bool widens = (first & 0xffbf) == 0xeeb7 && (second & 0x00d0) == 0x00c0;
  // VCVTB and VCVTT with a double on one side say sz = 1, as every other double-precision form.
  return sz || widens;
}

std::vector<Instruction> instructions_of(std::span<const std::uint8_t> code, Address base) {
  std::vector<Instruction> instructions;
  std::size_t at = 0;
  // ITSTATE as the architecture keeps it: condition and mask; an empty mask means outside.
  unsigned it_state = 0;
  std::optional<Address> it_address;
  auto halfword = [&](std::size_t i) { return static_cast<std::uint16_t>(code[i] | code[i + 1] << 8); };
  while (at + 2 <= code.size()) {
    Instruction in;
    in.address = base + Bytes(static_cast<std::int64_t>(at));
    in.first = halfword(at);
    if (is_32_bit(in.first)) {
      if (at + 4 > code.size()) break;
      in.bytes = 4;
      in.second = halfword(at + 2);
    }
    if (it_state & 0xf) {
      in.condition = static_cast<std::uint8_t>(it_state >> 4);
      in.it = it_address;
      // ITAdvance, A7.3.3.
      it_state = (it_state & 7) ? (it_state & 0xe0) | (it_state << 1 & 0x1f) : 0;
    } else if ((in.first & 0xff00) == 0xbf00 && (in.first & 0xf)) {
      it_state = in.first & 0xff;
      it_address = in.address;
    }
    in.fpu = is_fpu(in.first, in.second);
    in.double_precision = is_double_precision(in.first, in.second);
    at += in.bytes;
    instructions.push_back(in);
  }
  return instructions;
}

}  // namespace isa
