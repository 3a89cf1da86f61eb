#include "gui/fold/live_sets.h"

#include <algorithm>

namespace gui {

namespace {

constexpr std::size_t kFewest = 64;  // boxes between two notes

}  // namespace

LiveSets::LiveSets(const std::vector<IndexedBox>& boxes) {
  spans_.reserve(boxes.size());
  for (const IndexedBox& box : boxes) spans_.push_back({box.box.begin, box.box.end, box.item});
  std::sort(spans_.begin(), spans_.end(), [](const Span& a, const Span& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.item < b.item;
  });

  std::vector<std::uint32_t> there;
  std::size_t until_note = kFewest;
  for (std::size_t i = 0; i < spans_.size(); ++i) {
    there.push_back(static_cast<std::uint32_t>(i));
    if (--until_note > 0) continue;
    const std::uint64_t cycle = spans_[i].begin;
    std::erase_if(there, [&](std::uint32_t span) { return spans_[span].end <= cycle; });
    notes_.push_back({cycle, i + 1, noted_.size(), noted_.size() + there.size()});
    noted_.insert(noted_.end(), there.begin(), there.end());
    until_note = std::max(kFewest, there.size());
  }
}

std::vector<std::uint32_t> LiveSets::at(std::uint64_t cycle) const {
  std::vector<std::uint32_t> items;
  const auto add = [&](const Span& span) {
    if (span.begin <= cycle && cycle < span.end) items.push_back(span.item);
  };
  const auto after = std::upper_bound(notes_.begin(), notes_.end(), cycle,
                                      [](std::uint64_t at, const Note& note) { return at < note.cycle; });
  std::size_t next = 0;
  if (after != notes_.begin()) {
    const Note& note = *(after - 1);
    for (std::size_t i = note.first; i < note.last; ++i) add(spans_[noted_[i]]);
    next = note.next;
  }
  for (; next < spans_.size() && spans_[next].begin <= cycle; ++next) add(spans_[next]);
  std::sort(items.begin(), items.end());
  return items;
}

}  // namespace gui
