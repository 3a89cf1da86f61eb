#include "traces/peak.h"

#include <gmock/gmock.h>

#include <random>
#include <set>

#include "tests/traces/hand_trace.h"

namespace traces {
namespace {

using testing::ElementsAre;

constexpr std::uint64_t kBase = 0x20000000;
const AddressRange kSram{kBase, kBase + 1024};

TEST(Peak, OfAnEmptyTraceIsNothing) {
  EXPECT_EQ(peak_in(Trace{}, kSram), (Peak{0, 0}));
  EXPECT_TRUE(owners_at(Trace{}, kSram, 0).empty());
}

TEST(Peak, CountsALifeFromItsFirstWriteToItsLastReadBothIncluded) {
  HandTrace hand;
  hand.life("a", 0, 100, 10, 20);
  EXPECT_THAT(live_bytes(hand.trace, kSram),
              ElementsAre(LivePoint{0, 0}, LivePoint{10, 100}, LivePoint{21, 0}));
}

TEST(Peak, ALifeThatEndsInTheCycleInWhichAnotherBeginsOverlapsItAndOneCycleLaterNot) {
  HandTrace touching, apart;
  touching.life("a", 0, 100, 0, 20);
  touching.life("b", 100, 100, 20, 30);
  EXPECT_EQ(peak_in(touching.trace, kSram), (Peak{200, 20}));
  apart.life("a", 0, 100, 0, 20);
  apart.life("b", 100, 100, 21, 30);
  EXPECT_EQ(peak_in(apart.trace, kSram), (Peak{100, 0}));
}

TEST(Peak, CountsBytesThatTwoLivesShareOnceAndGivesThemToTheYounger) {
  HandTrace hand;
  hand.life("input", 0, 300, 0, 20);
  hand.life("output", 200, 300, 10, 30);
  EXPECT_EQ(peak_in(hand.trace, kSram), (Peak{500, 10}));
  const std::vector<Owner> owners = owners_at(hand.trace, kSram, 10);
  ASSERT_EQ(owners.size(), 2U);
  EXPECT_EQ(owners[0], (Owner{"output", LifeKind::kActivation, 300, 300, 1}));
  EXPECT_EQ(owners[1], (Owner{"input", LifeKind::kActivation, 200, 300, 0}));
}

TEST(Peak, IsTheFirstOfEquals) {
  HandTrace hand;
  hand.life("a", 0, 100, 5, 6);
  hand.life("b", 0, 100, 50, 60);
  EXPECT_EQ(peak_in(hand.trace, kSram), (Peak{100, 5}));
}

TEST(Peak, LooksOnlyAtTheRangeAsked) {
  HandTrace hand;
  hand.life("across", 0, 100, 0, 9);
  EXPECT_EQ(peak_in(hand.trace, {kBase + 90, kBase + 1024}), (Peak{10, 0}));
  EXPECT_EQ(peak_in(hand.trace, {kBase + 100, kBase + 1024}), (Peak{0, 0}));
}

TEST(Peak, AHeapBlockIsTakenUntilItIsFreed) {
  HandTrace hand;
  hand.life("block", 0, 64, 10, 20, LifeKind::kHeap).released = 50;
  EXPECT_THAT(live_bytes(hand.trace, kSram),
              ElementsAre(LivePoint{0, 0}, LivePoint{10, 64}, LivePoint{51, 0}));
}

TEST(Peak, CountsTheStackWithItsDepthInThatSample) {
  HandTrace hand;
  hand.life("a", 0, 100, 0, 14);
  hand.life("frame", 1000, 24, 0, 30, LifeKind::kStack);  // lies in the stack
  hand.sample(10, 24);
  hand.sample(10, 48);
  hand.sample(10, 8);
  hand.end(30).stack_top = static_cast<std::uint32_t>(kBase) + 1024;
  EXPECT_THAT(live_bytes(hand.trace, kSram),
              ElementsAre(LivePoint{0, 124}, LivePoint{10, 148}, LivePoint{15, 48}, LivePoint{20, 8},
                          LivePoint{30, 0}));
  const std::vector<Owner> owners = owners_at(hand.trace, kSram, 12);
  ASSERT_EQ(owners.size(), 2U);
  EXPECT_EQ(owners[1], (Owner{"stack", LifeKind::kStack, 48, 48, -1}));
}

TEST(Peak, WithoutSamplesTheStackIsItsLives) {
  HandTrace hand;
  hand.life("frame", 1000, 24, 0, 30, LifeKind::kStack);
  EXPECT_EQ(peak_in(hand.trace, kSram), (Peak{24, 0}));
}

TEST(Peak, LivesOfOneNameAndKindAreOneOwnerNamedByItsLargest) {
  HandTrace hand;
  hand.life("im2col", 0, 10, 0, 9, LifeKind::kScratch);
  hand.life("im2col", 20, 30, 0, 9, LifeKind::kScratch);
  hand.life("im2col", 60, 5, 0, 9, LifeKind::kHeap);
  const std::vector<Owner> owners = owners_at(hand.trace, kSram, 5);
  ASSERT_EQ(owners.size(), 2U);
  EXPECT_EQ(owners[0], (Owner{"im2col", LifeKind::kScratch, 40, 40, 1}));
  EXPECT_EQ(owners[1], (Owner{"im2col", LifeKind::kHeap, 5, 5, 2}));
}

TEST(Peak, AnOwnersExtentCountsBytesThatItsLivesShareOnce) {
  HandTrace hand;
  hand.life("scratch", 0, 100, 0, 9);
  hand.life("scratch", 0, 80, 1, 9);
  hand.life("other", 90, 20, 2, 9);
  const std::vector<Owner> owners = owners_at(hand.trace, kSram, 5);
  ASSERT_EQ(owners.size(), 2U);
  EXPECT_EQ(owners[0], (Owner{"scratch", LifeKind::kActivation, 90, 100, 0}));
  EXPECT_EQ(owners[1], (Owner{"other", LifeKind::kActivation, 20, 20, 2}));
}

TEST(Peak, ALifeWithoutANameIsCalledByItsOwnerOrItsAddress) {
  HandTrace hand;
  hand.life("", 0, 4, 0, 1);
  hand.life("", 4, 4, 0, 1).owner = hand.text("counter");
  EXPECT_EQ(name_of(hand.trace, hand.trace.lives[0]), "0x20000000");
  EXPECT_EQ(name_of(hand.trace, hand.trace.lives[1]), "counter");
}

TEST(Peak, TheArenaReachesAroundAllPlannedBuffers) {
  Trace trace;
  EXPECT_EQ(arena_of(trace), std::nullopt);
  trace.buffers.resize(2);
  trace.buffers[0].address = 0x20000100;
  trace.buffers[0].bytes = 0x100;
  trace.buffers[1].address = 0x20000040;
  trace.buffers[1].bytes = 0x10;
  EXPECT_EQ(arena_of(trace), (AddressRange{0x20000040, 0x20000200}));
}

// Against counting bytes one by one, on random lives: at every cycle, and the owners sum to it.
TEST(Peak, EqualsTheCountByteByByteOnRandomTraces) {
  for (unsigned seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const auto below = [&](std::uint32_t n) { return random() % n; };
    HandTrace hand;
    for (int i = 0; i < 40; ++i) {
      const std::uint32_t address = below(60), born = below(50);
      hand.life(std::string(1, static_cast<char>('a' + below(8))), address, 1 + below(30), born,
                born + below(20));
    }
    const std::vector<LivePoint> points = live_bytes(hand.trace, kSram);
    std::uint64_t most = 0;
    for (std::uint64_t cycle = 0; cycle < 80; ++cycle) {
      std::set<std::uint32_t> bytes;
      for (const Life& life : hand.trace.lives) {
        for (std::uint32_t b = 0; b < life.bytes && life.born <= cycle && cycle <= life.died(); ++b) {
          bytes.insert(life.address + b);
        }
      }
      std::uint64_t live = 0, owned = 0;
      for (const LivePoint& point : points) live = point.cycle <= cycle ? point.bytes : live;
      for (const Owner& owner : owners_at(hand.trace, kSram, cycle)) owned += owner.bytes;
      ASSERT_EQ(live, bytes.size()) << "cycle " << cycle;
      ASSERT_EQ(owned, bytes.size()) << "cycle " << cycle;
      most = std::max<std::uint64_t>(most, bytes.size());
    }
    EXPECT_EQ(peak_of(points).bytes, most);
  }
}

}  // namespace
}  // namespace traces
