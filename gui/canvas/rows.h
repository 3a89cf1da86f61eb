// Where the canvas's rows lie. Pure geometry.
#pragma once

#include <optional>
#include <vector>

#include "gui/canvas/pen.h"
#include "gui/canvas/region_view.h"
#include "gui/fold/folded.h"
#include "gui/view_state.h"

namespace gui {

/// From top to bottom; rows for which there is nothing to show or no room are left out.
struct CanvasRows {
  std::optional<Rect> minimap;
  Rect ruler;
  std::optional<Rect> steps, other_steps, causes, cycles_per_mac;
  std::vector<RegionRow> regions;
  std::optional<Rect> stack;

  /// The region's row at a place; null: none.
  const RegionRow* region_at(double x, double y) const;
};

/// `other`: the run to compare with, or null. `line` is the height of a line of text.
CanvasRows place_rows(const Folded& run, const Folded* other, const ViewState& state, const Rect& area,
                      double point, double line);

}  // namespace gui
