// What the command line of m7scope-view asks for.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "gui/view_state.h"

namespace gui {

struct Options {
  std::vector<std::filesystem::path> files;  ///< none, a trace, or two to compare
  std::optional<std::filesystem::path> png;  ///< draw one picture, no window
  int width = 1600, height = 900;            ///< pixels
  bool sized = false;                        ///< width and height were asked for
  std::optional<double> at;                  ///< cycle of the cursor
  std::optional<Panel> panel;                ///< only this one
  std::optional<double> scale;
  std::optional<Theme> theme;
  std::optional<Mode> mode;
  bool heat = false;
  bool follow = false;
  std::optional<std::filesystem::path> script;
  std::optional<std::filesystem::path> state_file;
};

}  // namespace gui
