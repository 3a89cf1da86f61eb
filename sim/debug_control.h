// A debugger's hold on a run: breakpoints, watchpoints, steps, and what it reads and writes while the run is
// stopped.
//
// A run that is stopped and goes on takes the same cycles as one that is not. The emulator may be stopped in
// the middle of a block, and then translates the rest as a block of its own; here the two remain one block:
// it has begun, what is left is only executed, and it is charged whole when it ends.
#pragma once

#include <unicorn/unicorn.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/block_cache.h"
#include "sim/core_state.h"
#include "sim/fault.h"
#include "sim/gdb/target.h"
#include "sim/machine.h"

namespace sim {

class Runner;

class DebugControl final : public gdb::DebugTarget {
 public:
  /// The run is at its reset. Both must outlive this.
  DebugControl(Runner& runner, gdb::Debugger& debugger);
  ~DebugControl() override;
  DebugControl(const DebugControl&) = delete;
  DebugControl& operator=(const DebugControl&) = delete;

  // What the runner tells and asks.

  /// Before the first instruction: asks the debugger.
  void at_reset();
  /// The emulator has returned, and the run has not ended. Whether that was for the debugger's sake; then it
  /// has been asked, and `pc` is where to go on.
  bool returned(std::uint32_t& pc);
  /// A fault is about to be taken as an exception, from the state `core`: asks the debugger, who may change
  /// it. False where the run ends, or is to go on at `pc` as if there had been no fault.
  bool faulted(const FaultFacts& fault, CoreState& core, std::uint32_t& pc);
  /// The core sleeps, or goes round in a branch to itself, at `pc`: lets the debugger look if it wants to.
  /// Returns where to go on, if that is elsewhere.
  std::optional<std::uint32_t> asleep(std::uint32_t pc);
  /// BKPT of the program's own: whether the debugger wants to know. Then the emulator stops at it.
  bool takes_breakpoint();
  /// The run has ended. The debugger may look around and have it begin anew; then this is true.
  bool ended();
  /// Whether the debugger has changed PC since this was asked last.
  bool take_redirect() { return std::exchange(redirected_, false); }
  /// Where the emulator has to stop on its way to `until`.
  std::uint64_t until(std::uint64_t until) const { return until_.value_or(until); }
  /// Whether `enters` must see every block.
  bool sees_every_block() const { return held_ || boundary_ || entering_ || watch_hit_; }
  /// Before `slot`'s block begins: whether it shall not, because the emulator stops here, or because it is
  /// the rest of a block that has begun.
  bool enters(const BlockCache::Slot& slot);
  /// `slot`'s block has begun, and nothing of it was executed.
  void begun(const BlockCache::Slot& slot);
  /// What stands for the rest of the block that is held, where that is what the emulator calls a block; else
  /// nullptr. While a block is held no block may be forgotten.
  BlockCache::Slot* rest(std::uint32_t address, std::uint32_t size);
  bool holds_block() const { return held_.has_value(); }
  /// A few times a second: looks whether the debugger wants the run to stop.
  void poll();

  // What the debugger asks.

  const memory_model::Board& board() const override;
  std::uint64_t read_register(gdb::Register which) const override;
  void write_register(gdb::Register which, std::uint64_t value) override;
  std::size_t read_memory(isa::Address address, std::span<std::uint8_t> out) override;
  bool write_memory(isa::Address address, std::span<const std::uint8_t> in) override;
  bool insert(const gdb::Point& point) override;
  bool remove(const gdb::Point& point) override;
  isa::CauseCycles cycles() const override;
  std::uint64_t instructions() const override;
  void reset() override;

 private:
  /// A block that has begun and of which `at` is the next instruction.
  struct Held {
    const Block* block = nullptr;
    BlockTiming* timing = nullptr;
    std::uint32_t at = 0;
    std::size_t accesses = 0;  ///< that it has made
  };
  /// Points at one address share a hook: breakpoints a CODE hook, each watchpoint has one for accesses.
  struct Hooked {
    uc_hook hook = 0;
    std::vector<gdb::Point> points;
  };

  static void on_code(uc_engine*, std::uint64_t address, std::uint32_t size, void* self);
  static void on_watched_memory(uc_engine*, uc_mem_type type, std::uint64_t address, int size,
                                std::int64_t value, void* self);
  static void on_watched_code(uc_engine*, std::uint64_t address, std::uint32_t size, void* self);

  /// Tells the debugger of `stop` and does what it says.
  void ask(const gdb::Stop& stop);
  gdb::Stop reason() const;
  void go_on();
  void prepare_step();
  void stop_at(std::uint32_t address);
  /// The block that has begun waits until its rest begins to be executed.
  void hold();
  bool find_place();
  bool goes_on_unasked();
  bool is_stopping() const { return boundary_at_ || entered_at_ || end_of_rest_ || stopped_in_code_; }
  bool within_it(std::uint32_t address) const;
  /// The block that has begun ends here for good.
  void abandon_block();
  CoreState core() const;
  void set_core(const CoreState& core);
  std::size_t executed() const;
  bool stepping() const;
  bool is_device(isa::Address address) const;
  std::size_t read_device(isa::Address address, std::span<std::uint8_t> out);
  bool write_devices(isa::Address address, std::span<const std::uint8_t> in);
  void write_device(isa::Address address, unsigned size, std::uint32_t value);
  bool insert_watchpoint(const gdb::Point& point);
  void remove_watchpoint(const gdb::Point& point);
  void forget_translations();
  void detach();
  void watched(bool store, std::uint32_t address, std::uint32_t size, std::int64_t value);

  Runner& runner_;
  gdb::Debugger& debugger_;
  bool attached_ = true, restarted_ = false, killed_ = false;
  bool redirected_ = false;  ///< PC was changed
  bool reported_ = false;    ///< the debugger knows of the last fault

  // Where the run stands while it is stopped.
  std::uint32_t pc_ = 0, stopped_at_ = 0;
  bool in_block_ = false;  ///< the runner's block has begun, and PC is in it

  // How it goes on.
  gdb::Resume how_;
  std::uint32_t passing_ = 1;           ///< a breakpoint here was the last stop: go past it. Odd: none
  std::optional<std::uint64_t> until_;  ///< a step, or what is left of a block, ends here
  Extent forget_rest_{};                ///< translations that end at `until_`
  bool boundary_ = false;               ///< stop before the next block
  bool entering_ = false;               ///< a step begins with the next block
  bool interrupted_ = false;            ///< Ctrl-C
  std::optional<Held> held_;
  unsigned steps_ = 0;

  // What stopped it.
  std::optional<std::uint32_t> boundary_at_, entered_at_;
  std::optional<std::uint32_t> end_of_rest_;  ///< the emulator would run past the end of the held block
  bool just_entered_ = false;                 ///< in the block in which a step begins
  std::optional<gdb::Point> break_hit_, watch_hit_;
  bool stopped_in_code_ = false;
  bool at_breakpoint_ = false;  ///< at a BKPT, which is behind us when the run goes on
  std::string watch_text_;

  std::map<std::uint32_t, Hooked> breakpoints_;
  std::vector<Hooked> watchpoints_;
  uc_hook every_instruction_ = 0;  ///< while there is a watchpoint
  BlockCache::Slot rest_;
};

}  // namespace sim
