// What the mouse is over, in words.
#pragma once

#include "gui/canvas/frame.h"

namespace gui {

void life_tooltip(const Frame& frame, std::uint32_t life);
void step_tooltip(const Frame& frame, const traces::Trace& trace, std::size_t step);
/// What the cycles from `begin` to `end` went to.
void causes_tooltip(const Frame& frame, double begin, double end);
/// What a region's bytes in use are of at `cycle`.
void stacked_tooltip(const Frame& frame, std::size_t region, double cycle);
/// How deep the stack was from `begin` to `end`.
void stack_tooltip(const Frame& frame, double begin, double end);

}  // namespace gui
