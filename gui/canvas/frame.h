// What all parts of one frame of the canvas draw with.
#pragma once

#include <algorithm>

#include "gui/canvas/canvas.h"
#include "gui/canvas/pen.h"
#include "gui/fold/time_axis.h"
#include "gui/theme.h"

namespace gui {

struct Frame {
  Pen pen;
  const Palette& colours;
  const Scene& scene;
  ViewState& state;
  double point;   ///< pixels of one point: 1, or 2 on a display of high density
  Rect all;       ///< the canvas
  Rect plot;      ///< the canvas right of the names
  TimeView time;  ///< of the run
  /// Of the run to compare with: its steps lie where the first run's are. Null: there is none.
  const TimeView* other_time = nullptr;
  bool is_other = false;  ///< `scene.run` is the run to compare with, `time` is its own

  const Folded& run() const { return *scene.run; }
  const traces::Trace& trace() const { return *scene.run->trace; }

  /// The name of a row, left of it; `detail` in a second line where there is room.
  void row_name(const Rect& row, std::string_view name, std::string_view detail = {}) {
    const double line = Pen::text_height(), right = plot.left - 8 * point;
    const bool two = !detail.empty() && row.height() >= 2 * line;
    const double y = row.top + std::max(0.0, (row.height() - (two ? 2 : 1) * line) / 2);
    pen.text_right(right, y, colours.text, name);
    if (two) pen.text_right(right, y + line, colours.dim_text, detail);
  }
};

}  // namespace gui
