// Cycles and milliseconds along the top, and the whole run above them.
#pragma once

#include <string>

#include "gui/canvas/frame.h"

namespace gui {

/// Ticks of cycles, or of steps, with milliseconds beside them.
void draw_ruler(Frame& frame, const Rect& row);
/// Bytes in use over the whole run, with what is shown in a box. `time` is of the whole run.
void draw_minimap(Frame& frame, const Rect& row, const TimeView& time);
/// "64 K" where bytes_text says "64.0 KB": marks along an axis are round.
std::string tick_text(double bytes);
/// A round number (1, 2 or 5 times a power of ten) that is `least` or more.
double round_distance(double least);

}  // namespace gui
