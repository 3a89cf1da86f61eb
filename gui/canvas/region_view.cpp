#include "gui/canvas/region_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "gui/canvas/heat_layer.h"
#include "gui/canvas/life_layer.h"
#include "gui/canvas/ruler.h"
#include "gui/canvas/stacked_layer.h"
#include "gui/format.h"

namespace gui {

namespace {

/// The colours of the kinds that the region holds, from the right end of its head; those that do not fit
/// between `left` and there are left out.
void draw_legend(Frame& frame, const RegionRow& row, double left) {
  const double side = Pen::text_height() * 0.7, gap = 5 * frame.point;
  const double y = row.head.top + (row.head.height() - Pen::text_height()) / 2;
  double right = row.head.right - 8 * frame.point;
  for (std::size_t i = traces::kLifeKinds; i-- > 0;) {
    if (!frame.run().regions[row.region].kinds[i]) continue;
    const char* name = traces::to_string(static_cast<traces::LifeKind>(i));
    const double at = right - Pen::text_width(name);
    if (at - gap - side < left) return;
    frame.pen.text(at, y, frame.colours.dim_text, name);
    const double top = row.head.top + (row.head.height() - side) / 2;
    frame.pen.fill({at - gap - side, top, at - gap, top + side}, frame.colours.kinds[i]);
    right = at - side - 4 * gap;
  }
}

/// Name, capacity, and how full it was.
void draw_head(Frame& frame, const RegionRow& row) {
  const traces::Region& region = frame.trace().regions[row.region];
  const traces::Peak peak = frame.run().regions[row.region].live.peak();
  Pen& pen = frame.pen;
  pen.fill(row.head, frame.colours.panel);
  const double y = row.head.top + (row.head.height() - Pen::text_height()) / 2;
  double x = row.head.left + 8 * frame.point;
  const auto write = [&](std::string_view text, Colour colour) {
    pen.text(x, y, colour, text);
    x += Pen::text_width(text) + 10 * frame.point;
  };
  if (frame.scene.other || frame.is_other) write(frame.is_other ? "B" : "A", frame.colours.accent);
  write(region.name, frame.colours.text);
  write(bytes_text(region.bytes), frame.colours.dim_text);
  if (peak.bytes == 0) return;

  // A bar of how much of the capacity was in use at the peak.
  const double share = std::min(1.0, static_cast<double>(peak.bytes) / static_cast<double>(region.bytes));
  const Rect bar = {x, row.head.top + row.head.height() * 0.34, x + 90 * frame.point,
                    row.head.top + row.head.height() * 0.66};
  pen.fill(bar, frame.colours.raised);
  pen.fill({bar.left, bar.top, bar.left + std::max(1.0, bar.width() * share), bar.bottom},
           share > 0.9 ? frame.colours.problem : frame.colours.peak);
  x = bar.right + 10 * frame.point;
  write(fmt::format("peak {}", bytes_text(static_cast<double>(peak.bytes))), frame.colours.peak);
  write(fmt::format("{} full, at cycle {}", percent_text(share), grouped(peak.cycle)),
        frame.colours.dim_text);
  draw_legend(frame, row, x);
}

/// Offsets from the region's first byte, and where empty stretches were folded away.
void draw_addresses(Frame& frame, const FoldedRegion& region, const AddressView& addresses) {
  Pen& pen = frame.pen;
  const Rect body = {frame.plot.left, addresses.top(), frame.plot.right, addresses.bottom()};
  const double line = Pen::text_height(), right = frame.plot.left - 8 * frame.point;
  const double apart = 44 * frame.point;
  const double step = std::exp2(std::max(0.0, std::ceil(std::log2(apart / addresses.pixels_per_byte()))));
  double last = 1e9;
  const auto tick = [&](double address, bool always) {
    const double y = addresses.y(address);
    if (y < body.top - 1 || y > body.bottom + 1) return;
    if (!always) pen.horizontal(body.left, body.right, y, frame.colours.grid);
    if (last - y < line * 1.1) return;
    last = y;
    pen.text_right(right, std::clamp(y - line / 2, body.top, body.bottom - line), frame.colours.dim_text,
                   tick_text(address - static_cast<double>(region.range.begin)));
  };
  for (const Stretch& shown : region.axis.shown()) {
    const double begin = static_cast<double>(shown.begin), end = static_cast<double>(shown.end);
    const double base = static_cast<double>(region.range.begin);
    tick(begin, true);
    // Only ticks in sight: a region may be far larger than what is shown of it.
    const double low = std::max(begin, addresses.address(body.bottom)),
                 high = std::min(end, addresses.address(body.top));
    for (double at = base + std::ceil((low - base) / step) * step; at < high; at += step)
      if (at > begin) tick(at, false);
  }
  for (const Stretch& folded : region.axis.folded()) {
    const Rect rect = Rect{body.left, addresses.y(static_cast<double>(folded.end)), body.right,
                           addresses.y(static_cast<double>(folded.begin))}
                          .cut(body);
    if (rect.height() <= 0) continue;
    pen.fill(rect, frame.colours.window);
    pen.hatch(rect, frame.colours.grid, 7 * frame.point, frame.point);
    const std::string text = fmt::format("{} unused", bytes_text(static_cast<double>(folded.bytes())));
    if (rect.height() >= line)
      pen.text(rect.left + 8 * frame.point, (rect.top + rect.bottom - line) / 2, frame.colours.dim_text,
               text);
  }
}

void draw_capacity(Frame& frame, const FoldedRegion& region, const AddressView& addresses) {
  const double y = addresses.y(static_cast<double>(region.range.end));
  if (y < addresses.top() - 1 || y > addresses.bottom()) return;
  frame.pen.dashed_horizontal(frame.plot.left, frame.plot.right, std::max(y, addresses.top() + frame.point),
                              frame.colours.capacity, 8 * frame.point, 1.5 * frame.point);
}

void draw_peak(Frame& frame, const RegionRow& row) {
  const traces::Peak peak = frame.run().regions[row.region].live.peak();
  if (peak.bytes == 0) return;
  const double x = frame.time.x(static_cast<double>(peak.cycle) + 0.5), wing = 5 * frame.point;
  if (x < frame.plot.left - wing || x > frame.plot.right + wing) return;
  frame.pen.dashed_vertical(x, row.body.top, row.body.bottom, frame.colours.peak, 4 * frame.point,
                            frame.point);
  frame.pen.triangle(x - wing, row.body.top, x + wing, row.body.top, x, row.body.top + 1.6 * wing,
                     frame.colours.peak);
}

/// The same memory of another run; none where it has none.
const FoldedRegion* region_named(const Folded& folded, const std::string& name) {
  for (std::size_t r = 0; r < folded.regions.size(); ++r)
    if (folded.trace->regions[r].name == name) return &folded.regions[r];
  return nullptr;
}

}  // namespace

AddressView address_view(const Frame& frame, const FoldedRegion& region, const RegionRow& row) {
  RegionView shown;
  if (row.region < frame.state.regions.size()) shown = frame.state.regions[row.region];
  return AddressView(region.axis, shown.begin, shown.end, row.body.top, row.body.height());
}

void draw_region(Frame& frame, const RegionRow& row, RegionCache& cache) {
  const FoldedRegion& region = frame.run().regions[row.region];
  draw_head(frame, row);
  if (frame.state.mode == Mode::kStacked) {
    frame.pen.clip({frame.all.left, row.body.top, row.body.right, row.body.bottom});
    draw_stacked(frame, row);
    draw_peak(frame, row);
    frame.pen.unclip();
    return;
  }
  const AddressView addresses = address_view(frame, region, row);
  frame.pen.clip({frame.all.left, row.body.top, row.body.right, row.body.bottom});
  draw_addresses(frame, region, addresses);
  frame.pen.unclip();

  frame.pen.clip(row.body);
  if (frame.run().stack_region == row.region) draw_stack_shape(frame, addresses);
  draw_lives(frame, region, addresses, cache);
  if (frame.state.heat) draw_heat(frame, region, addresses);
  if (frame.state.planned) draw_plans(frame, region, addresses);
  if (frame.scene.other && frame.state.compare == CompareMode::kOverlay)
    if (const FoldedRegion* other = region_named(*frame.scene.other, frame.trace().regions[row.region].name))
      draw_other_lives(frame, *other, addresses);
  draw_findings(frame, region, addresses);
  draw_capacity(frame, region, addresses);
  draw_peak(frame, row);
  if (!frame.is_other) draw_highlights(frame, region, addresses);
  frame.pen.unclip();
}

}  // namespace gui
