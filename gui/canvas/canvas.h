// The picture of a run: minimap, ruler, tracks of steps and stalls, a rectangle per life in each region, the
// stack. Draws what `Folded` holds; the mouse moves what a ViewState says.
#pragma once

#include <imgui.h>

#include <cstdint>
#include <memory>
#include <optional>

#include "gui/fold/folded.h"
#include "gui/life_filter.h"
#include "gui/view_state.h"

namespace gui {

/// What is drawn. All of it must stay while `Canvas::draw` runs.
struct Scene {
  const Folded* run = nullptr;
  const Folded* other = nullptr;       ///< to compare with; null: none
  const LifeFilter* filter = nullptr;  ///< of `run`; null: everything
};

/// What the mouse asked for, beside what it changed in the ViewState.
struct CanvasEvents {
  std::optional<std::uint32_t> menu;     ///< life that was clicked with the right button
  std::optional<std::size_t> step;       ///< step that was clicked
  std::optional<std::size_t> step_menu;  ///< step that was clicked with the right button
  bool moved = false;                    ///< the shown time or a region's shown addresses changed
};

class Canvas {
 public:
  Canvas();
  ~Canvas();  ///< needs the OpenGL context that it was drawn with
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;

  /// Fills `size` pixels from ImGui's cursor on, inside a window. Wheel: zooms about the mouse; with Ctrl:
  /// addresses; with Shift: moves. Dragging with the left button selects a range, with the middle or right
  /// one moves. A click pins the life or step under the mouse and puts the cursor there; a double click shows
  /// all of it.
  CanvasEvents draw(const Scene& scene, ViewState& state, ImVec2 size);
  /// A run was folded anew: forgets what it keeps from frame to frame.
  void forget();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gui
