#include "traces/step_alignment.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

namespace traces {
namespace {

/// Above this many cells the table of common subsequences is not worth its memory.
constexpr std::size_t kMostCells = std::size_t{4} << 20;

/// What makes two steps the same. A step without names is what its id says.
using Key = std::tuple<std::string, std::string, std::string, std::int32_t, std::int32_t>;

std::vector<Key> keys_of(const Trace& trace) {
  std::vector<Key> keys;
  keys.reserve(trace.steps.size());
  for (const Step& s : trace.steps) {
    const bool named = !trace.text(s.op).empty() || !trace.text(s.name).empty();
    keys.emplace_back(trace.text(s.op), trace.text(s.name), trace.text(s.phase), s.patch, named ? -1 : s.id);
  }
  return keys;
}

class Alignment {
 public:
  Alignment(std::vector<Key> a, std::vector<Key> b)
      : a_(std::move(a)), b_(std::move(b)), partner_of_a_(a_.size()), partner_of_b_(b_.size()) {
    match_ends();
    match_longest_common_subsequence();
    match_moved();
  }

  std::vector<StepPair> rows() const {
    std::vector<StepPair> rows;
    std::size_t next_b = 0;
    // b's own steps come before the pair that follows them in b.
    const auto own_steps_before = [&](std::size_t end) {
      for (; next_b < end; ++next_b) {
        if (!partner_of_b_[next_b]) rows.push_back({std::nullopt, next_b});
      }
    };
    for (std::size_t i = 0; i < a_.size(); ++i) {
      if (partner_of_a_[i]) own_steps_before(*partner_of_a_[i]);
      rows.push_back({i, partner_of_a_[i]});
    }
    own_steps_before(b_.size());
    return rows;
  }

 private:
  void match(std::size_t i, std::size_t j) {
    partner_of_a_[i] = j;
    partner_of_b_[j] = i;
  }

  void match_ends() {
    for (; first_ < a_.size() && first_ < b_.size() && a_[first_] == b_[first_]; ++first_)
      match(first_, first_);
    end_a_ = a_.size();
    end_b_ = b_.size();
    while (end_a_ > first_ && end_b_ > first_ && a_[end_a_ - 1] == b_[end_b_ - 1]) match(--end_a_, --end_b_);
  }

  void match_longest_common_subsequence() {
    const std::size_t rows = end_a_ - first_, columns = end_b_ - first_;
    if (rows == 0 || columns == 0 || rows > kMostCells / columns) return;
    // length(i, j): of what a and b have in common from i and j on.
    std::vector<std::uint32_t> lengths((rows + 1) * (columns + 1));
    const auto length = [&](std::size_t i, std::size_t j) -> std::uint32_t& {
      return lengths[(i - first_) * (columns + 1) + (j - first_)];
    };
    for (std::size_t i = end_a_; i-- > first_;) {
      for (std::size_t j = end_b_; j-- > first_;) {
        length(i, j) =
            a_[i] == b_[j] ? length(i + 1, j + 1) + 1 : std::max(length(i + 1, j), length(i, j + 1));
      }
    }
    for (std::size_t i = first_, j = first_; i < end_a_ && j < end_b_;) {
      if (a_[i] == b_[j]) {
        match(i++, j++);
      } else if (length(i + 1, j) != length(i, j + 1)) {
        length(i + 1, j) > length(i, j + 1) ? ++i : ++j;
      } else {
        // Either will do; the names decide, so that swapping a and b changes nothing.
        a_[i] < b_[j] ? ++i : ++j;
      }
    }
  }

  void match_moved() {
    std::map<Key, std::vector<std::size_t>> left;  // of b, the first at the back
    for (std::size_t j = end_b_; j-- > first_;) {
      if (!partner_of_b_[j]) left[b_[j]].push_back(j);
    }
    for (std::size_t i = first_; i < end_a_; ++i) {
      const auto found = partner_of_a_[i] ? left.end() : left.find(a_[i]);
      if (found == left.end() || found->second.empty()) continue;
      match(i, found->second.back());
      found->second.pop_back();
    }
  }

  std::vector<Key> a_, b_;
  std::vector<std::optional<std::size_t>> partner_of_a_, partner_of_b_;
  std::size_t first_ = 0, end_a_ = 0, end_b_ = 0;  // between the ends that are equal
};

}  // namespace

std::vector<StepPair> align_steps(const Trace& a, const Trace& b) {
  return Alignment(keys_of(a), keys_of(b)).rows();
}

}  // namespace traces
