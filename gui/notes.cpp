#include "gui/notes.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <system_error>

#include "gui/errors.h"
#include "gui/files.h"

namespace gui {

std::filesystem::path notes_path(const std::filesystem::path& trace) {
  std::filesystem::path path = trace;
  path += ".notes.json";
  return path;
}

std::vector<Bookmark> load_notes(const std::filesystem::path& trace) {
  const std::filesystem::path path = notes_path(trace);
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return {};
  std::vector<Bookmark> bookmarks;
  try {
    const nlohmann::json file = nlohmann::json::parse(read_file(path));
    for (const nlohmann::json& row : file.at("bookmarks"))
      bookmarks.push_back({row.at("cycle").get<double>(), row.at("text").get<std::string>()});
  } catch (const nlohmann::json::exception&) {
    throw ViewError(fmt::format(
        "{}: is no file of bookmarks, expected {{\"bookmarks\": [{{\"cycle\": 0, \"text\": \"\"}}]}}",
        path.string()));
  }
  std::stable_sort(bookmarks.begin(), bookmarks.end(),
                   [](const Bookmark& a, const Bookmark& b) { return a.cycle < b.cycle; });
  return bookmarks;
}

void save_notes(const std::filesystem::path& trace, const std::vector<Bookmark>& bookmarks) {
  const std::filesystem::path path = notes_path(trace);
  if (bookmarks.empty()) {
    std::error_code error;
    std::filesystem::remove(path, error);
    return;
  }
  nlohmann::json rows = nlohmann::json::array();
  for (const Bookmark& bookmark : bookmarks)
    rows.push_back({{"cycle", bookmark.cycle}, {"text", bookmark.text}});
  using Json = nlohmann::json;
  const Json file = {{"bookmarks", rows}};
  write_file(path, file.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace gui
