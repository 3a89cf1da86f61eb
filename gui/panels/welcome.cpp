#include <fmt/format.h>

#include <filesystem>

#include "gui/actions.h"
#include "gui/panels/panels.h"
#include "gui/widgets.h"

namespace gui {

void draw_welcome(Session& session) {
  const float width = points(session, 560, 0).x;
  const ImVec2 room = ImGui::GetContentRegionAvail();
  ImGui::SetCursorPos(ImVec2(std::max(0.0f, (room.x - width) / 2), room.y * 0.22f));
  ImGui::BeginChild("welcome", ImVec2(std::min(width, room.x), 0));
  ImGui::PushFont(session.fonts.large);
  text("Every byte over time");
  ImGui::PopFont();
  ImGui::PushTextWrapPos(0);
  dim_text(session, "Drop a trace on this window, or press Ctrl+O. This makes one:");
  ImGui::PopTextWrapPos();
  ImGui::Dummy(points(session, 0, 4));
  ImGui::PushFont(session.fonts.code);
  text_in(colours(session).accent, "m7scope infer zoo:mcunet-vww1 --trace vww1.m7t");
  text_in(colours(session).accent, "m7scope view vww1.m7t");
  ImGui::PopFont();
  if (!session.settings.recent.empty()) {
    heading(session, "Recent");
    const std::vector<std::string> recent = session.settings.recent;  // opening one changes the list
    for (const std::string& file : recent) {
      const std::filesystem::path path(file);
      ImGui::PushID(file.c_str());
      if (ImGui::Selectable("##recent")) session.open(path);
      ImGui::PopID();
      ImGui::SameLine(0, 0);
      text(path.filename().string());
      ImGui::SameLine();
      short_text(path.parent_path().string());
    }
  }
  ImGui::EndChild();
}

}  // namespace gui
