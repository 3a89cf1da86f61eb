// A plan against the rules it must keep, written without the planner's own machinery.
#pragma once

#include <string>
#include <vector>

#include "engine/plan.h"

namespace engine {

/// Every rule that `plan` breaks, one sentence each: steps out of data-flow order, buffers outside the arena,
/// wrong lifetimes, missing scratch, live buffers that share bytes no kernel lets them share, an arena below
/// the bound.
std::vector<std::string> plan_faults(const reference::Graph& graph, const Plan& plan);

}  // namespace engine
