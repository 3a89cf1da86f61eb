#include "gui/canvas/ruler.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "gui/format.h"

namespace gui {

std::string tick_text(double bytes) {
  const auto whole = static_cast<std::uint64_t>(bytes);
  if (whole == 0) return "0";
  if (whole % (1u << 20) == 0) return fmt::format("{} M", whole >> 20);
  return whole % 1024 == 0 ? fmt::format("{} K", whole >> 10) : bytes_text(bytes);
}

double round_distance(double least) {
  const double power = std::pow(10, std::floor(std::log10(std::max(least, 1.0))));
  for (const double digit : {1.0, 2.0, 5.0})
    if (digit * power >= least) return digit * power;
  return 10 * power;
}

namespace {

void tick(Frame& frame, const Rect& row, double x, const std::string& name, const std::string& detail) {
  frame.pen.vertical(x, row.bottom - 6 * frame.point, row.bottom, frame.colours.dim_text, frame.point);
  const double y = row.top + (row.height() - 6 * frame.point - Pen::text_height()) / 2;
  const double width = Pen::text_width(name);
  const double left = std::clamp(x - width / 2, frame.plot.left, frame.plot.right - width);
  frame.pen.text(left, y, frame.colours.text, name);
  if (!detail.empty()) frame.pen.text(left + width + 8 * frame.point, y, frame.colours.dim_text, detail);
}

/// A flag at each bookmark, with its text where there is room before the next.
void draw_bookmarks(Frame& frame, const Rect& row) {
  const std::vector<Bookmark>& all = frame.state.bookmarks;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const double x = frame.time.x(all[i].cycle);
    const double next = i + 1 < all.size() ? frame.time.x(all[i + 1].cycle) : frame.plot.right;
    if (x < frame.plot.left || x > frame.plot.right) continue;
    const double width = Pen::text_width(all[i].text) + 8 * frame.point;
    const bool has_room = !all[i].text.empty() && x + width <= std::min(next, frame.plot.right);
    const double right = x + (has_room ? width : 7 * frame.point);
    const double bottom = row.top + Pen::text_height();
    frame.pen.vertical(x, row.top, row.bottom, frame.colours.peak, 2 * frame.point);
    frame.pen.fill({x, row.top, right, bottom}, frame.colours.peak);
    if (has_room) frame.pen.text(x + 4 * frame.point, row.top, frame.colours.inverse_text, all[i].text);
  }
}

}  // namespace

void draw_ruler(Frame& frame, const Rect& row) {
  frame.row_name({row.left, row.top, row.right, row.bottom - 6 * frame.point},
                 frame.state.axis == Axis::kSteps ? "step" : "cycle");
  frame.pen.clip({frame.plot.left, row.top, frame.plot.right, row.bottom});
  const double apart = 190 * frame.point;
  const bool has_clock = milliseconds_at(frame.trace(), frame.run().cycles) > 0;
  const auto detail = [&](double cycle) {
    return has_clock ? milliseconds_text(milliseconds_at(frame.trace(), cycle)) : std::string();
  };
  if (frame.state.axis == Axis::kSteps && !frame.time.axis().linear()) {
    double last = -1e9;
    const auto& steps = frame.trace().steps;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const double x = frame.time.x(static_cast<double>(steps[i].begin));
      if (x < frame.plot.left - apart || x - last < apart * 0.6) continue;
      if (x > frame.plot.right) break;
      tick(frame, row, x, fmt::format("{}", i), detail(static_cast<double>(steps[i].begin)));
      last = x;
    }
  } else {
    const TimeRange shown = frame.time.shown();
    const double distance = round_distance(shown.length() * apart / frame.plot.width());
    for (double at = std::ceil(shown.begin / distance) * distance; at <= shown.end; at += distance)
      tick(frame, row, frame.time.x(at), grouped(static_cast<std::uint64_t>(std::max(0.0, at))), detail(at));
  }
  draw_bookmarks(frame, row);
  frame.pen.unclip();
}

void draw_minimap(Frame& frame, const Rect& row, const TimeView& time) {
  frame.row_name(row, "run", cycles_text(frame.run().cycles) + " cycles");
  const Rect area = {frame.plot.left, row.top, frame.plot.right, row.bottom};
  frame.pen.fill(area, frame.colours.panel);
  frame.pen.clip(area);

  double full = 0;
  for (const FoldedRegion& region : frame.run().regions)
    full += static_cast<double>(region.live.peak().bytes);
  const double column = 2 * frame.point;
  double from = area.left, height = 0;
  for (double x = area.left; x <= area.right + column && full > 0; x += column) {
    double bytes = x > area.right ? -1 : 0;
    const auto begin = static_cast<std::uint64_t>(std::max(0.0, time.cycle(x)));
    const auto end = std::max(begin + 1, static_cast<std::uint64_t>(std::max(0.0, time.cycle(x + column))));
    for (const FoldedRegion& region : frame.run().regions)
      if (bytes >= 0) bytes += static_cast<double>(region.live.between(begin, end).bytes);
    const double now = std::floor(bytes / full * (area.height() - 3 * frame.point) + 0.5);
    if (now == height) continue;
    if (height > 0)
      frame.pen.fill({from, area.bottom - height, x, area.bottom},
                     mixed(frame.colours.panel, frame.colours.of(traces::LifeKind::kActivation), 0.75));
    from = x;
    height = now;
  }

  const TimeRange shown = frame.time.shown();
  const double left = std::max(area.left, time.x(shown.begin)),
               right = std::min(area.right, time.x(shown.end));
  const Colour shade = faded(frame.colours.window, 0.62);
  if (left > area.left) frame.pen.fill({area.left, area.top, left, area.bottom}, shade);
  if (right < area.right) frame.pen.fill({right, area.top, area.right, area.bottom}, shade);
  frame.pen.outline(Rect{left, area.top, std::max(right, left + 3 * frame.point), area.bottom}.snapped(),
                    frame.colours.accent, frame.point);
  frame.pen.unclip();
}

}  // namespace gui
