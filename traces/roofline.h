// A step's cycles against what the core could do at best.
#pragma once

#include <cstdint>
#include <vector>

#include "traces/trace.h"

namespace traces {

/// What most of a step's cycles went to.
enum class Bound : std::uint8_t {
  kNothing,       ///< it took no cycles
  kCompute,       ///< its multiply-accumulates: close to the core's limit
  kInstructions,  ///< issuing what is not a multiply-accumulate at the full rate: loads, packing, loops
  kPipeline,      ///< operands that were not ready, units that were taken, branches
  kMemory,        ///< waiting for memory, the bus or a device
};
const char* to_string(Bound bound);

/// A step's cycles in four parts, which sum to them. The first is the core's limit.
struct StepLimits {
  std::uint64_t compute = 0;       ///< its MACs at About::macs_per_cycle
  std::uint64_t instructions = 0;  ///< the other cycles that issued something
  std::uint64_t pipeline = 0;      ///< dependency, structural, branch
  std::uint64_t memory = 0;        ///< i-fetch, d-load, d-store, bus, device
  Bound bound = Bound::kNothing;   ///< the largest part; of equal ones the first

  double cycles_per_mac = 0;  ///< 0 for a step without MACs, as the next two
  double bytes_per_mac = 0;   ///< loaded and stored
  double of_limit = 0;        ///< 0..1: the cycles of the core's limit, of those it took
  double stall_share = 0;     ///< 0..1: cycles that issued nothing
};
StepLimits limits_of(const Step& step, double macs_per_cycle);
/// Of each step, in their order.
std::vector<StepLimits> limits_of(const Trace& trace);

}  // namespace traces
