// The in-order dual-issue core as a scoreboard: rules of timing_table.h applied to one instruction after the
// other.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "isa/core_timing.h"
#include "isa/front_end.h"
#include "isa/store_buffer.h"
#include "isa/timed_op.h"

namespace isa::timing {

/// Cycles are counted from the moment of the entry state: 0 is the first new one, -1 the last that the code
/// before has begun.
class Scoreboard {
 public:
  explicit Scoreboard(const PipelineState& entry);

  /// What is known of an instruction only when it runs.
  struct Dynamic {
    std::span<const AccessFact> accesses;  ///< none: skipped, or it makes none
    DoubleOperands doubles = DoubleOperands::kDifferentExponent;
  };
  struct Issued {
    int cycle = 0;  ///< -1: in the last cycle of the code before
    bool younger = false;
    CauseCycles causes;
  };
  Issued issue(const TimedOp& op, const Dynamic& dynamic);

  /// The code ends here and is left so: what that costs, by cause.
  CauseCycles leave(Leave leave);

  /// Cycles begun since the entry.
  int elapsed() const { return cycle_ + 1; }
  PipelineState state() const;

 private:
  struct InFlight {
    Kind kind = Kind::None;
    int issue = 0;
  };
  /// The older instruction of the cycle that is not full yet.
  struct Open {
    bool open = false;
    bool has_bank = false;
    bool odd_word = false;
    bool in_run = false;  ///< a floating-point multiply-accumulate was issued shortly before its cycle
    Units units = 0;
    int lag = 0;  ///< cycles by which the issue stage was held behind its issue
  };

  int operands_ready(const TimedOp& op, Role instead_of_late) const;
  int gap_end(const TimedOp& op, bool younger) const;
  bool may_pair(const TimedOp& op, const Dynamic& dynamic) const;
  bool runs_early(const TimedOp& op, bool younger, int cycle) const;
  bool in_run(int cycle) const;
  int held(const TimedOp& op, const Dynamic& dynamic, bool younger) const;
  int store(const TimedOp& op, const Dynamic& dynamic, int cycle, int cycles);
  void begin_cycle(const TimedOp& op, const Dynamic& dynamic, int arrival, int store_ready,
                   CauseCycles& causes);
  void write(const TimedOp& op, bool early, int cycle);

  int cycle_ = -1;  ///< the last cycle begun
  std::array<InFlight, kResources> in_flight_{};
  std::array<int, kGaps> last_of_gap_;
  int flags_set_;
  int multiply_accumulate_end_;  ///< of a double-precision one
  int narrow_ = 0;               ///< 16-bit instructions in a row, up to kNarrowBeforePairedTarget
  int narrow_before_last_ = 0;   ///< the same, before the last instruction
  Open open_;
  FrontEnd front_;
  StoreBuffer stores_;
};

}  // namespace isa::timing
