// Exceptions: when they are taken, entry and return, and what waits for them. All of it happens while the
// emulator stands still; the hooks only say why it should.
#include <fmt/format.h>

#include <algorithm>

#include "sim/exception_costs.h"
#include "sim/exception_frame.h"
#include "sim/runner.h"

namespace sim {
namespace {

constexpr unsigned kMaxResets = 16;

std::string say(isa::Address address) {
  return fmt::format("{}", address);
}

}  // namespace

// --- when ---

/// Something that decides which exception comes next has changed, or time has passed.
void Runner::exceptions_changed() {
  attention_ = system_.nvic().any() ? Attention::kLook : Attention::kNone;
  set_horizon();
  update_traps();
}

/// Does what is due at the cycle `now`.
void Runner::advance(isa::Cycles now) {
  guarded([&] { peripherals_.advance(now); });
  system_.advance(now);
  exceptions_changed();
}

isa::Cycles Runner::next_event() const {
  return std::min(system_.next_event(), peripherals_.next_event());
}

/// True where the run has to stop before `slot`'s block and take an exception.
bool Runner::attend(const BlockCache::Slot& slot) {
  if (model_.at_block() >= next_event()) advance(model_.at_block());
  if (attention_ == Attention::kNone) return false;
  // What the masks hold off comes only after an instruction that changes them.
  bool same_masks = block_ && !(block_->flags & kChangesMasks);
  if (attention_ == Attention::kMasked && same_masks) return false;
  Masks masks = cpu_.masks();
  if (!system_.nvic().next(masks)) {
    attention_ = system_.nvic().next({}) ? Attention::kMasked : Attention::kNone;
    update_traps();
    return false;
  }
  // An IT block is finished first.
  if (cpu_.reg(UC_ARM_REG_XPSR) & kItBits) return false;
  interrupted_at_ = slot.address;
  uc_emu_stop(cpu_.engine());
  return true;
}

/// The emulator has stopped. Does what it stopped for; `pc` is where to go on.
void Runner::go_on(uc_err error, std::uint32_t& pc) {
  if (raised_) return take_fault(pc);
  if (reset_) return restart(pc);
  if (called_) return supervisor_call(pc);
  if (returning_) return exception_return(pc);
  if (interrupted_at_) {
    CoreState core = cpu_.core();
    core.pc = *interrupted_at_;
    return enter(core, pc);
  }
  if (idle_at_) return idle(pc);
  if (resume_at_) {
    pc = *resume_at_;
    if (waits_for_event_) wait_for_event(pc);
    return;
  }
  if (again_) {
    pc = again_->value;
    again_.reset();
    return widen_doubles();
  }
  if (trap_at_) return trap(*trap_at_, pc);
  returned_without_reason(error, pc);
}

// --- stack and vector accesses ---

StackMemory Runner::stack_memory(std::uint32_t pc) {
  StackMemory stack;
  stack.store = [this, pc](isa::Address at, std::uint32_t value) {
    if (mpu_on_ && !memory_system_.permitted(at, memory_model::AccessKind::kStore, privileged_)) return false;
    const GuestMemory::Mapping* mapping = memory_.find(at);
    if (!mapping || !mapping->region->writable()) return false;
    // Not as a write from the host's side: no code is where frames are.
    std::uint8_t* bytes = mapping->host + (at - mapping->region->base).value;
    for (unsigned i = 0; i < 4; ++i) bytes[i] = static_cast<std::uint8_t>(value >> 8 * i);
    touched_.touch(at.value, 4);
    if (at.value < stack_written_ && at.value >= stack_low_) stack_written_ = at.value;
    charge(isa::Cause::kDStore, memory_system_.store(at, 4, model_.at_block()));
    if (recorder_) recorder_->access(at.value, true, pc, model_.at_block().value);
    return true;
  };
  stack.load = [this, pc](isa::Address at) -> std::optional<std::uint32_t> {
    std::uint32_t value = 0;
    if (mpu_on_ && !memory_system_.permitted(at, memory_model::AccessKind::kLoad, privileged_))
      return std::nullopt;
    if (!memory_.read_word(at, value)) return std::nullopt;
    charge(isa::Cause::kDLoad, memory_system_.load(at, 4, model_.at_block()));
    if (recorder_) recorder_->access(at.value, false, pc, model_.at_block().value);
    return value;
  };
  return stack;
}

void Runner::charge(isa::Cause cause, const memory_model::Stall& stall) {
  if (stall.total() == 0) return;
  isa::CauseCycles cycles;
  cycles[cause] = stall.cycles;
  cycles[isa::Cause::kBus] = stall.bus;
  cycles[isa::Cause::kDevice] = stall.device;
  exception_cycles_ += stall.total();
  model_.wait(cycles);
}

/// The core's own steps: a refill of the pipeline, so their cause is the branch.
void Runner::charge(ExceptionStep step) {
  isa::CauseCycles cycles;
  cycles[isa::Cause::kBranch] = cost_of(step);
  exception_cycles_ += cost_of(step);
  model_.wait(cycles);
}

// --- entry ---

/// Pushes a frame for what runs, whose PC is `core.pc`, and goes to the handler of the most urgent exception.
void Runner::enter(CoreState core, std::uint32_t& pc) {
  bool fp = core.fp_active && system_.fp_automatic();
  bool thread = core.thread(), unprivileged = !core.privileged();
  StackMemory stack = stack_memory(core.pc);
  Pushed pushed = push_frame(core, {system_.aligns_stack(), fp}, stack);
  if (fp && !pushed.failed) {
    isa::Address room = pushed.frame + isa::Bytes(kBasicFrame);
    if (system_.fp_lazy()) {
      system_.fp_reserve(room, thread, unprivileged);
    } else {
      pushed.failed = push_fp(cpu_.fp(), room, stack);
      charge(ExceptionStep::kFpSave);
    }
  }
  charge(ExceptionStep::kEntry);
  model_.flush_pipeline();
  // What came meanwhile and is more urgent goes first: late arrival.
  advance(model_.at_block());
  if (pushed.failed) {
    bool there = memory_.find(*pushed.failed) != nullptr && board_.region_at(*pushed.failed)->writable();
    return nested_fault(there ? mem_manage(kMstkerr) : bus_fault(kStkerr),
                        fmt::format("stacking for {}: {}", exception_name(*system_.nvic().next(core.masks)),
                                    describe_access(board_, true, 4, *pushed.failed)),
                        core, pushed.exc_return, pc);
  }
  handle(core, pushed.exc_return, pc);
}

/// Goes to the handler of the most urgent exception; the frame is there already.
void Runner::handle(CoreState& core, std::uint32_t exc_return, std::uint32_t& pc) {
  unsigned n = *system_.nvic().next(core.masks);
  std::optional<std::uint32_t> vector = usable_vector(n);
  if (!vector) {
    system_.nvic().activate(n);  // it is the one that cannot go on
    return nested_fault(hard_fault(kVecttbl), no_handler(n), core, exc_return, pc);
  }
  charge(isa::Cause::kDLoad, memory_system_.load(system_.vector(n), 4, model_.at_block()));
  system_.nvic().activate(n);
  system_.set_current(n);
  core.xpsr = (core.xpsr & ~(kIpsrMask | kItBits)) | n | kThumbBit;
  core.lr = exc_return;
  core.pc = *vector & ~1u;
  core.process_stack = false;
  if (system_.fp_automatic()) core.fp_active = false;
  fp_is_new_ = !core.fp_active && system_.fp_default() != 0;
  event_ = true;
  if (recorder_) {
    recorder_->exception(exc_return & kExcReturnProcess ? core.psp : core.msp, core.pc,
                         model_.at_block().value);
  }
  cpu_.set_core(core);
  mode_changed();
  pc = core.pc;
  exceptions_changed();
}

/// The vector of this exception, where it leads to code.
std::optional<std::uint32_t> Runner::usable_vector(unsigned exception) const {
  std::uint32_t vector = 0;
  if (!memory_.read_word(system_.vector(exception), vector)) return std::nullopt;
  if (!(vector & 1) || !memory_.find(isa::Address(vector & ~1u))) return std::nullopt;
  return vector;
}

std::string Runner::no_handler(unsigned exception) const {
  isa::Address at = system_.vector(exception);
  std::uint32_t vector = 0;
  if (!memory_.read_word(at, vector)) {
    return fmt::format("{} has no handler: its vector would be at {}, where there is no memory",
                       exception_name(exception), say(at));
  }
  return fmt::format("{} has no handler: its vector at {} is 0x{:08x}, expected the odd address of code",
                     exception_name(exception), say(at), vector);
}

void Runner::supervisor_call(std::uint32_t& pc) {
  finish_block();
  Nvic& nvic = system_.nvic();
  CoreState core = cpu_.core();
  FaultFacts facts = facts_at(*called_, "");
  facts.return_to = isa::Address(core.pc);
  if (!nvic.can_take(kSvCall, core.masks)) {
    facts.status = hard_fault(kForced);
    facts.reason = fmt::format("SVC, but what runs is at least as urgent as SVCall (priority {})",
                               nvic.priority(kSvCall));
  } else if (!usable_vector(kSvCall)) {
    facts.status = hard_fault(kVecttbl);
    facts.reason = "SVC: " + no_handler(kSvCall);
  } else {
    nvic.pend(kSvCall);
    return enter(core, pc);
  }
  raised_ = std::move(facts);
  take_fault(pc);
}

// --- return ---

/// A branch to the EXC_RETURN value that `returning_` holds.
void Runner::exception_return(std::uint32_t& pc) {
  std::uint32_t value = *returning_;
  finish_block();
  Nvic& nvic = system_.nvic();
  CoreState core = cpu_.core();
  unsigned n = core.exception();
  bool to_thread = value & kExcReturnThread;
  bool known = (value & 0xf) == 1 || (value & 0xf) == 9 || (value & 0xf) == 13;
  std::string wrong;
  if (!known) {
    wrong = "no such EXC_RETURN";
  } else if (!nvic.active(n)) {
    wrong = fmt::format("{} is not active", exception_name(n));
  } else if (to_thread && nvic.active_count() > 1 && !system_.thread_at_any_level()) {
    wrong = "to thread mode, while other exceptions are active and CCR.NONBASETHRDENA is clear";
  } else if (!to_thread && nvic.active_count() == 1) {
    wrong = "to a handler, and none was interrupted";
  }
  nvic.deactivate(n);
  if (n != kNmi) core.masks.faultmask = false;
  handled_fault(n);
  if (!wrong.empty()) {
    return nested_fault(usage_fault(kInvpc), fmt::format("exception return with 0x{:08x}: {}", value, wrong),
                        core, 0xf0000000 | value, pc);
  }
  advance(model_.at_block());
  if (nvic.next(core.masks)) {
    charge(ExceptionStep::kTailChain);
    model_.flush_pipeline();
    return handle(core, value, pc);
  }
  StackMemory stack = stack_memory(core.pc);
  Popped popped = pop_frame(core, value, system_.aligns_stack(), stack);
  if (!popped.failed && !popped.basic)
    popped.failed = restore_fp(popped.frame + isa::Bytes(kBasicFrame), stack);
  if (popped.failed) {
    bool there = memory_.find(*popped.failed) != nullptr;
    return nested_fault(there ? mem_manage(kMunstkerr) : bus_fault(kUnstkerr),
                        fmt::format("unstacking at the return from {}: {}", exception_name(n),
                                    describe_access(board_, false, 4, *popped.failed)),
                        core, value, pc);
  }
  charge(ExceptionStep::kReturn);
  if (recorder_) recorder_->exception_return(popped.frame.value, core.pc, model_.at_block().value);
  model_.flush_pipeline();
  core.fp_active = !popped.basic || (core.fp_active && !system_.fp_automatic());
  if (to_thread) core.process_stack = value & kExcReturnProcess;
  system_.set_current(core.exception());
  if (core.thread() != to_thread) {
    FaultFacts facts =
        facts_at(isa::Address(core.pc),
                 fmt::format("exception return with 0x{:08x} to {}, but the frame's xPSR is 0x{:08x}", value,
                             to_thread ? "thread mode" : "a handler", core.xpsr));
    facts.status = usage_fault(kInvpc);
    if (to_thread) core.xpsr &= ~kIpsrMask;
    cpu_.set_core(core);
    raised_ = std::move(facts);
    return take_fault(pc);
  }
  fp_is_new_ = !core.fp_active && system_.fp_default() != 0;
  event_ = true;
  cpu_.set_core(core);
  mode_changed();
  pc = core.pc;
  exceptions_changed();
  if (!(core.xpsr & kThumbBit)) {
    raised_ = facts_at(isa::Address(pc), "exception return to a frame whose xPSR has T clear (INVSTATE)");
    raised_->status = usage_fault(kInvstate);
    return take_fault(pc);
  }
  if (to_thread && nvic.active_count() == 0 && system_.sleeps_on_exit()) sleep(pc);
}

// --- the FPU's registers ---

std::optional<isa::Address> Runner::restore_fp(isa::Address from, const StackMemory& stack) {
  if (system_.fp_pending()) {
    system_.fp_settled();  // they never left their registers
    return std::nullopt;
  }
  FpState fp;
  std::optional<isa::Address> failed = pop_fp(fp, from, stack);
  if (!failed) cpu_.set_fp(fp);
  charge(ExceptionStep::kFpRestore);
  return failed;
}

/// An instruction is about to use the FPU. True where the registers of what was interrupted are where they
/// belong, and the handler has its own.
bool Runner::settle_fp() {
  if (system_.fp_pending()) {
    std::optional<isa::Address> failed =
        push_fp(cpu_.fp(), system_.fp_address(), stack_memory(trap_at_->address.value));
    charge(ExceptionStep::kFpSave);
    system_.fp_settled();
    if (failed) {
      isa::Address pc(trap_at_->address);
      bool there = memory_.find(*failed) != nullptr && board_.region_at(*failed)->writable();
      raise(there ? mem_manage(kMlsperr) : bus_fault(kLsperr),
            "lazy stacking of FPU registers: " + describe_access(board_, true, 4, *failed), pc, pc);
      return false;
    }
  }
  if (fp_is_new_) {
    CoreState core = cpu_.core();
    core.fp_active = true;
    cpu_.set_core(core);
    FpState fp = cpu_.fp();
    fp.fpscr = system_.fp_default();
    cpu_.set_fp(fp);
    fp_is_new_ = false;
  }
  update_traps();
  return true;
}

// --- waiting ---

/// Lets time pass until `awake`, with PC at `pc`. False where it never will be, the run has ended, or a
/// debugger wants to go on elsewhere.
template <class F>
bool Runner::wait_until(F awake, std::uint32_t pc) {
  for (;;) {
    advance(model_.at_block());
    if (awake()) return true;
    isa::Cycles next = next_event();
    if (next == kNeverHappens) return false;
    if (next.value >= limits_.max_cycles) {
      end(RunEnd::kLimit);
      return false;
    }
    // The core waits for a device: the cause of these cycles.
    isa::CauseCycles cycles;
    cycles[isa::Cause::kDevice] = std::max(next, model_.at_block()).value - model_.at_block().value;
    sleep_cycles_ += cycles.total().value;
    model_.wait(cycles);
    if (model_.at_block().value >= next_progress_) look_around();
    if (control_) redirected_ = control_->asleep(pc);
    if (end_ || redirected_) return false;
  }
}

/// WFI, or a return with SCR.SLEEPONEXIT; `pc` is what follows.
void Runner::sleep(std::uint32_t pc) {
  isa::Address at = last_instruction(pc);
  finish_block();
  Masks masks = cpu_.masks();
  bool woke = wait_until([&] { return system_.nvic().wakes(masks); }, pc);
  if (!woke && !end_ && !redirected_) fail("Hang", "WFI sleeps, and no interrupt can end the sleep", at);
}

/// WFE. Where nothing could ever end the sleep it ends at once, as the architecture allows.
void Runner::wait_for_event(std::uint32_t pc) {
  finish_block();
  Masks masks = cpu_.masks();
  const Nvic& nvic = system_.nvic();
  if (!event_) {
    wait_until(
        [&] { return nvic.next(masks).has_value() || (system_.pending_sends_event() && nvic.any_pending()); },
        pc);
  }
  event_ = false;
}

/// A branch to itself: only an exception leads out.
void Runner::idle(std::uint32_t& pc) {
  pc = *idle_at_;
  if (!open_faults_.empty()) return end_by_fault();
  Masks masks = cpu_.masks();
  if (wait_until([&] { return system_.nvic().next(masks).has_value(); }, pc)) {
    CoreState core = cpu_.core();
    core.pc = pc;
    return enter(core, pc);
  }
  if (!end_ && !redirected_)
    fail("Hang", "branch to itself, and no interrupt can end the loop", isa::Address(pc));
}

/// AIRCR.SYSRESETREQ: core and registers begin anew; memory and the time stay.
void Runner::restart(std::uint32_t& pc) {
  finish_block();
  if (!open_faults_.empty()) return end_by_fault();
  if (++resets_ > kMaxResets) {
    return fail("Hang", fmt::format("more than {} system resets (AIRCR.SYSRESETREQ)", kMaxResets),
                last_instruction(pc));
  }
  reset_core();
  pc = cpu_.reg(UC_ARM_REG_PC) & ~1u;
}

}  // namespace sim
