#include "gui/canvas/stacked_layer.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "gui/canvas/ruler.h"
#include "gui/format.h"

namespace gui {

namespace {

constexpr double kMostLooks = 200'000;  // lives that one picture looks at

}  // namespace

std::vector<StackedColumn> stacked_columns(const Folded& folded, std::size_t region, const TimeView& time,
                                           double column) {
  const FoldedRegion& of = folded.regions[region];
  // As many lives as there are at a few moments are there at others, about.
  std::size_t there = 0;
  constexpr int kTries = 5;
  for (int i = 0; i < kTries; ++i) {
    const double cycle = time.cycle(time.left() + (i + 0.5) / kTries * time.width());
    there += of.live_sets.at(static_cast<std::uint64_t>(std::max(0.0, cycle))).size();
  }
  column = std::max(column, std::ceil(time.width() * static_cast<double>(there) / kTries / kMostLooks));

  std::vector<StackedColumn> columns;
  for (double x = time.left(); x < time.right(); x += column) {
    const double begin = std::max(0.0, time.cycle(x)), end = std::min(time.cycle(x + column), folded.cycles);
    StackedColumn made{x, std::min(x + column, time.right()), {}};
    const auto first = static_cast<std::uint64_t>(begin);
    const auto last = std::max(first + 1, static_cast<std::uint64_t>(std::ceil(end)));
    if (end > begin) {
      const traces::Peak fullest = of.live.between(first, last);
      if (fullest.bytes > 0) made.kinds = folded.kinds_at(region, fullest.cycle);
    }
    columns.push_back(made);
  }
  return columns;
}

void draw_stacked(Frame& frame, const RegionRow& row) {
  const FoldedRegion& region = frame.run().regions[row.region];
  const double peak = static_cast<double>(region.live.peak().bytes);
  if (peak == 0) return;
  const double capacity = static_cast<double>(region.range.bytes());
  // The capacity is in the picture where that leaves something to see.
  const bool capacity_shown = capacity < 1.6 * peak;
  const double full = capacity_shown ? std::max(capacity, peak) * 1.05 : peak * 1.12;
  const auto y = [&](double bytes) { return row.body.bottom - bytes / full * row.body.height(); };

  const int ticks = std::max(1, static_cast<int>(row.body.height() / (56 * frame.point)));
  const double step = std::exp2(std::ceil(std::log2(full / ticks)));
  for (double at = step; at < full; at += step) {
    frame.pen.horizontal(row.body.left, row.body.right, y(at), frame.colours.grid);
    if (y(at) - row.body.top > Pen::text_height())
      frame.pen.text_right(frame.plot.left - 8 * frame.point, y(at) - Pen::text_height() / 2,
                           frame.colours.dim_text, tick_text(at));
  }

  for (const StackedColumn& column : stacked_columns(frame.run(), row.region, frame.time, 2 * frame.point)) {
    double at = 0;
    for (std::size_t kind = 0; kind < column.kinds.size(); ++kind) {
      if (column.kinds[kind] == 0) continue;
      const double next = at + static_cast<double>(column.kinds[kind]);
      frame.pen.fill({column.left, std::floor(y(next) + 0.5), column.right, std::floor(y(at) + 0.5)},
                     frame.colours.kinds[kind]);
      at = next;
    }
    if (at > 0) frame.pen.horizontal(column.left, column.right, y(at), frame.colours.text, frame.point);
  }
  if (capacity_shown)
    frame.pen.dashed_horizontal(row.body.left, row.body.right, y(capacity), frame.colours.capacity,
                                8 * frame.point, 1.5 * frame.point);
}

}  // namespace gui
