// Bookmarks of a trace, kept in a file beside it: "net.m7t" has "net.m7t.notes.json".
#pragma once

#include <filesystem>
#include <vector>

#include "gui/view_state.h"

namespace gui {

std::filesystem::path notes_path(const std::filesystem::path& trace);
/// By cycle. None where there is no such file. Throws ViewError where it is not one of bookmarks.
std::vector<Bookmark> load_notes(const std::filesystem::path& trace);
/// An empty list removes the file. Throws ViewError.
void save_notes(const std::filesystem::path& trace, const std::vector<Bookmark>& bookmarks);

}  // namespace gui
