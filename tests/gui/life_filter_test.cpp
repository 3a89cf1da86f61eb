#include "gui/life_filter.h"

#include <gtest/gtest.h>

namespace gui {
namespace {

traces::Trace three_lives() {
  traces::Trace trace;
  trace.strings = {"", "stem", "block1/expand", "conv_1x1", "scratch of (a)"};
  const auto add = [&](traces::StringId name, traces::StringId writer, std::uint32_t bytes,
                       traces::LifeKind kind, std::uint64_t born) {
    traces::Life life;
    life.id = static_cast<std::uint32_t>(trace.lives.size());
    life.name = name, life.writer = writer, life.bytes = bytes, life.kind = kind, life.born = born;
    trace.lives.push_back(life);
  };
  add(1, 3, 4000, traces::LifeKind::kActivation, 300);
  add(2, 3, 9000, traces::LifeKind::kActivation, 200);
  add(4, 0, 100, traces::LifeKind::kScratch, 100);
  return trace;
}

TEST(LifeFilter, LetsEverythingThroughUnlessAskedOtherwise) {
  EXPECT_TRUE(LifeFilter().shows(7));
  const LifeFilter filter(three_lives(), {});
  EXPECT_TRUE(filter.shows_all());
  EXPECT_EQ(filter.count(), 3u);
  EXPECT_TRUE(filter.hits().empty());
}

TEST(LifeFilter, SearchesNamesAndWritersWithoutRegardToCaseAndOrdersHitsByBirth) {
  const LifeFilter by_writer(three_lives(), {.pattern = "CONV_.x1$"});
  EXPECT_EQ(by_writer.hits(), (std::vector<std::uint32_t>{1, 0}));
  EXPECT_FALSE(by_writer.shows(2));
  const LifeFilter by_name(three_lives(), {.pattern = "^block"});
  EXPECT_EQ(by_name.hits(), (std::vector<std::uint32_t>{1}));
}

TEST(LifeFilter, APatternThatIsNotOneSaysWhyAndHidesNothing) {
  const LifeFilter filter(three_lives(), {.pattern = "block("});
  EXPECT_FALSE(filter.error().empty());
  EXPECT_TRUE(filter.shows_all());
}

TEST(LifeFilter, SizeKindHiddenAndSoloNarrowTogether) {
  Filter filter{.min_bytes = 1000};
  EXPECT_EQ(LifeFilter(three_lives(), filter).count(), 2u);
  filter.hidden = {2};
  EXPECT_EQ(LifeFilter(three_lives(), filter).count(), 1u);
  filter.kinds[static_cast<std::size_t>(traces::LifeKind::kActivation)] = false;
  EXPECT_EQ(LifeFilter(three_lives(), filter).count(), 0u);
  EXPECT_EQ(LifeFilter(three_lives(), {.solo = 4}).count(), 1u);
  EXPECT_TRUE(LifeFilter(three_lives(), {.solo = 4}).shows(2));
}

}  // namespace
}  // namespace gui
