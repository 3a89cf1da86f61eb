// Pixels that are filled by the processor. A software renderer takes a microsecond a rectangle and ten
// nanoseconds a pixel for each layer; here tens of thousands of rectangles cost a millisecond, and the
// renderer gets one picture.
#pragma once

#include <cstddef>
#include <vector>

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

class Raster {
 public:
  /// Becomes `area`, all in `colour`; what was clipped is clipped no more.
  void begin(const Rect& area, Colour colour);

  void clip(const Rect& area);  ///< until `unclip`; inside what is clipped already
  void unclip();

  /// Edges are rounded to whole pixels. Colours that are not opaque let shine through what was there.
  void fill(const Rect& rect, Colour colour);
  /// Slanted lines, `distance` apart.
  void hatch(const Rect& rect, Colour colour, double distance, double thickness);
  /// A picture of `columns` x `rows` cells, row after row, over `rect`.
  void cells(const Rect& rect, const std::vector<Colour>& cells, std::size_t columns, std::size_t rows);

  std::size_t width() const { return width_; }
  std::size_t height() const { return height_; }
  const std::vector<Colour>& pixels() const { return pixels_; }  ///< row after row
  /// In the coordinates of `begin`'s area.
  Colour at(double x, double y) const;

 private:
  struct Span {
    std::ptrdiff_t left, top, right,
        bottom;  ///< of the picture; nothing where right <= left or bottom <= top
  };
  Span span_of(const Rect& rect) const;

  double left_ = 0, top_ = 0;
  std::size_t width_ = 0, height_ = 0;
  std::vector<Span> clips_;
  std::vector<Colour> pixels_;
};

}  // namespace gui
