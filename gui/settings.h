// What the viewer remembers from one start to the next: $XDG_CONFIG_HOME/m7scope/viewer.json.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "gui/view_state.h"

namespace gui {

struct Settings {
  static constexpr std::size_t kMostRecent = 10;

  std::vector<std::string> recent;  ///< absolute paths of traces, the last one first
  Theme theme = Theme::kDark;
  std::optional<double> scale;  ///< where it was chosen by hand
  int width = 1600, height = 900;
  Mode mode = Mode::kLives;
  Axis axis = Axis::kCycles;
  bool heat = false, planned = true, minimap = true;
  Layout layout;
  bool operator==(const Settings&) const = default;

  /// Puts a file first.
  void remember(const std::filesystem::path& file);
};

/// Empty where neither $XDG_CONFIG_HOME nor $HOME is set: then nothing is remembered.
std::filesystem::path settings_path();
/// What is missing or wrong in the file keeps its usual value: a damaged file must not keep anybody out.
Settings load_settings(const std::filesystem::path& path);
/// Makes the folder. Throws ViewError.
void save_settings(const Settings& settings, const std::filesystem::path& path);

}  // namespace gui
