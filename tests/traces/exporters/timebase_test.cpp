#include "traces/exporters/timebase.h"

#include <gmock/gmock.h>

namespace traces {
namespace {

Trace clocked(double core_hz, std::vector<Clock> clocks) {
  Trace trace;
  trace.about.core_hz = core_hz;
  trace.clocks = std::move(clocks);
  return trace;
}

TEST(Timebase, CountsPicosecondsRoundedDown) {
  const Timebase time(clocked(0, {{0, 216e6}}));
  EXPECT_EQ(time.picoseconds(0), 0U);
  EXPECT_EQ(time.picoseconds(1), 4629U);  // 4629.6
  EXPECT_EQ(time.picoseconds(216'000'000), 1'000'000'000'000U);
  EXPECT_EQ(time.microseconds(216), "1.000000");
  EXPECT_EQ(time.microseconds(1), "0.004629");
}

TEST(Timebase, FollowsTheClockWhereItChanges) {
  const Timebase time(clocked(216e6, {{0, 16e6}, {1600, 200e6}, {3600, 400e6}}));
  EXPECT_EQ(time.microseconds(1599), "99.937500");
  EXPECT_EQ(time.microseconds(1600), "100.000000");
  EXPECT_EQ(time.microseconds(1601), "100.005000");
  EXPECT_EQ(time.microseconds(3600), "110.000000");
  EXPECT_EQ(time.microseconds(4000), "111.000000");
}

TEST(Timebase, TakesTheBoardsFullSpeedBeforeTheFirstClock) {
  const Timebase time(clocked(100e6, {{1000, 50e6}}));
  EXPECT_EQ(time.microseconds(1000), "10.000000");
  EXPECT_EQ(time.microseconds(1050), "11.000000");
}

TEST(Timebase, DrawsACycleAsANanosecondWhereNoClockIsKnown) {
  const Timebase time(clocked(0, {}));
  EXPECT_FALSE(time.is_known());
  EXPECT_EQ(time.microseconds(1500), "1.500000");
}

TEST(Timebase, NeverRunsBackwardsAndSaturates) {
  const Timebase time(clocked(7e6, {{10, 3.3e6}, {12, 999e6}, {20, 1e-9}, {~0ULL - 5, 1.0}}));
  std::uint64_t last = 0;
  for (const std::uint64_t cycle : {0ULL, 9ULL, 10ULL, 11ULL, 12ULL, 13ULL, 1ULL << 40, 1ULL << 60, ~0ULL}) {
    EXPECT_GE(time.picoseconds(cycle), last) << cycle;
    last = time.picoseconds(cycle);
  }
  EXPECT_EQ(last, ~0ULL);
}

}  // namespace
}  // namespace traces
