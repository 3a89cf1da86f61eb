#include "gui/program.h"

#include <imgui.h>

#include <system_error>

#include "gui/errors.h"
#include "gui/frame.h"
#include "gui/headless.h"
#include "gui/picture.h"
#include "gui/script.h"
#include "gui/state_file.h"
#include "gui/viewer.h"
#include "gui/window.h"

namespace gui {

namespace {

/// Tables and panes find their sizes in the first frames.
constexpr int kFramesToSettle = 4;

void open_files(Session& session, const Options& options) {
  if (options.files.empty()) return;
  if (!session.open(options.files[0], options.follow)) throw ViewError(session.message);
  if (options.files.size() > 1 && !session.open_second(options.files[1])) throw ViewError(session.message);
}

void apply(const Options& options, ViewState* state) {
  if (options.theme) state->theme = *options.theme;
  if (options.mode) state->mode = *options.mode;
  if (options.heat) state->heat = true;
  if (options.at) state->cursor = *options.at;
  if (options.panel) state->layout.only = options.panel;
  if (options.scale) state->scale = *options.scale;
}

/// One picture; what a window remembers plays no part in it.
void draw_picture(Session& session, const Options& options) {
  Headless surface(options.width, options.height);
  ImGuiFrame frame;
  ImGui::GetIO().DisplaySize = ImVec2(static_cast<float>(options.width), static_cast<float>(options.height));
  ImGui::GetIO().MousePos = ImVec2(-1, -1);
  Viewer viewer(session);
  std::optional<Script> script;
  if (options.script) script.emplace(*options.script);
  for (int settled = 0; settled < kFramesToSettle; ++settled) {
    if (script && !script->done()) {
      script->next(session);
      settled = 0;
    }
    frame.begin(session);
    viewer.frame();
    frame.end();
  }
  write_png(surface.read(), *options.png);
  if (options.state_file) StateFile(*options.state_file).update(session);
}

void remember(const Session& session, const std::filesystem::path& path) {
  Settings settings = session.settings;
  settings.theme = session.state.theme;
  settings.mode = session.state.mode;
  settings.axis = session.state.axis;
  settings.heat = session.state.heat;
  settings.planned = session.state.planned;
  settings.minimap = session.state.minimap;
  settings.layout = session.state.layout;
  settings.layout.only.reset();
  save_settings(settings, path);
}

void open_last(Session& session) {
  std::error_code error;
  if (!session.settings.recent.empty() && std::filesystem::exists(session.settings.recent.front(), error))
    session.open(std::filesystem::path(session.settings.recent.front()));
}

}  // namespace

int run(const Options& options) {
  Session session;
  if (options.png) {
    if (options.files.empty()) throw ViewError("--png: no trace to draw; name one");
    open_files(session, options);
    apply(options, &session.state);
    draw_picture(session, options);
    return 0;
  }
  const std::filesystem::path remembered = settings_path();
  session.settings = load_settings(remembered);
  const Settings& settings = session.settings;
  session.state.theme = settings.theme;
  session.state.mode = settings.mode;
  session.state.axis = settings.axis;
  session.state.heat = settings.heat;
  session.state.planned = settings.planned;
  session.state.minimap = settings.minimap;
  session.state.layout = settings.layout;
  if (settings.scale) session.state.scale = *settings.scale;
  if (options.sized) {
    session.settings.width = options.width;
    session.settings.height = options.height;
  }
  open_files(session, options);
  if (options.files.empty()) open_last(session);
  apply(options, &session.state);
  run_window(session, options);
  remember(session, remembered);
  return 0;
}

}  // namespace gui
