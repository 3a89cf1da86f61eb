#include "gui/marks.h"

#include <imgui.h>

namespace gui {

void Marks::item(const std::string& name) {
  const ImVec2 from = ImGui::GetItemRectMin(), to = ImGui::GetItemRectMax();
  set(name, {from.x, from.y, to.x, to.y});
}

}  // namespace gui
