// Takes a run down: what its blocks did becomes steps, lives, heat, samples and calls in a trace file.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "memory_model/memory_system.h"
#include "sim/access_finder.h"
#include "sim/access_sites.h"
#include "sim/block_cache.h"
#include "sim/call_stack.h"
#include "sim/call_tree.h"
#include "sim/cycle_model.h"
#include "sim/finding_recorder.h"
#include "sim/function_table.h"
#include "sim/heap_watch.h"
#include "sim/life_names.h"
#include "sim/machine.h"
#include "sim/profile_writer.h"
#include "traces/heat_grid.h"
#include "traces/life_tracker.h"
#include "traces/step_table.h"
#include "traces/trace_writer.h"

namespace sim {

/// One per run. Everything it writes follows from the guest's instructions alone, so equal runs give equal
/// files. Calls may throw TraceWriteError where they say so; none of the others may be called from a hook
/// that must not throw.
class Recorder final : private CallStack::Observer {
 public:
  struct StackRange {
    std::uint32_t top = 0, bottom = 0;
  };
  /// What the core knows and the blocks do not tell. Both are asked between blocks.
  struct Core {
    std::function<std::uint32_t(unsigned)> argument;  ///< r0 to r3
    std::function<std::uint32_t()> stack_pointer;
    /// Whether the instruction here has stored by the main stack pointer.
    std::function<bool(isa::Address)> pushes;
  };

  /// Writes what is known before the run: regions, symbols, planned buffers. All must outlive this. Throws
  /// TraceWriteError.
  Recorder(traces::TraceWriter& writer, const memory_model::Board& board, const Firmware& firmware,
           StackRange stack, Core core);

  /// These bytes are there: `by` an image or a host call.
  enum class Origin { kImage, kHost };
  void arrive(isa::Address address, isa::Bytes size, Origin origin);
  /// A host call reads these bytes.
  void host_reads(isa::Address address, isa::Bytes size);

  /// The core begins at `pc`, at this cycle.
  void reset(std::uint32_t pc, std::uint64_t cycle);
  /// `block`, begun at `begin`, has made the accesses of `log`; those that were told before are skipped.
  void ran(const Block& block, const AccessLog& log, std::uint64_t begin);
  /// It is over, and went on at `to`.
  void went(const Block& block, std::uint32_t to, std::uint64_t cycle) {
    instructions_ += block.instructions;
    now_ = cycle;
    calls_.went(block.timing->branch, to);
    findings_.block();
  }
  /// Instructions of a block that did not go on anywhere.
  void executed(std::size_t instructions) { instructions_ += instructions; }
  /// The log is about to be emptied.
  void forget_log() { taken_ = 0; }
  /// A word that the core itself stored or loaded: frames of exceptions.
  void access(std::uint32_t address, bool store, std::uint32_t pc, std::uint64_t cycle);
  void exception(std::uint32_t frame, std::uint32_t handler, std::uint64_t cycle);
  void exception_return(std::uint32_t frame, std::uint32_t to, std::uint64_t cycle);

  /// The core's clock from now on. Throws TraceWriteError, as those below.
  void clock(double core_hz, std::uint64_t cycle);
  /// The firmware marks step `id`; all is counted up to here.
  void mark(int id, const Counts& now, const memory_model::Counts& memory);
  /// The cycle at which `look` wants to be called.
  std::uint64_t due() const { return due_; }
  /// Between two blocks, at or after `due`.
  void look(const Counts& now);
  /// The run is over. Where its cycles went; `finish` comes next.
  void write_profile(const Profile& profile, std::uint64_t cycles, const ProfileWriter::Sources& sources);
  /// The core refused an access: kUnaligned or kFlashWrite.
  void refused(traces::FindingKind kind, const std::string& text, isa::Address address, unsigned bytes,
               isa::Address pc) {
    findings_.refused(kind, text, address.value, bytes, pc.value);
  }
  /// The run is over: writes all that is left, and ends the file.
  void finish(const RunResult& result, const memory_model::Counts& memory);

 private:
  /// The functions that ran when the stack was at its deepest, from the outermost function on; a long one
  /// lacks its middle.
  struct Path {
    std::array<std::uint32_t, 16> outer{}, inner{};
    std::size_t depth = 0;
  };

  void called(const CallStack::Frame& frame) override;
  void left(const CallStack::Frame& frame, bool returns) override;
  void charge_calls();
  void heap(const HeapWatch::Event& event);

  std::uint32_t real(std::uint32_t address) const;
  void deepen(std::uint32_t address, std::uint64_t cycle, std::uint32_t pc);
  std::string to_text(const Path& path) const;

  void write_start();
  void end_step(const Counts& now, const memory_model::Counts& memory);
  void sample(const Counts& now);
  void write_heat();
  void write_lives(bool last);
  void snapshot(std::uint64_t cycle, bool lives);
  void write_findings(bool last, bool cut_short);

  /// Columns of heat, and samples, are this wide at first. After so many of them the width doubles.
  static constexpr std::uint64_t kFirstColumn = 1024, kColumnsOfAWidth = 512;
  /// What was seen so far reaches the file: first after kFirstSnapshot cycles, then whenever the run has
  /// doubled, then at kUsualSnapshot cycles, or a part of the run so far where that is more.
  static constexpr std::uint64_t kFirstSnapshot = 2'000'000, kUsualSnapshot = 10'000'000,
                                 kSnapshotGrowth = 10;
  /// Stores this far below the stack's limit are looked at.
  static constexpr std::uint32_t kGuard = 1024;

  traces::TraceWriter& writer_;
  const Firmware& firmware_;
  const StackRange stack_;
  const Core core_;
  std::optional<traces::StepTable> table_;
  std::vector<traces::Region> regions_;

  FunctionTable functions_;
  std::uint32_t from_image_ = 0, from_host_ = 0;  ///< functions that stand for them
  CallStack calls_;
  HeapWatch heap_;
  CallTree tree_;
  std::vector<std::uint32_t> nodes_;  ///< of each frame of calls_
  std::uint64_t charged_cycles_ = 0, charged_instructions_ = 0;

  // Used by every access.
  traces::LifeTracker lives_;
  traces::HeatGrid heat_;
  FindingRecorder findings_;
  std::uint32_t lowest_ = 0;  ///< of the stack in this sample
  std::uint32_t guard_ = 0;   ///< stores from here to the stack's limit are looked at: a stack that runs over
  std::size_t taken_ = 0;     ///< accesses of the log that have been told
  std::uint64_t now_ = 0, instructions_ = 0;
  struct Alias {
    std::uint32_t base = 0, bytes = 0, real = 0;
  };
  std::vector<Alias> aliases_;  ///< of writable memory

  LifeNames names_;
  std::uint32_t deepest_ = 0;
  std::uint64_t deepest_cycle_ = 0;
  std::uint32_t deepest_pc_ = 0;
  std::int32_t deepest_step_ = -1;
  Path deepest_path_;

  struct Running {
    traces::Step step;
    Counts counts;
    memory_model::Counts memory;
  };
  std::optional<Running> running_;
  std::uint32_t steps_ = 0;  ///< that have ended
  Counts sampled_;
  std::vector<traces::Sample> samples_;
  std::uint64_t column_cycles_ = kFirstColumn, columns_ = 0, due_ = kFirstColumn;
  std::uint64_t next_snapshot_ = kFirstSnapshot;
};

}  // namespace sim
