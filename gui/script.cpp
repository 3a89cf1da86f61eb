#include "gui/script.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <sstream>

#include "gui/actions.h"
#include "gui/errors.h"
#include "gui/files.h"
#include "gui/navigation.h"

namespace gui {

namespace {

constexpr const char* kVerbs[] = {"key",    "search", "pin", "step",     "time",
                                  "select", "cursor", "tab", "function", "mode"};

}  // namespace

Script::Script(const std::filesystem::path& path) : where_(path.string()) {
  read(read_file(path));
}

Script::Script(std::string_view text, std::string where) : where_(std::move(where)) {
  read(text);
}

void Script::read(std::string_view text) {
  std::istringstream lines{std::string(text)};
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (line.empty() || line[0] == '#') continue;
    const std::size_t space = line.find(' ');
    Command command{number, line.substr(0, space), space == std::string::npos ? "" : line.substr(space + 1)};
    if (std::find(std::begin(kVerbs), std::end(kVerbs), command.verb) == std::end(kVerbs))
      fail(command, fmt::format("found {}, expected one of {}", command.verb, fmt::join(kVerbs, ", ")));
    commands_.push_back(std::move(command));
  }
}

void Script::fail(const Command& command, const std::string& why) const {
  throw ViewError(fmt::format("{}:{}: {}", where_, command.line, why));
}

TimeRange Script::range_of(const Command& command) const {
  TimeRange range;
  if (std::sscanf(command.rest.c_str(), "%lf %lf", &range.begin, &range.end) != 2 || range.end <= range.begin)
    fail(command, fmt::format("found {}, expected two cycles, the later one behind", command.rest));
  return range;
}

void Script::next(Session& session) {
  if (done()) return;
  const Command& command = commands_[next_++];
  const std::string& rest = command.rest;
  if (!session.document) fail(command, "no trace is open");
  const traces::Trace& trace = session.document->trace();
  if (command.verb == "key") {
    for (const KeyRow& row : key_rows())
      if (rest == row.key) return carry_out(row.action, session);
    fail(command, fmt::format("no key {}: see the key sheet", rest));
  } else if (command.verb == "search") {
    session.state.filter.pattern = rest;
  } else if (command.verb == "pin") {
    const traces::Life* largest = nullptr;
    for (const traces::Life& life : trace.lives)
      if (traces::name_of(trace, life) == rest && (!largest || life.bytes > largest->bytes)) largest = &life;
    if (largest == nullptr) fail(command, fmt::format("no life of the name {}", rest));
    pin(session, largest->id);
  } else if (command.verb == "function") {
    for (const traces::FunctionTotals& function : session.document->summary().functions)
      if (trace.text(function.name) == rest) return pin_function(session, function.name);
    fail(command, fmt::format("no function {}", rest));
  } else if (command.verb == "tab") {
    const std::optional<Panel> panel = panel_named(rest);
    if (!panel || *panel == Panel::kCanvas) fail(command, fmt::format("no panel {}", rest));
    (is_side(*panel) ? session.state.layout.side : session.state.layout.drawer) = *panel;
  } else if (command.verb == "mode") {
    session.state.mode = rest == "stacked" ? Mode::kStacked : Mode::kLives;
  } else if (command.verb == "time") {
    session.state.time = clamped(range_of(command), session.whole());
  } else if (command.verb == "select") {
    session.state.selection = range_of(command);
  } else {
    char* end = nullptr;
    const double number = std::strtod(rest.c_str(), &end);
    if (rest.empty() || *end != '\0' || number < 0)
      fail(command, fmt::format("found {}, expected a number", rest));
    if (command.verb == "cursor") {
      session.state.cursor = number;
    } else {
      if (number >= static_cast<double>(trace.steps.size()))
        fail(command, fmt::format("no step {}: the trace has {}", rest, trace.steps.size()));
      zoom_to_step(session, static_cast<std::size_t>(number));
    }
  }
}

}  // namespace gui
