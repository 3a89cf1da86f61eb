#include "gui/canvas/canvas.h"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "gui/canvas/frame.h"
#include "gui/canvas/life_layer.h"
#include "gui/canvas/mouse.h"
#include "gui/canvas/region_view.h"
#include "gui/canvas/rows.h"
#include "gui/canvas/ruler.h"
#include "gui/canvas/texture.h"
#include "gui/canvas/tooltip.h"
#include "gui/canvas/tracks.h"
#include "gui/fold/compared.h"
#include "gui/fold/sums.h"
#include "gui/format.h"
#include "gui/navigation.h"

namespace gui {

namespace {

constexpr double kNames = 102, kMargin = 10, kTop = 6;  // points

/// What is under the mouse.
struct Hovered {
  std::optional<std::uint32_t> life, other_life;
  std::optional<std::size_t> step, other_step;
  std::optional<std::size_t> stacked;  ///< region whose stacked bytes are
  bool causes = false, stack = false;
};

std::optional<std::uint32_t> life_under(const Frame& frame, const RegionRow* row, double x, double y) {
  if (!row || row->is_other != frame.is_other || x < frame.plot.left || frame.state.mode != Mode::kLives)
    return std::nullopt;
  const FoldedRegion& region = frame.run().regions[row->region];
  const double cycle = frame.time.cycle(x), address = address_view(frame, region, *row).address(y);
  if (cycle < 0 || address < 0) return std::nullopt;
  const auto life = frame.run().life_at(row->region, static_cast<std::uint64_t>(cycle),
                                        static_cast<std::uint64_t>(address));
  return life && (!frame.scene.filter || frame.scene.filter->shows(*life)) ? life : std::nullopt;
}

/// Cursor, selection and mouse, over all rows from the ruler on.
void draw_overlays(Frame& frame, const CanvasRows& rows, std::optional<double> mouse_x) {
  const Rect area = {frame.plot.left, rows.ruler.top, frame.plot.right, frame.all.bottom};
  frame.pen.clip(area);
  if (frame.state.selection) {
    const Rect chosen = {frame.time.x(frame.state.selection->begin), area.top,
                         frame.time.x(frame.state.selection->end), area.bottom};
    frame.pen.fill(chosen, frame.colours.selection);
    frame.pen.vertical(chosen.left, area.top, area.bottom, frame.colours.accent, frame.point);
    frame.pen.vertical(chosen.right, area.top, area.bottom, frame.colours.accent, frame.point);
    const RangeSums sums = sums_of(frame.run(), *frame.state.selection);
    std::string text = cycles_text(sums.cycles) + " cycles";
    if (sums.seconds > 0) text += ", " + milliseconds_text(sums.seconds * 1e3);
    if (sums.macs > 0) text += fmt::format(", {:.2f} cycles/MAC", sums.cycles_per_mac());
    const double width = Pen::text_width(text) + 12 * frame.point;
    const double left = std::clamp((chosen.left + chosen.right - width) / 2, area.left,
                                   std::max(area.left, area.right - width));
    frame.pen.fill({left, area.top, left + width, area.top + Pen::text_height() + 4 * frame.point},
                   frame.colours.accent);
    frame.pen.text(left + 6 * frame.point, area.top + 2 * frame.point, frame.colours.inverse_text, text);
  }
  if (mouse_x)
    frame.pen.vertical(*mouse_x, area.top, area.bottom, faded(frame.colours.cursor, 0.25), frame.point);
  if (frame.state.cursor) {
    const double x = frame.time.x(*frame.state.cursor), wing = 5 * frame.point;
    frame.pen.vertical(x, area.top, area.bottom, frame.colours.cursor, frame.point);
    frame.pen.triangle(x - wing, area.top, x + wing, area.top, x, area.top + 1.3 * wing,
                       frame.colours.cursor);
  }
  frame.pen.unclip();
}

}  // namespace

struct Canvas::Impl {
  std::map<std::pair<std::size_t, bool>, RegionCache> regions;
  Filter filtered_by;
  bool filtered = false;
  const Folded* other = nullptr;  ///< that `other_axis` is for
  std::optional<TimeAxis> other_axis;
  Axis other_axis_of = Axis::kCycles;
  std::vector<std::optional<std::size_t>> counterparts;
  MouseDrag drag;
  Raster raster;
  Texture texture;
  bool was_over = false;

  /// Indexes of only what the filter shows are made when the filter changes.
  void follow_filter(const Scene& scene, const ViewState& state) {
    if (!scene.filter || scene.filter->shows_all() || (filtered && filtered_by == state.filter)) return;
    std::vector<RectIndex> indexes = index_lives(*scene.run->trace, *scene.filter);
    for (std::size_t r = 0; r < indexes.size(); ++r) regions[{r, false}].filtered = std::move(indexes[r]);
    filtered = true;
    filtered_by = state.filter;
  }
  void follow_other(const Scene& scene, const ViewState& state) {
    if (!scene.other || (other_axis && other_axis_of == state.axis && other == scene.other)) return;
    other = scene.other;
    other_axis = aligned_axis(*scene.run, *scene.other, scene.run->axis(state.axis));
    other_axis_of = state.axis;
    counterparts = gui::counterparts(*scene.run, *scene.other);
  }
  Hovered draw_rows(Frame& frame, Frame* other, const CanvasRows& rows, std::optional<ImVec2> mouse);
};

Canvas::Canvas() : impl_(std::make_unique<Impl>()) {}
Canvas::~Canvas() = default;

void Canvas::forget() {
  impl_->regions.clear();
  impl_->filtered = false;
  impl_->other_axis.reset();
}

Hovered Canvas::Impl::draw_rows(Frame& frame, Frame* other, const CanvasRows& rows,
                                std::optional<ImVec2> mouse) {
  Hovered hovered;
  if (rows.minimap) {
    const TimeAxis cycles;
    draw_minimap(frame, *rows.minimap,
                 TimeView(cycles, whole_run(frame.run().cycles), frame.plot.left, frame.plot.width()));
  }
  draw_ruler(frame, rows.ruler);
  if (rows.steps) hovered.step = draw_steps(frame, *rows.steps, mouse);
  if (rows.other_steps && other) draw_compared_steps(*other, *rows.other_steps, frame.trace(), counterparts);
  if (rows.causes) draw_causes(frame, *rows.causes);
  if (rows.cycles_per_mac) draw_cycles_per_mac(frame, *rows.cycles_per_mac);
  for (const RegionRow& row : rows.regions)
    if (!row.is_other || other)
      draw_region(row.is_other ? *other : frame, row, regions[{row.region, row.is_other}]);
  if (rows.stack) draw_stack(frame, *rows.stack);
  if (!mouse) return hovered;
  const RegionRow* row = rows.region_at(mouse->x, mouse->y);
  hovered.life = life_under(frame, row, mouse->x, mouse->y);
  if (other) hovered.other_life = life_under(*other, row, mouse->x, mouse->y);
  if (row && !row->is_other && frame.state.mode == Mode::kStacked) hovered.stacked = row->region;
  hovered.stack = rows.stack && rows.stack->contains(mouse->x, mouse->y);
  hovered.causes = rows.causes && rows.causes->contains(mouse->x, mouse->y);
  if (rows.other_steps && other && rows.other_steps->contains(mouse->x, mouse->y))
    hovered.other_step = other->run().step_at(other->time.cycle(mouse->x));
  return hovered;
}

CanvasEvents Canvas::draw(const Scene& scene, ViewState& state, ImVec2 size) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  size = ImVec2(std::max(size.x, 1.0f), std::max(size.y, 1.0f));
  ImGui::InvisibleButton("canvas", size,
                         ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonRight |
                             ImGuiButtonFlags_MouseButtonMiddle);
  const MouseInput mouse = mouse_input();
  const Palette& colours = palette(state.theme);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const Rect all = Rect{at.x, at.y, at.x + size.x, at.y + size.y}.snapped();
  impl_->raster.begin(all, colours.canvas);
  Pen pen(list, &impl_->raster);
  if (!scene.run) return Pen(list, nullptr).fill(all, colours.canvas), CanvasEvents{};
  // Letters lie over the picture, so its place in the list comes first.
  impl_->texture.draw(list, all);

  state.regions.resize(scene.run->regions.size());
  impl_->follow_filter(scene, state);
  impl_->follow_other(scene, state);
  const double point = state.scale;
  const Rect plot = {all.left + kNames * point, all.top + kTop * point,
                     std::max(all.left + (kNames + 1) * point, all.right - kMargin * point), all.bottom};
  Frame frame{
      pen,   colours, scene, state,
      point, all,     plot,  TimeView(scene.run->axis(state.axis), state.time, plot.left, plot.width())};
  const bool compares = scene.other && state.compare != CompareMode::kOff;
  std::optional<Frame> other;
  Scene other_scene;
  if (compares) {
    other_scene.run = scene.other;
    other.emplace(
        Frame{pen, colours, other_scene, state, point, all, plot, TimeView(*impl_->other_axis, frame.time)});
    other->is_other = true;
    frame.other_time = &other->time;
  }
  const CanvasRows rows =
      place_rows(*scene.run, compares ? scene.other : nullptr, state,
                 {plot.left, plot.top, plot.right, all.bottom - 4 * point}, point, Pen::text_height());

  const bool quiet = !mouse.over || impl_->drag.is_dragging();
  const Hovered hovered = impl_->draw_rows(
      frame, other ? &*other : nullptr, rows,
      quiet ? std::nullopt : std::optional(ImVec2(static_cast<float>(mouse.x), static_cast<float>(mouse.y))));
  impl_->texture.update(impl_->raster);
  frame.pen = Pen(list, nullptr);
  draw_overlays(frame, rows, mouse.over && mouse.x >= plot.left ? std::optional(mouse.x) : std::nullopt);

  // What a table hovers is drawn in the next frame; it sets it anew as long as it does.
  state.hovered = hovered.life;
  if (mouse.over || impl_->was_over) {
    state.mouse_cycle =
        mouse.over && mouse.x >= plot.left ? std::optional(frame.time.cycle(mouse.x)) : std::nullopt;
  }
  impl_->was_over = mouse.over;
  if (!quiet && mouse.x >= plot.left) {
    if (hovered.life) life_tooltip(frame, *hovered.life);
    if (hovered.step) step_tooltip(frame, frame.trace(), *hovered.step);
    if (hovered.other_life) life_tooltip(*other, *hovered.other_life);
    if (hovered.stacked) stacked_tooltip(frame, *hovered.stacked, frame.time.cycle(mouse.x));
    if (hovered.stack) stack_tooltip(frame, frame.time.cycle(mouse.x - 1), frame.time.cycle(mouse.x + 1));
    if (hovered.other_step) step_tooltip(frame, other->trace(), *hovered.other_step);
    if (hovered.causes) causes_tooltip(frame, frame.time.cycle(mouse.x - 1), frame.time.cycle(mouse.x + 1));
  }
  return impl_->drag.apply(mouse, frame, rows, hovered.life, hovered.step);
}

}  // namespace gui
