// Which lives a Filter lets through, worked out once and then a table.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gui/view_state.h"
#include "traces/trace.h"

namespace gui {

class LifeFilter {
 public:
  LifeFilter() = default;  ///< lets everything through
  LifeFilter(const traces::Trace& trace, const Filter& filter);

  bool shows(std::uint32_t life) const { return all_ || (life < shown_.size() && shown_[life]); }
  bool shows_all() const { return all_; }
  /// Lives that a pattern matches, by time of birth: what "next hit" walks over.
  const std::vector<std::uint32_t>& hits() const { return hits_; }
  std::size_t count() const { return count_; }
  /// Why the pattern is not a regular expression; empty: it is. Such a pattern lets everything through.
  const std::string& error() const { return error_; }

 private:
  bool all_ = true;
  std::vector<bool> shown_;
  std::vector<std::uint32_t> hits_;
  std::size_t count_ = 0;
  std::string error_;
};

}  // namespace gui
