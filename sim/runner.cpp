// A run and its hot hooks. on_block and on_memory are called some ten million times a second: they count and
// compare, nothing else.
#include "sim/runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "traces/step_table.h"

namespace sim {
namespace {

/// An address where nothing can be: emulation runs until a hook ends it.
constexpr std::uint64_t kNever = 0xfffffffe;
constexpr std::uint64_t kProgressEvery = 10'000'000;
constexpr std::uint32_t kPage = 1024;

std::optional<int> steps_in(const Firmware& firmware) {
  if (firmware.step_table.empty()) return std::nullopt;
  try {
    return static_cast<int>(traces::step_table_from_json(firmware.step_table).steps.size());
  } catch (const traces::StepTableError& error) {
    throw FirmwareError(fmt::format("{}: {}", firmware.path.string(), error.what()));
  }
}

/// The lowest address the stack may grow to: a symbol of the linker script, else the end of what lies below
/// it.
std::uint32_t stack_bottom(const memory_model::Board& board, const Firmware& firmware, std::uint32_t sp) {
  for (const char* name : {"__stack_bottom", "__StackLimit", "__stack_limit"}) {
    const Symbol* symbol = firmware.symbol(name);
    if (symbol && symbol->address.value < sp) return symbol->address.value;
  }
  const memory_model::Region* region = board.region_at(isa::Address(sp - 4));
  std::uint32_t bottom = region ? region->base.value : sp;
  while (bottom > 0 && (region = board.region_at(isa::Address(bottom - 1))) && region->writable()) {
    bottom = region->base.value;
  }
  std::uint32_t highest = bottom;
  for (const Symbol& symbol : firmware.symbols) {
    std::uint64_t end =
        symbol.address.value + static_cast<std::uint64_t>(std::max<std::int64_t>(0, symbol.size.value));
    if (symbol.address.value >= bottom && symbol.address.value < sp && end <= sp) {
      highest = std::max(highest, static_cast<std::uint32_t>(end));
    }
  }
  return highest;
}

}  // namespace

Runner::Runner(const memory_model::Board& board, const Firmware& firmware, GuestMemory& memory, Cpu& cpu,
               bool watch)
    : board_(board),
      firmware_(firmware),
      memory_(memory),
      cpu_(cpu),
      watch_(watch),
      memory_system_(board),
      model_(board, memory_system_),
      cache_(memory),
      touched_(board),
      table_steps_(steps_in(firmware)),
      system_(board, notes_, [this](DwtTotals& totals) { count_for_dwt(totals); }),
      peripherals_(board, notes_) {
  uc_engine* engine = cpu_.engine();
  check(uc_mmio_map(engine, SystemSpace::kBase, SystemSpace::kSize, on_system_read, this, on_system_write,
                    this),
        "map the system space");
  map_devices();
  uc_hook hook;
  auto add = [&](int type, auto callback) {
    check(uc_hook_add(engine, &hook, type, reinterpret_cast<void*>(callback), this, 1, 0), "add a hook");
  };
  if (watch_) {
    add(UC_HOOK_BLOCK, on_block);
    add(UC_HOOK_MEM_READ | UC_HOOK_MEM_WRITE, on_memory);
  }
  add(UC_HOOK_MEM_INVALID, on_bad_memory);
  add(UC_HOOK_INTR, on_exception);
  add(UC_HOOK_INSN_INVALID, on_invalid_instruction);
}

RunResult Runner::run(const Environment& environment, const RunLimits& limits) {
  start(environment, limits);
  if (environment.debugger) {
    control_ = std::make_unique<DebugControl>(*this, *environment.debugger);
    control_->at_reset();
  }
  do {
    loop();
  } while (control_ && control_->ended());
  control_.reset();
  guarded([&] { peripherals_.finish(); });
  if (thrown_) std::rethrow_exception(thrown_);
  return result();
}

void Runner::start(const Environment& environment, const RunLimits& limits) {
  environment_ = &environment;
  limits_ = limits;
  memory_.read_word(firmware_.vector_table, initial_sp_);
  steps_.emplace(table_steps_);
  std::uint32_t bottom = stack_bottom(board_, firmware_, initial_sp_);
  recorder_.reset();
  if (environment.trace) start_recorder(bottom);
  Semihosting::Setup setup{environment.sandbox,
                           environment.console,
                           environment.command_line,
                           board_.core_hz,
                           {},
                           {bottom, initial_sp_, initial_sp_, bottom}};
  if (recorder_) {
    setup.reads = [this](isa::Address at, isa::Bytes size) { recorder_->host_reads(at, size); };
  }
  semihosting_.emplace(memory_, std::move(setup));
  memory_system_.reset();
  model_.reset(environment.profile || environment.trace);
  seconds_ = 0;
  clock_since_ = {};
  log_.clear();
  touched_.clear();
  block_ = previous_ = nullptr;
  skip_reads_ = 0;
  stack_low_ = bottom;
  stack_written_ = initial_sp_;
  end_.reset();
  fault_.reset();
  notes_.clear();
  faults_.clear();
  faults_taken_ = 0;
  resets_ = 0;
  exception_cycles_ = sleep_cycles_ = 0;
  thrown_ = nullptr;
  semihosting_calls_ = 0;
  exit_code_ = 0;
  next_progress_ = kProgressEvery;
  start_devices();
  reset_core();
}

/// As after a reset: the core, its registers and what they have set. Time goes on.
void Runner::reset_core() {
  std::uint32_t pc = 0;
  memory_.read_word(firmware_.vector_table + isa::Bytes(4), pc);
  cpu_.reset(initial_sp_, pc);
  seconds_ = seconds(model_.at_block());
  clock_since_ = model_.at_block();
  memory_system_.reset();
  if (environment_->operating_point) memory_system_.set_operating_point(*environment_->operating_point);
  record_clock();
  peripherals_.reset(model_.at_block());
  const memory_model::OperatingPoint& point = memory_system_.operating_point();
  system_.reset(firmware_.vector_table.value, model_.at_block(), point.icache, point.dcache);
  block_ = previous_ = nullptr;
  vetted_.reset();
  raised_.reset();
  forbidden_.reset();
  open_faults_.clear();
  event_ = fp_is_new_ = reset_ = false;
  mpu_on_ = privilege_may_change_ = false;
  privileged_ = true;
  if (recorder_) recorder_->reset(pc & ~1u, model_.at_block().value);
  exceptions_changed();
}

void Runner::loop() {
  std::uint32_t pc = cpu_.reg(UC_ARM_REG_PC) & ~1u;
  while (!end_) {
    trap_at_ = nullptr;
    resume_at_.reset();
    again_.reset();
    interrupted_at_.reset();
    idle_at_.reset();
    returning_.reset();
    called_.reset();
    uc_err error = emulate(pc, kNever);
    if (!end_) go_on(error, pc);
    // A trap may have met something on its way.
    while (!end_ && (raised_ || reset_)) go_on(error, pc);
    if (redirected_) pc = *std::exchange(redirected_, std::nullopt);
  }
}

uc_err Runner::emulate(std::uint32_t& pc, std::uint64_t until) {
  for (;;) {
    uc_err error = uc_emu_start(cpu_.engine(), pc | 1, control_ ? control_->until(until) : until, 0, 0);
    if (!control_ || end_ || raised_ || reset_ || !control_->returned(pc)) return error;
    if (control_->take_redirect() && traps_off_) redirected_ = pc;
    if (end_ || redirected_ || pc == until) return UC_ERR_OK;
  }
}

RunResult Runner::result() {
  RunResult result;
  if (fault_ && block_) {
    // What the block did before the instruction that faulted.
    std::size_t executed = 0;
    while (executed < block_->code.size() && block_->code[executed].address < fault_->pc) ++executed;
    finish_block(executed);
  } else {
    finish_block();
  }
  result.total = model_.counts();
  steps_->close(result.total, seconds(result.total.causes.total()));
  result.end = *end_;
  result.exit_code = exit_code_;
  result.steps = steps_->done();
  result.stack_used = isa::Bytes(std::int64_t{initial_sp_} - stack_written_);
  result.touched = touched_.extents();
  result.seconds = seconds(result.total.causes.total());
  result.memory = memory_system_.counts();
  if (environment_->profile) result.profile = model_.profile();
  if (fault_) result.fault = explain(*fault_, memory_, firmware_);
  for (const FaultFacts& facts : faults_) result.faults.push_back(explain(facts, memory_, firmware_));
  result.faults_taken = faults_taken_;
  result.notes = notes_.notes();
  if (recorder_) finish_recorder(result);
  return result;
}

double Runner::seconds(isa::Cycles at) const {
  return seconds_ + static_cast<double>((at - clock_since_).value) / memory_system_.operating_point().core_hz;
}

void Runner::set_operating_point(const memory_model::OperatingPoint& point) {
  seconds_ = seconds(model_.at_block());
  clock_since_ = model_.at_block();
  memory_system_.set_operating_point(point);
  record_clock();
}

void Runner::set_horizon() {
  horizon_ = std::min({limits_.max_cycles, next_progress_, next_event().value});
  if (recorder_) horizon_ = std::min(horizon_, recorder_->due());
}

void Runner::update_traps() {
  trapped_ = 0;
  if (!traps_off_) {
    trapped_ |= kHangs | kNowhere | kSendsEvent | kReadsDoubles;
    if (!system_.fpu_enabled() || board_.fpu == memory_model::FpuPrecision::kNone) trapped_ |= kUsesFpu;
    if (board_.fpu == memory_model::FpuPrecision::kSingle) trapped_ |= kUsesDouble;
    if (system_.fp_pending() || fp_is_new_) trapped_ |= kUsesFpu;
    if (system_.traps_division()) trapped_ |= kDivides;
    if (mpu_on_) trapped_ |= kUnchecked | kChangesMasks;
    if (attention_ != Attention::kNone || privilege_may_change_) trapped_ |= kAnyBlock;
  }
  if (end_ || raised_ || reset_ || (control_ && control_->sees_every_block())) trapped_ |= kAnyBlock;
  unaligned_traps_ = system_.traps_unaligned();
}

void Runner::on_block(uc_engine*, std::uint64_t wide_address, std::uint32_t size, void* self) {
  auto& runner = *static_cast<Runner*>(self);
  auto address = static_cast<std::uint32_t>(wide_address);
  if (runner.recorder_) [[unlikely]] {
    runner.leave_and_record(address);
  } else {
    runner.model_.leave(address, runner.log_);
  }
  BlockCache::Slot* slot = runner.cache_.find(address, size);
  if (!slot) [[unlikely]]
    slot = &runner.new_block(address, size);
  runner.log_.clear();
  runner.skip_reads_ = 0;
  if ((slot->flags & runner.trapped_) || runner.model_.at_block().value >= runner.horizon_) [[unlikely]] {
    return runner.slow_block(*slot);
  }
  runner.begin(*slot);
}

BlockCache::Slot& Runner::new_block(std::uint32_t address, std::uint32_t size) {
  BlockCache::Slot* rest = control_ ? control_->rest(address, size) : nullptr;
  if (rest) return *rest;
  if (cache_.full() && !(control_ && control_->holds_block())) forget_blocks();
  return cache_.add(address, size);
}

void Runner::forget_blocks() {
  model_.forget_passages();
  cache_.clear();
  block_ = previous_ = nullptr;
}

/// A block that may have to wait. Stopping is safe here, and only here: nothing of the block has happened.
void Runner::slow_block(BlockCache::Slot& slot) {
  if (cpu_.in_own_code()) return;
  if (end_ || raised_ || reset_) {
    uc_emu_stop(cpu_.engine());
    return;
  }
  if (control_ && control_->enters(slot)) return;
  std::uint64_t cycles = model_.at_block().value;
  if (cycles >= limits_.max_cycles) return end(RunEnd::kLimit);
  if (privilege_may_change_) {
    privilege_may_change_ = false;
    mode_changed();
  }
  if (recorder_ && cycles >= recorder_->due()) record_look();
  if (attend(slot)) return;
  bool vetted = vetted_ == slot.address;
  vetted_.reset();
  std::uint32_t flags = vetted ? 0 : slot.flags & trapped_;
  if (flags & kSendsEvent) event_ = true;
  if ((flags & kUnchecked) && !may_execute(slot)) return;
  if (mpu_on_ && (flags & kChangesMasks)) {
    privilege_may_change_ = true;  // MSR CONTROL, perhaps; it ends the block
    trapped_ |= kAnyBlock;
  }
  if (flags & kHangs) {
    idle_at_ = slot.address;
    uc_emu_stop(cpu_.engine());
    return;
  }
  if (flags & (kUsesFpu | kUsesDouble | kDivides)) {
    trap_at_ = slot.block;
    uc_emu_stop(cpu_.engine());
    return;
  }
  if ((flags & kReadsDoubles) && !watches_doubles(*slot.block)) return;
  begin(slot);
  if (control_) control_->begun(slot);
  if (cycles >= next_progress_) look_around();
}

/// Tells whoever watches the run how far it is, and asks whether it shall go on.
void Runner::look_around() {
  std::uint64_t cycles = model_.at_block().value;
  next_progress_ += (cycles - next_progress_ + kProgressEvery) / kProgressEvery * kProgressEvery;
  set_horizon();
  if (control_) control_->poll();
  guarded([&] {
    if (environment_->progress && !environment_->progress(model_.counts().instructions)) {
      end(RunEnd::kStopped);
    }
  });
}

void Runner::on_memory(uc_engine*, uc_mem_type type, std::uint64_t wide_address, int wide_size, std::int64_t,
                       void* self) {
  auto& runner = *static_cast<Runner*>(self);
  auto address = static_cast<std::uint32_t>(wide_address);
  auto size = static_cast<std::uint32_t>(wide_size);
  // A load that crosses a page is reported whole, then as two aligned halves.
  if (runner.skip_reads_) [[unlikely]] {
    --runner.skip_reads_;
    return;
  }
  bool store = type == UC_MEM_WRITE;
  runner.log_.add(address, size, store);
  runner.touched_.touch(address, size);
  bool quick;
  if (store) {
    if (address < runner.stack_written_ && address >= runner.stack_low_) runner.stack_written_ = address;
    quick = runner.memory_system_.quick_store(address);
  } else {
    quick = runner.memory_system_.quick_load(address);
  }
  if (!quick || (address & (size - 1))) [[unlikely]]
    runner.slow_access(address, size, store);
}

/// An access that may take time, or is not aligned to its size.
void Runner::slow_access(std::uint32_t address, std::uint32_t size, bool store) {
  if (!store && (address & (kPage - 1)) + size > kPage) skip_reads_ = 2;
  if (mpu_on_ && !may_access(address, size, store)) return;
  model_.access(log_);
  if (mpu_on_) not_quick_where_forbidden(address);
  if (address & (size - 1) & 3) unaligned(address, size, store);
}

void Runner::unaligned(std::uint32_t address, std::uint32_t size, bool store) {
  bool device = address >= SystemSpace::kBase || peripherals_.has(isa::Address(address));
  if (!device && !unaligned_traps_ && !(block_->flags & kStrictAlignment)) return;
  std::optional<std::size_t> index = access_instruction();
  if (!index) return;
  const isa::Instruction& in = block_->code[*index];
  auto access = isa::memory_access(in.first, in.second);
  if (!device && !unaligned_traps_ && !access->aligned) return;
  const char* why = device            ? "Device memory takes aligned accesses only"
                    : access->aligned ? "this instruction takes aligned addresses only"
                                      : "CCR.UNALIGN_TRP is set";
  if (store) forbid_store(isa::Address(address), size);
  std::string reason =
      fmt::format("unaligned {}: {}", describe_access(board_, store, size, isa::Address(address)), why);
  record_refusal(traces::FindingKind::kUnaligned, reason, isa::Address(address), size, in.address);
  raise(usage_fault(kUnaligned), std::move(reason), in.address, in.address);
}

bool Runner::on_bad_memory(uc_engine*, uc_mem_type type, std::uint64_t wide_address, int size, std::int64_t,
                           void* self) {
  auto& runner = *static_cast<Runner*>(self);
  isa::Address address(static_cast<std::uint32_t>(wide_address));
  bool fetch = type == UC_MEM_FETCH_UNMAPPED || type == UC_MEM_FETCH_PROT;
  bool store = type == UC_MEM_WRITE_UNMAPPED || type == UC_MEM_WRITE_PROT;
  if (!fetch) {
    // A load from unmapped memory is reported here and nowhere else; a store was reported before. The halves
    // of a load that crosses a page follow the report of the whole.
    if (!store && runner.skip_reads_ == 0) {
      runner.log_.add(address.value, static_cast<std::uint32_t>(size), false);
    }
    std::string reason = describe_access(runner.board_, store, static_cast<unsigned>(size), address);
    const memory_model::Region* region = runner.board_.region_at(address);
    if (store && region && !region->writable()) {
      runner.record_refusal(traces::FindingKind::kFlashWrite, reason, address, static_cast<unsigned>(size),
                            runner.accessing_instruction());
    }
    runner.raise_at_access(bus_fault(kPreciserr, address.value), std::move(reason));
    return false;
  }
  // The instruction that went there says more than the place where there is none.
  runner.raise(bus_fault(kIbuserr), describe_fetch(runner.board_, address),
               runner.last_instruction(address.value), address);
  return false;
}

std::optional<std::size_t> Runner::access_instruction() const {
  if (!block_ || log_.count() == 0) return std::nullopt;
  if (!block_->access_plan.empty()) {
    if (log_.count() > block_->access_plan.size()) return std::nullopt;
    return block_->access_plan[log_.count() - 1];
  }
  Registers registers = cpu_.registers();
  return find_access(*block_, log_.events(), registers.r, registers.xpsr);
}

void Runner::end(RunEnd why) {
  if (!end_) end_ = why;
  trapped_ |= kAnyBlock;
  uc_emu_stop(cpu_.engine());
}

/// The emulator stopped by itself.
void Runner::returned_without_reason(uc_err error, std::uint32_t& pc) {
  pc = cpu_.reg(UC_ARM_REG_PC) & ~1u;
  if (error == UC_ERR_OK && block_ && !block_->code.empty()) {
    const isa::Instruction& last = block_->code.back();
    bool wfi = last.first == 0xbf30 || (last.first == 0xf3af && last.second == 0x8003);
    if (wfi) return sleep(pc);
  }
  fail("HardFault", fmt::format("the emulator stopped: {}", uc_strerror(error)), isa::Address(pc));
}

}  // namespace sim
