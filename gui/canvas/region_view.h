// One region of the canvas: its name and capacity, then its bytes over time.
#pragma once

#include <cstdint>
#include <optional>

#include "gui/canvas/frame.h"
#include "gui/fold/rect_index.h"

namespace gui {

/// A region's place on the canvas.
struct RegionRow {
  std::size_t region = 0;
  Rect head, body;
  bool is_other = false;  ///< of the run to compare with
};

/// What a region's drawing keeps from frame to frame.
struct RegionCache {
  RectIndex filtered;  ///< of the lives that the filter shows, where it does not show all
};

/// Addresses as they lie on the body of a row.
AddressView address_view(const Frame& frame, const FoldedRegion& region, const RegionRow& row);

/// Draws all of a region but what lies over all regions (cursor, selection).
void draw_region(Frame& frame, const RegionRow& row, RegionCache& cache);

}  // namespace gui
