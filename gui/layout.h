// Where the panes lie: tool bar, canvas, pane on the right, drawer below, status line. Pure geometry.
#pragma once

#include "gui/marks.h"
#include "gui/view_state.h"

namespace gui {

struct PaneRects {
  Mark tools, canvas, side, drawer, status;
  Mark side_splitter, drawer_splitter;  ///< to be dragged; empty where the pane is closed
};

/// Panes of a window of `width` x `height` pixels. Closed panes are empty; the canvas always keeps room.
PaneRects place_panes(const Layout& layout, double width, double height, double scale);

}  // namespace gui
