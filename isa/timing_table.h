// The timing facts of the Cortex-M7 as data. The rows are in timing_*.inc; the engine (scoreboard.h) knows
// units, kinds and roles, and no instruction by name.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace isa::timing {

/// Where a row comes from: read off a chip, written in an Arm manual, or supposed.
enum class Mark : std::uint8_t { kMeasured, kManual, kEstimated };

/// What two instructions of one cycle may compete for. A set: one bit each.
using Units = std::uint16_t;
enum : Units {
  kAlu = 1 << 0,
  kShifter = 1 << 1,   ///< the shifter before the ALU
  kShiftMov = 1 << 2,  ///< a shift that is the whole instruction: either of two shifters
  kDsp = 1 << 3,
  kMac = 1 << 4,
  kLoad = 1 << 5,
  kStore = 1 << 6,
  kBranch = 1 << 7,
  kFp = 1 << 8,
  kFpAdd = 1 << 9,
  kFpMac = 1 << 10,
  kFpFma = 1 << 11,
  kFpMla = 1 << 12,
  kFpTransfer = 1 << 13,  ///< moves a single-precision register in or out
};

enum class Slots : std::uint8_t { Either, Single };

/// How an instruction uses a register: decides how early the value must be there.
enum class Role : std::uint8_t {
  None,
  Late,      ///< plain operand of the late ALU
  EarlyAdd,  ///< operand of add, sub, mov in the early ALU
  Shift,     ///< operand of a shift instruction in the early ALU
  Beside,    ///< the other operand of an instruction that shifts one
  Shifted,   ///< inline-shifted operand
  Bitfield,
  Reverse,
  Address,
  Multiplicand,
  Accumulator,
  StoreData,
  ToFpu,  ///< core register moved to the FPU
  Flags,
  FpOperand,
  FmaAccumulator,
  MlaAccumulator,
  FpStoreData,
  FpToCore,       ///< FPU register moved to the core
  FpMoveOperand,  ///< FPU register moved to another
  FpFlags,        ///< flags of FPSCR
};
inline constexpr std::size_t kRoles = 21;

/// How a result was made: decides when it is there.
enum class Kind : std::uint8_t {
  None,  ///< ready
  EarlyAlu,
  LateAlu,
  Reversed,
  BaseUpdate,
  Mac,
  LoadWord,
  LoadPart,
  FromFpu,
  Long,
  FpAlu,
  Fma,
  Mla,
  FpLoad,
  FpLoadWide,
  FpSlow,
};
inline constexpr std::size_t kKinds = 16;

enum class Class : std::uint8_t {
#define CLASS(name, ...) name,
#include "isa/timing_classes.inc"
#undef CLASS
};

struct ClassRow {
  const char* name;
  Units units;
  Slots slots;
  Role early_role;
  Kind produces;
  std::uint8_t cycles;
  Mark mark;
  const char* source;
};
std::span<const ClassRow> classes();
const ClassRow& row_of(Class c);

struct LatencyRow {
  Kind producer;
  std::uint32_t roles;  ///< a set: 1 << role
  std::uint8_t cycles;
  Mark mark;
  const char* source;
};
std::span<const LatencyRow> latencies();

/// Cycles from the issue of a producer to the first in which a consumer may issue; 0 for Kind::None.
using LatencyTable = std::array<std::array<std::uint8_t, kRoles>, kKinds>;
const LatencyTable& latency_table();

enum class When : std::uint8_t { Always, SameBank, InRun };
struct ForbidRow {
  Units older, younger;
  When when;
  Mark mark;
  const char* source;
};
std::span<const ForbidRow> forbidden_pairs();

enum class GapSlots : std::uint8_t { Any, Younger };
struct GapRow {
  Units after, unit;
  std::uint8_t cycles;
  GapSlots slots;
  Mark mark;
  const char* source;
};
inline constexpr std::size_t kGaps = 3;
std::span<const GapRow, kGaps> gaps();

/// Double precision: cycles by isa::DoubleOperands.
enum class DoubleClass : std::uint8_t {
#define DOUBLE(name, ...) name,
#include "isa/timing_doubles.inc"
#undef DOUBLE
};
struct DoubleRow {
  const char* name;
  std::array<std::uint8_t, 4> cycles;
  Mark mark;
  const char* source;
};
const DoubleRow& row_of(DoubleClass c);

#define NUMBER(name, value, mark, source) inline constexpr int name = value;
#include "isa/timing_numbers.inc"
#undef NUMBER

/// One encoding.
///   bits      one letter a bit, first halfword first: 0 and 1 are fixed, `.` is ignored, any other letter
///             belongs to the field of that name, most significant bit first
///   unless    fields that exclude the row: "n=15"
///   operands  what is read, ">", what is written. Reads have a role: rn.Late; writes may name a kind and a
///             field that must not be zero: rn=BaseUpdate?W.
///             r s d and a letter: the core, single- or double-precision register in that field (s and d take
///             the field's upper-case letter as their fifth bit, sm1 is the one after sm); sp, lr; list:
///             the core registers of field l; fplist: `i` words from register d on; flags, ge, fpscr;
///             nzcv: the flags, outside an IT block only
struct PatternRow {
  const char* name;
  const char* bits;
  const char* unless;
  Class timing;
  const char* operands;
};
std::span<const PatternRow> patterns();

/// The fixed bits of a pattern; a 16-bit one is in the low half.
struct Fixed {
  std::uint32_t mask = 0, value = 0;
  bool wide = false;
};
Fixed fixed_bits(const PatternRow& row);
/// The bits of field `letter` in `code`.
std::uint32_t field(const PatternRow& row, char letter, std::uint32_t code);

/// The row that describes `code` (first halfword in the upper half where `wide`): of those that match, the
/// one whose fixed bits include those of all others. Null where none matches.
const PatternRow* match(std::uint32_t code, bool wide);

}  // namespace isa::timing
