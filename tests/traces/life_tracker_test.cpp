#include "traces/life_tracker.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace traces {

void PrintTo(const Life& life, std::ostream* out) {
  *out << std::hex << life.address << std::dec << "+" << life.bytes << " [" << life.born << ", "
       << life.died() << "] x" << life.generations;
}

namespace {

constexpr std::uint32_t kRam = 0x20000000, kArena = kRam + 0x1000, kStackBase = kRam + 0xf000;
constexpr StringId kArenaName = 1, kStackName = 2, kSmallName = 3;

/// Functions of the programs below.
enum : std::uint32_t { kMain = 1, kInvoke, kConv, kDepthwise, kAdd, kHelper, kFill, kClear };

/// A program: accesses take 4 cycles each, all of a loop by one instruction.
class Guest {
 public:
  Guest()
      : tracker({{kRam, 0x10000, 7}}, {{kArena, 0x4000, kArenaName, LifeKind::kStatic},
                                       {kRam + 0x100, 4, kSmallName, LifeKind::kStatic},
                                       {kStackBase, 0x1000, kStackName, LifeKind::kStack}}) {
    call(kMain);
  }

  void call(std::uint32_t function) {
    functions.push_back(function);
    tracker.call(function);
    pass(10);
  }
  void leave() {
    pass(10);
    functions.pop_back();
    tracker.leave();
  }
  void pass(std::uint64_t cycles) { tracker.at(now += cycles); }
  void write(std::uint32_t address, std::uint32_t bytes, std::uint32_t size = 4, std::uint32_t loop = 0) {
    for (std::uint32_t i = 0; i < bytes; i += size) {
      tracker.store(address + i, size, pc(loop) + 2);
      pass(4);
    }
  }
  void read(std::uint32_t address, std::uint32_t bytes, std::uint32_t size = 4, std::uint32_t loop = 0) {
    for (std::uint32_t i = 0; i < bytes; i += size) {
      tracker.load(address + i, size, pc(loop));
      pass(4);
    }
  }
  /// An operator: reads, computes, writes.
  void op(std::uint32_t function, std::uint32_t in, std::uint32_t in_bytes, std::uint32_t out,
          std::uint32_t out_bytes) {
    call(function);
    read(in, in_bytes);
    pass(5000);
    write(out, out_bytes);
    leave();
  }
  std::uint32_t pc(std::uint32_t loop) const { return functions.back() * 0x1000 + loop * 0x100; }

  /// Lives in the arena, by birth.
  std::vector<Life> lives(StringId owner = kArenaName) {
    std::vector<Life> found;
    for (const Life& life : tracker.take(true)) {
      if (life.owner == owner && life.touched != 0) found.push_back(life);
    }
    std::stable_sort(found.begin(), found.end(), [](const Life& a, const Life& b) {
      return std::pair(a.born, a.address) < std::pair(b.born, b.address);
    });
    return found;
  }

  LifeTracker tracker;
  std::uint64_t now = 0;
  std::vector<std::uint32_t> functions;
};

MATCHER_P2(Lies, offset, bytes,
           "lies at arena+" + testing::PrintToString(offset) + ", " + testing::PrintToString(bytes) +
               " bytes") {
  *result_listener << "arena+" << arg.address - kArena << ", " << arg.bytes << " bytes, born " << arg.born
                   << ", died " << arg.died() << ", generations " << arg.generations;
  return arg.address == kArena + static_cast<std::uint32_t>(offset) &&
         arg.bytes == static_cast<std::uint32_t>(bytes);
}
using testing::ElementsAre;

TEST(LifeTracker, BytesThatOneCallWroteAndAnotherReadAreOneLife) {
  Guest g;
  g.op(kConv, kArena + 0x1000, 0, kArena, 512);
  const std::uint64_t read_from = g.now;
  g.op(kAdd, kArena, 512, kArena + 512, 0);
  const std::vector<Life> lives = g.lives();
  ASSERT_THAT(lives, ElementsAre(Lies(0, 512)));
  EXPECT_EQ(lives[0].region, 7);
  EXPECT_EQ(lives[0].touched, 512U);
  EXPECT_EQ(lives[0].writer, static_cast<StringId>(kConv));
  EXPECT_EQ(lives[0].reader, static_cast<StringId>(kAdd));
  EXPECT_EQ(lives[0].writer_pc, 0x3002U);
  EXPECT_EQ(lives[0].reader_pc, 0x5000U);
  EXPECT_NEAR(static_cast<double>(lives[0].born), 5020, LifeTracker::kSliceCycles);
  EXPECT_NEAR(static_cast<double>(lives[0].first_read), static_cast<double>(read_from + 10),
              LifeTracker::kSliceCycles);
  EXPECT_NEAR(static_cast<double>(lives[0].last_read), static_cast<double>(read_from + 10 + 512),
              LifeTracker::kSliceCycles);
  EXPECT_EQ(lives[0].generations, 1U);
  EXPECT_TRUE(lives[0].flags & Life::kOpen);
}

TEST(LifeTracker, ABufferThatLayersTakeTurnsInHoldsOneLifeALayer) {
  Guest g;
  g.call(kInvoke);
  for (int layer = 0; layer < 4; ++layer) {
    const std::uint32_t in = layer % 2 == 0 ? kArena : kArena + 1024;
    g.op(kConv, in, layer == 0 ? 0 : 1024, in == kArena ? kArena + 1024 : kArena, 1024);
  }
  g.leave();
  EXPECT_THAT(g.lives(), ElementsAre(Lies(1024, 1024), Lies(0, 1024), Lies(1024, 1024), Lies(0, 1024)));
}

TEST(LifeTracker, AnOperatorInPlaceEndsOneLifeAndBeginsAnother) {
  Guest g;
  g.op(kConv, kArena, 0, kArena, 1024);
  g.call(kDepthwise);
  for (std::uint32_t channel = 0; channel < 4; ++channel) {
    for (std::uint32_t i = channel; i < 1024; i += 4) g.read(kArena + i, 1, 1);
    g.pass(2000);
    for (std::uint32_t i = channel; i < 1024; i += 4) g.write(kArena + i, 1, 1);
  }
  g.leave();
  g.op(kAdd, kArena, 1024, kArena, 0);
  const std::vector<Life> lives = g.lives();
  ASSERT_THAT(lives, ElementsAre(Lies(0, 1024), Lies(0, 1024)));
  EXPECT_EQ(lives[0].writer, static_cast<StringId>(kConv));
  EXPECT_EQ(lives[0].reader, static_cast<StringId>(kDepthwise));
  EXPECT_EQ(lives[1].writer, static_cast<StringId>(kDepthwise));
  EXPECT_EQ(lives[1].reader, static_cast<StringId>(kAdd));
  EXPECT_GT(lives[0].last_read, lives[1].born);
}

TEST(LifeTracker, RowsThatAHelperWritesAreItsCallersTensor) {
  Guest g;
  g.call(kConv);
  for (std::uint32_t row = 0; row < 8; ++row) {
    g.call(kHelper);
    g.write(kArena + row * 64, 64);
    g.leave();
    g.pass(6000);
  }
  g.leave();
  g.op(kAdd, kArena, 512, kArena, 0);
  const std::vector<Life> lives = g.lives();
  ASSERT_THAT(lives, ElementsAre(Lies(0, 512)));
  EXPECT_EQ(lives[0].writer, static_cast<StringId>(kConv));
}

TEST(LifeTracker, ScratchThatIsFilledAgainAndAgainIsOneLifeWithGenerations) {
  Guest g;
  g.call(kConv);
  for (int pixel = 0; pixel < 10; ++pixel) {
    g.write(kArena, 256);
    g.pass(500);
    g.call(kHelper);
    g.read(kArena, 256);
    g.leave();
  }
  g.leave();
  const std::vector<Life> lives = g.lives();
  ASSERT_THAT(lives, ElementsAre(Lies(0, 256)));
  EXPECT_EQ(lives[0].generations, 10U);
  EXPECT_EQ(lives[0].kind, LifeKind::kScratch);
}

TEST(LifeTracker, ScratchThatAHelperFillsIsOneLifeWithGenerations) {
  Guest g;
  g.call(kConv);
  for (int pixel = 0; pixel < 10; ++pixel) {
    g.call(kFill);
    g.write(kArena, 256);
    g.leave();
    g.call(kHelper);
    g.read(kArena, 256);
    g.write(kArena + 1024 + static_cast<std::uint32_t>(pixel) * 32, 32);
    g.leave();
  }
  g.leave();
  g.op(kAdd, kArena + 1024, 320, kArena, 0);
  const std::vector<Life> lives = g.lives();
  ASSERT_THAT(lives, ElementsAre(Lies(0, 256), Lies(1024, 320)));
  EXPECT_EQ(lives[0].generations, 10U);
  EXPECT_EQ(lives[1].generations, 1U);
}

TEST(LifeTracker, LayersInOneFunctionThatTakeTurnsInTwoBuffersStayApart) {
  Guest g;
  g.write(kArena, 1024);
  for (int layer = 0; layer < 6; ++layer) {
    const std::uint32_t in = layer % 2 == 0 ? kArena : kArena + 1024;
    for (std::uint32_t i = 0; i < 1024; i += 4) {
      g.read(in + i, 4);
      g.write((in == kArena ? kArena + 1024 : kArena) + i, 4);
    }
  }
  EXPECT_THAT(g.lives(), ElementsAre(Lies(0, 1024), Lies(1024, 1024), Lies(0, 1024), Lies(1024, 1024),
                                     Lies(0, 1024), Lies(1024, 1024), Lies(0, 1024)));
}

TEST(LifeTracker, AddingToASumGoesOnWithTheLife) {
  Guest g;
  g.call(kConv);
  g.write(kArena, 256);
  for (int pass = 0; pass < 5; ++pass) {
    for (std::uint32_t i = 0; i < 256; i += 4) {
      g.read(kArena + i, 4);
      g.write(kArena + i, 4);
    }
    g.pass(3000);
  }
  g.leave();
  g.op(kAdd, kArena, 256, kArena, 0);
  const std::vector<Life> lives = g.lives();
  ASSERT_THAT(lives, ElementsAre(Lies(0, 256)));
  EXPECT_EQ(lives[0].generations, 1U);
}

TEST(LifeTracker, WhatAHelperClearsAndItsCallerFillsIsOneLife) {
  Guest g;
  g.call(kConv);
  g.call(kClear);
  g.write(kArena, 512);
  g.leave();
  g.pass(5000);
  g.write(kArena, 512);
  g.leave();
  g.op(kAdd, kArena, 512, kArena, 0);
  EXPECT_THAT(g.lives(), ElementsAre(Lies(0, 512)));
}

TEST(LifeTracker, BytesThatNobodyReadsBelongToTheTensorAroundThem) {
  Guest g;
  g.call(kInvoke);
  g.op(kConv, kArena, 0, kArena, 1024);
  g.call(kDepthwise);
  for (std::uint32_t i = 0; i < 1024; i += 128) g.read(kArena + i, 16);
  g.pass(5000);
  g.leave();
  g.op(kConv, kArena, 0, kArena, 1024);
  g.leave();
  const std::vector<Life> lives = g.lives();
  ASSERT_THAT(lives, ElementsAre(Lies(0, 1024), Lies(0, 1024)));
  EXPECT_EQ(lives[0].touched, 1024U);
  EXPECT_EQ(lives[1].last_read, kNever);
}

TEST(LifeTracker, StepsActLikeCalls) {
  Guest g;
  g.call(kInvoke);
  for (std::int32_t step = 0; step < 3; ++step) {
    g.call(kHelper);
    g.tracker.step(step);
    g.leave();
    const std::uint32_t in = step % 2 == 0 ? kArena : kArena + 512;
    if (step > 0) g.read(in, 512);
    g.write(in == kArena ? kArena + 512 : kArena, 512);
  }
  g.tracker.step(-1);
  const std::vector<Life> lives = g.lives();
  ASSERT_THAT(lives, ElementsAre(Lies(512, 512), Lies(0, 512), Lies(512, 512)));
  EXPECT_EQ(lives[0].born_step, 0);
  EXPECT_EQ(lives[0].died_step, 1);
  EXPECT_EQ(lives[1].born_step, 1);
}

TEST(LifeTracker, SmallVariablesHaveOneLife) {
  Guest g;
  for (int i = 0; i < 10; ++i) {
    g.write(kRam + 0x100, 4);
    g.pass(1000);
    g.call(kHelper);
    g.read(kRam + 0x100, 4);
    g.leave();
  }
  const std::vector<Life> lives = g.lives(kSmallName);
  ASSERT_EQ(lives.size(), 1U);
  EXPECT_EQ(lives[0].bytes, 4U);
  EXPECT_EQ(lives[0].kind, LifeKind::kStatic);
  EXPECT_EQ(lives[0].reader, static_cast<StringId>(kHelper));
}

TEST(LifeTracker, ReadsOfBytesThatNothingWroteAreNoted) {
  Guest g;
  g.read(kArena, 8);
  g.write(kArena + 8, 8);
  g.read(kArena + 8, 8);
  ASSERT_EQ(g.tracker.unwritten_reads().size(), 1U);
  const LifeTracker::UnwrittenRead& read = g.tracker.unwritten_reads()[0];
  EXPECT_EQ(read.address, kArena);
  EXPECT_EQ(read.count, 8U);
  EXPECT_EQ(read.owner, kArenaName);
  const std::vector<Life> lives = g.lives();
  ASSERT_THAT(lives, ElementsAre(Lies(0, 8), Lies(8, 8)));
  EXPECT_TRUE(lives[0].flags & Life::kNeverWritten);
}

TEST(LifeTracker, TheRestOfAWordWhoseFirstByteIsWrittenIsNoReadOfUnwrittenBytes) {
  Guest g;
  g.write(kArena, 3);
  g.tracker.load(kArena, 4, 0x100);
  EXPECT_TRUE(g.tracker.unwritten_reads().empty());
  g.tracker.load(kArena + 3, 1, 0x102);
  EXPECT_TRUE(g.tracker.unwritten_reads().empty()) << "that byte is known to be read";
  g.write(kArena + 6, 2);
  g.tracker.load(kArena + 4, 4, 0x104);
  ASSERT_EQ(g.tracker.unwritten_reads().size(), 1U);
  EXPECT_EQ(g.tracker.unwritten_reads()[0].count, 2U);
}

TEST(LifeTracker, AHeapBlockEndsItsLivesWhenItIsFreedAndIsUnwrittenAgain) {
  Guest g;
  const std::uint32_t block = kRam + 0x8000;
  g.tracker.allocate({block, 256, 9, LifeKind::kHeap});
  g.write(block, 256);
  g.pass(1000);
  g.call(kHelper);
  g.read(block, 256);
  g.leave();
  g.pass(1000);
  const std::uint64_t freed = g.now;
  g.tracker.release(block);
  g.tracker.allocate({block, 128, 9, LifeKind::kHeap});
  g.read(block, 4);
  g.write(block, 128);
  EXPECT_EQ(g.tracker.unwritten_reads().size(), 1U);
  const std::vector<Life> lives = g.lives(9);
  ASSERT_EQ(lives.size(), 2U);
  EXPECT_EQ(lives[0].bytes, 256U);
  EXPECT_EQ(lives[0].released, freed);
  EXPECT_EQ(lives[0].died(), freed);
  EXPECT_EQ(lives[1].bytes, 128U);
  EXPECT_EQ(lives[1].released, kNever);
}

TEST(LifeTracker, FramesOfTheStackAreLivesThatNest) {
  Guest g;
  g.write(kStackBase + 0xff0, 16);
  g.call(kConv);
  g.write(kStackBase + 0xf00, 0xf0);
  for (int i = 0; i < 20; ++i) {
    g.call(kHelper);
    g.write(kStackBase + 0xee0, 32);
    g.pass(200);
    g.leave();
  }
  g.leave();
  g.pass(10000);
  const std::vector<Life> lives = g.lives(kStackName);
  ASSERT_EQ(lives.size(), 3U);
  EXPECT_EQ(lives[0].address, kStackBase + 0xff0);
  EXPECT_EQ(lives[1].writer, static_cast<StringId>(kConv));
  EXPECT_EQ(lives[1].address, kStackBase + 0xf00);
  EXPECT_EQ(lives[1].bytes, 0xf0U);
  EXPECT_EQ(lives[2].writer, static_cast<StringId>(kHelper));
  EXPECT_EQ(lives[2].bytes, 32U);
  EXPECT_EQ(lives[2].generations, 20U);
}

TEST(LifeTracker, AMillionCallsOfAHelperAreOneLife) {
  Guest g;
  g.call(kConv);
  for (int i = 0; i < 1'000'000; ++i) {
    g.call(kFill);
    g.write(kArena, 16);
    g.leave();
    g.call(kHelper);
    g.read(kArena, 16);
    g.leave();
  }
  g.leave();
  const std::vector<Life> lives = g.lives();
  ASSERT_THAT(lives, ElementsAre(Lies(0, 16)));
  EXPECT_EQ(lives[0].generations, 1'000'000U);
  EXPECT_EQ(g.tracker.dropped(), 0U);
}

TEST(LifeTracker, HeapBlocksThatComeAndGoLeaveRoomForOthers) {
  Guest g;
  for (int i = 0; i < 20'000; ++i) {
    const std::uint32_t block = kRam + 0x8000 + static_cast<std::uint32_t>(i % 16) * 256;
    g.tracker.allocate({block, 128, 9, LifeKind::kHeap});
    g.write(block, 128);
    g.read(block, 128);
    g.tracker.release(block);
  }
  EXPECT_EQ(g.lives(9).size(), 20'000U);
}

TEST(LifeTracker, LaterAnswersRepeatOnlyWhatHasChanged) {
  Guest g;
  g.op(kConv, kArena, 0, kArena, 512);
  const std::vector<Life> first = g.tracker.take(false);
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0].id, 0U);
  EXPECT_TRUE(g.tracker.take(false).empty());
  g.op(kAdd, kArena, 512, kArena + 512, 512);
  const std::vector<Life> second = g.tracker.take(false);
  ASSERT_EQ(second.size(), 2U);
  EXPECT_EQ(second[0].id, 0U);
  EXPECT_EQ(second[0].reader, static_cast<StringId>(kAdd));
  EXPECT_EQ(second[1].id, 1U);
}

}  // namespace
}  // namespace traces
