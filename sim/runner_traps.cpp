// Instructions that the emulator would execute and the board's core would not: those of an FPU that is
// absent, not enabled, or single precision.
#include <fmt/format.h>

#include <algorithm>

#include "sim/runner.h"

namespace sim {

/// Whether trap_reason() has to be asked when this instruction comes.
bool Runner::may_trap(const isa::Instruction& in) const {
  if (isa::is_divide(in.first, in.second)) return system_.traps_division();
  return !trap_reason(in).empty();
}

/// Why this instruction cannot execute, as things are now; empty where it can.
std::string Runner::trap_reason(const isa::Instruction& in) const {
  if (isa::is_divide(in.first, in.second) && system_.traps_division() &&
      cpu_.reg(UC_ARM_REG_R0 + (in.second & 0xf)) == 0) {
    return "division by zero, and CCR.DIV_0_TRP is set (DIVBYZERO)";
  }
  if (!in.fpu) return "";
  if (board_.fpu == memory_model::FpuPrecision::kNone)
    return fmt::format("{} has no FPU (NOCP)", board_.name);
  if (!system_.fpu_enabled()) return "the FPU is not enabled in CPACR (NOCP)";
  if (in.double_precision && board_.fpu == memory_model::FpuPrecision::kSingle) {
    return fmt::format("double-precision instruction, but the FPU of {} is single precision (UNDEFINSTR)",
                       board_.name);
  }
  return "";
}

/// Goes through a block that holds something trapped, from one such instruction to the next, so that all
/// before it has happened. `pc` is where to go on, if nothing was raised on the way.
void Runner::trap(const Block& stopped, std::uint32_t& pc) {
  // Copied: the cache may forget the block on the way.
  const isa::Address address = stopped.address;
  const std::uint32_t flags = stopped.flags;
  const std::vector<isa::Instruction> code = stopped.code;
  pc = address.value;
  if ((stopped.flags & kUsesFpu) && system_.fpu_enabled() && !settle_fp()) return;
  for (std::size_t i = 0; i < code.size(); ++i) {
    const isa::Instruction& in = code[i];
    if (in.address.value < pc || !may_trap(in)) continue;
    std::uint32_t before = std::max(pc, in.it ? in.it->value : in.address.value);
    if (before > pc && !run_to(pc, before)) return;
    pc = before;
    std::string reason = trap_reason(in);
    if (!reason.empty() && isa::condition_holds(in.condition, cpu_.reg(UC_ARM_REG_XPSR))) {
      std::uint32_t bits = !in.fpu ? kDivbyzero : reason.ends_with("(NOCP)") ? kNocp : kUndefinstr;
      return raise(usage_fault(bits), reason, in.address, in.address);
    }
    if (reason.empty() && !in.it && !isa::is_divide(in.first, in.second)) continue;
    // It may go on: behind this instruction, or behind the IT block where it stands in one.
    std::size_t last = i;
    while (in.it && last + 1 < code.size() && code[last + 1].it == in.it) ++last;
    const isa::Instruction& end = code[last];
    if (!run_to(pc, end.address.value + end.bytes)) return;
    pc = end.address.value + end.bytes;
  }
  // Only a block that would be stopped again is let through: the mark must not outlive it.
  if (pc == address.value && (flags & trapped_)) vetted_ = pc;
}

/// Runs straight-line code up to `until`. The translations that end there are thrown away again.
bool Runner::run_to(std::uint32_t pc, std::uint32_t until) {
  isa::Address begin(pc);
  isa::Bytes size(std::int64_t{until} - pc + 4);
  cpu_.forget(begin, size);
  traps_off_ = true;
  update_traps();
  uc_err error = UC_ERR_OK;
  do {
    resume_at_.reset();
    error = emulate(pc, until);
    pc = resume_at_.value_or(cpu_.reg(UC_ARM_REG_PC) & ~1u);
  } while (!end_ && !raised_ && !redirected_ && resume_at_ && pc != until);
  traps_off_ = false;
  cpu_.forget(begin, size);
  update_traps();
  if (redirected_) return false;
  if (!end_ && !raised_ && !reset_ && pc != until) returned_without_reason(error, pc);
  return !end_ && !raised_ && !reset_;
}

}  // namespace sim
