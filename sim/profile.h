// Where the cycles went, instruction by instruction, and folded.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "isa/cause.h"
#include "isa/units.h"

namespace sim {

struct Firmware;

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

  /// Of all instructions and the overhead: the run's.
  isa::CauseCycles total() const;
};

/// What several instructions took together.
struct ProfileRow {
  std::string name;           ///< of a function, or "conv.c:120"; empty where nothing is known
  isa::Address address;       ///< the lowest
  std::uint64_t entries = 0;  ///< executions of the first instruction: calls of a function
  std::uint64_t executions = 0, younger = 0;
  isa::CauseCycles cycles;
};

/// Folded by function, most cycles first, equal ones by address. With `overhead`, rows sum to the run's
/// cycles. Instructions outside every function are one row without a name.
std::vector<ProfileRow> by_function(const Profile& profile, const Firmware& firmware);

/// The same by what `line_of` says of an address.
std::vector<ProfileRow> by_line(const Profile& profile,
                                const std::function<std::string(isa::Address)>& line_of);

}  // namespace sim
