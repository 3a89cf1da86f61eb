// From cycles to time, and to steps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "traces/trace.h"

namespace traces {

/// Seconds from the run's beginning to `cycle`, through every change of the core's clock; 0 where the trace
/// knows of no clock.
double seconds_at(const Trace& trace, std::uint64_t cycle);

/// The step that ran in `cycle`, as an index into Trace::steps.
std::optional<std::size_t> step_at(const Trace& trace, std::uint64_t cycle);

}  // namespace traces
