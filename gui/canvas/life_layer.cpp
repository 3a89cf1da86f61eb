#include "gui/canvas/life_layer.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "gui/canvas/labels.h"
#include "gui/fold/relations.h"
#include "gui/format.h"
#include "traces/peak.h"

namespace gui {

namespace {

/// Tensors of a kind keep its hue but are not all alike.
Colour life_colour(const Frame& frame, const traces::Life& life) {
  const Colour colour = frame.colours.of(life.kind);
  const std::uint32_t hash = (life.name * 2654435761u ^ life.address * 40503u) >> 24;
  return mixed(colour, frame.colours.canvas, 0.22 * hash / 255);
}

Rect rect_of(const Frame& frame, const AddressView& addresses, const Box& box) {
  return {frame.time.x(static_cast<double>(box.begin)), addresses.y(static_cast<double>(box.high)),
          frame.time.x(static_cast<double>(box.end)), addresses.y(static_cast<double>(box.low))};
}

Rect body_of(const Frame& frame, const AddressView& addresses) {
  return {frame.plot.left, addresses.top(), frame.plot.right, addresses.bottom()};
}

void draw_one(Frame& frame, const Rect& exact, const traces::Life& life, Labels& labels) {
  const Rect rect = exact.snapped();
  const Colour colour = life_colour(frame, life);
  if (rect.width() < 4 || rect.height() < 4) {
    frame.pen.fill(rect, colour);
    return;
  }
  const Colour edge = mixed(colour, frame.colours.canvas, 0.55);
  frame.pen.fill(rect, edge);
  const Rect inner = {rect.left, rect.top + 1, rect.right - 1, rect.bottom};
  frame.pen.fill(inner, colour);
  // Paler while it is only written, and palest when it is kept though nobody needs it any more.
  const Colour pale = faded(frame.colours.canvas, 0.3), palest = faded(frame.colours.canvas, 0.5);
  const std::uint64_t first_read = life.first_read == traces::kNever ? life.died() + 1 : life.first_read;
  const double read_from = std::clamp(frame.time.x(static_cast<double>(first_read)), inner.left, inner.right);
  if (read_from > inner.left) frame.pen.fill({inner.left, inner.top, read_from, inner.bottom}, pale);
  const std::uint64_t used =
      std::max(life.last_write, life.last_read == traces::kNever ? life.last_write : life.last_read);
  const double kept_from = std::clamp(frame.time.x(static_cast<double>(used + 1)), inner.left, inner.right);
  if (life.released != traces::kNever && kept_from + 2 < inner.right)
    frame.pen.fill({std::max(kept_from, read_from), inner.top, inner.right, inner.bottom}, palest);
  labels.add(rect, life);
}

void draw_boxes(Frame& frame, const RectIndex& index, const AddressView& addresses, std::size_t budget,
                double opacity) {
  Labels labels;
  for (const VisibleBox& box : index.visible(frame.time, addresses, budget)) {
    const Rect rect = rect_of(frame, addresses, box.box);
    const Colour colour = frame.colours.kinds[box.kind];
    if (opacity < 1)
      frame.pen.fill(rect.snapped(), faded(colour, opacity));
    else if (box.count > 1)
      frame.pen.fill(rect.snapped(), faded(colour, 0.3 + 0.7 * box.fill));
    else
      draw_one(frame, rect, frame.trace().lives[box.item], labels);
  }
  labels.draw(frame, body_of(frame, addresses));
}

}  // namespace

void draw_lives(Frame& frame, const FoldedRegion& region, const AddressView& addresses,
                const RegionCache& cache) {
  const bool all = frame.is_other || !frame.scene.filter || frame.scene.filter->shows_all();
  if (!all) draw_boxes(frame, region.lives, addresses, kGhostBudget, 0.12);
  draw_boxes(frame, all ? region.lives : cache.filtered, addresses, kLifeBudget, 1);
}

void draw_plans(Frame& frame, const FoldedRegion& region, const AddressView& addresses) {
  for (const VisibleBox& box : region.planned.visible(frame.time, addresses, kPlanBudget)) {
    const Rect rect = rect_of(frame, addresses, box.box).snapped();
    if (rect.width() < 3 || rect.height() < 3) continue;
    frame.pen.outline(rect, frame.colours.planned, frame.point);
  }
}

void draw_findings(Frame& frame, const FoldedRegion& region, const AddressView& addresses) {
  const double least = 7 * frame.point;
  for (const traces::Finding& finding : frame.trace().findings) {
    if (!finding.is_problem || finding.address < region.range.begin || finding.address >= region.range.end)
      continue;
    Rect rect = rect_of(frame, addresses,
                        {finding.cycle, finding.cycle + 1, finding.address,
                         finding.address + std::uint64_t{std::max(finding.bytes, 1u)}});
    // The life that it happened to is marked, else the place itself.
    const auto life = frame.run().life_at(static_cast<std::size_t>(&region - frame.run().regions.data()),
                                          finding.cycle, finding.address);
    if (life) {
      const Rect whole = rect_of(frame, addresses, box_of(frame.trace().lives[*life]));
      rect.left = whole.left;
      rect.right = whole.right;
    }
    const double x = (rect.left + rect.right) / 2, y = (rect.top + rect.bottom) / 2;
    if (rect.width() < least) rect.left = x - least / 2, rect.right = x + least / 2;
    if (rect.height() < least) rect.top = y - least / 2, rect.bottom = y + least / 2;
    rect = rect.cut(body_of(frame, addresses));
    frame.pen.hatch(rect, faded(frame.colours.problem, 0.8), 6 * frame.point, 1.5 * frame.point);
    if (rect.width() > 0 && rect.height() > 0) frame.pen.outline(rect, frame.colours.problem, frame.point);
  }
}

void draw_stack_shape(Frame& frame, const AddressView& addresses) {
  const Folded& run = frame.run();
  const double top = addresses.y(static_cast<double>(run.stack_top)), column = 2 * frame.point;
  const Colour colour = frame.colours.of(traces::LifeKind::kStack);
  double from = frame.plot.left;
  std::uint64_t depth = 0;
  for (double x = frame.plot.left; x <= frame.plot.right + column; x += column) {
    const std::uint64_t now =
        x > frame.plot.right ? ~std::uint64_t{0}
                             : run.samples.stack_between(frame.time.cycle(x), frame.time.cycle(x + column));
    if (now == depth) continue;
    if (depth > 0) {
      const double low = addresses.y(static_cast<double>(run.stack_top - std::min(run.stack_top, depth)));
      frame.pen.fill({from, top, x, std::max(low, top + 1)}, faded(colour, 0.45));
      frame.pen.horizontal(from, x, low, colour, frame.point);
    }
    from = x;
    depth = now;
  }
}

void draw_highlights(Frame& frame, const FoldedRegion& region, const AddressView& addresses) {
  const auto outline = [&](std::uint32_t id, Colour colour, double thickness) {
    if (id >= frame.trace().lives.size()) return;
    Box box = box_of(frame.trace().lives[id]);
    box.low = std::max(box.low, region.range.begin);
    box.high = std::min(box.high, region.range.end);
    if (box.low >= box.high) return;
    const Rect rect = rect_of(frame, addresses, box).snapped();
    const double t = thickness * frame.point;
    frame.pen.outline({rect.left - t, rect.top - t, rect.right + t, rect.bottom + t}, colour, t);
  };
  if (frame.state.pinned) {
    if (*frame.state.pinned < frame.trace().lives.size()) {
      const traces::Life& pinned = frame.trace().lives[*frame.state.pinned];
      for (const std::uint32_t consumer : consumers_of(frame.run(), pinned))
        outline(consumer, faded(frame.colours.accent, 0.9), 1.5);
    }
    outline(*frame.state.pinned, frame.colours.cursor, 2);
  }
  if (frame.state.hovered && frame.state.hovered != frame.state.pinned)
    outline(*frame.state.hovered, faded(frame.colours.cursor, 0.85), 1.5);
}

void draw_other_lives(Frame& frame, const FoldedRegion& other, const AddressView& addresses) {
  for (const VisibleBox& box : other.lives.visible(*frame.other_time, addresses, kPlanBudget)) {
    const Rect rect = Rect{frame.other_time->x(static_cast<double>(box.box.begin)),
                           addresses.y(static_cast<double>(box.box.high)),
                           frame.other_time->x(static_cast<double>(box.box.end)),
                           addresses.y(static_cast<double>(box.box.low))}
                          .snapped();
    if (rect.width() < 3 || rect.height() < 3) continue;
    frame.pen.outline(rect, faded(frame.colours.accent, 0.3 + 0.7 * box.fill), 1.5 * frame.point);
  }
}

}  // namespace gui
