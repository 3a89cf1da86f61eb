#include "gui/canvas/pen.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace gui {

namespace {

constexpr double kFar = 1 << 20;  // pixels: further away, floats lose whole ones

float number(double value) {
  return static_cast<float>(std::clamp(value, -kFar, kFar));
}
ImVec2 point(double x, double y) {
  return ImVec2(number(x), number(y));
}

/// Bytes of the last letter that begins before `end`: UTF-8 is never cut inside a letter.
std::size_t letters_before(std::string_view text, std::size_t end) {
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return end;
}

}  // namespace

void Pen::clip(const Rect& area) {
  list_->PushClipRect(point(area.left, area.top), point(area.right, area.bottom), true);
  if (raster_) raster_->clip(area);
}
void Pen::unclip() {
  list_->PopClipRect();
  if (raster_) raster_->unclip();
}

void Pen::fill(const Rect& rect, Colour colour) {
  if (raster_)
    raster_->fill(rect, colour);
  else
    list_->AddRectFilled(point(rect.left, rect.top), point(rect.right, rect.bottom), colour);
}

void Pen::outline(const Rect& rect, Colour colour, double thickness) {
  const double t = std::min({thickness, rect.width(), rect.height()});
  fill({rect.left, rect.top, rect.right, rect.top + t}, colour);
  fill({rect.left, rect.bottom - t, rect.right, rect.bottom}, colour);
  fill({rect.left, rect.top + t, rect.left + t, rect.bottom - t}, colour);
  fill({rect.right - t, rect.top + t, rect.right, rect.bottom - t}, colour);
}

void Pen::horizontal(double left, double right, double y, Colour colour, double thickness) {
  const double top = std::floor(y - thickness / 2 + 0.5);
  fill({left, top, right, top + thickness}, colour);
}

void Pen::vertical(double x, double top, double bottom, Colour colour, double thickness) {
  const double left = std::floor(x - thickness / 2 + 0.5);
  fill({left, top, left + thickness, bottom}, colour);
}

void Pen::dashed_horizontal(double left, double right, double y, Colour colour, double dash,
                            double thickness) {
  for (double x = left; x < right; x += 2 * dash)
    horizontal(x, std::min(right, x + dash), y, colour, thickness);
}

void Pen::dashed_vertical(double x, double top, double bottom, Colour colour, double dash, double thickness) {
  for (double y = top; y < bottom; y += 2 * dash)
    vertical(x, y, std::min(bottom, y + dash), colour, thickness);
}

void Pen::hatch(const Rect& rect, Colour colour, double distance, double thickness) {
  if (raster_) raster_->hatch(rect, colour, distance, thickness);
}

void Pen::triangle(double x0, double y0, double x1, double y1, double x2, double y2, Colour colour) {
  list_->AddTriangleFilled(point(x0, y0), point(x1, y1), point(x2, y2), colour);
}

void Pen::text(double x, double y, Colour colour, std::string_view text) {
  list_->AddText(point(std::floor(x), std::floor(y)), colour, text.data(), text.data() + text.size());
}
void Pen::text_right(double right, double y, Colour colour, std::string_view what) {
  text(right - text_width(what), y, colour, what);
}
void Pen::text_centred(double x, double y, Colour colour, std::string_view what) {
  text(x - text_width(what) / 2, y, colour, what);
}

double Pen::text_width(std::string_view text) {
  return ImGui::CalcTextSize(text.data(), text.data() + text.size()).x;
}
double Pen::text_height() {
  return ImGui::GetFontSize();
}

bool Pen::text_within(const Rect& rect, Colour colour, std::string_view what) {
  const double height = text_height(), room = rect.width();
  if (what.empty() || rect.height() < height || room < height) return false;
  const double y = rect.top + (rect.height() - height) / 2;
  if (text_width(what) <= room) return text(rect.left, y, colour, what), true;

  const char* rest = nullptr;
  const double dots = text_width("...");
  ImGui::GetFont()->CalcTextSizeA(ImGui::GetFontSize(), number(room - dots), 0, what.data(),
                                  what.data() + what.size(), &rest);
  const std::size_t end =
      letters_before(what, std::min(static_cast<std::size_t>(rest - what.data()), what.size() - 1));
  if (end < 3) return false;
  text(rect.left, y, colour, std::string(what.substr(0, end)) + "...");
  return true;
}

}  // namespace gui
