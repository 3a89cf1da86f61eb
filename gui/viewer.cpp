#include "gui/viewer.h"

#include <fmt/format.h>

#include <algorithm>

#include "gui/actions.h"
#include "gui/format.h"
#include "gui/navigation.h"
#include "gui/widgets.h"

namespace gui {

namespace {

constexpr ImGuiWindowFlags kPane = ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize |
                                   ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                                   ImGuiWindowFlags_NoBringToFrontOnFocus;

void begin_pane(const char* name, const Mark& at, ImGuiWindowFlags flags = 0) {
  ImGui::SetNextWindowPos(ImVec2(static_cast<float>(at.left), static_cast<float>(at.top)));
  ImGui::SetNextWindowSize(
      ImVec2(static_cast<float>(at.right - at.left), static_cast<float>(at.bottom - at.top)));
  ImGui::Begin(name, nullptr, kPane | flags);
}

}  // namespace

void Viewer::frame() {
  session_.marks.clear();
  handle_keys(session_);
  session_.refilter();
  draw_panes();
  draw_question(session_);
  if (session_.state.key_sheet) draw_key_sheet(session_);
  session_.close_popups = false;
  if (!session_.clipboard.empty()) {
    ImGui::SetClipboardText(session_.clipboard.c_str());
    session_.clipboard.clear();
  }
}

void Viewer::draw_panes() {
  ViewState& state = session_.state;
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  const Palette& p = colours(session_);
  if (!session_.document) {
    begin_pane("welcome", {0, 0, size.x, size.y});
    draw_welcome(session_);
    ImGui::End();
    return;
  }
  if (state.layout.only) {
    const Mark all{0, 0, size.x, size.y};
    if (*state.layout.only == Panel::kCanvas) ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
    begin_pane("only", all);
    if (*state.layout.only == Panel::kCanvas) ImGui::PopStyleVar();
    draw_panel(*state.layout.only);
    ImGui::End();
    return;
  }

  const PaneRects panes = place_panes(state.layout, size.x, size.y, state.scale);
  ImGui::PushStyleColor(ImGuiCol_WindowBg, p.window);
  // These two are of the window's colour, which is there already.
  begin_pane("tools", panes.tools, ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoBackground);
  draw_tools(session_);
  ImGui::End();
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, points(session_, 10, 3));
  begin_pane("status", panes.status, ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoBackground);
  draw_status(session_);
  ImGui::End();
  ImGui::PopStyleVar();
  ImGui::PopStyleColor();

  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
  begin_pane(
      "canvas", panes.canvas,
      ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse | ImGuiWindowFlags_NoBackground);
  ImGui::PopStyleVar();
  session_.marks.set("canvas", panes.canvas);
  draw_canvas();
  ImGui::End();
  if (state.layout.side_open) {
    begin_pane("side", panes.side, ImGuiWindowFlags_NoScrollbar);
    draw_side();
    ImGui::End();
    draw_splitter("side splitter", panes.side_splitter, true);
  }
  if (state.layout.drawer_open) {
    begin_pane("drawer", panes.drawer, ImGuiWindowFlags_NoScrollbar);
    draw_drawer();
    ImGui::End();
    draw_splitter("drawer splitter", panes.drawer_splitter, false);
  }
}

void Viewer::draw_canvas() {
  const Folded* folded = &session_.document->folded();
  if (drawn_ != folded) canvas_.forget();
  drawn_ = folded;
  Scene scene;
  scene.run = folded;
  if (session_.second && session_.state.compare != CompareMode::kOff)
    scene.other = &session_.second->folded();
  scene.filter = &session_.filter;
  const CanvasEvents events = canvas_.draw(scene, session_.state, ImGui::GetContentRegionAvail());
  if (events.step) session_.state.layout.side = Panel::kDetails;
  if (events.menu) {
    menu_life_ = events.menu;
    ImGui::OpenPopup("life menu");
  }
  draw_life_menu();
}

void Viewer::draw_life_menu() {
  if (!menu_life_ || *menu_life_ >= session_.document->trace().lives.size()) return;
  if (!ImGui::BeginPopup("life menu")) return;
  if (session_.close_popups) ImGui::CloseCurrentPopup();
  const traces::Trace& trace = session_.document->trace();
  const traces::Life& life = trace.lives[*menu_life_];
  dim_text(session_, traces::name_of(trace, life));
  ImGui::Separator();
  const auto entry = [&](const char* label, const char* key) {
    const bool chosen = ImGui::MenuItem(label, key);
    session_.marks.item(fmt::format("menu.{}", label));
    return chosen;
  };
  if (entry("Show", "F")) {
    pin(session_, life.id);
    session_.state.selection.reset();
    session_.state.time =
        fitted({static_cast<double>(life.born), static_cast<double>(life.died())}, 0.15, session_.whole());
  }
  if (entry("Hide", nullptr)) session_.state.filter.hidden.insert(life.name);
  if (entry("Only this", nullptr)) session_.state.filter.solo = life.name;
  if (entry("Copy", "Ctrl+C")) {
    pin(session_, life.id);
    carry_out(Action::kCopy, session_);
  }
  const Filter& filter = session_.state.filter;
  if ((filter.solo || !filter.hidden.empty()) && entry("Show all again", "Esc")) {
    session_.state.filter.solo.reset();
    session_.state.filter.hidden.clear();
  }
  ImGui::EndPopup();
}

void Viewer::draw_side() {
  if (session_.state.selection) draw_selection(session_);
  static constexpr Panel kTabs[] = {Panel::kSummary, Panel::kDetails, Panel::kLive};
  static constexpr const char* kLabels[] = {"Summary", "Details", "Live here"};
  Panel& open = session_.state.layout.side;
  const int chosen =
      static_cast<int>(std::find(std::begin(kTabs), std::end(kTabs), open) - std::begin(kTabs));
  const int clicked = segmented("side", kLabels, chosen, session_);
  if (clicked >= 0) open = kTabs[clicked];
  ImGui::Dummy(points(session_, 0, 2));
  ImGui::BeginChild(to_string(open));
  draw_panel(open);
  ImGui::EndChild();
}

void Viewer::draw_drawer() {
  static constexpr Panel kTabs[] = {Panel::kSteps, Panel::kFunctions, Panel::kFindings, Panel::kCompare};
  const std::string findings = fmt::format("Findings {}", session_.document->trace().findings.size());
  const char* labels[] = {"Steps", "Functions", findings.c_str(), "Compare"};
  Panel& open = session_.state.layout.drawer;
  const int chosen =
      static_cast<int>(std::find(std::begin(kTabs), std::end(kTabs), open) - std::begin(kTabs));
  const int clicked = segmented("drawer", labels, chosen, session_);
  if (clicked >= 0) open = kTabs[clicked];
  ImGui::BeginChild(to_string(open));
  draw_panel(open);
  ImGui::EndChild();
}

void Viewer::draw_panel(Panel panel) {
  switch (panel) {
    case Panel::kCanvas:
      return draw_canvas();
    case Panel::kSummary:
      return draw_summary(session_);
    case Panel::kDetails:
      return details_.draw(session_);
    case Panel::kLive:
      return live_.draw(session_);
    case Panel::kFindings:
      return draw_findings(session_);
    case Panel::kSteps:
      return draw_steps(session_);
    case Panel::kFunctions:
      return draw_functions(session_);
    case Panel::kCompare:
      return compare_.draw(session_);
  }
}

void Viewer::draw_splitter(const char* id, const Mark& at, bool upright) {
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowMinSize, ImVec2(1, 1));
  ImGui::PushStyleColor(ImGuiCol_WindowBg, colours(session_).window);
  begin_pane(id, at, ImGuiWindowFlags_NoScrollbar);
  ImGui::InvisibleButton(
      id, ImVec2(static_cast<float>(at.right - at.left), static_cast<float>(at.bottom - at.top)));
  session_.marks.item(id);
  if (ImGui::IsItemHovered() || ImGui::IsItemActive()) {
    ImGui::SetMouseCursor(upright ? ImGuiMouseCursor_ResizeEW : ImGuiMouseCursor_ResizeNS);
    ImGui::GetWindowDrawList()->AddRectFilled(ImGui::GetItemRectMin(), ImGui::GetItemRectMax(),
                                              faded(colours(session_).accent, 0.5));
  }
  // How the mouse came to the splitter is no drag.
  if (ImGui::IsItemActive() && !ImGui::IsItemActivated()) {
    Layout& layout = session_.state.layout;
    const ImVec2 size = ImGui::GetIO().DisplaySize;
    const ImVec2 moved = ImGui::GetIO().MouseDelta;
    const PaneRects panes = place_panes(layout, size.x, size.y, session_.state.scale);
    // From what is really shown, so that a drag past an end does not have to come all the way back.
    if (upright)
      layout.side_width = (panes.side.right - panes.side.left - moved.x) / session_.state.scale;
    else
      layout.drawer_height = (panes.drawer.bottom - panes.drawer.top - moved.y) / session_.state.scale;
  }
  ImGui::End();
  ImGui::PopStyleColor();
  ImGui::PopStyleVar(2);
}

}  // namespace gui
