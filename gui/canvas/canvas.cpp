#include "gui/canvas/canvas.h"

#include "gui/theme.h"

namespace gui {

struct Canvas::Impl {};

Canvas::Canvas() : impl_(std::make_unique<Impl>()) {}
Canvas::~Canvas() = default;

void Canvas::forget() {}

CanvasEvents Canvas::draw(const Scene&, ViewState& state, ImVec2 size) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::GetWindowDrawList()->AddRectFilled(at, ImVec2(at.x + size.x, at.y + size.y),
                                            palette(state.theme).canvas);
  ImGui::Dummy(size);
  return {};
}

}  // namespace gui
