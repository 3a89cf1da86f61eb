// Blocks on the scoreboard.
#include "isa/core_timing.h"

#include <algorithm>
#include <cstring>

#include "isa/check.h"
#include "isa/scoreboard.h"
#include "isa/timed_op.h"

namespace isa {

using timing::Scoreboard;
using timing::TimedOp;

struct TimedBlock::Impl {
  std::vector<TimedOp> ops;
  std::vector<std::uint8_t> bank_matters;
};

namespace {

bool may_pair_with_a_load(const TimedOp& op) {
  return !op.single && (op.units & timing::kLoad);
}

/// Whether the bank of the first access of `ops[i]` can change a cost; that of further ones never can.
bool bank_of_first_matters(const std::vector<TimedOp>& ops, std::size_t i) {
  const TimedOp& op = ops[i];
  if (op.access->count > 1) return op.cycles_from_odd_word != op.cycles;
  if (op.access->store) return op.access->unit < 4;
  if (!may_pair_with_a_load(op)) return false;
  bool before = i == 0 || may_pair_with_a_load(ops[i - 1]);
  bool behind = i + 1 == ops.size() || may_pair_with_a_load(ops[i + 1]);
  return before || behind;
}

std::vector<std::uint8_t> banks_that_matter(const std::vector<TimedOp>& ops) {
  std::vector<std::uint8_t> matters;
  for (std::size_t i = 0; i < ops.size(); ++i) {
    if (!ops[i].access) continue;
    matters.push_back(bank_of_first_matters(ops, i));
    matters.resize(matters.size() + ops[i].access->count - 1, false);
  }
  return matters;
}

/// The facts of one instruction after the other.
class Facts {
 public:
  explicit Facts(const TimedBlock::Entry& entry) : entry_(entry) {}

  Scoreboard::Dynamic next(const TimedOp& op, std::size_t index) {
    Scoreboard::Dynamic dynamic;
    bool skipped = std::find(entry_.skipped.begin(), entry_.skipped.end(), index) != entry_.skipped.end();
    if (op.access && !skipped) {
      std::size_t left = entry_.accesses.size() - access_;
      dynamic.accesses = entry_.accesses.subspan(access_, std::min<std::size_t>(op.access->count, left));
      access_ += dynamic.accesses.size();
    }
    if (op.takes_doubles && double_ < entry_.doubles.size()) {
      dynamic.doubles = entry_.doubles[double_++];
    }
    return dynamic;
  }

 private:
  const TimedBlock::Entry& entry_;
  std::size_t access_ = 0, double_ = 0;
};

}  // namespace

TimedBlock::TimedBlock(std::span<const Instruction> code) : impl_(std::make_unique<Impl>()) {
  for (const Instruction& in : code) impl_->ops.push_back(timing::timed_op(in));
  impl_->bank_matters = banks_that_matter(impl_->ops);
}

TimedBlock::~TimedBlock() = default;
TimedBlock::TimedBlock(TimedBlock&&) noexcept = default;
TimedBlock& TimedBlock::operator=(TimedBlock&&) noexcept = default;

BlockCost TimedBlock::charge(const Entry& entry, std::vector<InstructionCost>* each) const {
  BlockCost cost;
  Scoreboard board(entry.state);
  Facts facts(entry);
  if (each) each->clear();
  cost.access_cycle.reserve(entry.accesses.size());
  for (std::size_t i = 0; i < impl_->ops.size(); ++i) {
    Scoreboard::Dynamic dynamic = facts.next(impl_->ops[i], i);
    Scoreboard::Issued issued = board.issue(impl_->ops[i], dynamic);
    auto cycle = static_cast<std::uint32_t>(std::max(issued.cycle, 0));
    for (std::uint32_t n = 0; n < dynamic.accesses.size(); ++n) {
      cost.access_cycle.push_back(cycle + n / 2);
    }
    cost.causes += issued.causes;
    if (each) each->push_back({cycle, issued.younger, issued.causes});
  }
  CauseCycles left = board.leave(entry.leave);
  cost.causes += left;
  if (each && !each->empty()) each->back().cycles += left;
  CHECK(cost.causes.total() == Cycles(static_cast<std::uint64_t>(board.elapsed())));
  cost.exit = board.state();
  return cost;
}

std::span<const std::uint8_t> TimedBlock::bank_matters() const {
  return impl_->bank_matters;
}

PipelineState idle_pipeline() {
  Scoreboard board{PipelineState()};
  board.leave(Leave::kTaken);
  return board.state();
}

}  // namespace isa

std::size_t std::hash<isa::PipelineState>::operator()(const isa::PipelineState& state) const noexcept {
  static_assert(sizeof(state.bytes) % sizeof(std::uint64_t) == 0);
  std::uint64_t hash = 0;
  for (std::size_t at = 0; at < sizeof(state.bytes); at += sizeof(std::uint64_t)) {
    std::uint64_t word;
    std::memcpy(&word, state.bytes.data() + at, sizeof(word));
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    hash ^= hash >> 32;
  }
  return hash;
}
