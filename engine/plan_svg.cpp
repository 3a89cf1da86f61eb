// A plan as a picture: steps from left to right, addresses from bottom to top, a rectangle for each buffer's
// life.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/plan.h"

namespace engine {
namespace {

constexpr double kLeft = 76, kTop = 74, kRight = 150, kBottom = 176, kHeight = 460;
constexpr double kCharacter = 5.6;  // average width at the label's font size

struct Style {
  traces::BufferKind kind;
  const char* fill;
  const char* stroke;
};
// Okabe and Ito's palette, which colour-blind readers can tell apart.
constexpr Style kStyles[] = {{traces::BufferKind::kInput, "#56b4e9", "#0b5f91"},
                             {traces::BufferKind::kActivation, "#9fd8c4", "#00664b"},
                             {traces::BufferKind::kOutput, "#e3b5cf", "#8f3d6b"},
                             {traces::BufferKind::kScratch, "#f3c35c", "#8a5f00"}};

const Style& style_of(traces::BufferKind kind) {
  return *std::find_if(std::begin(kStyles), std::end(kStyles),
                       [kind](const Style& s) { return s.kind == kind; });
}

// Text for XML: markup escaped, everything that is not printable ASCII replaced.
std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += c >= ' ' && c < 127 ? c : '?';
    }
  }
  return result;
}

std::string bytes_text(std::int64_t bytes) {
  if (bytes < 1024) return fmt::format("{} B", bytes);
  return fmt::format("{:.{}f} KiB", static_cast<double>(bytes) / 1024,
                     bytes < 100 * 1024 && bytes % 1024 != 0 ? 1 : 0);
}

class Picture {
 public:
  explicit Picture(const Plan& plan)
      : plan_(plan),
        steps_(static_cast<int>(plan.program.steps.size())),
        arena_(std::max<std::int64_t>(1, plan.arena.value)) {
    column_ = std::clamp(1080.0 / std::max(1, steps_), 11.0, 46.0);
    width_ = kLeft + kRight + std::max(420.0, column_ * steps_);
  }

  std::string draw() {
    text_ = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" viewBox=\"0 0 "
        "{0:.0f} {1:.0f}\" "
        "font-family=\"DejaVu Sans, Helvetica, Arial, sans-serif\" font-size=\"10\">\n"
        "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
        width_, kTop + kHeight + kBottom);
    title();
    axes();
    peak_column();
    for (const Buffer& b : plan_.buffers) rectangle(b);
    for (const Buffer& b : plan_.buffers) label(b);
    live_outline();
    lines();
    return text_ + "</svg>\n";
  }

 private:
  double x(double step) const { return kLeft + column_ * step; }
  double y(std::int64_t address) const {
    return kTop + kHeight * (1 - static_cast<double>(address) / static_cast<double>(arena_));
  }
  double right() const { return x(steps_); }

  template <class... Args>
  void add(fmt::format_string<Args...> text, Args&&... args) {
    text_ += fmt::format(text, std::forward<Args>(args)...);
  }

  void title() {
    add("<text x=\"{}\" y=\"24\" font-size=\"15\" font-weight=\"bold\">{}</text>\n", kLeft,
        escaped(plan_.model));
    add("<text x=\"{}\" y=\"41\" fill=\"#444\">arena {} bytes, lower bound {} bytes, {} steps, peak in step "
        "{}</text>\n",
        kLeft, plan_.arena, plan_.lower_bound, steps_, plan_.peak_step);
    double at = kLeft;
    for (const Style& style : kStyles) {
      add("<rect x=\"{:.1f}\" y=\"51\" width=\"11\" height=\"11\" fill=\"{}\" stroke=\"{}\"/>"
          "<text x=\"{:.1f}\" y=\"60\">{}</text>\n",
          at, style.fill, style.stroke, at + 15, to_string(style.kind));
      at += 88;
    }
    add("<line x1=\"{0:.1f}\" y1=\"56.5\" x2=\"{1:.1f}\" y2=\"56.5\" stroke=\"#222\" stroke-width=\"1.6\"/>"
        "<text x=\"{2:.1f}\" y=\"60\">live bytes</text>\n",
        at, at + 16, at + 20);
  }

  // Ticks at a round distance that leaves five to ten of them; operators below.
  void axes() {
    std::int64_t tick = 16;
    while (arena_ / tick > 9) tick *= 2;
    for (std::int64_t address = 0; address <= arena_; address += tick) {
      add("<line x1=\"{0}\" y1=\"{1:.1f}\" x2=\"{2:.1f}\" y2=\"{1:.1f}\" stroke=\"#e4e4e4\"/>"
          "<text x=\"{3}\" y=\"{4:.1f}\" text-anchor=\"end\" fill=\"#444\">{5}</text>\n",
          kLeft, y(address), right(), kLeft - 8, y(address) + 3.5, bytes_text(address));
    }
    add("<text transform=\"translate(16,{:.1f}) rotate(-90)\" text-anchor=\"middle\" fill=\"#444\">address "
        "in the "
        "arena</text>\n",
        kTop + kHeight / 2);
    const double below = kTop + kHeight + 8;
    for (const Step& step : plan_.program.steps) {
      add("<text transform=\"translate({:.1f},{:.1f}) rotate(-90)\" text-anchor=\"end\" font-size=\"9\"{}>{} "
          "{}</text>\n",
          x(step.id + 0.5) + 3, below,
          step.id == plan_.peak_step ? " font-weight=\"bold\"" : " fill=\"#444\"",
          reference::to_string(step.kind), step.id);
    }
  }

  void peak_column() {
    add("<rect x=\"{:.1f}\" y=\"{}\" width=\"{:.1f}\" height=\"{}\" fill=\"#d55e00\" "
        "fill-opacity=\"0.10\"/>\n",
        x(plan_.peak_step), kTop, column_, kHeight);
    add("<text x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\" fill=\"#d55e00\" "
        "font-weight=\"bold\">peak</text>\n",
        x(plan_.peak_step + 0.5), kTop - 4);
  }

  void rectangle(const Buffer& b) {
    const Style& style = style_of(b.kind);
    const double left = x(b.first_step) + 0.5, wide = column_ * (b.last_step - b.first_step + 1) - 1;
    const double top = y((b.offset + b.size).value), high = std::max(0.8, y(b.offset.value) - top);
    add("<g><title>{}: {} at {}..{} ({} bytes), steps {} to {}</title>"
        "<rect x=\"{:.1f}\" y=\"{:.2f}\" width=\"{:.1f}\" height=\"{:.2f}\" fill=\"{}\" "
        "fill-opacity=\"0.72\" "
        "stroke=\"{}\" stroke-width=\"0.7\"/>",
        escaped(b.name), to_string(b.kind), b.offset, b.offset + b.size, b.size, b.first_step, b.last_step,
        left, top, wide, high, style.fill, style.stroke);
    add("</g>\n");
  }

  // The last part of the name, in the column where the buffer is born: no other buffer has its label there.
  void label(const Buffer& b) {
    if (b.kind == traces::BufferKind::kScratch) return;
    const double top = y((b.offset + b.size).value), high = y(b.offset.value) - top;
    const double flat_room = column_ * std::max(1, b.last_step - b.first_step) - 6;
    const bool upright = high > flat_room;
    const auto room = static_cast<std::size_t>(std::max(0.0, (upright ? high - 6 : flat_room) / kCharacter));
    // Inputs share their first column with the first step's output.
    if (upright && b.kind == traces::BufferKind::kInput) return;
    if (room < 5 || (upright ? column_ : high) < 9.5) return;
    std::string name = b.name.substr(b.name.find_last_of("/;") + 1);
    if (name.size() > room) name = name.substr(0, room - 2) + "..";
    const double middle = top + high / 2;
    if (upright) {
      add("<text transform=\"translate({:.1f},{:.1f}) rotate(-90)\" text-anchor=\"middle\" "
          "font-size=\"9\">{}</text>\n",
          x(b.first_step + 0.5) + 3, middle, escaped(name));
    } else {
      add("<text x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"9\">{}</text>\n", x(b.first_step) + 4, middle + 3,
          escaped(name));
    }
  }

  // How many bytes are live in each step, whatever their addresses.
  void live_outline() {
    std::string points;
    for (int step = 0; step < steps_; ++step) {
      const double level = y(plan_.live_bytes(step).value);
      points += fmt::format("{:.1f},{:.1f} {:.1f},{:.1f} ", x(step), level, x(step + 1), level);
    }
    add("<polyline points=\"{}\" fill=\"none\" stroke=\"#222\" stroke-width=\"1.6\" "
        "stroke-linejoin=\"round\"/>\n",
        points);
  }

  void lines() {
    add("<line x1=\"{0}\" y1=\"{1:.1f}\" x2=\"{2:.1f}\" y2=\"{1:.1f}\" stroke=\"#222\"/>\n", kLeft, y(0),
        right());
    add("<line x1=\"{0}\" y1=\"{1:.1f}\" x2=\"{2:.1f}\" y2=\"{1:.1f}\" stroke=\"#d55e00\" "
        "stroke-width=\"1.4\"/>\n",
        kLeft, y(arena_), right());
    add("<line x1=\"{0}\" y1=\"{1:.1f}\" x2=\"{2:.1f}\" y2=\"{1:.1f}\" stroke=\"#d55e00\" "
        "stroke-width=\"1.2\" "
        "stroke-dasharray=\"5 4\"/>\n",
        kLeft, y(plan_.lower_bound.value), right());
    const double arena_at = y(arena_) + 4;
    const double bound_at = std::max(y(plan_.lower_bound.value) + 4, arena_at + 13);
    add("<text x=\"{:.1f}\" y=\"{:.1f}\" fill=\"#a84a00\">arena {}</text>\n", right() + 6, arena_at,
        bytes_text(arena_));
    add("<text x=\"{:.1f}\" y=\"{:.1f}\" fill=\"#a84a00\">lower bound {}</text>\n", right() + 6, bound_at,
        bytes_text(plan_.lower_bound.value));
  }

  const Plan& plan_;
  const int steps_;
  const std::int64_t arena_;
  double column_ = 0, width_ = 0;
  std::string text_;
};

}  // namespace

std::string Plan::to_svg() const {
  return Picture(*this).draw();
}

}  // namespace engine
