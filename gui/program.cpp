#include "gui/program.h"

#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

#include "gui/errors.h"
#include "gui/headless.h"
#include "gui/picture.h"
#include "gui/style.h"

namespace gui {

namespace {

/// Tables and panes find their sizes in the first frames.
constexpr int kFramesOfAPicture = 4;

int draw_picture(const Options& options) {
  Headless surface(options.width, options.height);
  ImGui::CreateContext();
  ImGui::GetIO().IniFilename = nullptr;
  ImGui::GetIO().DisplaySize = ImVec2(static_cast<float>(options.width), static_cast<float>(options.height));
  const double scale = options.scale.value_or(1);
  load_fonts(scale);
  apply_style(options.theme.value_or(Theme::kDark), scale);
  ImGui_ImplOpenGL3_Init("#version 330");
  for (int i = 0; i < kFramesOfAPicture; ++i) {
    ImGui_ImplOpenGL3_NewFrame();
    ImGui::NewFrame();
    ImGui::Render();
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  }
  write_png(surface.read(), *options.png);
  ImGui_ImplOpenGL3_Shutdown();
  ImGui::DestroyContext();
  return 0;
}

}  // namespace

int run(const Options& options) {
  if (options.png) return draw_picture(options);
  throw GraphicsError("no window yet");
}

}  // namespace gui
