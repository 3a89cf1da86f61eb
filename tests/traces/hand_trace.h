// Small traces written by hand, for tests that know the answer.
#pragma once

#include <string>
#include <string_view>

#include "traces/trace.h"

namespace traces {

/// One SRAM of 1024 bytes at 0x20000000; lives and steps are added one by one.
class HandTrace {
 public:
  HandTrace();

  StringId text(std::string_view text);
  /// `address` counts from the SRAM's first byte. Alive from `born` (its last write) to `died` (its last
  /// read).
  Life& life(std::string_view name, std::uint32_t address, std::uint32_t bytes, std::uint64_t born,
             std::uint64_t died, LifeKind kind = LifeKind::kActivation);
  /// Begins where the step before it ended. All its cycles issue something.
  Step& step(std::string_view op, std::string_view name, std::uint64_t cycles, std::int64_t macs = 0);
  /// Begins where the sample before it ended.
  Sample& sample(std::uint64_t cycles, std::uint32_t stack_bytes);
  /// The run's end, at this cycle; totals are those of the steps.
  End& end(std::uint64_t cycles);

  Trace trace;
};

}  // namespace traces
