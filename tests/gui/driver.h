// Drives a viewer without a window: frames, keys and the mouse, as ImGui gets them.
#pragma once

#include <imgui.h>

#include <string>

#include "gui/frame.h"
#include "gui/headless.h"
#include "gui/session.h"
#include "gui/viewer.h"

namespace gui {

class Driver {
 public:
  explicit Driver(int width = 1280, int height = 800);

  Session session;

  /// Shows a synthetic trace of this many lives.
  void show_sample(std::size_t lives = 200, std::uint64_t seed = 1);
  void frames(int count = 3);
  /// Types on the keyboard, a frame a letter.
  void type(const std::string& text);
  void press(int key, bool ctrl = false);
  void move_to(double x, double y);
  /// The middle of what is marked; fails the test where nothing is.
  void move_to(const std::string& mark);
  void click(const std::string& mark, int button = 0);
  void click(double x, double y, int button = 0);
  void drag(double from_x, double from_y, double to_x, double to_y);
  Mark mark(const std::string& name) const;

 private:
  Headless surface_;
  ImGuiFrame frame_;
  Viewer viewer_;
};

}  // namespace gui
