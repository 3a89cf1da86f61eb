// One instruction as the scoreboard sees it: what it occupies, what it reads when, what it makes when.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "isa/block.h"
#include "isa/memory_access.h"
#include "isa/timing_table.h"

namespace isa::timing {

/// What the scoreboard keeps a ready time for. r0 to r14 have their own numbers; the PC is always ready.
using Resource = std::uint8_t;
inline constexpr Resource kPc = 15;  ///< not kept
inline constexpr Resource kFlagsResource = 15;
inline constexpr Resource kGeResource = 16;
inline constexpr Resource kFpscrResource = 17;
inline constexpr Resource kFirstSingle = 18;  ///< s0 to s31; d0 is s0 and s1
inline constexpr std::size_t kResources = 50;

struct Read {
  Resource resource;
  Role role;
};

struct Write {
  Resource resource;
  Kind kind;           ///< None: what the class produces
  std::uint8_t delay;  ///< cycles behind the issue: registers of a list come two a cycle
};

struct TimedOp {
  const PatternRow* pattern = nullptr;  ///< null: undefined
  Class timing = Class::Unknown;
  Units units = 0;
  bool single = false;
  Role early_role = Role::None;
  Kind produces = Kind::LateAlu;
  std::uint8_t cycles = 1;                ///< without what depends on addresses and operands
  bool list = false;                      ///< moves registers, two words a cycle
  std::uint8_t cycles_from_odd_word = 1;  ///< of a list whose first word is in the odd bank
  std::optional<DoubleClass> doubles;
  std::optional<DoubleClass> doubles_chained;  ///< behind another multiply-accumulate
  bool takes_doubles = false;                  ///< has double_operands()
  bool sets_flags = false;
  std::optional<MemoryAccess> access;
  Address address;
  std::uint8_t bytes = 2;
  std::vector<Read> reads;
  std::vector<Write> writes;
};

TimedOp timed_op(const Instruction& in);

}  // namespace isa::timing
