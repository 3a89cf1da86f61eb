// Faults: raised by the hooks, taken as the core takes them, or ending the run.
#include <fmt/format.h>

#include <algorithm>

#include "sim/runner.h"

namespace sim {
namespace {

/// EPSR's IT bits before the instruction `index` of `code`.
std::uint32_t it_bits(const std::vector<isa::Instruction>& code, std::size_t index) {
  if (!code[index].it) return 0;
  std::size_t first = index;
  while (first > 0 && code[first].address != *code[index].it) --first;
  unsigned state = code[first].first & 0xff;
  // ITAdvance, A7.3.3.
  for (std::size_t i = first + 1; i < index; ++i)
    state = (state & 7) ? (state & 0xe0) | (state << 1 & 0x1f) : 0;
  return (state & 3) << 25 | (state >> 2) << 10;
}

}  // namespace

FaultFacts Runner::facts_at(isa::Address pc, std::string reason) const {
  return {"", std::move(reason), pc, cpu_.registers(), steps_->current(), {}, pc};
}

/// Something that no core reports ends the run.
void Runner::fail(std::string kind, std::string reason, isa::Address pc) {
  if (end_ || raised_) return;
  fault_ = facts_at(pc, std::move(reason));
  fault_->kind = std::move(kind);
  end(RunEnd::kFault);
}

/// A fault of the guest: it is taken when the emulator stands.
void Runner::raise(const FaultStatus& status, std::string reason, isa::Address pc, isa::Address return_to) {
  if (end_ || raised_) return;
  raised_ = facts_at(pc, std::move(reason));
  raised_->status = status;
  raised_->return_to = return_to;
  trapped_ |= kAnyBlock;
  uc_emu_stop(cpu_.engine());
}

/// The instruction that makes the last access; where nobody can tell, the block's first.
isa::Address Runner::accessing_instruction() const {
  std::optional<std::size_t> index = access_instruction();
  return index ? block_->code[*index].address : block_ ? block_->address : isa::Address();
}

void Runner::raise_at_access(const FaultStatus& status, std::string reason) {
  isa::Address pc = accessing_instruction();
  raise(status, std::move(reason), pc, pc);
}

/// The store that the hook sees is about to happen, and must not: its bytes as they are.
void Runner::forbid_store(isa::Address address, unsigned size) {
  std::span<std::uint8_t> there = memory_.from(address);
  if (there.size() < size || forbidden_) return;
  forbidden_ = {address, {there.begin(), there.begin() + size}};
}

/// The last instruction before `pc` in the block that ran.
isa::Address Runner::last_instruction(std::uint32_t pc) const {
  if (!block_ || block_->code.empty()) return isa::Address(pc);
  return block_->code.back().address;
}

/// Charges what the block did before the fault, and puts the registers back to where they were.
CoreState Runner::unwind(const FaultFacts& facts) {
  if (forbidden_) memory_.write(forbidden_->first, forbidden_->second);
  forbidden_.reset();
  CoreState core = cpu_.core();
  std::copy_n(facts.registers.r.begin(), core.r.size(), core.r.begin());
  core.sp() = facts.registers.r[13];
  core.lr = facts.registers.r[14];
  core.xpsr = (facts.registers.xpsr & ~kItBits) | kThumbBit;
  core.pc = facts.return_to.value;
  if (block_ && facts.return_to != facts.pc) {
    finish_block();
  } else if (block_) {
    auto here = std::ranges::lower_bound(block_->code, facts.pc, {}, &isa::Instruction::address);
    auto index = static_cast<std::size_t>(here - block_->code.begin());
    finish_block(index);
    if (here != block_->code.end() && here->address == facts.pc) core.xpsr |= it_bits(block_->code, index);
  }
  block_ = previous_ = nullptr;
  return core;
}

/// Notes it, reports it in the status registers, and pends the exception that it becomes. False where there
/// is none that could be taken: the core would lock up, or nobody handles it. Then the run has ended.
bool Runner::pend_fault(FaultFacts facts, const Masks& masks) {
  Nvic& nvic = system_.nvic();
  FaultStatus status = *facts.status;
  unsigned n = status.exception;
  facts.kind = exception_name(n);
  if (n != kHardFault && !(nvic.can_take(n, masks) && usable_vector(n))) {
    status.hfsr |= kForced;
    n = kHardFault;
  }
  system_.record(status);
  ++faults_taken_;
  if (faults_.size() < RunResult::kMaxFaults) faults_.push_back(facts);
  open_faults_.push_back({n, std::move(facts)});
  bool lockup = !nvic.can_take(n, masks);
  if (lockup || !usable_vector(n)) {
    end_by_fault();
    return false;
  }
  nvic.pend(n);
  return true;
}

void Runner::take_fault(std::uint32_t& pc) {
  FaultFacts facts = std::move(*raised_);
  raised_.reset();
  CoreState core = unwind(facts);
  // A branch to an even address has cleared EPSR.T.
  if (facts.status->cfsr & kInvstate) core.xpsr &= ~kThumbBit;
  if (control_ && !control_->faulted(facts, core, pc)) return;
  if (pend_fault(std::move(facts), core.masks)) enter(core, pc);
}

/// A fault of exception entry or return itself: no new frame, the handler returns as `exc_return` says.
void Runner::nested_fault(const FaultStatus& status, std::string reason, CoreState& core,
                          std::uint32_t exc_return, std::uint32_t& pc) {
  FaultFacts facts = facts_at(isa::Address(core.pc), std::move(reason));
  facts.status = status;
  if (pend_fault(std::move(facts), core.masks)) handle(core, exc_return, pc);
}

/// The handler of exception `n` has returned: its faults are dealt with.
void Runner::handled_fault(unsigned n) {
  while (!open_faults_.empty() && open_faults_.back().exception == n) open_faults_.pop_back();
}

/// Ends the run by the first fault that nobody has dealt with.
void Runner::end_by_fault() {
  fault_ = open_faults_.front().facts;
  end(RunEnd::kFault);
}

}  // namespace sim
