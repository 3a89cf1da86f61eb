#include "gui/view_state.h"

#include <string_view>

namespace gui {

namespace {

constexpr std::array<const char*, kPanels> kPanelNames = {"canvas",   "summary", "details",   "live",
                                                          "findings", "steps",   "functions", "compare"};

}  // namespace

const char* to_string(Mode mode) {
  return mode == Mode::kLives ? "lives" : "stacked";
}
const char* to_string(Axis axis) {
  return axis == Axis::kCycles ? "cycles" : "steps";
}
const char* to_string(Theme theme) {
  return theme == Theme::kDark ? "dark" : "light";
}

const char* to_string(CompareMode mode) {
  if (mode == CompareMode::kOff) return "off";
  return mode == CompareMode::kOverlay ? "overlay" : "side-by-side";
}

const char* to_string(Panel panel) {
  return kPanelNames[static_cast<std::size_t>(panel)];
}

bool is_side(Panel panel) {
  return panel == Panel::kSummary || panel == Panel::kDetails || panel == Panel::kLive;
}

bool is_drawer(Panel panel) {
  return panel != Panel::kCanvas && !is_side(panel);
}

std::optional<Panel> panel_named(std::string_view name) {
  for (std::size_t i = 0; i < kPanels; ++i)
    if (name == kPanelNames[i]) return static_cast<Panel>(i);
  return std::nullopt;
}

}  // namespace gui
