#include "gui/fold/rect_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "gui/fold/live_sets.h"

namespace gui {
namespace {

constexpr std::uint64_t kCycles = 1'000'000, kBytes = 65536;
const Stretch kRegion{0, kBytes};

/// Boxes of every shape: long, short, tall, flat.
std::vector<IndexedBox> random_boxes(std::uint64_t seed, std::size_t n) {
  std::mt19937_64 random(seed);
  std::vector<IndexedBox> boxes;
  for (std::uint32_t i = 0; i < n; ++i) {
    const std::uint64_t cycles = 1 + random() % (std::uint64_t{1} << random() % 19);
    const std::uint64_t bytes = 1 + random() % (std::uint64_t{1} << random() % 14);
    const std::uint64_t begin = random() % (kCycles - cycles), low = random() % (kBytes - bytes);
    boxes.push_back({{begin, begin + cycles, low, low + bytes}, i, static_cast<std::uint8_t>(random() % 4)});
  }
  return boxes;
}

std::uint64_t area(const Box& box) {
  return (box.end - box.begin) * (box.high - box.low);
}

/// In pixels.
struct Pixels {
  double x0, x1, y0, y1;
  bool is_seen() const { return x1 > 0 && x0 < 1000 && y1 > 0 && y0 < 500; }
  bool covers(const Pixels& o) const {
    constexpr double kSlack = 1e-6;
    return x0 <= o.x0 + kSlack && x1 >= o.x1 - kSlack && y0 <= o.y0 + kSlack && y1 >= o.y1 - kSlack;
  }
  double area() const {
    return (std::min(x1, 1000.0) - std::max(x0, 0.0)) * (std::min(y1, 500.0) - std::max(y0, 0.0));
  }
};

/// 1000 x 500 pixels of a part of everything.
struct View {
  View(TimeRange shown, double low, double high)
      : axis(kRegion, {kRegion}), time(cycles, shown, 0, 1000), addresses(axis, low, high, 0, 500) {}
  Pixels of(const Box& box) const {
    return {time.x(static_cast<double>(box.begin)), time.x(static_cast<double>(box.end)),
            addresses.y(static_cast<double>(box.high)), addresses.y(static_cast<double>(box.low))};
  }

  TimeAxis cycles;
  AddressAxis axis;
  TimeView time;
  AddressView addresses;
};

/// Views from everything down to a few cycles and bytes.
std::vector<std::unique_ptr<View>> zooms(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::unique_ptr<View>> views;
  for (std::uint64_t cycles = kCycles; cycles > 20; cycles /= 5)
    for (std::uint64_t bytes = kBytes; bytes > 20; bytes /= 7) {
      const double begin = static_cast<double>(random() % (kCycles - cycles + 1));
      const double low = static_cast<double>(random() % (kBytes - bytes + 1));
      views.push_back(std::make_unique<View>(TimeRange{begin, begin + static_cast<double>(cycles)}, low,
                                             low + static_cast<double>(bytes)));
    }
  return views;
}

TEST(RectIndex, FindsAtEveryPlaceWhatALookAtAllBoxesFinds) {
  const std::vector<IndexedBox> boxes = random_boxes(1, 3000);
  const RectIndex index(boxes);
  std::mt19937_64 random(2);
  std::size_t hits = 0;
  for (int i = 0; i < 2000; ++i) {
    // Places at the very edges as well.
    const Box& near = boxes[random() % boxes.size()].box;
    const std::uint64_t cycle = random() % 2 ? near.end - random() % 2 : near.begin;
    const std::uint64_t address = random() % 2 ? near.high - random() % 2 : near.low;
    const IndexedBox* expected = nullptr;
    for (const IndexedBox& box : boxes)
      if (box.box.contains(cycle, address) && (!expected || area(box.box) <= area(expected->box)))
        expected = &box;
    const auto found = index.at(cycle, address);
    ASSERT_EQ(found.has_value(), expected != nullptr) << cycle << ", " << address;
    if (expected) {
      EXPECT_EQ(*found, expected->item) << cycle << ", " << address;
    }
    hits += expected != nullptr;
  }
  EXPECT_GT(hits, 500u);
}

TEST(LiveSets, AndTheIndexKnowWhatIsThereAtACycleAndHowManyInARange) {
  const std::vector<IndexedBox> boxes = random_boxes(3, 3000);
  const RectIndex index(boxes);
  const LiveSets sets(boxes);
  std::mt19937_64 random(4);
  for (int i = 0; i < 300; ++i) {
    const std::uint64_t begin = boxes[random() % boxes.size()].box.end - random() % 2;
    const std::uint64_t end = begin + 1 + random() % 5000;
    std::vector<std::uint32_t> there;
    std::size_t in_range = 0;
    for (const IndexedBox& box : boxes) {
      if (box.box.begin <= begin && begin < box.box.end) there.push_back(box.item);
      in_range += box.box.begin < end && box.box.end > begin;
    }
    EXPECT_EQ(sets.at(begin), there);
    EXPECT_EQ(index.count(begin, end), in_range);
  }
  EXPECT_EQ(index.count(0, kCycles), boxes.size());
}

TEST(RectIndex, NeverGivesMoreThanTheBudgetWhateverTheZoom) {
  const RectIndex index(random_boxes(5, 20000));
  for (const auto& view : zooms(6))
    for (const std::size_t budget : {1u, 8u, 100u, 3000u})
      EXPECT_LE(index.visible(view->time, view->addresses, budget).size(), budget);
}

TEST(RectIndex, LosesNothingThatIsInSight) {
  for (const std::size_t budget : {60u, 1000u, 100000u}) {
    const std::vector<IndexedBox> boxes = random_boxes(7, 1500);
    const RectIndex index(boxes);
    for (const auto& view : zooms(8)) {
      const std::vector<VisibleBox> drawn = index.visible(view->time, view->addresses, budget);
      for (const IndexedBox& box : boxes) {
        const Pixels pixels = view->of(box.box);
        if (!pixels.is_seen()) continue;
        const bool covered = std::any_of(drawn.begin(), drawn.end(), [&](const VisibleBox& one) {
          return one.count == 1 ? one.item == box.item : view->of(one.box).covers(pixels);
        });
        ASSERT_TRUE(covered) << "box " << box.item << " with a budget of " << budget;
      }
    }
  }
}

TEST(RectIndex, DrawsEachBoxOfAPixelOrMoreByItselfWhereTheBudgetAllows) {
  const std::vector<IndexedBox> boxes = random_boxes(9, 5000);
  const RectIndex index(boxes);
  for (const auto& view : zooms(10)) {
    const std::vector<VisibleBox> drawn = index.visible(view->time, view->addresses, 100000);
    std::set<std::uint32_t> alone;
    for (const VisibleBox& one : drawn) {
      if (one.count == 1)
        EXPECT_TRUE(alone.insert(one.item).second) << one.item << " is drawn twice";
      else
        EXPECT_LT(view->of(one.box).area(), 1.0) << "several boxes that could be told apart are one";
    }
    for (const IndexedBox& box : boxes) {
      const Pixels pixels = view->of(box.box);
      if (pixels.is_seen() && pixels.area() >= 1) {
        EXPECT_TRUE(alone.count(box.item)) << box.item;
      }
      if (alone.count(box.item)) {
        EXPECT_TRUE(pixels.is_seen()) << box.item << " is out of sight";
      }
    }
  }
}

TEST(RectIndex, MergedBoxesTellHowMuchOfThemIsCoveredAndOfWhatKind) {
  // Of 64 stripes all but every fourth are there; most are of kind 2.
  std::vector<IndexedBox> boxes;
  for (std::uint32_t i = 0; i < 64; ++i)
    if (i % 4 != 3)
      boxes.push_back({{i * 16, i * 16 + 16, 0, 8}, i, static_cast<std::uint8_t>(i % 4 == 0 ? 1 : 2)});
  const RectIndex index(boxes);
  const View view({0, 1e6}, 0, kBytes);  // all of them are one pixel
  const std::vector<VisibleBox> drawn = index.visible(view.time, view.addresses, 100);
  ASSERT_EQ(drawn.size(), 1u);
  EXPECT_EQ(drawn[0].count, 48u);
  EXPECT_EQ(drawn[0].kind, 2);
  EXPECT_NEAR(drawn[0].fill, 48.0 / 63, 1e-6);
}

TEST(RectIndex, TheSmallIsDrawnOverTheLarge) {
  const RectIndex index(random_boxes(11, 2000));
  const View view({0, kCycles}, 0, kBytes);
  const std::vector<VisibleBox> drawn = index.visible(view.time, view.addresses, 500);
  EXPECT_TRUE(std::is_sorted(drawn.begin(), drawn.end(), [](const VisibleBox& a, const VisibleBox& b) {
    return area(a.box) > area(b.box);
  }));
}

TEST(RectIndex, AnEmptyOneShowsNothing) {
  const RectIndex index;
  const View view({0, kCycles}, 0, kBytes);
  EXPECT_TRUE(index.visible(view.time, view.addresses, 100).empty());
  EXPECT_FALSE(index.at(0, 0));
  EXPECT_EQ(index.count(0, kCycles), 0u);
}

}  // namespace
}  // namespace gui
