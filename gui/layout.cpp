#include "gui/layout.h"

#include <algorithm>

namespace gui {

namespace {

// Points.
constexpr double kTools = 40, kStatus = 24, kSplitter = 6;
constexpr double kLeastCanvasWidth = 240, kLeastCanvasHeight = 160, kLeastSide = 220, kLeastDrawer = 90;

/// `wanted`, but at least `least`, and never more than `room`.
double sized(double wanted, double least, double room) {
  return std::max(0.0, std::min(std::max(wanted, least), room));
}

}  // namespace

PaneRects place_panes(const Layout& layout, double width, double height, double scale) {
  PaneRects panes;
  panes.tools = {0, 0, width, kTools * scale};
  panes.status = {0, height - kStatus * scale, width, height};
  const double top = panes.tools.bottom, bottom = std::max(panes.status.top, top);

  double right = width;
  if (layout.side_open) {
    const double side =
        sized(layout.side_width * scale, kLeastSide * scale, width - (kLeastCanvasWidth + kSplitter) * scale);
    panes.side = {width - side, top, width, bottom};
    right = width - side - kSplitter * scale;
    panes.side_splitter = {right, top, width - side, bottom};
  }
  double below = bottom;
  if (layout.drawer_open) {
    const double drawer = sized(layout.drawer_height * scale, kLeastDrawer * scale,
                                bottom - top - (kLeastCanvasHeight + kSplitter) * scale);
    panes.drawer = {0, bottom - drawer, right, bottom};
    below = bottom - drawer - kSplitter * scale;
    panes.drawer_splitter = {0, below, right, bottom - drawer};
  }
  panes.canvas = {0, top, right, below};
  return panes;
}

}  // namespace gui
