#include <string>

#include "gui/actions.h"
#include "gui/panels/panels.h"
#include "gui/widgets.h"

namespace gui {

namespace {

constexpr const char* kMouse[][2] = {
    {"wheel", "zoom about the mouse"},
    {"Ctrl + wheel", "zoom addresses"},
    {"Shift + wheel", "move"},
    {"drag", "select a range: sums on the right"},
    {"middle drag", "move"},
    {"click", "pin a life or a step, set the cursor"},
    {"double click", "show all of it"},
    {"right click", "hide, only this, copy"},
};

void row(Session& session, const char* key, const char* what) {
  ImGui::TableNextRow();
  ImGui::TableNextColumn();
  text_in(colours(session).accent, key);
  ImGui::TableNextColumn();
  ImGui::PushTextWrapPos(0);
  text(what);
  ImGui::PopTextWrapPos();
}

bool begin_keys(Session& session, const char* id, double width) {
  if (!ImGui::BeginTable(id, 2, ImGuiTableFlags_SizingFixedFit | ImGuiTableFlags_NoSavedSettings))
    return false;
  ImGui::TableSetupColumn("key", ImGuiTableColumnFlags_WidthFixed, points(session, width, 0).x);
  ImGui::TableSetupColumn("what", ImGuiTableColumnFlags_WidthStretch);
  return true;
}

void draw_group(Session& session, const std::string& group) {
  heading(session, group.c_str());
  if (!begin_keys(session, group.c_str(), 90)) return;
  for (const KeyRow& key : key_rows())
    if (group == key.group) row(session, key.key, key.what);
  ImGui::EndTable();
}

}  // namespace

void draw_key_sheet(Session& session) {
  const ImVec2 window = ImGui::GetIO().DisplaySize;
  const ImVec2 wanted = points(session, 1000, 590);
  ImGui::SetNextWindowSize(ImVec2(std::min(wanted.x, window.x), std::min(wanted.y, window.y)));
  ImGui::SetNextWindowPos(ImVec2(window.x / 2, window.y / 2), ImGuiCond_Always, ImVec2(0.5f, 0.5f));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 1);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, points(session, 8, 0).x);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, points(session, 20, 14));
  constexpr ImGuiWindowFlags kFlags =
      ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoMove;
  ImGui::SetNextWindowFocus();
  if (ImGui::Begin("keys", nullptr, kFlags)) {
    ImGui::PushFont(session.fonts.large);
    text("Keys");
    ImGui::PopFont();
    ImGui::SameLine();
    dim_text(session, "   ? or Esc closes");
    if (ImGui::BeginTable("columns", 2, ImGuiTableFlags_SizingStretchSame)) {
      ImGui::TableNextColumn();
      draw_group(session, "Move");
      draw_group(session, "Find");
      ImGui::TableNextColumn();
      draw_group(session, "Show");
      draw_group(session, "File");
      ImGui::EndTable();
    }
    heading(session, "Mouse");
    if (ImGui::BeginTable("mouse", 2, ImGuiTableFlags_SizingStretchSame)) {
      for (int column = 0; column < 2; ++column) {
        ImGui::TableNextColumn();
        if (!begin_keys(session, column == 0 ? "left" : "right", 110)) continue;
        for (int i = column * 4; i < column * 4 + 4; ++i) row(session, kMouse[i][0], kMouse[i][1]);
        ImGui::EndTable();
      }
      ImGui::EndTable();
    }
  }
  ImGui::End();
  ImGui::PopStyleVar(3);
}

}  // namespace gui
