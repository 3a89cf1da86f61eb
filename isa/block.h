// A stretch of straight-line code, taken apart: what must be known of a block before it is charged or
// explained.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "isa/memory_access.h"
#include "isa/units.h"

namespace isa {

/// Condition codes as in the instruction set: 0 EQ ... 14 AL.
constexpr std::uint8_t kAlways = 14;
/// Whether condition `code` holds with the flags of `xpsr` (Armv7-M ARM A7.3.1).
bool condition_holds(std::uint8_t code, std::uint32_t xpsr);

struct Instruction {
  Address address;
  std::uint8_t bytes = 2;               ///< 2 or 4
  std::uint16_t first = 0, second = 0;  ///< halfwords
  std::uint8_t condition = kAlways;     ///< from the IT instruction before it
  std::optional<Address> it;            ///< address of that IT instruction
  bool fpu = false;                     ///< belongs to the FPU: needs CPACR
  bool double_precision = false;        ///< UNDEFINED on a single-precision FPU
};

/// The instructions of `code`, which begins at `base`; a cut-off last instruction is left out. Code that
/// begins inside an IT block is read as if it did not.
std::vector<Instruction> instructions_of(std::span<const std::uint8_t> code, Address base);

/// Whether this instruction is for the FPU (coprocessors 10 and 11).
bool is_fpu(std::uint16_t first, std::uint16_t second);
/// SDIV or UDIV; their divisor is the register in bits 3..0 of `second`.
bool is_divide(std::uint16_t first, std::uint16_t second);
/// Whether this FPU instruction computes in double precision (Armv7-M ARM A6.4: absent from FPv4-SP and
/// FPv5-SP).
bool is_double_precision(std::uint16_t first, std::uint16_t second);

}  // namespace isa
