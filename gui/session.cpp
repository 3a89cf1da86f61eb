#include "gui/session.h"

#include <fmt/format.h>

#include <algorithm>

#include "gui/errors.h"
#include "gui/format.h"
#include "gui/navigation.h"
#include "gui/notes.h"

namespace gui {

std::string DrawnTable::to_csv() const {
  std::string text;
  const auto add_line = [&](const std::vector<std::string>& fields) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (i > 0) text += ',';
      text += csv_field(fields[i]);
    }
    text += '\n';
  };
  add_line(columns);
  for (const std::vector<std::string>& row : rows) add_line(row);
  return text;
}

bool Session::open(const std::filesystem::path& path, bool follow) {
  try {
    show(std::make_shared<Document>(path, follow));
  } catch (const std::exception& error) {
    complain(error.what());
    return false;
  }
  settings.remember(path);
  try {
    state.bookmarks = load_notes(path);
  } catch (const ViewError& error) {
    complain(error.what());
  }
  return true;
}

bool Session::open_second(const std::filesystem::path& path) {
  try {
    second = std::make_shared<Document>(path, false);
  } catch (const std::exception& error) {
    complain(error.what());
    return false;
  }
  state.compare = CompareMode::kOverlay;
  state.layout.drawer = Panel::kCompare;
  say(fmt::format("comparing with {}", path.filename().string()));
  return true;
}

void Session::show(std::shared_ptr<Document> opened) {
  document = std::move(opened);
  second.reset();
  state.compare = CompareMode::kOff;
  if (state.layout.drawer == Panel::kCompare) state.layout.drawer = Panel::kSteps;
  state.time = whole();
  state.regions.assign(document->trace().regions.size(), {});
  state.cursor.reset();
  if (!document->fullest().empty()) state.cursor = static_cast<double>(document->fullest()[0].peak.cycle);
  state.selection.reset();
  state.hovered.reset();
  state.pinned.reset();
  state.pinned_step.reset();
  state.pinned_function.reset();
  state.filter = {};
  state.bookmarks.clear();
  state.live = document->is_live();
  filter_is_old_ = true;
  if (document->trace().cut.empty())
    say(fmt::format("{}: {} lives, {} steps", document->path().filename().string(),
                    grouped(document->trace().lives.size()), grouped(document->trace().steps.size())));
  else
    complain(fmt::format("{}: {}", document->path().filename().string(), document->trace().cut));
}

void Session::poll() {
  using Clock = std::chrono::steady_clock;
  if (!document || !document->is_live() || Clock::now() < next_poll_) return;
  const Clock::time_point begin = Clock::now();
  const bool saw_all = state.time == whole();
  try {
    if (!document->poll() && document->is_live()) return;
  } catch (const traces::TraceError& error) {
    complain(error.what());
    state.live = false;
    return;
  }
  // A long trace takes long to fold: most of the time stays for the hand that moves the view.
  next_poll_ = Clock::now() + 4 * (Clock::now() - begin);
  state.regions.resize(document->trace().regions.size());
  if (saw_all) state.time = whole();
  if (state.live && !document->is_live()) say("the run has ended");
  state.live = document->is_live();
  filter_is_old_ = true;
}

void Session::refilter() {
  if (!document || (!filter_is_old_ && filtered_ == state.filter)) return;
  filter = LifeFilter(document->trace(), state.filter);
  ++filter_version;
  filtered_ = state.filter;
  filter_is_old_ = false;
}

TimeRange Session::whole() const {
  double cycles = document ? static_cast<double>(document->trace().cycles()) : 0;
  if (second) cycles = std::max(cycles, static_cast<double>(second->trace().cycles()));
  return whole_run(cycles);
}

void Session::say(const std::string& text) {
  message = text;
  message_is_error = false;
}

void Session::complain(const std::string& text) {
  message = text;
  message_is_error = true;
}

}  // namespace gui
