// Which branches the prefetch unit foresees.
#pragma once

#include <cstdint>
#include <vector>

#include "isa/units.h"

namespace isa {

/// The kinds of branch that the predictor tells apart.
enum class BranchKind : std::uint8_t { kNone, kConditional, kDirect, kCall, kIndirect, kReturn, kTable };

struct Instruction;

/// What kind of branch `in` is, or kNone.
BranchKind branch_kind(const Instruction& in);

/// A branch target address cache with static prediction behind it. Bounded: its size is the part's.
class BranchPredictor {
 public:
  BranchPredictor();
  void reset();
  /// The branch at `branch`, whose static target is `target` (0 where it has none), went to `went`;
  /// `next` is the address behind it. True where that was foreseen. Learns.
  bool foresaw(Address branch, BranchKind kind, Address next, Address went);

 private:
  struct Entry {
    std::uint32_t branch = 1, target = 0;
    std::uint8_t confidence = 0;
  };
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> returns_;
};

}  // namespace isa
