#include "traces/memories.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/traces/hand_trace.h"
#include "traces/summary.h"
#include "traces/trace_diff.h"

namespace traces {
namespace {

/// A life across the border of two RAMs of 1024 bytes; flash lies right behind them, another RAM further on.
HandTrace two_rams() {
  HandTrace hand;
  hand.trace.regions.push_back({"FAR", "sram", 0x20010000, 1024, true});
  hand.trace.regions.push_back({"SRAM2", "sram", 0x20000400, 1024, true});
  hand.trace.regions.push_back({"flash", "flash", 0x20000800, 1024, false});
  hand.life("tensor", 1000, 24, 0, 10);
  hand.life("tensor", 1024, 100, 0, 10).region = 2;
  hand.life("early", 0, 50, 0, 0);
  hand.end(20);
  return hand;
}

TEST(Memories, AreWritableRegionsWithoutAGapBetweenThem) {
  const std::vector<Memory> memories = memories_of(two_rams().trace);
  ASSERT_EQ(memories.size(), 2U);
  EXPECT_EQ(memories[0].name, "SRAM+SRAM2");
  EXPECT_EQ(memories[0].range, (AddressRange{0x20000000, 0x20000800}));
  EXPECT_THAT(memories[0].parts, testing::ElementsAre(0, 2));
  EXPECT_EQ(memories[1].name, "FAR");
}

TEST(Memories, HaveOnePeakAndOneOwnerWhereALifeCrossesTheBorder) {
  const HandTrace hand = two_rams();
  const Summary summary = summarize(hand.trace);
  ASSERT_EQ(summary.memories.size(), 2U);
  EXPECT_EQ(summary.memories[0].peak, (Peak{174, 0}));
  ASSERT_EQ(summary.memories[0].owners.size(), 2U);
  EXPECT_EQ(summary.memories[0].owners[0].bytes, 124U);
  EXPECT_EQ(used_memories(summary).size(), 1U);
  EXPECT_EQ(summary.regions[0].peak, (Peak{74, 0}));
  EXPECT_EQ(summary.regions[2].peak, (Peak{100, 0}));
}

TEST(Memories, FollowTheRegionsInJsonWithTheirParts) {
  const HandTrace hand = two_rams();
  const auto regions = nlohmann::json::parse(summary_json(hand.trace, summarize(hand.trace)))["regions"];
  ASSERT_EQ(regions.size(), 5U);
  EXPECT_EQ(regions[4]["name"], "SRAM+SRAM2");
  EXPECT_EQ(regions[4]["capacity"], 2048);
  EXPECT_EQ(regions[4]["parts"], (std::vector<std::string>{"SRAM", "SRAM2"}));
  EXPECT_FALSE(regions[0].contains("parts"));
}

TEST(Memories, BytesThatMoveFromOnePartToAnotherAreNoHigherPeak) {
  HandTrace before = two_rams(), after = two_rams();
  after.trace.lives[2].address = 0x20000500;
  const TraceDiff moved = diff(before.trace, after.trace);
  EXPECT_THAT(passed(moved, thresholds_from("peak>0")), testing::IsEmpty());
  EXPECT_THAT(passed(moved, thresholds_from("part:SRAM2>0")), testing::SizeIs(1));
}

}  // namespace
}  // namespace traces
