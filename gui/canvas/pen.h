// Draws on an ImGui list in doubles, snapped to pixels: far ends of what is zoomed in on stay in range.
#pragma once

#include <imgui.h>

#include <string_view>

#include "gui/theme.h"

namespace gui {

/// In pixels; y grows downwards.
struct Rect {
  double left = 0, top = 0, right = 0, bottom = 0;

  double width() const { return right - left; }
  double height() const { return bottom - top; }
  bool contains(double x, double y) const { return x >= left && x < right && y >= top && y < bottom; }
  /// With edges on whole pixels, and one pixel wide and high at least.
  Rect snapped() const;
  /// The part of it that lies in `o`.
  Rect cut(const Rect& o) const;
};

class Pen {
 public:
  explicit Pen(ImDrawList* list) : list_(list) {}

  void clip(const Rect& area);  ///< until `unclip`; inside what is clipped already
  void unclip();

  void fill(const Rect& rect, Colour colour);
  void outline(const Rect& rect, Colour colour, double thickness = 1);
  void horizontal(double left, double right, double y, Colour colour, double thickness = 1);
  void vertical(double x, double top, double bottom, Colour colour, double thickness = 1);
  void dashed_horizontal(double left, double right, double y, Colour colour, double dash,
                         double thickness = 1);
  void dashed_vertical(double x, double top, double bottom, Colour colour, double dash, double thickness = 1);
  /// Slanted lines, `distance` apart.
  void hatch(const Rect& rect, Colour colour, double distance, double thickness = 1);
  void triangle(double x0, double y0, double x1, double y1, double x2, double y2, Colour colour);
  void image(ImTextureID texture, const Rect& rect);

  void text(double x, double y, Colour colour, std::string_view text);
  void text_right(double right, double y, Colour colour, std::string_view text);
  void text_centred(double x, double y, Colour colour, std::string_view text);
  /// As much of `text` as fits inside, "..." in place of the rest; nothing where that is hardly a letter.
  /// Returns whether anything was written.
  bool text_within(const Rect& rect, Colour colour, std::string_view text);
  static double text_width(std::string_view text);
  static double text_height();

  ImDrawList* list() { return list_; }

 private:
  ImDrawList* list_;
};

}  // namespace gui
