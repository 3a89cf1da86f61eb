// Commands that are carried out before a picture is drawn or while a window is open, one a frame.
//
//   key K          as the key sheet says: "key P"
//   search TEXT    filter by a regular expression
//   pin NAME       the largest life of this name
//   step N         zoom to the Nth step of the trace, counted from 0
//   time A B       show these cycles
//   select A B     select these cycles
//   cursor CYCLE   put the cursor there
//   tab PANEL      open this panel
//   function NAME  show its instructions
//   mode M         lives or stacked
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "gui/session.h"

namespace gui {

class Script {
 public:
  /// Throws ViewError naming the line that is no command.
  explicit Script(const std::filesystem::path& path);
  Script(std::string_view text, std::string where);

  bool done() const { return next_ >= commands_.size(); }
  /// Carries out one command. Throws ViewError where it names what is not there.
  void next(Session& session);

 private:
  struct Command {
    int line;
    std::string verb, rest;
  };
  void read(std::string_view text);
  [[noreturn]] void fail(const Command& command, const std::string& why) const;
  TimeRange range_of(const Command& command) const;

  std::string where_;
  std::vector<Command> commands_;
  std::size_t next_ = 0;
};

}  // namespace gui
