// What happens rarely in a run: exceptions, semihosting, the system space, step marks.
#include <fmt/format.h>

#include "sim/runner.h"
#include "traces/step_table.h"

namespace sim {
namespace {

constexpr std::uint64_t kMaxSemihostingCalls = 10'000'000;

// Unicorn's exception numbers for Arm (qemu's target/arm/cpu.h).
enum : std::uint32_t {
  kUndefined = 1,
  kSupervisorCall = 2,
  kPrefetchAbort = 3,
  kDataAbort = 4,
  kBreakpoint = 7,
  kExceptionExit = 8,
  kNoCoprocessor = 17,
};

}  // namespace

void Runner::on_exception(uc_engine*, std::uint32_t number, void* self) {
  auto& runner = *static_cast<Runner*>(self);
  isa::Address pc(runner.cpu_.reg(UC_ARM_REG_PC) & ~1u);
  bool known = runner.block_ && !runner.block_->code.empty();
  isa::Address last = known ? runner.block_->code.back().address : pc;
  switch (number) {
    case kBreakpoint:
      return runner.breakpoint(pc.value);
    case kSupervisorCall:
      return runner.fail("HardFault", "SVC, and exceptions are not modelled", last);
    case kUndefined:
      return runner.fail("UsageFault", "undefined instruction (UNDEFINSTR)", pc);
    case kPrefetchAbort:
    case kExceptionExit:
      return runner.fail("HardFault", describe_fetch(runner.board_, pc), last);
    case kDataAbort:
      return runner.fail_at_access("UsageFault", "unaligned access");
    case kNoCoprocessor:
      return runner.fail("UsageFault", "no such coprocessor (NOCP)", pc);
    default:
      return runner.fail("HardFault", fmt::format("exception {} of the emulator", number), pc);
  }
}

bool Runner::on_invalid_instruction(uc_engine*, void* self) {
  auto& runner = *static_cast<Runner*>(self);
  std::uint32_t pc = runner.cpu_.reg(UC_ARM_REG_PC) & ~1u;
  std::span<std::uint8_t> code = runner.memory_.from(isa::Address(pc));
  auto half = [&](std::size_t i) { return code.size() >= i + 2 ? code[i] | code[i + 1] << 8 : 0; };
  // Unicorn lacks WFE and YIELD. Both are hints that may end at once; the run goes on behind them.
  bool narrow = half(0) == 0xbf10 || half(0) == 0xbf20;
  bool wide = half(0) == 0xf3af && (half(2) == 0x8001 || half(2) == 0x8002);
  if (narrow || wide) {
    runner.resume_at_ = pc + (wide ? 4 : 2);
    return false;
  }
  constexpr std::uint32_t kThumb = 1u << 24;
  if (runner.cpu_.reg(UC_ARM_REG_XPSR) & kThumb) {
    runner.fail("UsageFault", "undefined instruction (UNDEFINSTR)", isa::Address(pc));
    return false;
  }
  // The block at the even address has begun; the branch is in the one before it.
  bool known = runner.previous_ && !runner.previous_->code.empty();
  runner.fail(
      "UsageFault",
      fmt::format("branch to 0x{:08x}, an even address: a Cortex-M7 has Thumb code only (INVSTATE)", pc),
      known ? runner.previous_->code.back().address : isa::Address(pc));
  return false;
}

void Runner::breakpoint(std::uint32_t pc) {
  std::span<std::uint8_t> code = memory_.from(isa::Address(pc));
  unsigned number = code.empty() ? 0 : code[0];
  if (number != 0xab) {
    return fail("HardFault", fmt::format("BKPT 0x{:02x}, and no debugger is attached", number),
                isa::Address(pc));
  }
  if (++semihosting_calls_ > kMaxSemihostingCalls) {
    return fail("Hang", fmt::format("more than {} semihosting calls", kMaxSemihostingCalls),
                isa::Address(pc));
  }
  model_.finish(log_);
  guarded([&] {
    Semihosting::Reply reply =
        semihosting_->call(cpu_.reg(UC_ARM_REG_R0), cpu_.reg(UC_ARM_REG_R1), model_.at_block().value);
    if (!reply.refused.empty()) return fail("BusFault", reply.refused, isa::Address(pc));
    if (reply.exit_code) {
      exit_code_ = *reply.exit_code;
      return end(RunEnd::kExit);
    }
    cpu_.set_reg(UC_ARM_REG_R0, reply.r0);
    // Unicorn leaves PC at the BKPT.
    cpu_.set_reg(UC_ARM_REG_PC, (pc + 2) | 1);
  });
}

std::uint64_t Runner::on_system_read(uc_engine*, std::uint64_t offset, unsigned size, void* self) {
  auto& runner = *static_cast<Runner*>(self);
  auto address = SystemSpace::kBase + static_cast<std::uint32_t>(offset);
  SystemSpace::Read read = runner.system_.read(address, size, runner.now().value);
  if (!read.refused.empty()) {
    std::string access = describe_access(runner.board_, false, size, isa::Address(address));
    runner.fail_at_access("BusFault", fmt::format("{}: {}", access, read.refused));
  }
  return read.value;
}

void Runner::on_system_write(uc_engine*, std::uint64_t offset, unsigned size, std::uint64_t value,
                             void* self) {
  auto& runner = *static_cast<Runner*>(self);
  auto address = SystemSpace::kBase + static_cast<std::uint32_t>(offset);
  auto word = static_cast<std::uint32_t>(value);
  SystemSpace::Written written = runner.system_.write(address, size, word, runner.now().value);
  runner.update_traps();
  if (!written.refused.empty()) return runner.fail_at_access("BusFault", "the store " + written.refused);
  if (written.packet) runner.packet(*written.packet);
}

void Runner::packet(const SystemSpace::Packet& packet) {
  if (packet.port == traces::kStepPort) return mark(static_cast<int>(packet.value));
  if (packet.port != 0) return;
  char text[4];
  for (unsigned i = 0; i < packet.bytes; ++i) text[i] = static_cast<char>(packet.value >> 8 * i);
  guarded([&] { semihosting_->print({text, packet.bytes}); });
}

void Runner::mark(int id) {
  std::optional<std::size_t> index = access_instruction();
  Counts now = index ? model_.counts(log_, *index + 1) : model_.counts();
  steps_->mark(id, now);
  guarded([&] {
    if (environment_->step_mark) environment_->step_mark(id);
  });
}

}  // namespace sim
