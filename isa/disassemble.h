// Machine code as text, by Capstone.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "isa/units.h"

namespace isa {

/// Whether a Thumb instruction whose first halfword is this one is 32 bits long (Armv7-M ARM A5.1).
constexpr bool is_32_bit(std::uint16_t first) {
  return first >= 0xe800;
}

/// The instruction at the start of `code` as the assembler writes it, "ldr r0, [r1, #4]"; an instruction that
/// Capstone does not know is ".short 0x...." or ".inst.w 0x........"; empty where `code` is too short.
std::string disassemble(std::span<const std::uint8_t> code, Address pc);

}  // namespace isa
