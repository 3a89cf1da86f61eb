// A second run beside the first: its cycles at the places that the same steps have in the first.
#pragma once

#include <optional>
#include <vector>

#include "gui/fold/folded.h"
#include "gui/fold/time_axis.h"

namespace gui {

/// Steps that both runs have begin and end at the same places of `axis`, which is the first run's. What only
/// the second has lies between its neighbours; steps that moved past each other do not bend the axis.
TimeAxis aligned_axis(const Folded& run, const Folded& other, const TimeAxis& axis);

/// For each step of `other`: the same step of `run`.
std::vector<std::optional<std::size_t>> counterparts(const Folded& run, const Folded& other);

}  // namespace gui
