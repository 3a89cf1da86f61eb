// m7scope-view: flags in, a window or a picture out, one line for every error.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "gui/errors.h"
#include "gui/options.h"
#include "gui/program.h"

namespace {

constexpr int kBadInput = 2;

void parse_size(const std::string& text, gui::Options* options) {
  int width = 0, height = 0, end = 0;
  const bool read = std::sscanf(text.c_str(), "%dx%d%n", &width, &height, &end) == 2;
  if (!read || static_cast<std::size_t>(end) != text.size() || width < 320 || height < 200 || width > 8192 ||
      height > 8192)
    throw gui::ViewError(
        fmt::format("--size: found {}, expected WIDTHxHEIGHT in pixels, 320x200 to 8192x8192", text));
  options->width = width;
  options->height = height;
  options->sized = true;
}

int dispatch(int argc, char** argv) {
  CLI::App app{"m7scope-view: every byte of a run over time", "m7scope-view"};
  app.set_version_flag("--version", M7SCOPE_VERSION);
  gui::Options options;
  std::string size, panel, theme, mode;
  app.add_option("trace", options.files, "a trace (m7scope infer|run --trace F), or two to compare")
      ->expected(0, 2);
  app.add_option("--png", options.png, "draw one picture into this file; needs no display");
  app.add_option("--size", size, "WIDTHxHEIGHT of the window or picture, in pixels");
  app.add_option("--at", options.at, "put the cursor at this cycle");
  app.add_option("--panel", panel, "show only this panel")
      ->check(CLI::IsMember(
          {"canvas", "summary", "details", "live", "findings", "steps", "functions", "compare"}));
  app.add_option("--scale", options.scale, "pixels a point: 1, or 2 for a display of high density")
      ->check(CLI::Range(0.75, 4.0));
  app.add_option("--theme", theme, "colours")->check(CLI::IsMember({"dark", "light"}));
  app.add_option("--mode", mode, "a rectangle per life, or live bytes stacked by kind")
      ->check(CLI::IsMember({"lives", "stacked"}));
  app.add_flag("--heat", options.heat, "show reads and writes of each address");
  app.add_flag("--follow", options.follow, "the trace is still being written: show it as it grows");
  app.add_option("--script", options.script, "commands to carry out first, one a line");
  app.add_option("--state-file", options.state_file, "keep what is shown in this file, as JSON");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kBadInput;
  }
  if (!size.empty()) parse_size(size, &options);
  if (!panel.empty()) options.panel = gui::panel_named(panel);
  if (!theme.empty()) options.theme = theme == "dark" ? gui::Theme::kDark : gui::Theme::kLight;
  if (!mode.empty()) options.mode = mode == "lives" ? gui::Mode::kLives : gui::Mode::kStacked;
  return gui::run(options);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return dispatch(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "m7scope-view: {}\n", error.what());
    return kBadInput;
  }
}
