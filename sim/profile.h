// Where the cycles went, instruction by instruction.
#pragma once

#include <cstdint>
#include <vector>

#include "isa/cause.h"
#include "isa/units.h"

namespace sim {

struct InstructionProfile {
  isa::Address address;
  std::uint8_t bytes = 2;
  std::uint64_t executions = 0;  ///< skipped halves of IT blocks included
  std::uint64_t younger = 0;     ///< executions that shared their cycle with the instruction before
  isa::CauseCycles cycles;
};

/// Sorted by address; cycles sum to the run's. Interrupt entry and exit, and sleep, are in `overhead`.
struct Profile {
  std::vector<InstructionProfile> instructions;
  isa::CauseCycles overhead;
};

}  // namespace sim
