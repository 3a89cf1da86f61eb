// ImGui and its OpenGL renderer, for a window and for a picture alike.
#pragma once

#include "gui/session.h"

namespace gui {

/// Needs a current OpenGL context from construction to destruction.
class ImGuiFrame {
 public:
  ImGuiFrame();
  ~ImGuiFrame();
  ImGuiFrame(const ImGuiFrame&) = delete;
  ImGuiFrame& operator=(const ImGuiFrame&) = delete;

  /// Takes over the session's theme and scale where they have changed, then begins a frame.
  void begin(Session& session);
  /// Draws what was asked for since `begin`.
  void end();

 private:
  double scale_ = 0;  ///< of the fonts that are loaded; 0: none are
  std::optional<Theme> theme_;
};

}  // namespace gui
