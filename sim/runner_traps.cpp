// Instructions that the emulator would execute and the board's core would not: those of an FPU that is
// absent, not enabled, or single precision.
#include <fmt/format.h>

#include <algorithm>

#include "sim/runner.h"

namespace sim {

/// Why this instruction cannot execute, as things are now; empty where it can.
std::string Runner::trap_reason(const isa::Instruction& in) const {
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
/// before it has happened. False where the run has ended; else `pc` is where to go on.
bool Runner::trap(const Block& stopped, std::uint32_t& pc) {
  // Copied: the cache may forget the block on the way.
  const isa::Address address = stopped.address;
  const std::vector<isa::Instruction> code = stopped.code;
  pc = address.value;
  for (std::size_t i = 0; i < code.size(); ++i) {
    const isa::Instruction& in = code[i];
    if (in.address.value < pc || trap_reason(in).empty()) continue;
    std::uint32_t before = std::max(pc, in.it ? in.it->value : in.address.value);
    if (before > pc && !run_to(pc, before)) return false;
    pc = before;
    std::string reason = trap_reason(in);
    if (reason.empty()) continue;
    if (isa::condition_holds(in.condition, cpu_.reg(UC_ARM_REG_XPSR))) {
      fail("UsageFault", reason, in.address);
      return false;
    }
    // Skipped by its condition. Control returns only behind the IT block.
    std::size_t last = i;
    while (last + 1 < code.size() && code[last + 1].it == in.it) ++last;
    const isa::Instruction& end = code[last];
    if (!run_to(pc, end.address.value + end.bytes)) return false;
    pc = end.address.value + end.bytes;
  }
  if (pc == address.value) vetted_ = pc;
  return true;
}

/// Runs straight-line code up to `until`. The translations that end there are thrown away again.
bool Runner::run_to(std::uint32_t pc, std::uint32_t until) {
  isa::Address begin(pc);
  isa::Bytes size(std::int64_t{until} - pc + 4);
  cpu_.forget(begin, size);
  trapped_ = 0;
  uc_err error = UC_ERR_OK;
  do {
    resume_at_.reset();
    error = uc_emu_start(cpu_.engine(), pc | 1, until, 0, 0);
    pc = resume_at_.value_or(cpu_.reg(UC_ARM_REG_PC) & ~1u);
  } while (!end_ && resume_at_ && pc != until);
  cpu_.forget(begin, size);
  update_traps();
  if (!end_ && pc != until) returned_without_reason(error);
  return !end_;
}

}  // namespace sim
