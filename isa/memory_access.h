// What a load or store touches: how many accesses, of what size, and where, given the registers before it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "isa/units.h"

namespace isa {

/// The data accesses of one Armv7E-M instruction: `count` of them, `unit` bytes each, at ascending addresses.
struct MemoryAccess {
  bool store = false;
  std::uint8_t unit = 4;   ///< bytes of one access: 1, 2, 4 or 8 (a double-precision register)
  std::uint8_t count = 1;  ///< accesses: registers of LDM, 2 for LDRD
  bool may_skip = false;   ///< STREX: the store happens only while the monitor is held
  bool aligned = false;    ///< UsageFault where the address is not aligned, whatever CCR.UNALIGN_TRP says
  std::uint8_t base = 0;   ///< register; 15 is the PC plus 4, rounded down to a word
  std::int8_t index = -1;  ///< register shifted left by `shift` and added, or -1
  std::uint8_t shift = 0;
  std::int32_t offset = 0;  ///< added; 0 for post-indexed forms

  /// Address of the first access, from the registers before the instruction, whose address is `pc`.
  Address address(const std::array<std::uint32_t, 16>& r, Address pc) const;
};

/// The accesses of the instruction `first` `second` (`second` is ignored for a 16-bit one), or nothing where
/// it makes none: Armv7-M ARM (DDI 0403E) A5.2, A5.3 and A6.6.
std::optional<MemoryAccess> memory_access(std::uint16_t first, std::uint16_t second);

}  // namespace isa
