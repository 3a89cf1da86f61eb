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

/// What is known of a branch before it executes.
struct Branch {
  BranchKind kind = BranchKind::kNone;
  Address at, next;      ///< of the branch and of what lies behind it
  Address static_guess;  ///< where static prediction sends it: its target or `next`
  std::uint8_t set = 0;  ///< of the target cache
};
/// `in` as a branch. A conditional one is guessed taken where it goes backward, a direct one always.
Branch branch_of(const Instruction& in);

/// A branch target address cache with two-bit counters, a stack of return addresses, and static prediction
/// behind them: a conditional branch that the cache does not hold is foreseen taken where it goes backward, a
/// direct one always (DDI0489F names the cache and the static prediction; sizes and the stack are estimated).
class BranchPredictor {
 public:
  static constexpr std::size_t kSets = 16, kWays = 4, kReturns = 8;

  void reset() { *this = BranchPredictor(); }
  /// The set that holds the branch at `branch`: spread, so that branches at regular distances do not meet.
  static std::uint8_t set_of(Address branch) {
    static_assert(kSets == 16);
    return static_cast<std::uint8_t>(branch.value * 0x9e3779b1u >> 28);
  }
  /// `branch` went to `went`. True where that was foreseen. Learns.
  bool foresaw(const Branch& branch, Address went) {
    // The common case on its own: the branch is the one used last in its set, and goes where it always goes.
    const Entry& last = sets_[branch.set][0];
    bool as_always =
        last.branch == branch.at.value && last.confidence == kSurely && last.target == went.value;
    return (as_always && branch.kind != BranchKind::kCall) || look_up(branch, went);
  }

 private:
  struct Entry {
    std::uint32_t branch = 1, target = 0;  ///< no branch is at an odd address
    std::uint8_t confidence = 0;
  };
  using Set = std::array<Entry, kWays>;  ///< most recently used first

  static constexpr std::uint8_t kUnlikely = 1, kTaken = 2, kSurely = 3;
  bool look_up(const Branch& branch, Address went);
  /// The entry of `branch`, now the first of its set, or null.
  Entry* find(const Branch& branch);
  void allocate(const Branch& branch, Address target, bool taken);
  void push(Address next);
  Address pop();

  std::array<Set, kSets> sets_{};
  std::array<std::uint32_t, kReturns> returns_{};
  std::size_t top_ = 0;
};

}  // namespace isa
