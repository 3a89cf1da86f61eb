#include "gui/widgets.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "gui/format.h"

namespace gui {

void text_in(Colour colour, std::string_view value) {
  ImGui::PushStyleColor(ImGuiCol_Text, colour);
  text(value);
  ImGui::PopStyleColor();
}

void dim_text(const Session& session, std::string_view value) {
  text_in(colours(session).dim_text, value);
}

void right_text(std::string_view value) {
  const float width = ImGui::CalcTextSize(value.data(), value.data() + value.size()).x;
  const float room = ImGui::GetContentRegionAvail().x;
  if (room > width) ImGui::SetCursorPosX(ImGui::GetCursorPosX() + room - width);
  text(value);
}

void short_text(std::string_view value, float room) {
  if (room <= 0) room = ImGui::GetContentRegionAvail().x;
  const auto width = [](std::string_view part) {
    return ImGui::CalcTextSize(part.data(), part.data() + part.size()).x;
  };
  if (width(value) <= room) return text(value);
  const float dots = ImGui::CalcTextSize("…").x;
  std::size_t fits = 0, too_long = value.size();
  while (fits + 1 < too_long) {
    const std::size_t middle = (fits + too_long) / 2;
    (width(value.substr(0, middle)) + dots <= room ? fits : too_long) = middle;
  }
  while (fits > 0 && (static_cast<unsigned char>(value[fits]) & 0xC0) == 0x80) --fits;  // whole letters
  text(std::string(value.substr(0, fits)) + "…");
  if (ImGui::IsItemHovered()) ImGui::SetTooltip("%.*s", static_cast<int>(value.size()), value.data());
}

void stacked_bar(const std::vector<BarPart>& parts, ImVec2 size, Colour background) {
  const ImVec2 from = ImGui::GetCursorScreenPos();
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(from, ImVec2(from.x + size.x, from.y + size.y), background, 2);
  const BarPart* under_mouse = nullptr;
  ImGui::Dummy(size);
  const bool hovered = ImGui::IsItemHovered();
  float x = from.x;
  for (const BarPart& part : parts) {
    const float end = std::min(from.x + size.x, x + static_cast<float>(part.share) * size.x);
    if (end > x) list->AddRectFilled(ImVec2(x, from.y), ImVec2(end, from.y + size.y), part.colour);
    if (hovered && ImGui::GetIO().MousePos.x >= x && ImGui::GetIO().MousePos.x < end) under_mouse = &part;
    x = end;
  }
  if (under_mouse)
    ImGui::SetTooltip("%s %s", under_mouse->label.c_str(), percent_text(under_mouse->share).c_str());
}

std::vector<BarPart> cause_parts(const std::array<double, isa::kCauses>& cycles, const Palette& palette) {
  const double total = std::max(1.0, std::accumulate(cycles.begin(), cycles.end(), 0.0));
  std::vector<BarPart> parts;
  for (std::size_t i = 0; i < isa::kCauses; ++i) {
    const isa::Cause cause = static_cast<isa::Cause>(i);
    if (cycles[i] > 0) parts.push_back({palette.of(cause), cycles[i] / total, isa::to_string(cause)});
  }
  return parts;
}

std::vector<BarPart> cause_parts(const isa::CauseCycles& cycles, const Palette& palette) {
  std::array<double, isa::kCauses> numbers;
  for (std::size_t i = 0; i < isa::kCauses; ++i) numbers[i] = static_cast<double>(cycles.by[i]);
  return cause_parts(numbers, palette);
}

void swatch(Colour colour) {
  const float side = ImGui::GetTextLineHeight() * 0.7f;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float down = (ImGui::GetTextLineHeight() - side) / 2;
  ImGui::GetWindowDrawList()->AddRectFilled(ImVec2(at.x, at.y + down),
                                            ImVec2(at.x + side, at.y + down + side), colour, side * 0.2f);
  ImGui::Dummy(ImVec2(side, ImGui::GetTextLineHeight()));
  ImGui::SameLine(0, side * 0.5f);
}

int segmented(const char* id, std::span<const char* const> labels, int chosen, Session& session) {
  int clicked = -1;
  ImGui::PushID(id);
  for (int i = 0; i < static_cast<int>(labels.size()); ++i) {
    if (i > 0) ImGui::SameLine(0, 1);
    if (toggle(labels[static_cast<std::size_t>(i)], i == chosen, nullptr, session)) clicked = i;
    session.marks.item(fmt::format("{}.{}", id, labels[static_cast<std::size_t>(i)]));
  }
  ImGui::PopID();
  return clicked;
}

bool toggle(const char* label, bool on, const char* what, Session& session) {
  const Palette& p = colours(session);
  if (on) {
    ImGui::PushStyleColor(ImGuiCol_Button, mixed(p.raised, p.accent, 0.45));
    ImGui::PushStyleColor(ImGuiCol_Text, p.text);
  } else {
    ImGui::PushStyleColor(ImGuiCol_Button, p.raised);
    ImGui::PushStyleColor(ImGuiCol_Text, p.dim_text);
  }
  const bool clicked = ImGui::Button(label);
  ImGui::PopStyleColor(2);
  if (what) hint(what);
  return clicked;
}

void hint(const char* what) {
  if (ImGui::IsItemHovered(ImGuiHoveredFlags_AllowWhenDisabled)) ImGui::SetTooltip("%s", what);
}

void heading(const Session& session, const char* label) {
  ImGui::Dummy(points(session, 0, 4));
  ImGui::PushFont(session.fonts.bold);
  dim_text(session, label);
  ImGui::PopFont();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float up = ImGui::GetStyle().ItemSpacing.y / 2;
  ImGui::GetWindowDrawList()->AddLine(ImVec2(at.x, at.y - up),
                                      ImVec2(at.x + ImGui::GetContentRegionAvail().x, at.y - up),
                                      colours(session).border);
  ImGui::Dummy(points(session, 0, 1));
}

void nothing_here(const Session& session, const char* why) {
  ImGui::Dummy(points(session, 0, 8));
  ImGui::PushTextWrapPos(0);
  dim_text(session, why);
  ImGui::PopTextWrapPos();
}

}  // namespace gui
