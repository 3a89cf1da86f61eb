// From cycles to time.
#pragma once

#include <cstdint>

#include "traces/trace.h"

namespace traces {

/// Seconds from the run's beginning to `cycle`, through every change of the core's clock; 0 where the trace
/// knows of no clock.
double seconds_at(const Trace& trace, std::uint64_t cycle);

}  // namespace traces
