// What exceptions cost beyond the stalls of their stack and vector accesses, in core cycles.
#pragma once

#include <cstdint>

namespace sim {

enum class ExceptionStep : std::uint8_t { kEntry, kReturn, kTailChain, kFpSave, kFpRestore };

struct ExceptionCost {
  ExceptionStep step;
  std::uint32_t cycles;
  const char* quality;  ///< "manual" or "estimated"
  const char* source;
};

constexpr ExceptionCost kExceptionCosts[] = {
    {ExceptionStep::kEntry, 12, "manual",
     "Arm, A Beginner's Guide on Interrupt Latency: 12 cycles on Cortex-M3, M4 and M7 from request to first "
     "instruction, memory without wait states"},
    {ExceptionStep::kReturn, 10, "estimated",
     "Cortex-M4 TRM: 10 cycles; none is published for the Cortex-M7"},
    {ExceptionStep::kTailChain, 6, "estimated",
     "Cortex-M3 and M4 TRM: 6 cycles; none is published for the Cortex-M7"},
    {ExceptionStep::kFpSave, 9, "estimated", "17 words over a 64-bit port"},
    {ExceptionStep::kFpRestore, 9, "estimated", "17 words over a 64-bit port"},
};

constexpr std::uint32_t cost_of(ExceptionStep step) {
  for (const ExceptionCost& row : kExceptionCosts) {
    if (row.step == step) return row.cycles;
  }
  return 0;
}

}  // namespace sim
