// What a finished run says about its plan.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "traces/observation.h"
#include "traces/peak.h"
#include "traces/plan_watch.h"

namespace traces {

/// The plan's claim and what the binary needed, in bytes of the arena, over the steps.
struct PlanPeak {
  std::int64_t planned = 0;  ///< the most that live at once by the plan
  std::int32_t planned_step = 0;
  std::int64_t needed = 0;  ///< the most that the binary needs at once: from a step that writes a byte to one
                            ///< that reads it
  std::int32_t needed_step = 0;
};
PlanPeak plan_peak(const PlanWatch& watch);

/// Problems that the watch has met. Of a network that ran from its first step to its end, besides, as things
/// worth knowing: buffers that nothing reads; buffers, or bytes of them at the plan's peak, that the plan
/// keeps in steps in which the binary does not need them, and what that would save; stretches of
/// kLeastUntouched bytes or more that nothing touches.
std::vector<Observation> plan_observations(const PlanWatch& watch);
inline constexpr std::uint32_t kLeastUntouched = 32;

/// The most bytes of the arena that lives hold at once is below what the steps need: within a step inputs end
/// before all of the output is there. Nothing where it is not, or where the network did not run to its end.
std::optional<Observation> within_steps_observation(const PlanWatch& watch, std::vector<Occupant> lives);

}  // namespace traces
