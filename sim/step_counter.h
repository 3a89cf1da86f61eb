// What a run has counted so far, and the steps it has been through.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/machine.h"

namespace sim {

/// Splits the running counts into steps. A step lasts from its mark to the next.
class StepCounter {
 public:
  /// `steps` is the number of steps of the firmware's own table; the mark with that number ends the last one.
  explicit StepCounter(std::optional<int> steps) : table_(steps) {}

  /// Step `id` begins, the counts so far being `now`, at `seconds` since the run began.
  void mark(int id, const Counts& now, double seconds) {
    close(now, seconds);
    if (table_ && id >= *table_) return;
    current_ = id;
    began_ = now;
    began_seconds_ = seconds;
  }

  /// Ends the step that runs, if any.
  void close(const Counts& now, double seconds) {
    if (!current_) return;
    if (done_.size() < kMaxSteps) {
      done_.push_back({*current_, difference(now, began_), seconds - began_seconds_});
    }
    current_.reset();
  }

  std::optional<int> current() const { return current_; }
  const std::vector<StepCounts>& done() const { return done_; }

 private:
  /// Firmware that marks for ever does not fill the host's memory; later steps are not listed.
  static constexpr std::size_t kMaxSteps = 1'000'000;

  static Counts difference(const Counts& a, const Counts& b) {
    isa::CauseCycles causes = a.causes;
    causes -= b.causes;
    return {a.instructions - b.instructions,
            a.loads - b.loads,
            a.stores - b.stores,
            a.load_bytes - b.load_bytes,
            a.store_bytes - b.store_bytes,
            causes};
  }

  std::optional<int> table_, current_;
  Counts began_;
  double began_seconds_ = 0;
  std::vector<StepCounts> done_;
};

}  // namespace sim
