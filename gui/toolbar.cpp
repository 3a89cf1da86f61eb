#include <fmt/format.h>
#include <imgui.h>
// ImGui must come first.
#include <imgui_stdlib.h>

#include <algorithm>
#include <filesystem>

#include "gui/actions.h"
#include "gui/format.h"
#include "gui/viewer.h"
#include "gui/widgets.h"

namespace gui {

namespace {

constexpr double kScales[] = {1, 1.25, 1.5, 2};

void draw_recent(Session& session) {
  const std::vector<std::string> recent = session.settings.recent;  // opening one changes the list
  if (!ImGui::BeginMenu("Open recent", !recent.empty())) return;
  for (const std::string& file : recent) {
    if (ImGui::MenuItem(std::filesystem::path(file).filename().c_str())) session.open(file);
    hint(file.c_str());
  }
  ImGui::EndMenu();
}

void draw_bookmarks(Session& session) {
  if (!ImGui::BeginMenu("Bookmarks", !session.state.bookmarks.empty())) return;
  std::optional<std::size_t> removed;
  for (std::size_t i = 0; i < session.state.bookmarks.size(); ++i) {
    const Bookmark bookmark = session.state.bookmarks[i];
    ImGui::PushID(static_cast<int>(i));
    if (ImGui::SmallButton("x")) removed = i;
    hint("remove");
    ImGui::SameLine();
    const std::string at = grouped(static_cast<std::uint64_t>(std::max(0.0, bookmark.cycle)));
    if (ImGui::MenuItem(bookmark.text.empty() ? "bookmark" : bookmark.text.c_str(), at.c_str()))
      jump_to(session, bookmark.cycle);
    ImGui::PopID();
  }
  if (removed) remove_bookmark(session, *removed);
  ImGui::EndMenu();
}

void draw_menu(Session& session) {
  if (!ImGui::BeginPopup("menu")) return;
  if (session.close_popups) ImGui::CloseCurrentPopup();
  const auto entry = [&](const char* label, const char* key, bool enabled = true) {
    const bool chosen = ImGui::MenuItem(label, key, false, enabled);
    session.marks.item(fmt::format("menu.{}", label));
    return chosen;
  };
  if (entry("Open...", "Ctrl+O")) carry_out(Action::kOpen, session);
  draw_recent(session);
  if (entry("Compare with...", "C")) {
    session.ask = Ask::kOpenSecond;
    session.answer.clear();
  }
  ImGui::Separator();
  if (entry("Save picture...", "Ctrl+S")) carry_out(Action::kSavePicture, session);
  if (entry("Save live table as CSV...", nullptr, !session.live_table.rows.empty())) {
    session.ask = Ask::kSaveTable;
    session.answer = session.document->path().filename().string() + ".csv";
  }
  if (entry("Copy the command of a report", nullptr)) {
    session.clipboard = fmt::format("m7scope report {} -o report.html", session.document->path().string());
    session.say("copied: " + session.clipboard);
  }
  ImGui::Separator();
  if (entry("Bookmark the cursor", "B")) carry_out(Action::kBookmark, session);
  draw_bookmarks(session);
  ImGui::Separator();
  if (ImGui::BeginMenu("Scale")) {
    for (const double scale : kScales)
      if (ImGui::MenuItem(fmt::format("{:.0f} %", scale * 100).c_str(), nullptr,
                          session.state.scale == scale)) {
        session.state.scale = scale;
        session.settings.scale = scale;
      }
    ImGui::EndMenu();
  }
  if (entry("Dark or light", "T")) carry_out(Action::kTheme, session);
  if (entry("Keys", "?")) carry_out(Action::kKeySheet, session);
  ImGui::Separator();
  if (entry("Quit", "Ctrl+Q")) carry_out(Action::kQuit, session);
  ImGui::EndPopup();
}

void draw_regions(Session& session) {
  heading(session, "Memories");
  for (std::size_t i = 0; i < session.state.regions.size(); ++i) {
    if (!session.document->folded().regions[i].used) continue;
    const std::string& name = session.document->trace().regions[i].name;
    ImGui::Checkbox(name.c_str(), &session.state.regions[i].visible);
    session.marks.item("region." + name);
  }
}

/// Kinds with their colours, the least size, and which memories are drawn.
void draw_filters(Session& session) {
  if (!ImGui::BeginPopup("filters")) return;
  if (session.close_popups) ImGui::CloseCurrentPopup();
  Filter& filter = session.state.filter;
  heading(session, "Kinds");
  for (std::size_t i = 0; i < traces::kLifeKinds; ++i) {
    const traces::LifeKind kind = static_cast<traces::LifeKind>(i);
    ImGui::PushID(static_cast<int>(i));
    ImGui::Checkbox("##kind", &filter.kinds[i]);
    ImGui::PopID();
    session.marks.item(fmt::format("kind.{}", traces::to_string(kind)));
    ImGui::SameLine();
    swatch(colours(session).of(kind));
    text(traces::to_string(kind));
  }
  heading(session, "Size");
  int bytes = static_cast<int>(std::min<std::uint32_t>(filter.min_bytes, 1u << 30));
  ImGui::SetNextItemWidth(points(session, 180, 0).x);
  const std::string shown = bytes == 0 ? "all" : fmt::format("{} bytes or more", grouped(filter.min_bytes));
  if (ImGui::SliderInt("##least", &bytes, 0, 1 << 20, shown.c_str(), ImGuiSliderFlags_Logarithmic))
    filter.min_bytes = static_cast<std::uint32_t>(bytes);
  session.marks.item("least");
  draw_regions(session);
  ImGui::Dummy(points(session, 0, 4));
  if (ImGui::Button("show all")) {
    filter = {};
    for (RegionView& region : session.state.regions) region.visible = true;
  }
  session.marks.item("filters.reset");
  ImGui::EndPopup();
}

void draw_search(Session& session, float width) {
  Filter& filter = session.state.filter;
  if (session.focus_search) {
    ImGui::SetKeyboardFocusHere();
    session.focus_search = false;
  }
  ImGui::SetNextItemWidth(width);
  const bool is_wrong = !session.filter.error().empty();
  if (is_wrong) ImGui::PushStyleColor(ImGuiCol_Text, colours(session).problem);
  const bool enter =
      ImGui::InputTextWithHint("##search", "search names, writers, lines (regex)", &filter.pattern,
                               ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_AutoSelectAll);
  if (is_wrong) ImGui::PopStyleColor();
  session.marks.item("search");
  if (is_wrong) hint(session.filter.error().c_str());
  // EnterReturnsTrue reports no other change, and the field writes `pattern` while one types.
  if (enter) {
    session.refilter();
    carry_out(Action::kNextHit, session);  // from here on N and Shift+N walk on
  }
}

}  // namespace

void draw_tools(Session& session) {
  ViewState& state = session.state;
  const Palette& p = colours(session);
  const bool is_wide = ImGui::GetWindowWidth() > points(session, 1080, 0).x;
  if (ImGui::Button("menu")) ImGui::OpenPopup("menu");
  session.marks.item("menu");
  draw_menu(session);
  ImGui::SameLine();
  if (is_wide) {
    ImGui::AlignTextToFramePadding();
    ImGui::PushFont(session.fonts.bold);
    text(session.document->title());
    ImGui::PopFont();
    ImGui::SameLine();
    dim_text(session, session.document->trace().about.board);
    ImGui::SameLine(0, points(session, 20, 0).x);
  }

  static constexpr const char* kModes[] = {"Lives", "Stacked"};
  if (const int clicked = segmented("mode", kModes, static_cast<int>(state.mode), session); clicked >= 0)
    state.mode = static_cast<Mode>(clicked);
  ImGui::SameLine(0, points(session, 14, 0).x);
  static constexpr const char* kAxes[] = {"Cycles", "Steps"};
  if (const int clicked = segmented("axis", kAxes, static_cast<int>(state.axis), session); clicked >= 0)
    state.axis = static_cast<Axis>(clicked);
  ImGui::SameLine(0, points(session, 14, 0).x);
  if (toggle("Heat", state.heat, "reads and writes of each address (H)", session)) state.heat = !state.heat;
  session.marks.item("heat");
  ImGui::SameLine(0, 1);
  if (toggle("Plan", state.planned, "outlines of planned lives (O)", session)) state.planned = !state.planned;
  session.marks.item("planned");
  ImGui::SameLine(0, points(session, 14, 0).x);
  if (ImGui::Button("Peak")) carry_out(Action::kPeak, session);
  hint("jump to the cycle with most bytes in use (P)");
  session.marks.item("peak");
  ImGui::SameLine(0, points(session, 14, 0).x);

  const float right = points(session, is_wide ? 250 : 170, 0).x;
  draw_search(session, std::max(points(session, 110, 0).x, ImGui::GetContentRegionAvail().x - right));
  ImGui::SameLine();
  const bool narrowed = state.filter != Filter{};
  if (toggle(narrowed ? "Filter *" : "Filter", narrowed, "kinds and sizes", session))
    ImGui::OpenPopup("filters");
  session.marks.item("filters");
  draw_filters(session);
  if (is_wide) {
    ImGui::SameLine();
    ImGui::AlignTextToFramePadding();
    const std::size_t all = session.document->trace().lives.size();
    text_in(session.filter.error().empty() ? p.dim_text : p.problem,
            !session.filter.error().empty() ? "no pattern"
            : narrowed ? fmt::format("{} of {}", grouped(session.filter.count()), grouped(all))
                       : fmt::format("{} lives", grouped(all)));
  }
  const char* other_theme = state.theme == Theme::kDark ? "Light" : "Dark";
  const float buttons = ImGui::CalcTextSize(other_theme).x + ImGui::CalcTextSize("?").x +
                        4 * ImGui::GetStyle().FramePadding.x + ImGui::GetStyle().WindowPadding.x + 1;
  ImGui::SameLine(ImGui::GetWindowWidth() - buttons);
  if (ImGui::Button(other_theme)) carry_out(Action::kTheme, session);
  session.marks.item("theme");
  ImGui::SameLine(0, 1);
  if (ImGui::Button("?")) carry_out(Action::kKeySheet, session);
  session.marks.item("keys");
}

void draw_status(Session& session) {
  const ViewState& state = session.state;
  const Palette& p = colours(session);
  if (session.document->is_live()) {
    text_in(p.good, "live");
    ImGui::SameLine();
  }
  text_in(session.message_is_error ? p.problem : p.dim_text, session.message);
  const traces::Trace& trace = session.document->trace();
  std::string right = fmt::format(
      "{} to {} cycles, {}", cycles_text(state.time.begin), cycles_text(state.time.end),
      milliseconds_text(milliseconds_at(trace, state.time.end) - milliseconds_at(trace, state.time.begin)));
  if (state.mouse_cycle)
    right = fmt::format("mouse at {}   |   {}",
                        grouped(static_cast<std::uint64_t>(std::max(0.0, *state.mouse_cycle))), right);
  ImGui::SameLine();
  ImGui::PushStyleColor(ImGuiCol_Text, p.dim_text);
  right_text(right);
  ImGui::PopStyleColor();
}

}  // namespace gui
