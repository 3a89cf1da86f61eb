// One frame of the viewer: tool bar, canvas, panels, and what keys and mouse do to a session.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "gui/canvas/canvas.h"
#include "gui/layout.h"
#include "gui/panels/panels.h"
#include "gui/session.h"

namespace gui {

class Viewer {
 public:
  /// `session` must outlive the viewer.
  explicit Viewer(Session& session) : session_(session) {}

  /// Between ImGui::NewFrame and ImGui::Render.
  void frame();

 private:
  void draw_panes();
  void draw_canvas();
  void draw_life_menu();
  void draw_side();
  void draw_drawer();
  void draw_panel(Panel panel);
  void draw_splitter(const char* id, const Mark& at, bool upright);

  Session& session_;
  Canvas canvas_;
  LivePanel live_;
  DetailsPanel details_;
  ComparePanel compare_;
  const Folded* drawn_ = nullptr;  ///< what the canvas knows
  std::optional<std::uint32_t> menu_life_;
};

/// Carries out what was typed since the last frame, unless a text field has the keyboard.
void handle_keys(Session& session);
void draw_tools(Session& session);
void draw_status(Session& session);
/// The question that is open, if any.
void draw_question(Session& session);

}  // namespace gui
