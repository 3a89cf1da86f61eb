// One run of a firmware image: the hooks, and what they decide.
#pragma once

#include <deque>
#include <exception>
#include <memory>
#include <optional>
#include <string>

#include "sim/access_finder.h"
#include "sim/block_cache.h"
#include "sim/cpu.h"
#include "sim/cycle_model.h"
#include "sim/debug_control.h"
#include "sim/exception_costs.h"
#include "sim/exception_frame.h"
#include "sim/fault.h"
#include "sim/firmware.h"
#include "sim/guest_memory.h"
#include "sim/machine.h"
#include "sim/peripherals/peripheral_bus.h"
#include "sim/recorder.h"
#include "sim/semihosting.h"
#include "sim/step_counter.h"
#include "sim/system_space.h"
#include "sim/touch_map.h"
#include "sim/unmodelled.h"

namespace sim {

/// Lives as long as its engine: hooks are added once, before anything is translated.
class Runner {
 public:
  /// All must outlive this. Throws FirmwareError where the firmware's step table cannot be read.
  /// Without `watch` nothing is timed, counted or checked: the emulator alone, to compare speed with.
  Runner(const memory_model::Board& board, const Firmware& firmware, GuestMemory& memory, Cpu& cpu,
         bool watch = true);

  RunResult run(const Environment& environment, const RunLimits& limits);
  /// The host has changed guest memory.
  void host_wrote(isa::Address at, isa::Bytes size);

 private:
  friend class DebugControl;

  // Unicorn's callbacks; `self` is a Runner.
  static void on_block(uc_engine*, std::uint64_t address, std::uint32_t size, void* self);
  static void on_memory(uc_engine*, uc_mem_type type, std::uint64_t address, int size, std::int64_t value,
                        void* self);
  static bool on_bad_memory(uc_engine*, uc_mem_type type, std::uint64_t address, int size, std::int64_t value,
                            void* self);
  static void on_double(uc_engine*, std::uint64_t address, std::uint32_t size, void* self);
  static void on_exception(uc_engine*, std::uint32_t number, void* self);
  static bool on_invalid_instruction(uc_engine*, void* self);
  static std::uint64_t on_system_read(uc_engine*, std::uint64_t offset, unsigned size, void* self);
  static void on_system_write(uc_engine*, std::uint64_t offset, unsigned size, std::uint64_t value,
                              void* self);
  // The same for peripherals; `window` is a DeviceWindow.
  static std::uint64_t on_device_read(uc_engine*, std::uint64_t offset, unsigned size, void* window);
  static void on_device_write(uc_engine*, std::uint64_t offset, unsigned size, std::uint64_t value,
                              void* window);

  void start(const Environment& environment, const RunLimits& limits);
  void map_devices();
  void start_devices();
  std::uint32_t device_read(isa::Address address, unsigned size);
  void device_write(isa::Address address, unsigned size, std::uint32_t value);
  void loop();
  /// Runs from `pc` until an address or a hook ends it. A debugger's stops are made here; `pc` is where it
  /// went on last.
  uc_err emulate(std::uint32_t& pc, std::uint64_t until);
  RunResult result();

  BlockCache::Slot& new_block(std::uint32_t address, std::uint32_t size);
  void forget_blocks();
  void slow_block(BlockCache::Slot& slot);
  void look_around();
  void slow_access(std::uint32_t address, std::uint32_t size, bool store);
  void begin(BlockCache::Slot& slot) {
    previous_ = block_;
    block_ = slot.block;
    model_.begin(slot);
  }
  /// The current block ends here, unless it has ended.
  void finish_block(std::optional<std::size_t> executed = {}) {
    if (recorder_) record_end_of_block(executed);
    model_.finish(log_, executed);
  }
  /// Core cycles now: at the last access of the block that runs.
  isa::Cycles now() { return watch_ ? model_.at_access(log_) : isa::Cycles(unwatched_time_ += 1000); }
  /// The cycle at which on_block must look up.
  void set_horizon();
  void set_operating_point(const memory_model::OperatingPoint& point);
  /// Simulated time up to now.
  double seconds(isa::Cycles at) const;
  /// Whether double-precision instructions of `block` report their operands; if not, it stops the emulator,
  /// and the block is to begin again.
  bool watches_doubles(const Block& block);
  void widen_doubles();
  void trap(const Block& block, std::uint32_t& pc);
  bool run_to(std::uint32_t pc, std::uint32_t until);
  /// Why this instruction cannot execute now, or empty.
  std::string trap_reason(const isa::Instruction& in) const;
  bool may_trap(const isa::Instruction& in) const;
  void returned_without_reason(uc_err error, std::uint32_t& pc);
  void reset_core();

  // runner_exceptions.cpp
  void exceptions_changed();
  void advance(isa::Cycles now);
  isa::Cycles next_event() const;
  bool attend(const BlockCache::Slot& slot);
  void go_on(uc_err error, std::uint32_t& pc);
  /// How frames reach memory; what a trace tells of them is at `pc`.
  StackMemory stack_memory(std::uint32_t pc);
  void charge(isa::Cause cause, const memory_model::Stall& stall);
  void charge(ExceptionStep step);
  void enter(CoreState core, std::uint32_t& pc);
  void handle(CoreState& core, std::uint32_t exc_return, std::uint32_t& pc);
  std::optional<std::uint32_t> usable_vector(unsigned exception) const;
  std::string no_handler(unsigned exception) const;
  void supervisor_call(std::uint32_t& pc);
  void exception_return(std::uint32_t& pc);
  std::optional<isa::Address> restore_fp(isa::Address from, const StackMemory& stack);
  bool settle_fp();
  template <class F>
  bool wait_until(F awake, std::uint32_t pc);
  void sleep(std::uint32_t pc);
  void wait_for_event(std::uint32_t pc);
  void idle(std::uint32_t& pc);
  void restart(std::uint32_t& pc);

  // runner_mpu.cpp
  void update_mpu();
  void mode_changed();
  bool may_execute(BlockCache::Slot& slot);
  bool may_access(std::uint32_t address, std::uint32_t size, bool store);
  void not_quick_where_forbidden(std::uint32_t address);
  std::string forbidden(const std::string& access, isa::Address at, memory_model::AccessKind kind) const;

  // runner_faults.cpp
  FaultFacts facts_at(isa::Address pc, std::string reason) const;
  void fail(std::string kind, std::string reason, isa::Address pc);
  void raise(const FaultStatus& status, std::string reason, isa::Address pc, isa::Address return_to);
  void raise_at_access(const FaultStatus& status, std::string reason);
  void forbid_store(isa::Address address, unsigned size);
  isa::Address last_instruction(std::uint32_t pc) const;
  CoreState unwind(const FaultFacts& facts);
  bool pend_fault(FaultFacts facts, const Masks& masks);
  void take_fault(std::uint32_t& pc);
  void nested_fault(const FaultStatus& status, std::string reason, CoreState& core, std::uint32_t exc_return,
                    std::uint32_t& pc);
  void handled_fault(unsigned exception);
  void end_by_fault();

  void unaligned(std::uint32_t address, std::uint32_t size, bool store);
  void breakpoint(std::uint32_t pc);
  void packet(const SystemSpace::Packet& packet);
  enum class Hint { kYield, kWfe };
  std::optional<Hint> hint_before(std::uint32_t pc) const;
  bool refuse_unprivileged(isa::Address address, unsigned size, bool store);
  // runner_trace.cpp
  void start_recorder(std::uint32_t stack_bottom);
  void record_accesses();
  void record_end_of_block(std::optional<std::size_t> executed);
  [[gnu::noinline]] void leave_and_record(std::uint32_t next);
  void record_look();
  void record_clock();
  void record_refusal(traces::FindingKind kind, const std::string& text, isa::Address address, unsigned size,
                      isa::Address pc);
  bool stores_by_main_stack_pointer(isa::Address pc) const;
  void finish_recorder(const RunResult& result);

  void set_caches();
  void maintain_caches(const SystemSpace::Maintenance& maintenance);
  void count_for_dwt(DwtTotals& totals);
  void mark(int id);

  /// Ends the run. The first reason counts.
  void end(RunEnd why);
  std::optional<std::size_t> access_instruction() const;
  isa::Address accessing_instruction() const;
  /// Runs what may throw: no exception may cross Unicorn's frames, so it waits until the run is over.
  template <class F>
  void guarded(F f) {
    try {
      f();
    } catch (...) {
      thrown_ = std::current_exception();
      end(RunEnd::kStopped);
    }
  }
  void update_traps();

  const memory_model::Board& board_;
  const Firmware& firmware_;
  GuestMemory& memory_;
  Cpu& cpu_;

  const bool watch_;
  memory_model::MemorySystem memory_system_;
  CycleModel model_;

  // Touched by every block and access.
  BlockCache cache_;
  const Block* block_ = nullptr;     ///< the one that runs
  const Block* previous_ = nullptr;  ///< the one before it
  std::uint64_t horizon_ = 0;        ///< cycle at which on_block must look up
  std::uint32_t trapped_ = 0;        ///< BlockFlags that stop
  std::uint32_t skip_reads_ = 0;
  std::uint32_t stack_low_ = 0, stack_written_ = 0;
  AccessLog log_;
  TouchMap touched_;

  const std::optional<int> table_steps_;  ///< steps of the firmware's own table
  Unmodelled notes_;
  SystemSpace system_;
  struct DeviceWindow {
    Runner* runner;
    isa::Address base;
  };
  peripherals::PeripheralBus peripherals_;
  std::deque<DeviceWindow> windows_;                       ///< stays where it is: Unicorn points into it
  std::unique_ptr<peripherals::ConsolePort> only_output_;  ///< where the environment has no serial port
  const Environment* environment_ = nullptr;
  RunLimits limits_;
  std::optional<Semihosting> semihosting_;
  std::optional<StepCounter> steps_;
  std::optional<RunEnd> end_;
  std::optional<FaultFacts> fault_;
  std::exception_ptr thrown_;
  std::unique_ptr<DebugControl> control_;   ///< where there is a debugger
  std::unique_ptr<Recorder> recorder_;      ///< where there is a trace
  std::vector<Extent> host_wrote_;          ///< before the run
  std::optional<std::uint32_t> vetted_;     ///< a block that may start although it has trapped flags
  std::optional<std::uint32_t> resume_at_;  ///< stopped behind a hint that the emulator lacks: go on here
  const Block* trap_at_ = nullptr;     ///< stopped before this block to look at it instruction by instruction
  std::optional<isa::Address> again_;  ///< stopped before the block at this address: begin it again
  uc_hook double_hook_ = 0;            ///< one CODE hook over doubles_begin_ .. doubles_end_, or 0
  std::uint32_t doubles_begin_ = 0, doubles_end_ = 0;
  bool unaligned_traps_ = false;
  bool traps_off_ = false;                   ///< what runs was looked at already
  std::optional<std::uint32_t> redirected_;  ///< a debugger wants to go on here, from amid a trap

  // Exceptions. Why the emulator was stopped, if it was:
  std::optional<FaultFacts> raised_;
  std::optional<std::uint32_t> interrupted_at_;  ///< before this block, to take an exception
  std::optional<std::uint32_t> idle_at_;         ///< before this branch to itself
  std::optional<std::uint32_t> returning_;       ///< by a branch to this EXC_RETURN
  std::optional<isa::Address> called_;           ///< behind this SVC
  bool waits_for_event_ = false;                 ///< resume_at_ is behind WFE
  bool reset_ = false;                           ///< by AIRCR.SYSRESETREQ
  /// Whether an exception may come next: not, perhaps, or when masks change.
  enum class Attention { kNone, kLook, kMasked } attention_ = Attention::kNone;
  bool event_ = false;      ///< what SEV sets and WFE clears
  bool fp_is_new_ = false;  ///< the handler has not used the FPU yet, and FPDSCR says how it begins
  bool mpu_on_ = false;     ///< and not suspended
  bool privileged_ = true;  ///< as the checks of the MPU know it
  bool privilege_may_change_ = false;
  unsigned resets_ = 0;
  std::uint64_t exception_cycles_ = 0, sleep_cycles_ = 0;
  std::optional<std::pair<isa::Address, std::vector<std::uint8_t>>> forbidden_;  ///< bytes to put back
  struct OpenFault {
    unsigned exception = 0;  ///< whose handler runs
    FaultFacts facts;
  };
  std::vector<OpenFault> open_faults_;
  std::vector<FaultFacts> faults_;
  std::uint64_t faults_taken_ = 0;
  std::uint32_t initial_sp_ = 0;
  std::uint64_t next_progress_ = 0, semihosting_calls_ = 0;
  std::uint64_t unwatched_time_ = 0;  ///< passes only where somebody looks
  double seconds_ = 0;                ///< up to clock_since_
  isa::Cycles clock_since_;           ///< when the core's clock last changed
  int exit_code_ = 0;
};

}  // namespace sim
