// Charges cycles to blocks: what the pipeline takes is worked out once for each way through a block and
// remembered; stalls of the memory system come on top.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "isa/branch_predictor.h"
#include "isa/core_timing.h"
#include "memory_model/memory_system.h"
#include "sim/access_finder.h"
#include "sim/block_cache.h"
#include "sim/machine.h"

namespace sim {

/// One way through a block: the state it is entered in, what its accesses did, how it is left. And how often.
/// What every pass reads fills one cache line of the host.
struct alignas(64) Passage {
  std::uint64_t facts = 0;  ///< hash of what the accesses did
  std::uint32_t entry = 0;  ///< number of the entry state
  isa::Leave leave = isa::Leave::kFallThrough;
  std::uint32_t cycles = 0;
  std::uint32_t exit = 0;    ///< number of the exit state
  std::uint64_t passes = 0;  ///< since the last fold
  Passage* next = nullptr;   ///< of the same block
  BlockTiming* timing = nullptr;

  // Read when counts are folded, not while they are made.
  std::uint64_t folded = 0;  ///< passes before the last fold, for the profile
  Counts counts;             ///< of one pass
  std::vector<isa::AccessFact> accesses;
  std::vector<std::uint16_t> skipped;
  std::vector<isa::DoubleOperands> doubles;
  std::vector<std::uint32_t> access_cycle;
};

/// An access whose bank can change what its block costs; of a store, also whether it goes to a TCM.
struct BankSite {
  std::uint16_t access : 15;
  std::uint16_t store : 1;
};

/// What the model knows of a block. What every pass reads comes first.
struct BlockTiming {
  explicit BlockTiming(const Block& block);

  /// Passages taken lately, by what tells them apart; the rest only in `passages`.
  static constexpr std::size_t kRecent = 8;
  std::array<Passage*, kRecent> recent{};
  isa::Branch branch;          ///< that ends it, if it is one
  bool irregular = false;      ///< its facts do not fit in plain bits
  std::uint16_t accesses = 0;  ///< of one pass in which none is skipped
  std::vector<BankSite> bank_sites;

  Passage* passages = nullptr;  ///< all of them, the newest first
  const Block& block;
  Counts counts;  ///< of one pass in which no access is skipped
  isa::TimedBlock timed;
};

class CycleModel {
 public:
  CycleModel(const memory_model::Board& board, memory_model::MemorySystem& memory);

  /// As after a reset. `profile`: keep stalls instruction by instruction.
  void reset(bool profile);

  /// Core cycles up to the beginning of the current block.
  isa::Cycles at_block() const { return isa::Cycles(cycles_); }

  /// `slot`'s block begins. The one before it has been left.
  void begin(BlockCache::Slot& slot) {
    timing_ = slot.timing;
    if (slot.fetch_epoch != memory_.fetch_epoch()) fetch(slot);
  }
  /// The current block, if there is one, ended by going on at `next`.
  void leave(std::uint32_t next, const AccessLog& log) {
    if (!timing_) return;
    end_block(how_left(isa::Address(next)), facts_of(log), log);
    timing_ = nullptr;
  }
  /// Whether there is a current block.
  bool running() const { return timing_ != nullptr; }
  /// The current block is not the current one for a while; nullptr where there is none. In between no other
  /// block may begin.
  BlockTiming* suspend() { return std::exchange(timing_, nullptr); }
  void resume(BlockTiming* suspended) { timing_ = suspended; }
  /// The current block, if there is one, ends here: all of it, or its first `executed` instructions.
  void finish(const AccessLog& log, std::optional<std::size_t> executed = {});

  /// An access that may stall: the last one in `log`.
  void access(const AccessLog& log);
  /// Operands of the double-precision instruction at `at`, which is about to execute.
  void doubles(isa::Address at, isa::DoubleOperands operands) {
    doubles_.push_back({at, operands});
    irregular_ = true;
  }
  /// The core waits: exception entry, a barrier, sleep. Not a part of any instruction.
  void wait(isa::CauseCycles cycles);
  /// The pipeline starts anew, as behind an exception.
  void flush_pipeline();

  /// Forgets all that is remembered of blocks, which may then be destroyed. Counts stay.
  void forget_passages();

  /// Core cycles at the last access in `log`: exact.
  isa::Cycles at_access(const AccessLog& log);
  /// Counts up to the instruction with the index `executed` - 1 of the current block.
  Counts counts(const AccessLog& log, std::size_t executed);
  /// Counts of all blocks that are over.
  const Counts& counts() {
    fold();
    return total_;
  }
  /// Where the cycles of a run that has ended went. Only where `reset` asked for it.
  Profile profile();

 private:
  isa::Leave how_left(isa::Address next) {
    const isa::Branch& branch = timing_->branch;
    if (branch.kind == isa::BranchKind::kNone) return isa::Leave::kFallThrough;
    if (!predictor_.foresaw(branch, next)) return isa::Leave::kMispredicted;
    return next == branch.next ? isa::Leave::kFallThrough : isa::Leave::kTaken;
  }
  void end_block(isa::Leave how, std::uint64_t facts, const AccessLog& log) {
    const std::size_t hash = state_ + 3 * static_cast<std::size_t>(how) + 5 * facts;
    Passage*& recent = timing_->recent[hash % BlockTiming::kRecent];
    Passage* passage = recent;
    if (!passage || passage->entry != state_ || passage->facts != facts || passage->leave != how)
        [[unlikely]] {
      passage = recent = find(how, facts, log);
    }
    cycles_ += passage->cycles + stalled_;
    stalled_ = 0;
    if (irregular_) [[unlikely]] {
      irregular_ = false;
      doubles_.clear();
    }
    state_ = passage->exit;
    if (passage->passes++ == 0) [[unlikely]]
      note(passage);
  }
  /// Hash of what the accesses of the current block did that matters to its cost.
  std::uint64_t facts_of(const AccessLog& log) const {
    const BlockTiming& timing = *timing_;
    if (irregular_ || timing.irregular || log.count() != timing.accesses) [[unlikely]] {
      return all_facts(log);
    }
    std::uint64_t facts = 0;
    for (BankSite site : timing.bank_sites) {
      isa::Address at = log[site.access].address;
      facts = (facts << 1) + (at.value >> 2 & 1);
      if (site.store) facts = (facts << 1) + in_tcm(at);
    }
    return facts;
  }
  bool in_tcm(isa::Address a) const {
    return a.value - dtcm_base_ < dtcm_size_ || a.value - itcm_base_ < itcm_size_;
  }

  [[gnu::noinline]] std::uint64_t all_facts(const AccessLog& log) const;
  isa::AccessFact fact(const AccessEvent& event) const;
  /// The passage with these properties, made if it is new.
  [[gnu::noinline]] Passage* find(isa::Leave how, std::uint64_t facts, const AccessLog& log);
  Passage* remember(isa::Leave how, std::uint64_t facts, const AccessLog& log);
  /// What the first `executed` instructions of the current block cost so far.
  Counts part(const AccessLog& log, std::size_t executed, std::vector<isa::InstructionCost>& each) const;
  /// The current block's accesses so far, one an access of its instructions that are not in `skipped`; those
  /// still to come as if they were ordinary.
  std::vector<isa::AccessFact> accesses_of(const AccessLog& log, std::vector<std::uint16_t>& skipped) const;
  std::vector<isa::DoubleOperands> doubles_of_block() const;
  std::size_t instruction_of_last(const AccessLog& log) const;
  std::uint32_t number(const isa::PipelineState& state);
  [[gnu::noinline]] void fetch(BlockCache::Slot& slot);
  void stall(isa::Cause cause, const memory_model::Stall& stall, std::size_t instruction);
  /// The first pass through `passage` since the last fold.
  [[gnu::noinline]] void note(Passage* passage);
  void fold();
  void add_profile(const Passage& passage);
  InstructionProfile& row(const isa::Instruction& in);

  static constexpr std::uint64_t kMix = 0x9e3779b97f4a7c15;
  /// Bounds of the tables: past them everything remembered is forgotten and learnt anew.
  static constexpr std::size_t kMaxPassages = 1 << 18, kMaxStates = 1 << 16;

  memory_model::MemorySystem& memory_;
  std::uint32_t dtcm_base_ = 0, dtcm_size_ = 0, itcm_base_ = 0, itcm_size_ = 0;
  isa::BranchPredictor predictor_;

  // The current block.
  BlockTiming* timing_ = nullptr;
  std::uint32_t state_ = 0;    ///< number of the state it was entered in
  std::uint32_t stalled_ = 0;  ///< cycles it has waited for memory
  bool irregular_ = false;     ///< it made an unaligned access, or computed in double precision
  std::vector<std::pair<isa::Address, isa::DoubleOperands>> doubles_;
  isa::Address fetched_to_;  ///< end of the code fetched last

  std::uint64_t cycles_ = 0;  ///< up to the current block's beginning
  std::vector<Passage*> passed_;
  std::deque<Passage> passages_;
  std::vector<isa::PipelineState> states_;
  std::unordered_map<isa::PipelineState, std::uint32_t> numbers_;
  Counts total_;
  bool keep_profile_ = false;
  std::unordered_map<std::uint32_t, InstructionProfile> rows_;
  isa::CauseCycles overhead_;
};

}  // namespace sim
