// What a session shows, as JSON: tests read it, and so can scripts around the viewer.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "gui/session.h"

namespace gui {

/// Members: file, second, lives, steps, cycles, live, view (what is shown), filter, table (the live table as
/// drawn), message, marks (where things are, in pixels of the window).
std::string state_json(const Session& session, bool settled);

/// Keeps a file up to date.
class StateFile {
 public:
  explicit StateFile(std::filesystem::path path) : path_(std::move(path)) {}

  /// Writes the file where something has changed, with one member more: `settled`, whether everything was
  /// drawn where it was in the frame before. Throws ViewError.
  void update(const Session& session);

 private:
  std::filesystem::path path_;
  std::string written_;
  std::map<std::string, Mark> marks_;  ///< of the last frame
};

}  // namespace gui
