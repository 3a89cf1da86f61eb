// Small pieces that the panels share.
#pragma once

#include <imgui.h>

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gui/session.h"

namespace gui {

/// A string that ImGui can take without copying.
inline void text(std::string_view value) {
  ImGui::TextUnformatted(value.data(), value.data() + value.size());
}
void text_in(Colour colour, std::string_view value);
void dim_text(const Session& session, std::string_view value);
/// At the right edge of a table's cell.
void right_text(std::string_view value);
/// One line, shortened at its end with "…" to the room there is; the whole text as a tool tip.
void short_text(std::string_view value, float room = 0);

/// A bar that is divided by shares; shares need not sum to 1. Hovering tells the part's name and share.
struct BarPart {
  Colour colour = 0;
  double share = 0;
  std::string label;
};
void stacked_bar(const std::vector<BarPart>& parts, ImVec2 size, Colour background);
std::vector<BarPart> cause_parts(const std::array<double, isa::kCauses>& cycles, const Palette& palette);
std::vector<BarPart> cause_parts(const isa::CauseCycles& cycles, const Palette& palette);
/// A filled square before a name.
void swatch(Colour colour);

/// Buttons beside each other of which one is on. Returns the index of the one that was clicked, or -1.
int segmented(const char* id, std::span<const char* const> labels, int chosen, Session& session);
/// A button that is on or off. Returns whether it was clicked.
bool toggle(const char* label, bool on, const char* hint, Session& session);
void hint(const char* what);

/// Heading of a part of a panel.
void heading(const Session& session, const char* label);
/// What a panel says when it has nothing to show.
void nothing_here(const Session& session, const char* why);

inline ImVec2 points(const Session& session, double x, double y) {
  return ImVec2(static_cast<float>(x * session.state.scale), static_cast<float>(y * session.state.scale));
}
inline const Palette& colours(const Session& session) {
  return palette(session.state.theme);
}

}  // namespace gui
