#include <gmock/gmock.h>

#include <random>

#include "tests/traces/hand_trace.h"
#include "traces/timeline_layout.h"
#include "traces/timeline_svg.h"

namespace traces {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr std::uint64_t kBase = 0x20000000;

TEST(AddressScale, PutsLowAddressesAtTheBottom) {
  const AddressScale scale({{1000, 1100}}, 10, 200);
  EXPECT_DOUBLE_EQ(scale.y(1000), 210);
  EXPECT_DOUBLE_EQ(scale.y(1050), 110);
  EXPECT_DOUBLE_EQ(scale.y(1100), 10);
}

TEST(AddressScale, FoldsLongStretchesThatNothingUses) {
  const AddressScale scale({{0, 100}, {100000, 100100}}, 0, 209);
  EXPECT_THAT(scale.pieces(), ElementsAre(AddressRange{0, 100}, AddressRange{100000, 100100}));
  EXPECT_DOUBLE_EQ(scale.y(0), 209);
  EXPECT_DOUBLE_EQ(scale.y(100), 109);
  EXPECT_DOUBLE_EQ(scale.y(100000), 100);  // 9 pixels for the fold
  EXPECT_DOUBLE_EQ(scale.y(100100), 0);
}

TEST(AddressScale, KeepsShortGaps) {
  const AddressScale scale({{0, 100}, {103, 200}}, 0, 200);
  EXPECT_THAT(scale.pieces(), ElementsAre(AddressRange{0, 200}));
}

TEST(AddressScale, NeverGoesBackAndHasABoundedNumberOfFolds) {
  std::mt19937 random(7);
  std::vector<AddressRange> used;
  for (std::uint64_t at = 0, i = 0; i < 400; ++i) {
    const std::uint64_t bytes = 1 + random() % 64;
    used.push_back({at, at + bytes});
    at += bytes + random() % 100000;
  }
  const AddressScale scale(used, 0, 300);
  EXPECT_LE(scale.pieces().size(), 13U);
  double last = 300;
  for (const AddressRange& range : used) {
    EXPECT_LE(scale.y(range.begin), last + 1e-9);
    EXPECT_LE(scale.y(range.end), scale.y(range.begin) + 1e-9);
    last = scale.y(range.end);
  }
  EXPECT_NEAR(last, 0, 1e-6);
}

TEST(Layout, DrawsTheLargestLivesOneByOneOldestFirstAndTheRestAsCells) {
  HandTrace hand;
  hand.life("young", 0, 400, 500, 999);
  hand.life("tiny", 900, 4, 100, 110, LifeKind::kScratch);
  hand.life("old", 400, 400, 0, 499);
  const TimeScale time{1000, 0, 1000};
  const AddressScale addresses({{kBase, kBase + 1000}}, 0, 500);
  const auto occupants = occupants_in(hand.trace, {kBase, kBase + 1024});
  const RegionLayout layout = lay_out(hand.trace, occupants, time, addresses, 2);
  ASSERT_EQ(layout.lives.size(), 2U);
  EXPECT_EQ(layout.lives[0].life, 2U);
  EXPECT_EQ(layout.lives[1].life, 0U);
  EXPECT_DOUBLE_EQ(layout.lives[1].box.x, 500);
  EXPECT_DOUBLE_EQ(layout.lives[1].box.width, 500);
  EXPECT_DOUBLE_EQ(layout.lives[1].box.y, 300);
  EXPECT_DOUBLE_EQ(layout.lives[1].box.height, 200);
  ASSERT_FALSE(layout.cells.empty());
  for (const CellRun& run : layout.cells) EXPECT_EQ(run.kind, LifeKind::kScratch);
}

TEST(Layout, WhereThereAreTooManyLivesSpecksAreCells) {
  HandTrace hand;
  hand.life("large", 0, 400, 0, 999);
  hand.life("speck", 900, 4, 100, 103);
  hand.life("speck", 900, 4, 200, 203);
  const TimeScale time{1000, 0, 1000};
  const AddressScale addresses({{kBase, kBase + 1000}}, 0, 500);
  const auto occupants = occupants_in(hand.trace, {kBase, kBase + 1024});
  EXPECT_EQ(lay_out(hand.trace, occupants, time, addresses, 3).lives.size(), 3U);
  const RegionLayout layout = lay_out(hand.trace, occupants, time, addresses, 2);
  EXPECT_EQ(layout.lives.size(), 1U);
  EXPECT_EQ(layout.cells.size(), 2U);
}

TEST(Layout, CellsCoverAsMuchAsTheirLives) {
  HandTrace hand;
  std::mt19937 random(5);
  for (int i = 0; i < 300; ++i) {
    hand.life("speck", random() % 990, 1 + random() % 6, 3 * i, 3 * i + random() % 3, LifeKind::kHeap);
  }
  const TimeScale time{1000, 0, 1000};
  const AddressScale addresses({{kBase, kBase + 1000}}, 0, 500);
  const auto occupants = occupants_in(hand.trace, {kBase, kBase + 1024});
  const RegionLayout drawn = lay_out(hand.trace, occupants, time, addresses, 1000);
  const RegionLayout cells = lay_out(hand.trace, occupants, time, addresses, 0);
  EXPECT_TRUE(cells.lives.empty());
  for (const LifeBox& life : drawn.lives) {  // a corner of each life lies in some cell
    EXPECT_TRUE(std::any_of(cells.cells.begin(), cells.cells.end(), [&](const CellRun& run) {
      return run.box.x <= life.box.x && life.box.x < run.box.x + run.box.width && run.box.y <= life.box.y &&
             life.box.y < run.box.y + run.box.height;
    }));
  }
  for (const CellRun& run : cells.cells) {  // and each cell touches a life
    EXPECT_TRUE(std::any_of(drawn.lives.begin(), drawn.lives.end(), [&](const LifeBox& life) {
      return life.box.x < run.box.x + run.box.width && run.box.x < life.box.x + life.box.width &&
             life.box.y < run.box.y + run.box.height && run.box.y < life.box.y + life.box.height;
    }));
  }
}

TEST(TimelineSvg, ManyLivesThatFillTheWholeRegionAreQuick) {
  HandTrace hand;
  for (int i = 0; i < 200000; ++i) hand.life("all", 0, 1024, 0, 1000000);
  hand.end(1000000);
  EXPECT_LT(timeline_svg(hand.trace).size(), 2000000U);
}

TEST(Layout, CausesOfAllColumnsSumToTheRunWhereColumnsMatchSamples) {
  HandTrace hand;
  for (int i = 0; i < 10; ++i) hand.sample(100, 0);
  hand.end(1000);
  const std::vector<isa::CauseCycles> columns = cause_columns(hand.trace, 5);
  for (const isa::CauseCycles& column : columns) EXPECT_EQ(column.total().value, 200U);
}

TEST(Layout, ColumnsKeepTheHighestOfACurve) {
  EXPECT_THAT(highest_by_column({{0, 1}, {14, 9}, {15, 2}, {30, 0}}, 40, 4), ElementsAre(1, 9, 2, 0));
}

TEST(Layout, StepsLastFromTheFirstRunToTheLast) {
  HandTrace hand;
  for (const int id : {0, 1, 2, 1}) hand.step("ADD", "a", 10).id = id;
  EXPECT_EQ(cycles_of_steps(hand.trace, 1, 1), (std::pair<std::uint64_t, std::uint64_t>{10, 40}));
  EXPECT_EQ(cycles_of_steps(hand.trace, 5, 5), (std::pair<std::uint64_t, std::uint64_t>{0, 0}));
}

TEST(Layout, TicksAreRound) {
  EXPECT_EQ(tick_distance(1000, 10), 100U);
  EXPECT_EQ(tick_distance(1001, 10), 200U);
  EXPECT_EQ(tick_distance(13078831, 10), 2000000U);
  EXPECT_EQ(tick_distance(0, 10), 1U);
}

TEST(TimelineSvg, OfAnEmptyTraceIsAPicture) {
  const Trace empty;
  EXPECT_THAT(timeline_svg(empty), testing::EndsWith("</svg>\n"));
}

TEST(TimelineSvg, NamesNeverBecomeMarkup) {
  HandTrace hand;
  hand.step("<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", 100);
  hand.life("</svg><script>", 0, 1000, 0, 100);
  hand.trace.about.board = "<b>";
  const std::string svg = timeline_svg(hand.trace);
  EXPECT_THAT(svg, Not(HasSubstr("<script")));
  EXPECT_THAT(svg, Not(HasSubstr("<img")));
  EXPECT_THAT(svg, Not(HasSubstr("<b>")));
  EXPECT_THAT(svg, HasSubstr("&lt;/svg&gt;"));
}

TEST(TimelineSvg, StaysSmallWhateverTheTrace) {
  std::mt19937 random(3);
  HandTrace hand;
  hand.trace.regions[0].bytes = 1 << 20;
  for (int i = 0; i < 100000; ++i) {
    const std::uint64_t born = random() % 10000000;
    hand.life(i % 2 == 0 ? "a" : "b", random() % 1000000, 1 + random() % 5000, born, born + random() % 40000,
              static_cast<LifeKind>(random() % kLifeKinds));
  }
  for (int i = 0; i < 5000; ++i) hand.sample(2000, random() % 4096);
  for (int i = 0; i < 5000; ++i) hand.step("CONV_2D", "conv", 2000, 1000);
  hand.end(10000000).stack_top = kBase + (1 << 20);
  EXPECT_LT(timeline_svg(hand.trace).size(), 2500000U);
}

TEST(TimelineSvg, TimesAtTheEndOfTheRangeDoNotHang) {
  HandTrace hand;
  hand.life("a", 0, 10, 0, kNever - 1);
  hand.trace.reached = kNever - 1;
  EXPECT_THAT(timeline_svg(hand.trace), testing::EndsWith("</svg>\n"));
}

}  // namespace
}  // namespace traces
