#include "gui/settings.h"

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <system_error>

#include "gui/errors.h"
#include "gui/files.h"

namespace gui {

namespace {

using Json = nlohmann::json;

template <typename T>
void take(const Json& file, const char* key, T* value) {
  const auto found = file.find(key);
  if (found == file.end()) return;
  try {
    *value = found->get<T>();
  } catch (const Json::exception&) {
  }
}

void take_number(const Json& file, const char* key, double least, double most, double* value) {
  double number = *value;
  take(file, key, &number);
  if (number >= least && number <= most) *value = number;
}

}  // namespace

void Settings::remember(const std::filesystem::path& file) {
  std::error_code error;
  std::filesystem::path absolute = std::filesystem::weakly_canonical(file, error);
  const std::string text = error ? file.string() : absolute.string();
  std::erase(recent, text);
  recent.insert(recent.begin(), text);
  if (recent.size() > kMostRecent) recent.resize(kMostRecent);
}

std::filesystem::path settings_path() {
  const char* config = std::getenv("XDG_CONFIG_HOME");
  if (config != nullptr && *config != '\0') return std::filesystem::path(config) / "m7scope" / "viewer.json";
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home == '\0') return {};
  return std::filesystem::path(home) / ".config" / "m7scope" / "viewer.json";
}

Settings load_settings(const std::filesystem::path& path) {
  Settings settings;
  std::error_code error;
  if (path.empty() || !std::filesystem::exists(path, error)) return settings;
  Json file;
  try {
    file = Json::parse(read_file(path));
  } catch (const std::exception&) {
    return settings;
  }
  if (!file.is_object()) return settings;

  take(file, "recent", &settings.recent);
  if (settings.recent.size() > Settings::kMostRecent) settings.recent.resize(Settings::kMostRecent);
  std::string text;
  take(file, "theme", &text);
  if (text == "light") settings.theme = Theme::kLight;
  text.clear();
  take(file, "mode", &text);
  if (text == "stacked") settings.mode = Mode::kStacked;
  text.clear();
  take(file, "axis", &text);
  if (text == "steps") settings.axis = Axis::kSteps;
  double scale = 0, width = settings.width, height = settings.height;
  take_number(file, "scale", 0.75, 4, &scale);
  if (scale > 0) settings.scale = scale;
  take_number(file, "width", 320, 8192, &width);
  take_number(file, "height", 200, 8192, &height);
  settings.width = static_cast<int>(width);
  settings.height = static_cast<int>(height);
  take(file, "heat", &settings.heat);
  take(file, "planned", &settings.planned);
  take(file, "minimap", &settings.minimap);

  Layout& layout = settings.layout;
  take_number(file, "side_width", 100, 4000, &layout.side_width);
  take_number(file, "drawer_height", 60, 4000, &layout.drawer_height);
  take(file, "side_open", &layout.side_open);
  take(file, "drawer_open", &layout.drawer_open);
  text.clear();
  take(file, "side", &text);
  if (const std::optional<Panel> panel = panel_named(text); panel && is_side(*panel)) layout.side = *panel;
  text.clear();
  take(file, "drawer", &text);
  if (const std::optional<Panel> panel = panel_named(text); panel && is_drawer(*panel))
    layout.drawer = *panel;
  return settings;
}

void save_settings(const Settings& settings, const std::filesystem::path& path) {
  if (path.empty()) return;
  std::error_code error;
  std::filesystem::create_directories(path.parent_path(), error);
  const Layout& layout = settings.layout;
  Json file = {{"recent", settings.recent},
               {"theme", to_string(settings.theme)},
               {"mode", to_string(settings.mode)},
               {"axis", to_string(settings.axis)},
               {"width", settings.width},
               {"height", settings.height},
               {"heat", settings.heat},
               {"planned", settings.planned},
               {"minimap", settings.minimap},
               {"side_width", layout.side_width},
               {"drawer_height", layout.drawer_height},
               {"side_open", layout.side_open},
               {"drawer_open", layout.drawer_open},
               {"side", to_string(layout.side)},
               {"drawer", to_string(layout.drawer)}};
  if (settings.scale) file["scale"] = *settings.scale;
  write_file(path, file.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace gui
