// Watches a run for what deserves a look, and makes it rows of the trace.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "memory_model/board.h"
#include "sim/firmware.h"
#include "traces/bounds_watch.h"
#include "traces/findings.h"
#include "traces/life_findings.h"
#include "traces/life_tracker.h"
#include "traces/peak.h"
#include "traces/plan_watch.h"
#include "traces/step_table.h"
#include "traces/trace_writer.h"

namespace sim {

class FindingRecorder {
 public:
  /// All must outlive this. `table`: the firmware's, or nullptr.
  FindingRecorder(const memory_model::Board& board, const Firmware& firmware, const traces::StepTable* table,
                  std::span<const traces::LifeTracker::Container> containers, traces::TraceWriter& writer);

  // What the recorder hears, as it hears it.

  void at(std::uint64_t cycle) {
    now_ = cycle;
    plan_.at(cycle);
    bounds_.at(cycle);
  }
  /// A block has ended; calls and returns by its last instruction have been told.
  void block() { bounds_.block(calls_.empty() ? 0 : calls_.back()); }
  void load(std::uint32_t address, std::uint32_t bytes, std::uint32_t pc) {
    plan_.load(address, bytes, pc);
    bounds_.access(address, bytes, pc, false);
  }
  void store(std::uint32_t address, std::uint32_t bytes, std::uint32_t pc) {
    plan_.store(address, bytes, pc);
    bounds_.access(address, bytes, pc, true);
  }
  /// A function that begins at `begin`.
  void call(std::uint32_t begin);
  void leave();
  /// The step `id` of the table begins, the `index`-th of the trace; -1, -1: none runs.
  void step(std::int32_t index, std::int32_t id);
  void host_wrote(std::uint32_t address, std::uint32_t bytes) { plan_.host_wrote(address, bytes); }
  void host_read(std::uint32_t address, std::uint32_t bytes) { plan_.host_read(address, bytes); }
  void allocate(const traces::LifeTracker::Container& block, const std::string& name);
  void release(std::uint32_t address) { bounds_.release(address); }
  void see(const traces::Life& life);

  /// An access that the core refused: kUnaligned or kFlashWrite.
  void refused(traces::FindingKind kind, std::string text, std::uint32_t address, std::uint32_t bytes,
               std::uint32_t pc);

  /// The variable at this address, or empty.
  std::string variable_at(std::uint32_t address) const;

  /// The plan's buffers with what was observed.
  void fill(std::span<traces::Buffer> buffers) const { plan_.fill(buffers); }
  /// Whether there is more to tell than when `findings` was called last. Lives and the stack are left out.
  bool has_more() const { return problems() != told_; }
  /// `cut_short`: the run has not come to its own end, or not yet.
  std::vector<traces::Finding> findings(const traces::LifeTracker& lives, bool cut_short,
                                        const std::optional<traces::StackUse>& stack,
                                        const traces::PlaceNames& names);

 private:
  std::size_t problems() const;

  const memory_model::Board& board_;
  const Firmware& firmware_;
  std::unordered_map<traces::StringId, std::string> texts_;  ///< names of containers

  traces::PlanWatch plan_;
  traces::BoundsWatch bounds_;
  traces::ArrayWatch arrays_;
  std::vector<traces::Observation> refused_;
  std::map<std::uint32_t, traces::Occupant> in_arena_;  ///< lives by number

  std::uint64_t now_ = 0;
  std::int32_t step_ = -1;
  std::vector<std::uint32_t> calls_;  ///< numbers of those that run
  std::uint32_t last_call_ = 0;
  std::uint32_t main_ = 0;  ///< its address until it is called; 0: there is none, or it has been
  std::size_t told_ = 0;
};

}  // namespace sim
