// Live bytes, stacked by kind.
#pragma once

#include <vector>

#include "gui/canvas/frame.h"
#include "gui/canvas/region_view.h"

namespace gui {

/// What a column of pixels shows: the fullest moment in it.
struct StackedColumn {
  double left = 0, right = 0;  ///< pixels
  KindBytes kinds{};
};

/// One column for each few pixels; fewer where many lives would have to be looked at.
std::vector<StackedColumn> stacked_columns(const Folded& folded, std::size_t region, const TimeView& time,
                                           double column);
void draw_stacked(Frame& frame, const RegionRow& row);

}  // namespace gui
