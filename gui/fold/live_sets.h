// What is there at a cycle, in time proportional to the answer.
#pragma once

#include <cstdint>
#include <vector>

#include "gui/fold/rect_index.h"

namespace gui {

/// Boxes by their begin, and now and then a note of all that are there: as many boxes begin between two notes
/// as the earlier one holds, so that all notes together are no longer than the boxes.
class LiveSets {
 public:
  LiveSets() = default;
  explicit LiveSets(const std::vector<IndexedBox>& boxes);

  /// Items that are there at `cycle`, sorted.
  std::vector<std::uint32_t> at(std::uint64_t cycle) const;

 private:
  struct Span {
    std::uint64_t begin, end;
    std::uint32_t item;
  };
  struct Note {
    std::uint64_t cycle;
    std::size_t next;         ///< the first of `spans_` that begins after it
    std::size_t first, last;  ///< of `noted_`: what is there
  };

  std::vector<Span> spans_;  ///< by begin
  std::vector<Note> notes_;
  std::vector<std::uint32_t> noted_;  ///< indices into spans_
};

}  // namespace gui
