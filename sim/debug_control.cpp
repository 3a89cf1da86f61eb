// How a debugger's stops and steps come about. What it reads and writes is in debug_access.cpp.
#include "sim/debug_control.h"

#include <fmt/format.h>

#include <utility>

#include "sim/debug_info.h"
#include "sim/runner.h"

namespace sim {
namespace {

/// So many steps of a range are made before Ctrl-C is looked for again.
constexpr unsigned kStepsBetweenPolls = 1024;

std::uint32_t end_of(const Block& block) {
  return block.address.value + block.size;
}

gdb::Signal signal_of(const FaultStatus& status) {
  if (status.cfsr & kDivbyzero) return gdb::Signal::kArithmetic;
  if (status.cfsr & kUnaligned) return gdb::Signal::kBus;
  if (status.cfsr & (kUndefinstr | kInvstate | kInvpc | kNocp)) return gdb::Signal::kIllegalInstruction;
  return gdb::Signal::kSegmentation;
}

/// As Fault::to_text, without the registers, which a debugger shows itself.
std::string text_of(const Fault& fault) {
  std::string text = fmt::format("m7scope: {}: {}\n  at {}", fault.kind, fault.reason, fault.pc);
  if (!fault.instruction.empty()) text += fmt::format(": {}", fault.instruction);
  if (!fault.function.empty()) text += fmt::format("\n  in {}", fault.function);
  if (!fault.source.empty()) text += fmt::format(" ({})", fault.source);
  return text + "\n";
}

}  // namespace

DebugControl::DebugControl(Runner& runner, gdb::Debugger& debugger) : runner_(runner), debugger_(debugger) {}

DebugControl::~DebugControl() {
  detach();
}

void DebugControl::at_reset() {
  pc_ = runner_.cpu_.reg(UC_ARM_REG_PC) & ~1u;
  in_block_ = false;
  ask({});
}

void DebugControl::ask(const gdb::Stop& stop) {
  stopped_at_ = pc_;
  how_ = debugger_.stopped(*this, stop);
  if (how_.how == gdb::Resume::How::kKill) {
    killed_ = true;
    if (in_block_) abandon_block();
    return runner_.end(RunEnd::kStopped);
  }
  if (how_.how == gdb::Resume::How::kDetach) detach();
  go_on();
}

bool DebugControl::stepping() const {
  return how_.how == gdb::Resume::How::kStep || how_.how == gdb::Resume::How::kStepRange;
}

void DebugControl::go_on() {
  constexpr std::uint32_t kBkptBytes = 2;
  if (std::exchange(at_breakpoint_, false) && pc_ == stopped_at_) pc_ = stopped_at_ = pc_ + kBkptBytes;
  if (in_block_ && (pc_ != stopped_at_ || restarted_)) abandon_block();
  until_.reset();
  break_hit_.reset();
  watch_hit_.reset();
  boundary_ = interrupted_ = false;
  passing_ = pc_;
  entering_ = stepping() && !in_block_;
  if (stepping() && in_block_) prepare_step();
  if (in_block_) hold();
  in_block_ = false;
  redirected_ = pc_ != stopped_at_ || restarted_;
  restarted_ = false;
  runner_.update_traps();
}

/// Finds where the instruction at PC ends; an IT block ends with its last instruction, since the emulator
/// does not stop within.
void DebugControl::prepare_step() {
  const Block& block = *runner_.block_;
  std::size_t i = 0;
  while (i < block.code.size() && block.code[i].address.value < pc_) ++i;
  auto belongs = [&](const isa::Instruction& in) {
    return in.it && (in.it->value == pc_ || in.it == block.code[i].it);
  };
  std::size_t last = i;
  while (last + 1 < block.code.size() && belongs(block.code[last + 1])) ++last;
  // Where the block ends with it, what comes next is known only once it is there.
  boundary_ = last + 1 >= block.code.size();
  if (boundary_) return;
  stop_at(block.code[last + 1].address.value);
}

/// The emulator shall return at `address`, which is behind PC in the same straight-line code.
void DebugControl::stop_at(std::uint32_t address) {
  until_ = address;
  forget_rest_ = {isa::Address(pc_), isa::Bytes(std::int64_t{address} - pc_ + 4)};
  runner_.cpu_.forget(forget_rest_.begin, forget_rest_.size);
}

void DebugControl::hold() {
  held_ = Held{runner_.block_, runner_.model_.suspend(), pc_, runner_.log_.count()};
}

void DebugControl::abandon_block() {
  runner_.model_.finish(runner_.log_, executed());
  in_block_ = false;
}

/// Instructions of the block that are behind.
std::size_t DebugControl::executed() const {
  const Block& block = *runner_.block_;
  std::size_t n = 0;
  while (n < block.code.size() && block.code[n].address.value < stopped_at_) ++n;
  return n;
}

BlockCache::Slot* DebugControl::rest(std::uint32_t address, std::uint32_t size) {
  if (!held_ || address != held_->at || address >= end_of(*held_->block)) return nullptr;
  rest_.address = address;
  rest_.size = size;
  rest_.flags = kAnyBlock;
  return &rest_;
}

bool DebugControl::enters(const BlockCache::Slot& slot) {
  uc_engine* engine = runner_.cpu_.engine();
  if (held_) {
    std::uint32_t end = end_of(*held_->block);
    bool goes_on = slot.address == held_->at && slot.address < end;
    if (goes_on && !until_ && slot.address + slot.size > end) {
      // The emulator bounds its blocks, so that the rest may be taken together with what comes behind.
      end_of_rest_ = end;
      uc_emu_stop(engine);
      return true;
    }
    Held held = *std::exchange(held_, std::nullopt);
    runner_.block_ = held.block;
    runner_.log_.restore(held.accesses);
    runner_.model_.resume(held.timing);
    runner_.update_traps();
    if (goes_on) return true;
    // It ended where it was stopped.
    runner_.model_.leave(slot.address, runner_.log_);
    runner_.log_.clear();
  }
  if (!boundary_ && !watch_hit_) return false;
  boundary_at_ = slot.address;
  uc_emu_stop(engine);
  return true;
}

void DebugControl::begun(const BlockCache::Slot& slot) {
  if (!entering_) return;
  entering_ = false;
  entered_at_ = slot.address;
  uc_emu_stop(runner_.cpu_.engine());
}

bool DebugControl::returned(std::uint32_t& pc) {
  if (end_of_rest_) {
    pc_ = held_->at;
    stop_at(*std::exchange(end_of_rest_, std::nullopt));
    pc = pc_;
    return true;
  }
  if (!find_place()) return false;
  runner_.cpu_.set_reg(UC_ARM_REG_PC, pc_ | 1);
  if (goes_on_unasked()) {
    stopped_at_ = pc_;
    go_on();
  } else {
    ask(reason());
  }
  pc = pc_;
  return true;
}

/// Where the emulator was stopped, if that was for the debugger's sake.
bool DebugControl::find_place() {
  std::uint32_t pc = runner_.cpu_.reg(UC_ARM_REG_PC) & ~1u;
  in_block_ = true;
  bool at_until = until_ == pc;
  if (until_) runner_.cpu_.forget(forget_rest_.begin, forget_rest_.size);
  until_.reset();
  if (std::optional<std::uint32_t> at = std::exchange(boundary_at_, std::nullopt)) {
    in_block_ = false;
    pc_ = *at;
    return true;
  }
  if (std::optional<std::uint32_t> at = std::exchange(entered_at_, std::nullopt)) {
    pc_ = *at;
    just_entered_ = pc_ == stopped_at_;
    return true;
  }
  pc_ = pc;
  return std::exchange(stopped_in_code_, false) || at_until;
}

/// Whether this is not yet what the debugger waits for.
bool DebugControl::goes_on_unasked() {
  if (std::exchange(just_entered_, false)) return true;
  if (break_hit_ || watch_hit_ || interrupted_ || at_breakpoint_) return false;
  if (!stepping()) return true;
  if (how_.how == gdb::Resume::How::kStep) return false;
  if (++steps_ % kStepsBetweenPolls == 0 && debugger_.wants_stop()) {
    interrupted_ = true;
    return false;
  }
  return pc_ >= how_.begin.value && pc_ < how_.end.value;
}

gdb::Stop DebugControl::reason() const {
  gdb::Stop stop;
  if (watch_hit_) {
    stop.point = watch_hit_;
    stop.explanation = watch_text_;
  } else if (break_hit_) {
    stop.point = break_hit_;
  } else if (interrupted_) {
    stop.signal = gdb::Signal::kInterrupt;
  }
  return stop;
}

void DebugControl::poll() {
  if (!attached_ || !debugger_.wants_stop()) return;
  interrupted_ = boundary_ = true;
  runner_.update_traps();
}

bool DebugControl::faulted(const FaultFacts& fault, CoreState& core, std::uint32_t& pc) {
  if (!attached_) return true;
  in_block_ = false;
  set_core(core);
  pc_ = fault.pc.value;
  runner_.cpu_.set_reg(UC_ARM_REG_PC, pc_ | 1);
  FaultFacts named = fault;
  named.kind = exception_name(fault.status->exception);
  reported_ = true;
  ask({.signal = signal_of(*fault.status),
       .explanation = text_of(explain(named, runner_.memory_, runner_.firmware_))});
  pc = pc_;
  if (runner_.end_ || take_redirect()) return false;
  core = this->core();
  core.pc = fault.return_to.value;
  return true;
}

std::optional<std::uint32_t> DebugControl::asleep(std::uint32_t pc) {
  if (!attached_ || !interrupted_) return std::nullopt;
  pc_ = pc;
  in_block_ = false;
  runner_.cpu_.set_reg(UC_ARM_REG_PC, pc_ | 1);
  ask(reason());
  return take_redirect() ? std::optional(pc_) : std::nullopt;
}

bool DebugControl::takes_breakpoint() {
  if (!attached_) return false;
  at_breakpoint_ = stopped_in_code_ = true;
  uc_emu_stop(runner_.cpu_.engine());
  return true;
}

bool DebugControl::ended() {
  if (!attached_ || killed_ || runner_.thrown_) return false;
  gdb::Stop stop;
  std::optional<gdb::Stop> last;  // not to be looked at any more
  pc_ = runner_.cpu_.reg(UC_ARM_REG_PC) & ~1u;
  switch (*runner_.end_) {
    case RunEnd::kExit:
      last = {.kind = gdb::Stop::Kind::kExited, .exit_code = runner_.exit_code_};
      break;
    case RunEnd::kStopped:
      last = {.kind = gdb::Stop::Kind::kTerminated, .signal = gdb::Signal::kInterrupt};
      break;
    case RunEnd::kFault: {
      const FaultFacts& fault = *runner_.fault_;
      if (fault.status) stop.signal = signal_of(*fault.status);
      if (reported_) {
        last = {.kind = gdb::Stop::Kind::kTerminated,
                .signal = stop.signal,
                .explanation = "m7scope: no handler has dealt with the fault: the run ends\n"};
      }
      pc_ = fault.pc.value;
      stop.explanation = text_of(explain(fault, runner_.memory_, runner_.firmware_));
      break;
    }
    case RunEnd::kLimit:
      stop.signal = gdb::Signal::kCpuLimit;
      stop.explanation = fmt::format("m7scope: still running after {} cycles\n", runner_.limits_.max_cycles);
      break;
  }
  if (!last) {
    stopped_at_ = pc_;
    in_block_ = runner_.block_ != nullptr;
    how_ = debugger_.stopped(*this, stop);
    if (how_.how == gdb::Resume::How::kKill || how_.how == gdb::Resume::How::kDetach) return false;
    if (restarted_) {
      go_on();
      return true;
    }
    last = {.kind = gdb::Stop::Kind::kTerminated, .signal = stop.signal};
  }
  debugger_.stopped(*this, *last);
  return false;
}

}  // namespace sim
