// Loads and stores of Armv7E-M, decoded from their bits; section numbers are those of DDI 0403E.
#include "isa/memory_access.h"

#include <bit>

#include "isa/disassemble.h"

namespace isa {
namespace {

using Access = std::optional<MemoryAccess>;

constexpr unsigned bits(unsigned word, int high, int low) {
  return (word >> low) & ((1u << (high - low + 1)) - 1);
}

std::uint8_t registers_in(unsigned list) {
  return static_cast<std::uint8_t>(std::popcount(list));
}

MemoryAccess immediate(bool store, unsigned unit, unsigned base, std::int32_t offset) {
  MemoryAccess a;
  a.store = store;
  a.unit = static_cast<std::uint8_t>(unit);
  a.base = static_cast<std::uint8_t>(base);
  a.offset = offset;
  return a;
}

MemoryAccess indexed(bool store, unsigned unit, unsigned base, unsigned index, unsigned shift) {
  MemoryAccess a = immediate(store, unit, base, 0);
  a.index = static_cast<std::int8_t>(index);
  a.shift = static_cast<std::uint8_t>(shift);
  return a;
}

/// LDM, STM, PUSH, POP: `down` where addresses end below the base.
Access multiple(bool store, unsigned base, unsigned list, bool down) {
  if (list == 0) return std::nullopt;
  MemoryAccess a = immediate(store, 4, base, 0);
  a.count = registers_in(list);
  a.offset = down ? -4 * a.count : 0;
  a.aligned = true;
  return a;
}

Access narrow(std::uint16_t h) {
  if (bits(h, 15, 11) == 0b01001) return immediate(false, 4, 15, static_cast<int>(4 * bits(h, 7, 0)));
  switch (bits(h, 15, 12)) {
    case 0b0101: {  // A5.2.4, register offset
      constexpr struct {
        bool store;
        unsigned unit;
      } kRows[] = {{true, 4},  {true, 2},  {true, 1},  {false, 1},
                   {false, 4}, {false, 2}, {false, 1}, {false, 2}};
      auto row = kRows[bits(h, 11, 9)];
      return indexed(row.store, row.unit, bits(h, 5, 3), bits(h, 8, 6), 0);
    }
    case 0b0110:
      return immediate(!bits(h, 11, 11), 4, bits(h, 5, 3), static_cast<int>(4 * bits(h, 10, 6)));
    case 0b0111:
      return immediate(!bits(h, 11, 11), 1, bits(h, 5, 3), static_cast<int>(bits(h, 10, 6)));
    case 0b1000:
      return immediate(!bits(h, 11, 11), 2, bits(h, 5, 3), static_cast<int>(2 * bits(h, 10, 6)));
    case 0b1001:
      return immediate(!bits(h, 11, 11), 4, 13, static_cast<int>(4 * bits(h, 7, 0)));
    case 0b1011:
      if (bits(h, 11, 9) == 0b010) return multiple(true, 13, bits(h, 8, 0), true);    // PUSH
      if (bits(h, 11, 9) == 0b110) return multiple(false, 13, bits(h, 8, 0), false);  // POP
      return std::nullopt;
    case 0b1100:
      return multiple(!bits(h, 11, 11), bits(h, 10, 8), bits(h, 7, 0), false);
    default:
      return std::nullopt;
  }
}

/// A5.3.6: LDRD, STRD, exclusives and table branches.
Access dual_or_exclusive(std::uint16_t h, std::uint16_t second) {
  bool store = !bits(h, 4, 4);
  unsigned base = bits(h, 3, 0);
  bool p = bits(h, 8, 8), u = bits(h, 7, 7), w = bits(h, 5, 5);
  int offset = static_cast<int>(4 * bits(second, 7, 0));
  if (p || w) {
    MemoryAccess a = immediate(store, 4, base, p ? (u ? offset : -offset) : 0);
    a.count = 2;
    a.aligned = true;
    return a;
  }
  if (!u) {  // LDREX, STREX
    MemoryAccess a = immediate(store, 4, base, offset);
    a.aligned = true;
    a.may_skip = store;
    return a;
  }
  switch (bits(second, 7, 4)) {
    case 0b0000:
      return store ? std::nullopt : Access(indexed(false, 1, base, bits(second, 3, 0), 0));  // TBB
    case 0b0001:
      return store ? std::nullopt : Access(indexed(false, 2, base, bits(second, 3, 0), 1));  // TBH
    case 0b0100:
    case 0b0101: {
      MemoryAccess a = immediate(store, bits(second, 4, 4) ? 2 : 1, base, 0);
      a.aligned = true;
      a.may_skip = store;
      return a;
    }
    default:
      return std::nullopt;
  }
}

/// A5.3.7 to A5.3.10: one register.
Access single(std::uint16_t h, std::uint16_t second) {
  bool store = !bits(h, 4, 4);
  unsigned base = bits(h, 3, 0), size = bits(h, 6, 5);
  if (size == 3) return std::nullopt;
  unsigned unit = 1u << size;
  bool is_signed = bits(h, 8, 8);
  if (store && is_signed) return std::nullopt;
  // PLD and PLI are hints: they make no access that a program can see.
  if (!store && bits(second, 15, 12) == 15 && size < 2) return std::nullopt;
  int imm12 = static_cast<int>(bits(second, 11, 0)), imm8 = static_cast<int>(bits(second, 7, 0));
  if (base == 15) {
    if (store) return std::nullopt;
    return immediate(false, unit, 15, bits(h, 7, 7) ? imm12 : -imm12);
  }
  if (bits(h, 7, 7)) return immediate(store, unit, base, imm12);
  if (bits(second, 11, 11)) {
    bool p = bits(second, 10, 10), u = bits(second, 9, 9);
    return immediate(store, unit, base, p ? (u ? imm8 : -imm8) : 0);
  }
  if (bits(second, 10, 6) != 0) return std::nullopt;
  return indexed(store, unit, base, bits(second, 3, 0), bits(second, 5, 4));
}

/// A6.6: VLDR, VSTR and their multiples.
Access floating(std::uint16_t h, std::uint16_t second) {
  bool p = bits(h, 8, 8), u = bits(h, 7, 7), w = bits(h, 5, 5), store = !bits(h, 4, 4);
  bool wide = bits(second, 8, 8);
  if (!p && !u) return std::nullopt;  // VMOV between core and FPU registers
  unsigned base = bits(h, 3, 0), unit = wide ? 8 : 4;
  int offset = static_cast<int>(4 * bits(second, 7, 0));
  MemoryAccess a = immediate(store, unit, base, u ? offset : -offset);
  a.aligned = true;
  if (p && !w) return a;
  unsigned count = wide ? bits(second, 7, 1) : bits(second, 7, 0);
  if (count == 0 || count > 32) return std::nullopt;
  a.count = static_cast<std::uint8_t>(count);
  a.offset = p ? -offset : 0;
  return a;
}

Access wide(std::uint16_t h, std::uint16_t second) {
  if ((h & 0xfe40) == 0xe800) {
    unsigned mode = bits(h, 8, 7);
    if (mode != 1 && mode != 2) return std::nullopt;
    return multiple(!bits(h, 4, 4), bits(h, 3, 0), second, mode == 2);
  }
  if ((h & 0xfe40) == 0xe840) return dual_or_exclusive(h, second);
  if ((h & 0xfe00) == 0xf800) return single(h, second);
  if ((h & 0xfe00) == 0xec00 && bits(second, 11, 9) == 0b101) return floating(h, second);
  return std::nullopt;
}

}  // namespace

Access memory_access(std::uint16_t first, std::uint16_t second) {
  return is_32_bit(first) ? wide(first, second) : narrow(first);
}

Address MemoryAccess::address(const std::array<std::uint32_t, 16>& r, Address pc) const {
  std::uint32_t from = base == 15 ? pc.value + 4 : r[base];
  // Literals count from a whole word; the tables of TBB and TBH from the instruction's end.
  if (base == 15 && index < 0) from &= ~3u;
  // The two low bits of SP are always zero.
  if (base == 13) from &= ~3u;
  if (index >= 0) from += r[static_cast<std::size_t>(index)] << shift;
  return Address(from + static_cast<std::uint32_t>(offset));
}

}  // namespace isa
