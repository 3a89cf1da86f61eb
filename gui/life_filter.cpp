#include "gui/life_filter.h"

#include <regex.h>

#include <algorithm>

namespace gui {

namespace {

/// POSIX's extended expressions: the C library matches them without back-tracking, so no pattern that
/// somebody types can stall the window as std::regex can.
class Pattern {
 public:
  explicit Pattern(const std::string& text) {
    const int code = regcomp(&compiled_, text.c_str(), REG_EXTENDED | REG_ICASE | REG_NOSUB);
    if (code == 0) {
      usable_ = true;
      return;
    }
    char why[128];
    regerror(code, &compiled_, why, sizeof why);
    error_ = why;
  }
  ~Pattern() {
    if (usable_) regfree(&compiled_);
  }
  Pattern(const Pattern&) = delete;
  Pattern& operator=(const Pattern&) = delete;

  bool matches(const std::string& text) const {
    return regexec(&compiled_, text.c_str(), 0, nullptr, 0) == 0;
  }
  bool usable() const { return usable_; }
  const std::string& error() const { return error_; }

 private:
  regex_t compiled_{};
  bool usable_ = false;
  std::string error_;
};

}  // namespace

LifeFilter::LifeFilter(const traces::Trace& trace, const Filter& filter) {
  std::vector<bool> text_matches;
  if (!filter.pattern.empty()) {
    const Pattern pattern(filter.pattern);
    error_ = pattern.error();
    if (pattern.usable()) {
      text_matches.resize(trace.strings.size());
      for (std::size_t i = 0; i < trace.strings.size(); ++i)
        text_matches[i] = pattern.matches(trace.strings[i]);
    }
  }
  const bool searches = !text_matches.empty();
  const auto found = [&](traces::StringId id) { return id < text_matches.size() && text_matches[id]; };

  shown_.resize(trace.lives.size());
  for (const traces::Life& life : trace.lives) {
    const bool matches = !searches || found(life.name) || found(life.owner) || found(life.writer) ||
                         found(life.writer_line) || found(life.reader);
    const bool shown = matches && life.bytes >= filter.min_bytes &&
                       filter.kinds[static_cast<std::size_t>(life.kind)] &&
                       !filter.hidden.contains(life.name) && (!filter.solo || *filter.solo == life.name);
    shown_[life.id] = shown;
    count_ += shown;
    if (shown && searches) hits_.push_back(life.id);
  }
  all_ = count_ == trace.lives.size();
  std::sort(hits_.begin(), hits_.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::pair(trace.lives[a].born, a) < std::pair(trace.lives[b].born, b);
  });
}

}  // namespace gui
