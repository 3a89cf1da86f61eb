#include "gui/fold/rect_index.h"

#include <algorithm>
#include <array>
#include <bit>
#include <queue>

namespace gui {

namespace {

constexpr std::size_t kKinds = 16;  // more than there are of anything that is indexed
constexpr double kSmallest = 1;     // square pixels: what is smaller is merged

double area(const Box& box) {
  return static_cast<double>(box.end - box.begin) * static_cast<double>(box.high - box.low);
}

Box around(const Box& a, const Box& b) {
  return {std::min(a.begin, b.begin), std::max(a.end, b.end), std::min(a.low, b.low),
          std::max(a.high, b.high)};
}

/// Puts a zero between the bits of a number of 28 bits.
std::uint64_t spread(std::uint64_t bits) {
  bits = (bits | bits << 16) & 0x0000ffff0000ffff;
  bits = (bits | bits << 8) & 0x00ff00ff00ff00ff;
  bits = (bits | bits << 4) & 0x0f0f0f0f0f0f0f0f;
  bits = (bits | bits << 2) & 0x3333333333333333;
  return (bits | bits << 1) & 0x5555555555555555;
}

/// Orders boxes by shape first (long ones apart from short ones: a node of like boxes is hardly larger than
/// they are), then along a Z-shaped curve through time and addresses.
class ShapeAndPlace {
 public:
  explicit ShapeAndPlace(const Box& all)
      : all_(all),
        per_cycle_(kSide / static_cast<double>(std::max<std::uint64_t>(all.end - all.begin, 1))),
        per_byte_(kSide / static_cast<double>(std::max<std::uint64_t>(all.high - all.low, 1))) {}

  std::uint64_t operator()(const Box& box) const {
    const auto cycles = static_cast<unsigned>(std::bit_width(box.end - box.begin));
    const auto bytes = static_cast<unsigned>(std::bit_width(box.high - box.low));
    const std::uint64_t shape = std::min(cycles / 3, 15u) << 4 | std::min(bytes / 2, 15u);
    const double x = (static_cast<double>(box.begin - all_.begin)) * per_cycle_;
    const double y = (static_cast<double>(box.low - all_.low)) * per_byte_;
    return shape << 56 | spread(static_cast<std::uint64_t>(x)) | spread(static_cast<std::uint64_t>(y)) << 1;
  }

 private:
  static constexpr double kSide = (1 << 28) - 1;
  Box all_;
  double per_cycle_, per_byte_;
};

}  // namespace

RectIndex::RectIndex(std::vector<IndexedBox> boxes) {
  if (boxes.empty()) return;
  Box all = boxes.front().box;
  for (const IndexedBox& box : boxes) all = around(all, box.box);

  const ShapeAndPlace key_of(all);
  std::vector<std::pair<std::uint64_t, std::uint32_t>> order(boxes.size());
  for (std::uint32_t i = 0; i < boxes.size(); ++i) order[i] = {key_of(boxes[i].box), i};
  std::sort(order.begin(), order.end());
  boxes_.reserve(boxes.size());
  for (const auto& [key, i] : order) boxes_.push_back(boxes[i]);

  for (std::size_t children = boxes_.size(); levels_.empty() || children > 1;
       children = levels_.back().size())
    build_level(children);
}

void RectIndex::build_level(std::size_t children) {
  std::vector<Node> nodes((children + kFanOut - 1) / kFanOut);
  for (std::size_t n = 0; n < nodes.size(); ++n) {
    Node& node = nodes[n];
    std::array<double, kKinds> by_kind{};
    for (std::size_t c = n * kFanOut; c < std::min(children, (n + 1) * kFanOut); ++c) {
      Node child;
      if (levels_.empty())
        child = {boxes_[c].box, area(boxes_[c].box), boxes_[c].item, 1, boxes_[c].kind};
      else
        child = levels_.back()[c];
      if (node.count == 0) node.box = child.box, node.first_item = child.first_item;
      node.box = around(node.box, child.box);
      node.covered += child.covered;
      node.count += child.count;
      by_kind[child.kind % kKinds] += child.covered;
      if (by_kind[child.kind % kKinds] > by_kind[node.kind % kKinds] || node.count == child.count)
        node.kind = child.kind;
    }
  }
  levels_.push_back(std::move(nodes));
}

std::vector<VisibleBox> RectIndex::visible(const TimeView& time, const AddressView& addresses,
                                           std::size_t budget) const {
  std::vector<VisibleBox> result;
  if (boxes_.empty() || budget == 0) return result;

  /// Square pixels of what is seen of a box, counting slivers as wide as they are; -1: it is outside.
  const auto seen = [&](const Box& box) {
    const double x0 = time.x(static_cast<double>(box.begin)), x1 = time.x(static_cast<double>(box.end));
    const double y0 = addresses.y(static_cast<double>(box.high)),
                 y1 = addresses.y(static_cast<double>(box.low));
    if (x1 <= time.left() || x0 >= time.right() || y1 <= addresses.top() || y0 >= addresses.bottom())
      return -1.0;
    return (std::min(x1, time.right()) - std::max(x0, time.left())) *
           (std::min(y1, addresses.bottom()) - std::max(y0, addresses.top()));
  };

  // The largest is opened first, so that what is left when the budget is used up is small.
  struct Open {
    double pixels;
    std::uint32_t level, node;
    bool operator<(const Open& o) const {
      return pixels != o.pixels ? pixels < o.pixels : node != o.node ? node < o.node : level < o.level;
    }
  };
  std::priority_queue<Open> open;
  const auto merged = [&](const Node& node) {
    const double fill = std::min(1.0, node.covered / std::max(area(node.box), 1.0));
    result.push_back({node.box, node.first_item, node.count, node.kind, static_cast<float>(fill)});
  };
  const auto reach = [&](std::uint32_t level, std::uint32_t n) {
    const Node& node = levels_[level][n];
    const double pixels = seen(node.box);
    if (pixels < 0) return;
    if (pixels < kSmallest && node.count > 1)
      merged(node);
    else
      open.push({pixels, level, n});
  };
  reach(static_cast<std::uint32_t>(levels_.size()) - 1, 0);
  while (!open.empty() && result.size() + open.size() + kFanOut - 1 <= budget) {
    const Open top = open.top();
    open.pop();
    const std::size_t first = top.node * kFanOut;
    if (top.level > 0) {
      const std::size_t last = std::min(first + kFanOut, levels_[top.level - 1].size());
      for (std::size_t c = first; c < last; ++c) reach(top.level - 1, static_cast<std::uint32_t>(c));
      continue;
    }
    for (std::size_t c = first; c < std::min(first + kFanOut, boxes_.size()); ++c)
      if (seen(boxes_[c].box) >= 0) result.push_back({boxes_[c].box, boxes_[c].item, 1, boxes_[c].kind, 1});
  }
  for (; !open.empty() && result.size() < budget; open.pop())
    merged(levels_[open.top().level][open.top().node]);

  std::sort(result.begin(), result.end(), [](const VisibleBox& a, const VisibleBox& b) {
    const double of_a = area(a.box), of_b = area(b.box);
    if (of_a != of_b) return of_a > of_b;
    return a.box.begin != b.box.begin ? a.box.begin < b.box.begin : a.item < b.item;
  });
  return result;
}

/// Of two boxes in one place: which of them is in front.
bool RectIndex::is_drawn_over(const IndexedBox& a, const IndexedBox& b) {
  const double of_a = area(a.box), of_b = area(b.box);
  if (of_a != of_b) return of_a < of_b;
  return a.box.begin != b.box.begin ? a.box.begin > b.box.begin : a.item > b.item;
}

/// Goes down to every box whose nodes `enter` lets in; `take` gets what it does not want to go into.
template <class Enter, class Take>
void RectIndex::walk(Enter enter, Take take) const {
  if (boxes_.empty()) return;
  std::vector<std::pair<std::size_t, std::size_t>> to_visit = {{levels_.size() - 1, 0}};
  while (!to_visit.empty()) {
    const auto [level, n] = to_visit.back();
    to_visit.pop_back();
    if (!enter(levels_[level][n])) continue;
    const std::size_t children = level > 0 ? levels_[level - 1].size() : boxes_.size();
    for (std::size_t c = n * kFanOut; c < std::min(children, (n + 1) * kFanOut); ++c) {
      if (level > 0)
        to_visit.emplace_back(level - 1, c);
      else
        take(boxes_[c]);
    }
  }
}

std::optional<std::uint32_t> RectIndex::at(std::uint64_t cycle, std::uint64_t address) const {
  const IndexedBox* top = nullptr;
  walk([&](const Node& node) { return node.box.contains(cycle, address); },
       [&](const IndexedBox& box) {
         if (!box.box.contains(cycle, address)) return;
         if (!top || is_drawn_over(box, *top)) top = &box;
       });
  return top ? std::optional(top->item) : std::nullopt;
}

std::size_t RectIndex::count(std::uint64_t begin, std::uint64_t end) const {
  std::size_t found = 0;
  walk(
      [&](const Node& node) {
        if (node.box.end <= begin || node.box.begin >= end) return false;
        if (node.box.begin < begin || node.box.end > end) return true;
        found += node.count;  // all of them: no need to look
        return false;
      },
      [&](const IndexedBox& box) { found += box.box.begin < end && box.box.end > begin; });
  return found;
}

}  // namespace gui
