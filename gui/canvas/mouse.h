// What the mouse does on the canvas, as changes of a ViewState.
#pragma once

#include <optional>

#include "gui/canvas/canvas.h"
#include "gui/canvas/frame.h"
#include "gui/canvas/rows.h"

namespace gui {

/// Buttons and wheel of one frame, as ImGui saw them on the canvas.
struct MouseInput {
  double x = 0, y = 0;
  bool over = false;  ///< the canvas, and nothing is in front of it
  bool left_pressed = false, left_released = false, left_double = false;
  bool move_pressed = false;  ///< middle or right
  bool right_released = false;
  bool any_down = false;
  double wheel = 0, wheel_sideways = 0;
  bool ctrl = false, shift = false;
};
/// Of the item that ImGui has just made.
MouseInput mouse_input();

/// What was pressed, until it is released.
class MouseDrag {
 public:
  /// `hovered_life` and `hovered_step` are under the mouse.
  CanvasEvents apply(const MouseInput& mouse, const Frame& frame, const CanvasRows& rows,
                     std::optional<std::uint32_t> hovered_life, std::optional<std::size_t> hovered_step);
  bool is_dragging() const { return kind_ != Kind::kNone && moved_; }

 private:
  enum class Kind { kNone, kSelect, kMove, kMinimap };

  void press(const MouseInput& mouse, const Frame& frame, const CanvasRows& rows);
  bool drag(const MouseInput& mouse, const Frame& frame, const CanvasRows& rows);
  void click(const MouseInput& mouse, const Frame& frame, std::optional<std::uint32_t> life,
             std::optional<std::size_t> step, CanvasEvents* events);
  bool turn_wheel(const MouseInput& mouse, const Frame& frame, const CanvasRows& rows);

  Kind kind_ = Kind::kNone;
  bool moved_ = false;
  double x_ = 0, y_ = 0;  ///< where it was pressed
  double last_x_ = 0, last_y_ = 0;
  double anchor_ = 0;                  ///< cycle where it was pressed
  std::optional<std::size_t> region_;  ///< that it was pressed in
};

}  // namespace gui
