// Draws in doubles: far ends of what is zoomed in on stay in range. Areas go to a raster, or straight to
// ImGui's list where they lie over all else; letters and slanted edges always go to the list.
#pragma once

#include <imgui.h>

#include <string_view>

#include "gui/canvas/raster.h"
#include "gui/theme.h"

namespace gui {

class Pen {
 public:
  /// `raster`: null where all goes to the list.
  Pen(ImDrawList* list, Raster* raster) : list_(list), raster_(raster) {}

  void clip(const Rect& area);  ///< until `unclip`; inside what is clipped already
  void unclip();

  void fill(const Rect& rect, Colour colour);
  void outline(const Rect& rect, Colour colour, double thickness = 1);
  void horizontal(double left, double right, double y, Colour colour, double thickness = 1);
  void vertical(double x, double top, double bottom, Colour colour, double thickness = 1);
  void dashed_horizontal(double left, double right, double y, Colour colour, double dash,
                         double thickness = 1);
  void dashed_vertical(double x, double top, double bottom, Colour colour, double dash, double thickness = 1);
  /// Slanted lines, `distance` apart. Needs a raster.
  void hatch(const Rect& rect, Colour colour, double distance, double thickness = 1);
  void triangle(double x0, double y0, double x1, double y1, double x2, double y2, Colour colour);

  void text(double x, double y, Colour colour, std::string_view text);
  void text_right(double right, double y, Colour colour, std::string_view text);
  void text_centred(double x, double y, Colour colour, std::string_view text);
  /// As much of `text` as fits inside, "..." in place of the rest; nothing where that is hardly a letter.
  /// Returns whether anything was written.
  bool text_within(const Rect& rect, Colour colour, std::string_view text);
  static double text_width(std::string_view text);
  static double text_height();

  Raster* raster() { return raster_; }

 private:
  ImDrawList* list_;
  Raster* raster_;
};

}  // namespace gui
