// An OpenGL context without a display, window or GPU: Mesa's software renderer through EGL.
#pragma once

#include <memory>

#include "gui/picture.h"

namespace gui {

/// Current from construction on. Draws into a frame buffer of its own.
class Headless {
 public:
  /// Throws GraphicsError where EGL offers no surfaceless display or no OpenGL 3.3.
  Headless(int width, int height);
  ~Headless();
  Headless(const Headless&) = delete;
  Headless& operator=(const Headless&) = delete;

  /// Waits until everything is drawn.
  void finish();
  Picture read();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gui
