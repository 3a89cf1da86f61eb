#include "isa/scoreboard.h"

#include <algorithm>

#include "isa/check.h"

namespace isa::timing {
namespace {

constexpr int kLongAgo = StoreBuffer::kLongAgo;

bool stores(const TimedOp& op, const Scoreboard::Dynamic& dynamic) {
  return op.access && op.access->store && !dynamic.accesses.empty();
}

int latency(Kind kind, Role role) {
  return latency_table()[static_cast<std::size_t>(kind)][static_cast<std::size_t>(role)];
}

}  // namespace

int Scoreboard::operands_ready(const TimedOp& op, Role instead_of_late) const {
  int ready = kLongAgo;
  for (const Read& read : op.reads) {
    const InFlight& value = in_flight_[read.resource];
    if (value.kind == Kind::None) continue;
    Role role = read.role == Role::Late ? instead_of_late : read.role;
    ready = std::max(ready, value.issue + latency(value.kind, role));
  }
  return ready;
}

int Scoreboard::gap_end(const TimedOp& op, bool younger) const {
  int end = kLongAgo;
  for (std::size_t i = 0; i < kGaps; ++i) {
    const GapRow& row = gaps()[i];
    if (!(op.units & row.unit) || (row.slots == GapSlots::Younger && !younger)) continue;
    // The rule is about cycles behind: whether two may share one is for the pairs.
    if (younger && last_of_gap_[i] == cycle_) continue;
    end = std::max(end, last_of_gap_[i] + row.cycles);
  }
  return end;
}

/// Whether one of the three cycles before `cycle` issued a floating-point multiply-accumulate.
bool Scoreboard::in_run(int cycle) const {
  for (std::size_t i = 0; i < kGaps; ++i) {
    const GapRow& row = gaps()[i];
    if (row.after == kFpMac && last_of_gap_[i] < cycle && cycle < last_of_gap_[i] + row.cycles) return true;
  }
  return false;
}

bool Scoreboard::may_pair(const TimedOp& op, const Dynamic& dynamic) const {
  if (!open_.open || op.single) return false;
  for (const ForbidRow& row : forbidden_pairs()) {
    if (!(open_.units & row.older) || !(op.units & row.younger)) continue;
    switch (row.when) {
      case When::Always:
        return false;
      case When::SameBank:
        if (open_.has_bank && !dynamic.accesses.empty() &&
            open_.odd_word == dynamic.accesses.front().odd_word) {
          return false;
        }
        break;
      case When::InRun:
        if (open_.in_run || in_run(cycle_)) return false;
        break;
    }
  }
  return gap_end(op, true) <= cycle_;
}

/// The early ALU belongs to the older slot, its shifter to whichever instruction needs it first.
bool Scoreboard::runs_early(const TimedOp& op, bool younger, int cycle) const {
  if (op.early_role == Role::None) return false;
  bool free = op.early_role == Role::Shift ? !younger || !(open_.units & (kShifter | kShiftMov)) : !younger;
  return free && operands_ready(op, op.early_role) <= cycle;
}

/// Cycles for which `op` holds the issue stage from its issue on, this one included.
int Scoreboard::held(const TimedOp& op, const Dynamic& dynamic, bool younger) const {
  if (op.doubles) {
    bool chained = op.doubles_chained && multiply_accumulate_end_ == cycle_ - 1;
    const DoubleRow& row = row_of(chained ? *op.doubles_chained : *op.doubles);
    return row.cycles[static_cast<std::size_t>(dynamic.doubles)];
  }
  if (dynamic.accesses.empty()) return op.cycles;
  const AccessFact& first = dynamic.accesses.front();
  if (op.list) return first.odd_word ? op.cycles_from_odd_word : op.cycles;
  if (op.access->store || !first.unaligned) return op.cycles;
  return op.cycles + (younger ? kUnalignedLoadYounger : kUnalignedLoadOlder);
}

/// Puts the stores of `op`, which issues in `cycle`, into the store buffer: the cycles it waits for room
/// between them.
int Scoreboard::store(const TimedOp& op, const Dynamic& dynamic, int cycle, int cycles) {
  const AccessFact& first = dynamic.accesses.front();
  if (op.access->count == 1) {
    unsigned banks = StoreBuffer::kNoBank;
    if (first.tcm && first.unaligned) {
      banks = StoreBuffer::kBoth;
    } else if (first.tcm && op.access->unit < 4) {
      banks = first.odd_word ? StoreBuffer::kOdd : StoreBuffer::kEven;
    }
    stores_.push(cycle, banks);
    return 0;
  }
  int last = cycle;
  for (int i = 0; i < cycles; ++i) {
    last = std::max(cycle + i, stores_.ready());
    stores_.push(last, StoreBuffer::kNoBank);
  }
  return last - (cycle + cycles - 1);
}

void Scoreboard::write(const TimedOp& op, bool early, int cycle) {
  for (const Write& write : op.writes) {
    Kind kind = write.kind != Kind::None ? write.kind : early ? Kind::EarlyAlu : op.produces;
    in_flight_[write.resource] = {kind, cycle + write.delay};
  }
}

Scoreboard::Issued Scoreboard::issue(const TimedOp& op, const Dynamic& dynamic) {
  Issued issued;
  int arrival = front_.arrival(op.address, op.bytes, cycle_);
  int store_ready = stores(op, dynamic) ? stores_.ready() : kLongAgo;
  int ready = std::max({arrival, operands_ready(op, Role::Late), store_ready});
  issued.younger = ready <= cycle_ && may_pair(op, dynamic);
  if (issued.younger) {
    open_.open = false;
  } else {
    begin_cycle(op, dynamic, arrival, store_ready, issued.causes);
  }
  issued.cycle = cycle_;
  bool early = runs_early(op, issued.younger, cycle_);
  for (std::size_t i = 0; i < kGaps; ++i) {
    if (op.units & gaps()[i].after) last_of_gap_[i] = cycle_;
  }
  if (op.sets_flags) flags_set_ = cycle_;

  int cycles = held(op, dynamic, issued.younger);
  int wait = stores(op, dynamic) ? store(op, dynamic, cycle_, cycles) : 0;
  // The younger's time runs from when the two were issued, and the older may have held the stage since then.
  int issued_at = issued.younger ? cycle_ - open_.lag : cycle_;
  int last = issued_at + cycles + wait - 1;
  write(op, early, op.list ? issued_at : last);
  if (last > cycle_) {
    issued.causes[Cause::kDStore] += static_cast<std::uint64_t>(wait);
    issued.causes[Cause::kStructural] += static_cast<std::uint64_t>(last - cycle_ - wait);
    if (!issued.younger) open_.lag = last - cycle_;
    cycle_ = last;
  }
  if (op.doubles_chained) multiply_accumulate_end_ = cycle_;
  narrow_before_last_ = narrow_;
  narrow_ = op.bytes == 2 ? std::min(narrow_ + 1, kNarrowBeforePairedTarget) : 0;
  return issued;
}

/// Begins the first cycle in which `op` can issue as the older instruction.
void Scoreboard::begin_cycle(const TimedOp& op, const Dynamic& dynamic, int arrival, int store_ready,
                             CauseCycles& causes) {
  int now = cycle_ + 1;
  auto wait = [&](Cause cause, int until) {
    if (until <= now) return;
    causes[cause] += static_cast<std::uint64_t>(until - now);
    now = until;
  };
  wait(Cause::kIFetch, arrival);
  wait(Cause::kDependency, operands_ready(op, Role::Late));
  wait(Cause::kStructural, gap_end(op, false));
  wait(Cause::kDStore, store_ready);
  causes[Cause::kIssue] += 1;
  cycle_ = now;

  open_ = {};
  open_.open = !op.single;
  open_.units = op.units;
  open_.in_run = in_run(cycle_);
  if (dynamic.accesses.empty()) return;
  open_.has_bank = true;
  open_.odd_word = dynamic.accesses.front().odd_word;
}

CauseCycles Scoreboard::leave(Leave leave) {
  CauseCycles causes;
  if (leave == Leave::kFallThrough) return causes;
  front_.redirected = true;
  if (leave == Leave::kTaken) {
    if (narrow_before_last_ < kNarrowBeforePairedTarget) open_ = {};
    return causes;
  }
  int penalty = cycle_ - flags_set_ >= kEarlyFlags ? kMispredictEarlyFlags : kMispredict;
  causes[Cause::kBranch] = static_cast<std::uint64_t>(penalty);
  cycle_ += penalty;
  // The fetch of the right path arrives in the next cycle.
  front_.arrived = cycle_;
  open_ = {};
  return causes;
}

}  // namespace isa::timing
