// Rectangles of cycles x addresses in a tree: the few that a picture of any zoom needs, without looking at
// all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "gui/fold/address_axis.h"
#include "gui/fold/time_axis.h"

namespace gui {

/// From `begin` to `end` (cycles) and from `low` to `high` (addresses); the ends are not part of it.
struct Box {
  std::uint64_t begin = 0, end = 0;
  std::uint64_t low = 0, high = 0;

  bool contains(std::uint64_t cycle, std::uint64_t address) const {
    return begin <= cycle && cycle < end && low <= address && address < high;
  }
  bool operator==(const Box&) const = default;
};

struct IndexedBox {
  Box box;
  std::uint32_t item = 0;  ///< what the box is of: an index into some table
  std::uint8_t kind = 0;
};

/// Something to draw: one item, or several that together are too small to tell apart.
struct VisibleBox {
  Box box;
  std::uint32_t item = 0;   ///< of one; else the first of them
  std::uint32_t count = 1;  ///< how many
  std::uint8_t kind = 0;    ///< of most of the area
  float fill = 1;           ///< share of the box that they cover, 1 at most
};

/// A packed tree over boxes: neighbours in time and address of like shape lie together, eight to a node.
class RectIndex {
 public:
  RectIndex() = default;
  explicit RectIndex(std::vector<IndexedBox> boxes);

  std::size_t size() const { return boxes_.size(); }

  /// What a picture shows, `budget` boxes at most. Boxes that together are less than a pixel large are
  /// merged; where the budget does not do, so are the smallest others. Ordered by begin, so that younger ones
  /// are drawn over older ones.
  std::vector<VisibleBox> visible(const TimeView& time, const AddressView& addresses,
                                  std::size_t budget) const;
  /// The box there that is drawn over all others.
  std::optional<std::uint32_t> at(std::uint64_t cycle, std::uint64_t address) const;
  /// How many are there at some time from `begin` to `end`, which is not part of it.
  std::size_t count(std::uint64_t begin, std::uint64_t end) const;

 private:
  static constexpr std::size_t kFanOut = 8;
  struct Node {
    Box box;
    double covered = 0;  ///< bytes x cycles
    std::uint32_t first_item = 0;
    std::uint32_t count = 0;
    std::uint8_t kind = 0;
  };
  static bool is_drawn_over(const IndexedBox& a, const IndexedBox& b);
  void build_level(std::size_t children);
  template <class Enter, class Take>
  void walk(Enter enter, Take take) const;

  std::vector<IndexedBox> boxes_;
  /// levels_[0] has a node for each eight boxes, levels_[i + 1] one for each eight of levels_[i]; the last
  /// has one node.
  std::vector<std::vector<Node>> levels_;
};

}  // namespace gui
