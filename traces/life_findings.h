// What lives say where no plan does: arrays that are read before anything has written them, and arrays that
// are written and never read.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "traces/life_tracker.h"
#include "traces/observation.h"

namespace traces {

/// Looks at arrays only: variables and heap blocks of more than kLargestScalar bytes. Smaller ones are often
/// kept over a reset on purpose, or there for a debugger to read. The stack is left out: compilers save and
/// restore registers that hold nothing.
class ArrayWatch {
 public:
  static constexpr std::uint32_t kLargestScalar = 8;

  /// Where a PlanWatch looks already.
  struct Arena {
    std::uint32_t address = 0, bytes = 0;
  };
  /// `containers` as a LifeTracker has them; heap blocks need not be among them. `text` gives the text of a
  /// StringId.
  ArrayWatch(std::span<const LifeTracker::Container> containers, Arena planned,
             std::function<std::string(StringId)> text);

  /// What was written before this cycle was start-up code's work: zeros and initial values, which nobody need
  /// read.
  void program_begins(std::uint64_t cycle) { begins_ = cycle; }
  /// Lives as the tracker gives them, those that come again included.
  void see(const Life& life);

  /// `cut_short`: the run ended by a fault; what it has not read it might have read later.
  std::vector<Observation> observations(std::span<const LifeTracker::UnwrittenRead> reads,
                                        bool cut_short = false) const;

 private:
  struct Array {
    std::string name;
    std::uint32_t address = 0, bytes = 0;
    bool is_read = false, is_written = false;
    Life first;  ///< of those that the program wrote
  };

  Array* array_of(const Life& life);
  /// The variable that has this address, if it is an array.
  const Array* variable_at(std::uint32_t address) const;
  Array* variable_at(std::uint32_t address);

  Arena planned_;
  std::function<std::string(StringId)> text_;
  std::map<std::uint32_t, Array> variables_;  ///< by address
  std::map<StringId, Array> blocks_;          ///< of the heap: all with the same name are one
  std::uint64_t begins_ = 0;
};

}  // namespace traces
