// Errors of the viewer that people can do something about, each one line.
#pragma once

#include <stdexcept>

namespace gui {

/// A flag, a file or a script line that cannot be used.
class ViewError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// This machine cannot draw: no display, or no OpenGL 3.3.
class GraphicsError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace gui
