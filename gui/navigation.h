// Moves of the shown stretch of time. Pure: a range in, a range out, inside the whole run.
#pragma once

#include "gui/view_state.h"

namespace gui {

/// Closer than this there is nothing more to see.
inline constexpr double kShortestView = 16;  // cycles

/// All of a run of `cycles`.
TimeRange whole_run(double cycles);
/// `range`, moved and shortened until it lies inside `whole`, and is no shorter than kShortestView.
TimeRange clamped(TimeRange range, TimeRange whole);
/// Moves by a share of what is shown; positive: later.
TimeRange panned(TimeRange range, double share, TimeRange whole);
/// `factor` 0.5 shows half as much. The cycle `about` stays where it is on the screen.
TimeRange zoomed(TimeRange range, double factor, double about, TimeRange whole);
/// Shows `wanted` with a margin of `margin` of its length on either side.
TimeRange fitted(TimeRange wanted, double margin, TimeRange whole);
/// As long as before, with `cycle` in the middle, where the run allows.
TimeRange centred(TimeRange range, double cycle, TimeRange whole);

}  // namespace gui
