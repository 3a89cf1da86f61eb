// The part of the cycle model that runs rarely: a passage seen for the first time, stalls, folds.
#include "sim/cycle_model.h"

#include <algorithm>

namespace sim {
namespace {

/// How many of the events from `from` on are `access` being carried out: all of them, or 0. STREX's read of
/// what it replaces is counted in.
std::size_t carried_out(const isa::MemoryAccess& access, const AccessLog& log, std::size_t from) {
  bool reads_first = access.may_skip && from < log.count() && !log[from].store;
  std::size_t at = from + (reads_first ? 1 : 0);
  if (at + access.count > log.count()) return 0;
  for (std::size_t n = 0; n < access.count; ++n) {
    const AccessEvent& event = log[at + n];
    isa::Address expected = log[at].address + isa::Bytes(static_cast<std::int64_t>(n * access.unit));
    if (event.store != access.store || event.bytes != access.unit || event.address != expected) return 0;
  }
  return at + access.count - from;
}

Counts& operator+=(Counts& a, const Counts& b) {
  a.instructions += b.instructions;
  a.loads += b.loads;
  a.stores += b.stores;
  a.load_bytes += b.load_bytes;
  a.store_bytes += b.store_bytes;
  a.causes += b.causes;
  return a;
}

Counts operator*(Counts c, std::uint64_t n) {
  return {c.instructions * n, c.loads * n, c.stores * n, c.load_bytes * n, c.store_bytes * n, c.causes * n};
}

void count(Counts& counts, const AccessEvent& event) {
  (event.store ? counts.stores : counts.loads) += 1;
  (event.store ? counts.store_bytes : counts.load_bytes) += event.bytes;
}

}  // namespace

BlockTiming::BlockTiming(const Block& of) : block(of), timed(of.code) {
  if (!block.code.empty()) branch = isa::branch_of(block.code.back());
  counts.instructions = block.instructions;
  std::vector<bool> stores;  // of each access
  for (const isa::Instruction& in : block.code) {
    auto access = isa::memory_access(in.first, in.second);
    if (!access) continue;
    if (access->may_skip || in.condition != isa::kAlways) irregular = true;
    stores.insert(stores.end(), access->count, access->store);
    (access->store ? counts.stores : counts.loads) += access->count;
    (access->store ? counts.store_bytes : counts.load_bytes) += std::uint64_t{access->count} * access->unit;
  }
  accesses = static_cast<std::uint16_t>(stores.size());
  std::span<const std::uint8_t> matters = timed.bank_matters();
  std::size_t bits = 0;
  for (std::size_t i = 0; i < matters.size(); ++i) {
    if (!matters[i]) continue;
    bank_sites.push_back({static_cast<std::uint16_t>(i), stores[i]});
    bits += stores[i] ? 2 : 1;
  }
  if (bits > 63) irregular = true;
}

CycleModel::CycleModel(const memory_model::Board& board, memory_model::MemorySystem& memory)
    : memory_(memory) {
  for (const memory_model::Region& region : board.regions) {
    if (region.kind == memory_model::RegionKind::kDtcm) {
      dtcm_base_ = region.base.value;
      dtcm_size_ = static_cast<std::uint32_t>(region.size.value);
    } else if (region.kind == memory_model::RegionKind::kItcm) {
      itcm_base_ = region.base.value;
      itcm_size_ = static_cast<std::uint32_t>(region.size.value);
    }
  }
  reset(false);
}

void CycleModel::reset(bool profile) {
  timing_ = nullptr;
  keep_profile_ = false;
  forget_passages();
  numbers_.clear();
  states_.clear();
  predictor_.reset();
  flush_pipeline();
  cycles_ = 0;
  stalled_ = 0;
  fetched_to_ = {};
  total_ = {};
  keep_profile_ = profile;
  rows_.clear();
  overhead_ = {};
}

std::uint32_t CycleModel::number(const isa::PipelineState& state) {
  auto [it, added] = numbers_.try_emplace(state, static_cast<std::uint32_t>(states_.size()));
  if (added) states_.push_back(state);
  return it->second;
}

void CycleModel::flush_pipeline() {
  state_ = number(isa::idle_pipeline());
}

void CycleModel::finish(const AccessLog& log, std::optional<std::size_t> executed) {
  if (!timing_) return;
  if (!executed || *executed >= timing_->block.code.size()) {
    end_block(isa::Leave::kFallThrough, facts_of(log), log);
  } else {
    std::vector<isa::InstructionCost> each;
    Counts done = part(log, *executed, each);
    cycles_ += done.causes.total().value + stalled_;
    total_ += done;
    if (keep_profile_) {
      for (std::size_t i = 0; i < *executed; ++i) {
        InstructionProfile& line = row(timing_->block.code[i]);
        line.executions += 1;
        line.younger += each[i].younger;
        line.cycles += each[i].cycles;
      }
    }
    stalled_ = 0;
    irregular_ = false;
    doubles_.clear();
    flush_pipeline();
  }
  timing_ = nullptr;
}

void CycleModel::wait(isa::CauseCycles cycles) {
  cycles_ += cycles.total().value;
  total_.causes += cycles;
  overhead_ += cycles;
}

// --- what the accesses did ---

isa::AccessFact CycleModel::fact(const AccessEvent& event) const {
  std::uint32_t natural = std::min<std::uint32_t>(event.bytes, 4);
  return {(event.address.value & 4) != 0, (event.address.value & (natural - 1)) != 0, in_tcm(event.address)};
}

std::uint64_t CycleModel::all_facts(const AccessLog& log) const {
  std::uint64_t facts = 1;
  auto mix = [&](std::uint64_t bits) {
    facts = (facts ^ bits) * kMix;
    facts ^= facts >> 29;
  };
  for (const AccessEvent& event : log.events()) {
    isa::AccessFact f = fact(event);
    mix(f.odd_word | f.unaligned << 1 | f.tcm << 2 | event.store << 3 | event.bytes << 4);
  }
  for (const auto& [at, operands] : doubles_)
    mix(std::uint64_t{at.value} << 4 | static_cast<unsigned>(operands));
  return facts | std::uint64_t{1} << 63;  // never that of ordinary accesses
}

std::vector<isa::AccessFact> CycleModel::accesses_of(const AccessLog& log,
                                                     std::vector<std::uint16_t>& skipped) const {
  std::vector<isa::AccessFact> facts;
  std::size_t at = 0;
  for (std::size_t i = 0; i < timing_->block.code.size(); ++i) {
    const isa::Instruction& in = timing_->block.code[i];
    auto access = isa::memory_access(in.first, in.second);
    if (!access) continue;
    std::size_t taken = carried_out(*access, log, at);
    bool may_skip = access->may_skip || in.condition != isa::kAlways;
    if (taken == 0 && may_skip) {
      skipped.push_back(static_cast<std::uint16_t>(i));
      continue;
    }
    // Cut short by a fault, or still to come: its accesses so far, and ordinary ones for the rest.
    std::size_t first = at + (taken > access->count ? 1 : 0);
    for (std::size_t n = 0; n < access->count; ++n) {
      facts.push_back(first + n < log.count() ? fact(log[first + n]) : isa::AccessFact{});
    }
    at = std::min(log.count(), first + access->count);
  }
  return facts;
}

/// Of each instruction of the block whose cost depends on them; ordinary ones where it was skipped or is
/// still to come.
std::vector<isa::DoubleOperands> CycleModel::doubles_of_block() const {
  std::vector<isa::DoubleOperands> all;
  for (const isa::Instruction& in : timing_->block.code) {
    if (!isa::double_operands(in.first, in.second)) continue;
    auto seen = std::ranges::find(doubles_, in.address, &std::pair<isa::Address, isa::DoubleOperands>::first);
    all.push_back(seen == doubles_.end() ? isa::DoubleOperands::kDifferentExponent : seen->second);
  }
  return all;
}

std::size_t CycleModel::instruction_of_last(const AccessLog& log) const {
  const Block& block = timing_->block;
  if (!block.access_plan.empty() && log.count() <= block.access_plan.size()) {
    return block.access_plan[log.count() - 1];
  }
  std::size_t at = 0, last = 0;
  for (std::size_t i = 0; i < block.code.size() && at < log.count(); ++i) {
    auto access = isa::memory_access(block.code[i].first, block.code[i].second);
    if (!access) continue;
    bool may_skip = access->may_skip || block.code[i].condition != isa::kAlways;
    std::size_t taken = carried_out(*access, log, at);
    if (taken == 0 && may_skip && log[at].store != access->store) continue;
    at += taken ? taken : access->count;
    last = i;
  }
  return last;
}

// --- passages ---

Passage* CycleModel::find(isa::Leave how, std::uint64_t facts, const AccessLog& log) {
  for (Passage* p = timing_->passages; p; p = p->next) {
    if (p->entry == state_ && p->facts == facts && p->leave == how) return p;
  }
  return remember(how, facts, log);
}

Passage* CycleModel::remember(isa::Leave how, std::uint64_t facts, const AccessLog& log) {
  if (passages_.size() >= kMaxPassages || states_.size() >= kMaxStates) {
    isa::PipelineState state = states_[state_];
    forget_passages();
    states_.clear();
    numbers_.clear();
    state_ = number(state);
  }
  Passage& passage = passages_.emplace_back();
  passage.facts = facts;
  passage.entry = state_;
  passage.leave = how;
  passage.timing = timing_;
  passage.accesses = accesses_of(log, passage.skipped);
  passage.doubles = doubles_of_block();
  const BlockTiming& timing = *timing_;
  isa::BlockCost cost =
      timing.timed.charge({states_[state_], passage.accesses, passage.skipped, passage.doubles, how});
  passage.cycles = static_cast<std::uint32_t>(cost.causes.total().value);
  passage.exit = number(cost.exit);
  passage.access_cycle = std::move(cost.access_cycle);
  if (log.count() == timing.accesses) {
    passage.counts = timing.counts;
  } else {
    passage.counts.instructions = timing.counts.instructions;
    for (const AccessEvent& event : log.events()) count(passage.counts, event);
  }
  passage.counts.causes = cost.causes;
  passage.next = timing.passages;
  return timing_->passages = &passage;
}

void CycleModel::note(Passage* passage) {
  passed_.push_back(passage);
}

void CycleModel::fold() {
  for (Passage* passage : passed_) {
    total_ += passage->counts * passage->passes;
    passage->folded += passage->passes;
    passage->passes = 0;
  }
  passed_.clear();
}

void CycleModel::forget_passages() {
  fold();
  for (Passage& passage : passages_) {
    if (keep_profile_) add_profile(passage);
    passage.timing->passages = nullptr;
    passage.timing->recent = {};
  }
  passages_.clear();
}

// --- stalls and time ---

void CycleModel::access(const AccessLog& log) {
  const AccessEvent& event = log[log.count() - 1];
  isa::AccessFact f = fact(event);
  irregular_ |= f.unaligned;
  // Where the access lies in its block is known from the last time it went through here.
  const Passage* last = timing_ ? timing_->passages : nullptr;
  std::size_t n = log.count() - 1;
  std::uint64_t offset = last && n < last->access_cycle.size() ? last->access_cycle[n] : 0;
  isa::Cycles now(cycles_ + stalled_ + offset);
  memory_model::Stall cost = event.store ? memory_.store(event.address, event.bytes, now)
                                         : memory_.load(event.address, event.bytes, now);
  if (cost.total() == 0 || !timing_) return;
  stall(event.store ? isa::Cause::kDStore : isa::Cause::kDLoad, cost,
        keep_profile_ ? instruction_of_last(log) : 0);
}

void CycleModel::fetch(BlockCache::Slot& slot) {
  bool jumped = timing_->block.address != fetched_to_;
  fetched_to_ = timing_->block.address + isa::Bytes(slot.size);
  memory_model::Stall cost = memory_.fetch(timing_->block.address, slot.size, jumped, isa::Cycles(cycles_));
  if (cost.settled) slot.fetch_epoch = memory_.fetch_epoch();
  if (cost.total() > 0) stall(isa::Cause::kIFetch, cost, 0);
}

void CycleModel::stall(isa::Cause cause, const memory_model::Stall& cost, std::size_t instruction) {
  stalled_ += cost.total();
  isa::CauseCycles cycles;
  cycles[cause] = cost.cycles;
  cycles[isa::Cause::kBus] = cost.bus;
  cycles[isa::Cause::kDevice] = cost.device;
  total_.causes += cycles;
  if (keep_profile_ && instruction < timing_->block.code.size())
    row(timing_->block.code[instruction]).cycles += cycles;
}

Counts CycleModel::part(const AccessLog& log, std::size_t executed,
                        std::vector<isa::InstructionCost>& each) const {
  std::vector<std::uint16_t> skipped;
  std::vector<isa::AccessFact> accesses = accesses_of(log, skipped);
  std::vector<isa::DoubleOperands> doubles = doubles_of_block();
  timing_->timed.charge({states_[state_], accesses, skipped, doubles, isa::Leave::kFallThrough}, &each);
  Counts counts;
  counts.instructions = executed;
  for (std::size_t i = 0; i < executed && i < each.size(); ++i) counts.causes += each[i].cycles;
  for (const AccessEvent& event : log.events()) count(counts, event);
  return counts;
}

isa::Cycles CycleModel::at_access(const AccessLog& log) {
  if (!timing_ || log.count() == 0) return isa::Cycles(cycles_ + stalled_);
  std::vector<isa::InstructionCost> each;
  std::size_t instruction = instruction_of_last(log);
  part(log, instruction, each);
  return isa::Cycles(cycles_ + stalled_ + each[instruction].issue_cycle);
}

Counts CycleModel::counts(const AccessLog& log, std::size_t executed) {
  fold();
  Counts now = total_;
  std::vector<isa::InstructionCost> each;
  if (timing_) now += part(log, executed, each);
  return now;
}

// --- profile ---

InstructionProfile& CycleModel::row(const isa::Instruction& in) {
  InstructionProfile& found = rows_[in.address.value];
  found.address = in.address;
  found.bytes = in.bytes;
  return found;
}

void CycleModel::add_profile(const Passage& passage) {
  std::uint64_t passes = passage.folded + passage.passes;
  if (passes == 0) return;
  std::vector<isa::InstructionCost> each;
  passage.timing->timed.charge(
      {states_[passage.entry], passage.accesses, passage.skipped, passage.doubles, passage.leave}, &each);
  for (std::size_t i = 0; i < each.size(); ++i) {
    InstructionProfile& line = row(passage.timing->block.code[i]);
    line.executions += passes;
    line.younger += each[i].younger ? passes : 0;
    line.cycles += each[i].cycles * passes;
  }
}

Profile CycleModel::profile() {
  forget_passages();
  Profile profile;
  for (const auto& [address, line] : rows_) profile.instructions.push_back(line);
  std::ranges::sort(profile.instructions, {}, &InstructionProfile::address);
  profile.overhead = overhead_;
  return profile;
}

}  // namespace sim
