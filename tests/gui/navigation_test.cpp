#include "gui/navigation.h"

#include <gtest/gtest.h>

namespace gui {
namespace {

constexpr TimeRange kWhole{0, 1000};

TEST(Navigation, AZoomKeepsTheCycleUnderTheMouseInItsPlace) {
  const TimeRange before{200, 600};
  const TimeRange after = zoomed(before, 0.5, 300, kWhole);
  EXPECT_DOUBLE_EQ(after.length(), 200);
  EXPECT_DOUBLE_EQ((300 - after.begin) / after.length(), (300 - before.begin) / before.length());
}

TEST(Navigation, NothingLeavesTheRun) {
  EXPECT_EQ(panned({100, 300}, -5, kWhole), (TimeRange{0, 200}));
  EXPECT_EQ(panned({100, 300}, 50, kWhole), (TimeRange{800, 1000}));
  EXPECT_EQ(zoomed({100, 300}, 1e9, 250, kWhole), kWhole);
  EXPECT_EQ(centred({0, 100}, 990, kWhole), (TimeRange{900, 1000}));
  EXPECT_EQ(fitted({-50, 5000}, 0.1, kWhole), kWhole);
}

TEST(Navigation, AViewIsNeverShorterThanAFewCycles) {
  EXPECT_DOUBLE_EQ(zoomed({100, 130}, 1e-9, 110, kWhole).length(), kShortestView);
  EXPECT_DOUBLE_EQ(clamped({500, 500}, kWhole).length(), kShortestView);
  EXPECT_DOUBLE_EQ(whole_run(0).length(), kShortestView);
}

TEST(Navigation, AFitLeavesAMarginOnEitherSide) {
  EXPECT_EQ(fitted({400, 600}, 0.1, kWhole), (TimeRange{380, 620}));
}

}  // namespace
}  // namespace gui
