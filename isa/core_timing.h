// What a block of instructions costs on the core's pipeline, given the state it is entered in and what its
// loads, stores and branch did. Stalls of the memory system (cache misses, wait states, devices) come on top.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "isa/block.h"
#include "isa/cause.h"
#include "isa/double_operands.h"
#include "isa/units.h"

namespace isa {

/// What is still in flight where one block ends and the next begins, relative to that moment. Plain bytes:
/// two states are the same exactly when they compare equal, and equal states charge equally.
struct PipelineState {
  std::array<std::uint8_t, 72> bytes{};
  bool operator==(const PipelineState&) const = default;
};

/// What one access did that changes the pipeline's timing.
struct AccessFact {
  bool odd_word = false;   ///< address bit 2: which of the two banks
  bool unaligned = false;  ///< not a multiple of its size (of 4 for 8-byte accesses)
  bool tcm = false;        ///< in a TCM, which cannot merge stores
  bool operator==(const AccessFact&) const = default;
};

/// How a block was left.
enum class Leave : std::uint8_t {
  kFallThrough,   ///< no branch at its end, or a conditional one that was not taken, as predicted
  kTaken,         ///< taken, as predicted
  kMispredicted,  ///< to a place the prefetch unit did not expect, taken or not
};

/// One instruction's share of its block.
struct InstructionCost {
  std::uint32_t issue_cycle = 0;  ///< counted from the block's beginning
  bool younger = false;           ///< shared its cycle with the instruction before it
  CauseCycles cycles;             ///< what the block took longer because of it; sums to the block's total
};

/// What a block costs: `causes` sums to the cycles between its entry and its exit.
struct BlockCost {
  CauseCycles causes;
  PipelineState exit;
  /// Of each access in order, the cycle it is made in, from the block's beginning.
  std::vector<std::uint32_t> access_cycle;
};

/// The static facts of a block, looked up once in the tables.
class TimedBlock {
 public:
  explicit TimedBlock(std::span<const Instruction> code);
  ~TimedBlock();
  TimedBlock(TimedBlock&&) noexcept;
  TimedBlock& operator=(TimedBlock&&) noexcept;

  /// What decides the cost, all of it: the same arguments give the same answer.
  struct Entry {
    PipelineState state;
    /// One an access, in the order of the instructions. Where instructions of an IT block were skipped their
    /// accesses are absent, and `skipped` has their index in the block.
    std::span<const AccessFact> accesses;
    std::span<const std::uint16_t> skipped;
    /// One an instruction that has `double_operands`, skipped or not; where they are fewer, the rest have
    /// kDifferentExponent.
    std::span<const DoubleOperands> doubles;
    Leave leave = Leave::kFallThrough;
  };
  /// `each`, where given, gets one element an instruction.
  BlockCost charge(const Entry& entry, std::vector<InstructionCost>* each = nullptr) const;

  /// Of each access in order (of the unskipped block): whether its bank can change the cost at all.
  /// Where it cannot, callers may pass any `odd_word`.
  std::span<const std::uint8_t> bank_matters() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The state after a reset, a barrier or an exception: nothing in flight, the prefetch queue empty.
PipelineState idle_pipeline();

}  // namespace isa

template <>
struct std::hash<isa::PipelineState> {
  std::size_t operator()(const isa::PipelineState& state) const noexcept;
};
