// All that one viewer holds: the open traces, what is shown of them, and what the panels share.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "gui/document.h"
#include "gui/life_filter.h"
#include "gui/marks.h"
#include "gui/settings.h"
#include "gui/style.h"
#include "gui/view_state.h"

namespace gui {

/// A table as it was last drawn, for the clipboard, for CSV files and for the state file.
struct DrawnTable {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;

  std::string to_csv() const;
};

/// A question with a line of text for an answer.
enum class Ask { kNothing, kOpen, kOpenSecond, kSavePicture, kSaveTable, kBookmark };

/// A key that went down, numbered as GLFW does. Kept apart from ImGui, which at 1.86 knows only what is down
/// when a frame begins, and so misses a key that came up again before.
struct KeyPress {
  int key = 0;
  bool ctrl = false;
};

struct Session {
  std::shared_ptr<Document> document, second;  ///< null: nothing is open
  ViewState state;
  Settings settings;
  LifeFilter filter;                 ///< of `document`, as `state.filter` says
  std::uint64_t filter_version = 0;  ///< another number each time `filter` changes
  Fonts fonts;
  Marks marks;
  std::string message;  ///< what was done last, or could not be done
  bool message_is_error = false;

  Ask ask = Ask::kNothing;
  std::string answer;
  std::filesystem::path save_picture;  ///< to be written after this frame; empty: none
  std::string clipboard;               ///< to be copied after this frame; empty: none
  std::vector<KeyPress> pressed;       ///< since the last frame
  bool focus_search = false;           ///< the keyboard goes to the search field in the next frame
  bool close_popups = false;           ///< in this frame
  bool quit = false;
  DrawnTable live_table;

  /// Opens a trace in place of what is open. What it says on failure is in `message`, and nothing changes.
  bool open(const std::filesystem::path& path, bool follow = false);
  /// Opens a trace beside the first, to compare.
  bool open_second(const std::filesystem::path& path);
  /// Shows a trace that is open already.
  void show(std::shared_ptr<Document> opened);
  /// Looks for news in a live file.
  void poll();
  /// Works out the filter anew after `state.filter` or the trace has changed.
  void refilter();

  TimeRange whole() const;
  void say(const std::string& text);
  void complain(const std::string& text);

 private:
  Filter filtered_;  ///< what `filter` was made from
  bool filter_is_old_ = true;
  std::chrono::steady_clock::time_point next_poll_{};
};

}  // namespace gui
