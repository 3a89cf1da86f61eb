#include "gui/canvas/mouse.h"

#include <algorithm>
#include <cmath>

#include "gui/navigation.h"

namespace gui {

namespace {

constexpr double kZoomATick = 0.8;   // of what is shown
constexpr double kMoveATick = 0.12;  // of what is shown
constexpr double kDragPoints = 4;    // less is a click
constexpr double kLeastShownBytes = 64;

const Folded& run_of(const Frame& frame) {
  return *frame.scene.run;
}

/// Shows `begin` to `end` of a region's places; all of it where that is all.
void show_places(RegionView* view, double length, double begin, double end) {
  const double shown = std::clamp(end - begin, std::min(kLeastShownBytes, length), length);
  begin = std::clamp(begin, 0.0, length - shown);
  view->begin = shown >= length ? 0 : begin;
  view->end = shown >= length ? 0 : begin + shown;
}

TimeRange places_of(const RegionView& view, double length) {
  return view.end > view.begin ? TimeRange{view.begin, view.end} : TimeRange{0, length};
}

}  // namespace

MouseInput mouse_input() {
  const ImGuiIO& io = ImGui::GetIO();
  MouseInput mouse;
  mouse.x = io.MousePos.x;
  mouse.y = io.MousePos.y;
  mouse.over = ImGui::IsItemHovered();
  mouse.left_pressed = mouse.over && ImGui::IsMouseClicked(ImGuiMouseButton_Left);
  mouse.left_double = mouse.over && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left);
  mouse.left_released = ImGui::IsMouseReleased(ImGuiMouseButton_Left);
  mouse.move_pressed = mouse.over && (ImGui::IsMouseClicked(ImGuiMouseButton_Middle) ||
                                      ImGui::IsMouseClicked(ImGuiMouseButton_Right));
  mouse.right_released = ImGui::IsMouseReleased(ImGuiMouseButton_Right);
  mouse.any_down = ImGui::IsMouseDown(ImGuiMouseButton_Left) || ImGui::IsMouseDown(ImGuiMouseButton_Middle) ||
                   ImGui::IsMouseDown(ImGuiMouseButton_Right);
  if (mouse.over) mouse.wheel = io.MouseWheel, mouse.wheel_sideways = io.MouseWheelH;
  mouse.ctrl = io.KeyCtrl;
  mouse.shift = io.KeyShift;
  return mouse;
}

CanvasEvents MouseDrag::apply(const MouseInput& mouse, const Frame& frame, const CanvasRows& rows,
                              std::optional<std::uint32_t> hovered_life,
                              std::optional<std::size_t> hovered_step) {
  CanvasEvents events;
  if (kind_ == Kind::kNone && (mouse.left_pressed || mouse.move_pressed)) press(mouse, frame, rows);
  if (kind_ != Kind::kNone) {
    moved_ = moved_ || std::max(std::abs(mouse.x - x_), std::abs(mouse.y - y_)) >= kDragPoints * frame.point;
    if (moved_ || kind_ == Kind::kMinimap) events.moved = drag(mouse, frame, rows);
    if (!moved_ && kind_ == Kind::kSelect && mouse.left_released)
      click(mouse, frame, hovered_life, hovered_step, &events);
    if (!moved_ && kind_ == Kind::kMove && mouse.right_released) {
      events.menu = hovered_life;
      events.step_menu = hovered_step;
    }
    last_x_ = mouse.x;
    last_y_ = mouse.y;
    if (!mouse.any_down) kind_ = Kind::kNone, moved_ = false;
  }
  if (mouse.left_double && frame.plot.contains(mouse.x, mouse.y) &&
      !(rows.minimap && rows.minimap->contains(mouse.x, mouse.y))) {
    TimeRange wanted = whole_run(run_of(frame).cycles);
    if (hovered_life) {
      const traces::Life& life = frame.trace().lives[*hovered_life];
      wanted = {static_cast<double>(life.born), static_cast<double>(life.died() + 1)};
    } else if (hovered_step) {
      const traces::Step& step = frame.trace().steps[*hovered_step];
      wanted = {static_cast<double>(step.begin), static_cast<double>(step.end)};
    }
    frame.state.time =
        fitted(wanted, hovered_life || hovered_step ? 0.08 : 0, whole_run(run_of(frame).cycles));
    events.moved = true;
  }
  if (mouse.wheel != 0 || mouse.wheel_sideways != 0)
    events.moved = turn_wheel(mouse, frame, rows) || events.moved;
  return events;
}

void MouseDrag::press(const MouseInput& mouse, const Frame& frame, const CanvasRows& rows) {
  if (mouse.x < frame.plot.left) return;
  const bool on_minimap = rows.minimap && rows.minimap->contains(mouse.x, mouse.y);
  kind_ = mouse.move_pressed ? Kind::kMove : on_minimap ? Kind::kMinimap : Kind::kSelect;
  moved_ = false;
  x_ = last_x_ = mouse.x;
  y_ = last_y_ = mouse.y;
  anchor_ = frame.time.cycle(mouse.x);
  const RegionRow* row = rows.region_at(mouse.x, mouse.y);
  region_ = row && !row->is_other ? std::optional(row->region) : std::nullopt;
}

bool MouseDrag::drag(const MouseInput& mouse, const Frame& frame, const CanvasRows& rows) {
  ViewState& state = frame.state;
  const double cycles = run_of(frame).cycles;
  if (kind_ == Kind::kSelect) {
    const double now = std::clamp(frame.time.cycle(mouse.x), 0.0, cycles);
    const double anchor = std::clamp(anchor_, 0.0, cycles);
    state.selection = TimeRange{std::min(anchor, now), std::max(anchor, now)};
    return false;
  }
  if (kind_ == Kind::kMinimap) {
    const double share = (mouse.x - frame.plot.left) / frame.plot.width();
    state.time = centred(state.time, share * cycles, whole_run(cycles));
    return true;
  }
  state.time = panned_on(frame.time.axis(), state.time, (last_x_ - mouse.x) / frame.plot.width(), cycles);
  if (region_ && *region_ < state.regions.size()) {
    for (const RegionRow& row : rows.regions) {
      if (row.region != *region_ || row.is_other) continue;
      const double length = run_of(frame).regions[*region_].axis.length();
      const TimeRange shown = places_of(state.regions[*region_], length);
      const double by = (mouse.y - last_y_) / row.body.height() * shown.length();
      show_places(&state.regions[*region_], length, shown.begin + by, shown.end + by);
    }
  }
  return true;
}

void MouseDrag::click(const MouseInput& mouse, const Frame& frame, std::optional<std::uint32_t> life,
                      std::optional<std::size_t> step, CanvasEvents* events) {
  ViewState& state = frame.state;
  state.selection.reset();
  state.cursor = std::clamp(frame.time.cycle(mouse.x), 0.0, run_of(frame).cycles);
  state.pinned = life;
  state.pinned_step = step ? std::optional(static_cast<std::uint32_t>(*step)) : std::nullopt;
  events->step = step;
}

bool MouseDrag::turn_wheel(const MouseInput& mouse, const Frame& frame, const CanvasRows& rows) {
  ViewState& state = frame.state;
  const double cycles = run_of(frame).cycles;
  if (mouse.ctrl) {
    const RegionRow* row = rows.region_at(mouse.x, mouse.y);
    if (!row || row->is_other || row->region >= state.regions.size()) return false;
    const double length = run_of(frame).regions[row->region].axis.length();
    const TimeRange shown = places_of(state.regions[row->region], length);
    const double factor = std::pow(kZoomATick, mouse.wheel);
    const double share = (row->body.bottom - mouse.y) / row->body.height();
    const double about = shown.begin + share * shown.length(),
                 now = std::min(length, shown.length() * factor);
    show_places(&state.regions[row->region], length, about - share * now, about - share * now + now);
    return true;
  }
  const double sideways = mouse.shift ? -mouse.wheel : -mouse.wheel_sideways;
  if (sideways != 0) state.time = panned_on(frame.time.axis(), state.time, sideways * kMoveATick, cycles);
  if (!mouse.shift && mouse.wheel != 0)
    state.time = zoomed_on(frame.time.axis(), state.time, std::pow(kZoomATick, mouse.wheel),
                           frame.time.cycle(std::max(mouse.x, frame.plot.left)), cycles);
  return true;
}

}  // namespace gui
