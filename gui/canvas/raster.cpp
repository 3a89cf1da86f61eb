#include "gui/canvas/raster.h"

#include <algorithm>
#include <cmath>

namespace gui {

namespace {

constexpr double kFar = 1 << 20;  // pixels

std::ptrdiff_t rounded(double value) {
  return static_cast<std::ptrdiff_t>(std::floor(std::clamp(value, -kFar, kFar) + 0.5));
}

constexpr Colour kOpaque = 0xff000000;

/// `over` in front of the opaque `under`, by two channels at a time.
Colour blended(Colour under, Colour over) {
  const std::uint32_t alpha = (over >> 24) + (over >> 31), rest = 256 - alpha;  // 0..256
  const std::uint32_t red_blue = ((under & 0xff00ff) * rest + (over & 0xff00ff) * alpha) >> 8;
  const std::uint32_t green = ((under & 0x00ff00) * rest + (over & 0x00ff00) * alpha) >> 8;
  return kOpaque | (red_blue & 0xff00ff) | (green & 0x00ff00);
}

}  // namespace

Rect Rect::snapped() const {
  const double x = std::floor(left + 0.5), y = std::floor(top + 0.5);
  return {x, y, std::max(x + 1, std::floor(right + 0.5)), std::max(y + 1, std::floor(bottom + 0.5))};
}

Rect Rect::cut(const Rect& o) const {
  return {std::max(left, o.left), std::max(top, o.top), std::min(right, o.right), std::min(bottom, o.bottom)};
}

void Raster::begin(const Rect& area, Colour colour) {
  left_ = std::floor(area.left);
  top_ = std::floor(area.top);
  width_ = static_cast<std::size_t>(std::max<std::ptrdiff_t>(1, rounded(area.right - left_)));
  height_ = static_cast<std::size_t>(std::max<std::ptrdiff_t>(1, rounded(area.bottom - top_)));
  pixels_.assign(width_ * height_, colour | kOpaque);
  clips_ = {{0, 0, static_cast<std::ptrdiff_t>(width_), static_cast<std::ptrdiff_t>(height_)}};
}

Raster::Span Raster::span_of(const Rect& rect) const {
  const Span& clip = clips_.back();
  return {std::max(clip.left, rounded(rect.left - left_)), std::max(clip.top, rounded(rect.top - top_)),
          std::min(clip.right, rounded(rect.right - left_)),
          std::min(clip.bottom, rounded(rect.bottom - top_))};
}

void Raster::clip(const Rect& area) {
  clips_.push_back(span_of(area));
}
void Raster::unclip() {
  clips_.pop_back();
}

void Raster::fill(const Rect& rect, Colour colour) {
  const Span span = span_of(rect);
  if (span.right <= span.left) return;
  for (std::ptrdiff_t y = span.top; y < span.bottom; ++y) {
    Colour* row = &pixels_[static_cast<std::size_t>(y) * width_];
    if (colour >= kOpaque) {
      std::fill(row + span.left, row + span.right, colour);
    } else {
      for (std::ptrdiff_t x = span.left; x < span.right; ++x) row[x] = blended(row[x], colour);
    }
  }
}

void Raster::hatch(const Rect& rect, Colour colour, double distance, double thickness) {
  const Span span = span_of(rect);
  const auto period = std::max<std::ptrdiff_t>(2, rounded(distance)),
             drawn = std::max<std::ptrdiff_t>(1, rounded(thickness));
  for (std::ptrdiff_t y = span.top; y < span.bottom; ++y) {
    Colour* row = &pixels_[static_cast<std::size_t>(y) * width_];
    for (std::ptrdiff_t x = span.left; x < span.right; ++x)
      if ((x + y) % period < drawn) row[x] = blended(row[x], colour);
  }
}

void Raster::cells(const Rect& rect, const std::vector<Colour>& cells, std::size_t columns,
                   std::size_t rows) {
  const Span span = span_of(rect);
  if (span.right <= span.left || columns == 0 || rows == 0 || rect.width() <= 0 || rect.height() <= 0) return;
  const auto cell_of = [](std::ptrdiff_t pixel, double first, double length, std::size_t count) {
    const double share = (static_cast<double>(pixel) + 0.5 - first) / length;
    return std::min(count - 1, static_cast<std::size_t>(std::max(0.0, share * static_cast<double>(count))));
  };
  std::vector<std::size_t> column_of;
  for (std::ptrdiff_t x = span.left; x < span.right; ++x)
    column_of.push_back(cell_of(x, rect.left - left_, rect.width(), columns));
  for (std::ptrdiff_t y = span.top; y < span.bottom; ++y) {
    Colour* row = &pixels_[static_cast<std::size_t>(y) * width_ + static_cast<std::size_t>(span.left)];
    const Colour* from = &cells[cell_of(y, rect.top - top_, rect.height(), rows) * columns];
    for (std::size_t x = 0; x < column_of.size(); ++x)
      if (const Colour colour = from[column_of[x]]; colour >> 24 != 0) row[x] = blended(row[x], colour);
  }
}

Colour Raster::at(double x, double y) const {
  return pixels_[static_cast<std::size_t>(std::floor(y - top_)) * width_ +
                 static_cast<std::size_t>(std::floor(x - left_))];
}

}  // namespace gui
