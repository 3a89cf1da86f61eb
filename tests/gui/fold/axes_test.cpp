#include <gtest/gtest.h>

#include "gui/fold/address_axis.h"
#include "gui/fold/time_axis.h"

namespace gui {
namespace {

traces::Step step(std::uint64_t begin, std::uint64_t end) {
  traces::Step made;
  made.begin = begin;
  made.end = end;
  return made;
}

TEST(TimeAxis, EveryStepIsAsWideAsTheNext) {
  const TimeAxis axis = steps_axis(std::vector{step(0, 10), step(10, 1010), step(1010, 1020)}, 1020);
  EXPECT_DOUBLE_EQ(axis.place(10), 1);
  EXPECT_DOUBLE_EQ(axis.place(510), 1.5);
  EXPECT_DOUBLE_EQ(axis.place(1010), 2);
  EXPECT_DOUBLE_EQ(axis.place(1020), 3);
}

TEST(TimeAxis, TimeBetweenStepsIsHalfAStepWideAtMost) {
  const TimeAxis axis = steps_axis(std::vector{step(1000, 1010), step(1010, 1020)}, 2000);
  EXPECT_DOUBLE_EQ(axis.place(1000), 0.5);
  EXPECT_DOUBLE_EQ(axis.place(2000), 3);
}

TEST(TimeAxis, PlacesAndCyclesAreEachOthersInverse) {
  const TimeAxis axis =
      steps_axis(std::vector{step(5, 10), step(12, 400), step(400, 401), step(430, 500)}, 900);
  for (double cycle = 0; cycle <= 900; cycle += 0.25) EXPECT_NEAR(axis.cycle(axis.place(cycle)), cycle, 1e-9);
}

TEST(TimeAxis, WithoutStepsCyclesAreThePlaces) {
  const TimeAxis axis = steps_axis({}, 100);
  EXPECT_TRUE(axis.linear());
  EXPECT_DOUBLE_EQ(axis.place(42), 42);
}

TEST(TimeAxis, AZoomKeepsTheCycleUnderTheMouseOnEitherAxis) {
  const TimeAxis steps = steps_axis(std::vector{step(0, 10), step(10, 1010), step(1010, 1020)}, 1020);
  for (const TimeAxis& axis : {TimeAxis(), steps}) {
    const TimeRange before{5, 1015};
    const TimeRange after = zoomed_on(axis, before, 0.5, 300, 1020);
    EXPECT_NEAR(TimeView(axis, after, 0, 100).x(300), TimeView(axis, before, 0, 100).x(300), 1e-9);
    const TimeRange moved = panned_on(axis, after, 0.1, 1020);
    EXPECT_NEAR(TimeView(axis, moved, 0, 100).x(300), TimeView(axis, after, 0, 100).x(300) - 10, 1e-9);
    EXPECT_NEAR(panned_on(axis, after, 50, 1020).end, 1020, 1e-6);
    EXPECT_NEAR(zoomed_on(axis, after, 1e9, 300, 1020).begin, 0, 1e-6);
  }
}

TEST(TimeView, ShowsItsRangeFromEdgeToEdge) {
  const TimeAxis axis;
  const TimeView view(axis, {100, 300}, 50, 400);
  EXPECT_DOUBLE_EQ(view.x(100), 50);
  EXPECT_DOUBLE_EQ(view.x(300), 450);
  EXPECT_DOUBLE_EQ(view.cycle(250), 200);
}

constexpr Stretch kRegion{0x20000000, 0x20050000};

TEST(AddressAxis, FoldsLongEmptyStretchesAway) {
  const AddressAxis axis(kRegion, {{0x20000000, 0x20010000}, {0x2004f000, 0x20050000}});
  EXPECT_EQ(axis.folded(), (std::vector<Stretch>{{0x20010000, 0x2004f000}}));
  const double used = 0x11000;
  EXPECT_NEAR(axis.length(), used * 1.02, 1);
  EXPECT_DOUBLE_EQ(axis.place(0x20010000), 0x10000);
  EXPECT_DOUBLE_EQ(axis.place(0x20050000), axis.length());
}

TEST(AddressAxis, KeepsShortGaps) {
  const AddressAxis axis({0, 1000}, {{0, 400}, {500, 1000}});
  EXPECT_TRUE(axis.folded().empty());
  EXPECT_EQ(axis.shown(), (std::vector<Stretch>{{0, 1000}}));
}

TEST(AddressAxis, PlacesAndAddressesAreEachOthersInverse) {
  const AddressAxis axis(kRegion,
                         {{0x20000100, 0x20008000}, {0x20020000, 0x20020040}, {0x2004f000, 0x20050000}});
  double last = -1;
  for (std::uint64_t address = kRegion.begin; address <= kRegion.end; address += 0x10) {
    const double at = static_cast<double>(address), place = axis.place(at);
    EXPECT_GT(place, last) << address;
    EXPECT_NEAR(axis.address(place), at, 1e-3) << address;
    last = place;
  }
}

TEST(AddressAxis, ARegionThatNothingUsesIsShownWhole) {
  const AddressAxis axis(kRegion, {{0, 100}});  // outside
  EXPECT_DOUBLE_EQ(axis.length(), static_cast<double>(kRegion.bytes()));
}

TEST(AddressView, LowAddressesAreAtTheBottom) {
  const AddressAxis axis({0, 1000}, {{0, 1000}});
  const AddressView all(axis, 0, 0, 10, 500);
  EXPECT_DOUBLE_EQ(all.y(0), 510);
  EXPECT_DOUBLE_EQ(all.y(1000), 10);
  const AddressView part(axis, 200, 400, 10, 500);
  EXPECT_DOUBLE_EQ(part.y(200), 510);
  EXPECT_DOUBLE_EQ(part.address(260), 300);
}

}  // namespace
}  // namespace gui
