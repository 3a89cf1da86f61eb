// What happens rarely in a run: exceptions, semihosting, the system space, step marks.
#include <fmt/format.h>

#include "sim/runner.h"
#include "traces/step_table.h"

namespace sim {
namespace {

constexpr std::uint64_t kMaxSemihostingCalls = 10'000'000;
/// Branches to here and beyond return from an exception.
constexpr std::uint32_t kFirstExcReturn = 0xffffffe0;

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
  isa::Address last = runner.last_instruction(pc.value);
  switch (number) {
    case kBreakpoint:
      return runner.breakpoint(pc.value);
    case kSupervisorCall:
      runner.called_ = last;
      uc_emu_stop(runner.cpu_.engine());
      return;
    case kUndefined:
      return runner.raise(usage_fault(kUndefinstr), "undefined instruction (UNDEFINSTR)", pc, pc);
    case kPrefetchAbort:
    case kExceptionExit:
      if (pc.value >= kFirstExcReturn && runner.cpu_.reg(UC_ARM_REG_IPSR) != kThread) {
        runner.returning_ = pc.value | 1;
        uc_emu_stop(runner.cpu_.engine());
        return;
      }
      if (runner.board_.region_at(pc) &&
          runner.memory_system_.permitted(pc, memory_model::AccessKind::kFetch, runner.privileged_)) {
        return runner.fail("NotModelled",
                           fmt::format("instruction fetch from {}: an MPU region permits it, but the "
                                       "emulator runs no code where the default memory map has "
                                       "Device memory",
                                       pc),
                           pc);
      }
      return runner.raise(mem_manage(kIaccviol), describe_fetch(runner.board_, pc), last, pc);
    case kDataAbort:
      return runner.raise_at_access(usage_fault(kUnaligned), "unaligned access");
    case kNoCoprocessor:
      return runner.raise(usage_fault(kNocp), "no such coprocessor (NOCP)", pc, pc);
    default:
      return runner.fail("HardFault", fmt::format("exception {} of the emulator", number), pc);
  }
}

/// Which of the hints that the emulator lacks ended just before `pc`, if one did.
std::optional<Runner::Hint> Runner::hint_before(std::uint32_t pc) const {
  std::span<std::uint8_t> code = memory_.from(isa::Address(pc - 4));
  if (code.size() < 4) return std::nullopt;
  unsigned first = code[0] | code[1] << 8u, second = code[2] | code[3] << 8u;
  // What looks like a narrow one may be half of something else; the block that ran knows.
  bool cut =
      block_ && !block_->code.empty() && block_->code.back().address.value + block_->code.back().bytes != pc;
  if (cut) return std::nullopt;
  bool wide = first == 0xf3af;
  if (second == (wide ? 0x8001u : 0xbf10u)) return Hint::kYield;
  if (second == (wide ? 0x8002u : 0xbf20u)) return Hint::kWfe;
  return std::nullopt;
}

bool Runner::on_invalid_instruction(uc_engine*, void* self) {
  auto& runner = *static_cast<Runner*>(self);
  std::uint32_t pc = runner.cpu_.reg(UC_ARM_REG_PC) & ~1u;
  // Unicorn lacks WFE and YIELD: it stops behind them. The run goes on there.
  if (std::optional<Hint> hint = runner.hint_before(pc)) {
    runner.resume_at_ = pc;
    runner.waits_for_event_ = *hint == Hint::kWfe;
    return false;
  }
  if (runner.cpu_.reg(UC_ARM_REG_XPSR) & kThumbBit) {
    runner.raise(usage_fault(kUndefinstr), "undefined instruction (UNDEFINSTR)", isa::Address(pc),
                 isa::Address(pc));
    return false;
  }
  // The block at the even address has begun; the branch is in the one before it.
  bool known = runner.previous_ && !runner.previous_->code.empty();
  runner.raise(
      usage_fault(kInvstate),
      fmt::format("branch to 0x{:08x}, an even address: a Cortex-M7 has Thumb code only (INVSTATE)", pc),
      known ? runner.previous_->code.back().address : isa::Address(pc), isa::Address(pc));
  return false;
}

void Runner::breakpoint(std::uint32_t pc) {
  std::span<std::uint8_t> code = memory_.from(isa::Address(pc));
  unsigned number = code.empty() ? 0 : code[0];
  if (number != 0xab) {
    if (control_ && control_->takes_breakpoint()) return;
    return raise(hard_fault(kDebugevt), fmt::format("BKPT 0x{:02x}, and no debugger is attached", number),
                 isa::Address(pc), isa::Address(pc));
  }
  if (++semihosting_calls_ > kMaxSemihostingCalls) {
    return fail("Hang", fmt::format("more than {} semihosting calls", kMaxSemihostingCalls),
                isa::Address(pc));
  }
  finish_block();
  guarded([&] {
    Semihosting::Reply reply =
        semihosting_->call(cpu_.reg(UC_ARM_REG_R0), cpu_.reg(UC_ARM_REG_R1), model_.at_block().value);
    if (!reply.refused.empty()) return fail("BusFault", reply.refused, isa::Address(pc));
    if (reply.exit_code) {
      exit_code_ = *reply.exit_code;
      // A fault handler that gives up has not dealt with the fault.
      return exit_code_ != 0 && !open_faults_.empty() ? end_by_fault() : end(RunEnd::kExit);
    }
    cpu_.set_reg(UC_ARM_REG_R0, reply.r0);
    // Unicorn leaves PC at the BKPT.
    cpu_.set_reg(UC_ARM_REG_PC, (pc + 2) | 1);
  });
}

/// Unprivileged code may use the ITM's ports, and nothing else there.
bool Runner::refuse_unprivileged(isa::Address address, unsigned size, bool store) {
  if (raised_) return true;  // the hook that saw the access has refused it
  if (address.value < kItmPortsEnd || !cpu_.unprivileged()) return false;
  raise_at_access(bus_fault(kPreciserr, address.value),
                  describe_access(board_, store, size, address) + ", by unprivileged code");
  return true;
}

std::uint64_t Runner::on_system_read(uc_engine*, std::uint64_t offset, unsigned size, void* self) {
  auto& runner = *static_cast<Runner*>(self);
  auto address = SystemSpace::kBase + static_cast<std::uint32_t>(offset);
  if (runner.refuse_unprivileged(isa::Address(address), size, false)) return 0;
  if (runner.peripherals_.has(isa::Address(address))) return runner.device_read(isa::Address(address), size);
  return runner.system_.read(address, size, runner.now());
}

void Runner::on_system_write(uc_engine*, std::uint64_t offset, unsigned size, std::uint64_t value,
                             void* self) {
  auto& runner = *static_cast<Runner*>(self);
  auto address = SystemSpace::kBase + static_cast<std::uint32_t>(offset);
  if (runner.refuse_unprivileged(isa::Address(address), size, true)) return;
  if (runner.peripherals_.has(isa::Address(address))) {
    return runner.device_write(isa::Address(address), size, static_cast<std::uint32_t>(value));
  }
  SystemSpace::Written written =
      runner.system_.write(address, size, static_cast<std::uint32_t>(value), runner.now());
  if (written.packet) return runner.packet(*written.packet);
  if (written.caches) runner.set_caches();
  if (written.maintenance) runner.maintain_caches(*written.maintenance);
  if (written.mpu) runner.update_mpu();
  if (written.reset) {
    runner.reset_ = true;
    uc_emu_stop(runner.cpu_.engine());
  }
  runner.exceptions_changed();
}

void Runner::set_caches() {
  memory_model::OperatingPoint point = memory_system_.operating_point();
  point.icache = system_.icache();
  point.dcache = system_.dcache();
  if (!(point == memory_system_.operating_point())) set_operating_point(point);
}

/// Cache maintenance takes its time, and the store that asks for it waits.
void Runner::maintain_caches(const SystemSpace::Maintenance& maintenance) {
  using Operation = memory_model::MemorySystem::Maintenance;
  bool code = maintenance.operation == Operation::kIciallu || maintenance.operation == Operation::kIcimvau;
  memory_model::Stall stall = memory_system_.maintain(maintenance.operation, maintenance.argument, now());
  isa::CauseCycles cycles;
  cycles[code ? isa::Cause::kIFetch : isa::Cause::kDStore] = stall.cycles;
  cycles[isa::Cause::kBus] = stall.bus;
  cycles[isa::Cause::kDevice] = stall.device;
  model_.wait(cycles);
}

/// What DWT's counters count besides the time.
void Runner::count_for_dwt(DwtTotals& totals) {
  const Counts& counts = model_.counts();
  auto of = [&](isa::Cause cause) { return counts.causes[cause]; };
  totals.exception = exception_cycles_;
  totals.sleep = sleep_cycles_;
  totals.lsu = of(isa::Cause::kDLoad) + of(isa::Cause::kDStore) + of(isa::Cause::kBus);
  totals.cpi = of(isa::Cause::kDependency) + of(isa::Cause::kStructural) + of(isa::Cause::kIFetch);
  std::uint64_t issued = of(isa::Cause::kIssue);
  totals.fold = counts.instructions > issued ? counts.instructions - issued : 0;
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
  steps_->mark(id, now, seconds(now.causes.total()));
  guarded([&] {
    if (recorder_) {
      record_accesses();
      recorder_->mark(id, now, memory_system_.counts());
    }
    if (environment_->step_mark) environment_->step_mark(id);
  });
}

}  // namespace sim
