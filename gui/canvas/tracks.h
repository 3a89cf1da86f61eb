// Tracks that share the canvas's time: steps, what cycles went to, cycles per MAC, depth of the stack.
#pragma once

#include <optional>
#include <vector>

#include "gui/canvas/frame.h"

namespace gui {

/// Lanes that the steps need: one, and one above it where steps have phases or patches.
int step_lanes(const traces::Trace& trace);
/// Returns the step under `mouse`.
std::optional<std::size_t> draw_steps(Frame& frame, const Rect& row, std::optional<ImVec2> mouse);
/// Steps of the run to compare with, coloured by how many more or fewer cycles they take. `same`: the steps
/// of the first run that they are.
void draw_compared_steps(Frame& frame, const Rect& row, const traces::Trace& first,
                         const std::vector<std::optional<std::size_t>>& same);
void draw_causes(Frame& frame, const Rect& row);
bool has_macs(const traces::Trace& trace);
void draw_cycles_per_mac(Frame& frame, const Rect& row);
void draw_stack(Frame& frame, const Rect& row);

/// The colour of an operator: equal ones are equal.
Colour step_colour(const Palette& colours, const traces::Trace& trace, const traces::Step& step);

}  // namespace gui
