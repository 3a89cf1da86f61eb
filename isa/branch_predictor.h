// Which branches the prefetch unit foresees.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "isa/block.h"
#include "isa/units.h"

namespace isa {

/// The kinds of branch that the predictor tells apart. A branch that only an IT instruction makes
/// conditional is kConditional where it is direct.
enum class BranchKind : std::uint8_t { kNone, kConditional, kDirect, kCall, kIndirect, kReturn, kTable };

/// What kind of branch `in` is, or kNone.
BranchKind branch_kind(const Instruction& in);

/// Where `in` goes if it is a taken direct branch or call; nothing where that is not in its bits.
std::optional<Address> branch_target(const Instruction& in);

/// A branch target address cache with two-bit counters, a stack of return addresses, and static prediction
/// behind them: a conditional branch that the cache does not hold is foreseen taken where it goes backward, a
/// direct one always (DDI0489F names the cache and the static prediction; sizes and the stack are estimated).
class BranchPredictor {
 public:
  static constexpr std::size_t kSets = 16, kWays = 4, kReturns = 8;

  void reset() { *this = BranchPredictor(); }
  /// The branch at `branch` went to `went`; `next` is the address behind it and `target` what
  /// branch_target() says. True where that was foreseen. Learns.
  bool foresaw(Address branch, BranchKind kind, Address next, Address went,
               std::optional<Address> target = std::nullopt);

 private:
  struct Entry {
    std::uint32_t branch = 1, target = 0;  ///< no branch is at an odd address
    std::uint8_t confidence = 0;
  };
  using Set = std::array<Entry, kWays>;  ///< most recently used first

  /// The entry of `branch`, now the first of its set, or null.
  Entry* find(std::uint32_t branch);
  void allocate(std::uint32_t branch, std::uint32_t target);
  void push(Address next);
  Address pop();

  std::array<Set, kSets> sets_{};
  std::array<std::uint32_t, kReturns> returns_{};
  std::size_t top_ = 0;
};

}  // namespace isa
