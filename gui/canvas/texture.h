// A picture that the graphics library holds.
#pragma once

#include <imgui.h>

#include "gui/canvas/raster.h"

namespace gui {

class Texture {
 public:
  Texture() = default;
  ~Texture();  ///< needs the OpenGL context that it was made with
  Texture(const Texture&) = delete;
  Texture& operator=(const Texture&) = delete;

  void update(const Raster& raster);
  /// Puts it there, over all that the list holds so far; `update` may come later. It hides what lies under
  /// it, which spares a software renderer the blending.
  void draw(ImDrawList* list, const Rect& rect);

 private:
  void make();

  unsigned texture_ = 0;  ///< 0: none yet
  std::size_t width_ = 0, height_ = 0;
};

}  // namespace gui
