#include "gui/frame.h"

#include <GL/gl.h>
#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

#include "gui/errors.h"

namespace gui {

ImGuiFrame::ImGuiFrame() {
  ImGui::CreateContext();
  ImGui::GetIO().IniFilename = nullptr;  // gui/settings.h remembers
  if (!ImGui_ImplOpenGL3_Init("#version 330")) throw GraphicsError("OpenGL 3.3 does not load");
}

ImGuiFrame::~ImGuiFrame() {
  ImGui_ImplOpenGL3_Shutdown();
  ImGui::DestroyContext();
}

void ImGuiFrame::begin(Session& session) {
  const ViewState& state = session.state;
  if (scale_ != state.scale) {
    ImGui::GetIO().Fonts->Clear();
    session.fonts = load_fonts(state.scale);
    ImGui_ImplOpenGL3_DestroyFontsTexture();
  }
  if (scale_ != state.scale || theme_ != state.theme) apply_style(state.theme, state.scale);
  scale_ = state.scale;
  theme_ = state.theme;
  // Cleared, not painted over: with a software renderer that is a third of a frame.
  const ImVec4 background = ImGui::ColorConvertU32ToFloat4(palette(state.theme).window);
  glDisable(GL_SCISSOR_TEST);
  glClearColor(background.x, background.y, background.z, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_NewFrame();
  if (ImGui::GetIO().Fonts->TexID == nullptr) ImGui_ImplOpenGL3_CreateFontsTexture();
  ImGui::NewFrame();
}

void ImGuiFrame::end() {
  ImGui::Render();
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
}

}  // namespace gui
