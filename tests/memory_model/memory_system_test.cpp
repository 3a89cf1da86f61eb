// The whole of it between the core and the memories: what costs, what does not, and what is counted.
#include "memory_model/memory_system.h"

#include <gtest/gtest.h>

#include <vector>

#include "memory_model/core_port.h"
#include "toy_board.h"

namespace memory_model {
namespace {

using isa::Address;
using isa::Cycles;
using namespace test;
using enum MemorySystem::Maintenance;

constexpr std::uint64_t kPort = kDataPort.request + kDataPort.answer;
/// An AXI SRAM's first beat: a clock on the way, a clock for itself.
constexpr std::uint64_t kAxiFirst = 2;

class MemorySystemTest : public ::testing::Test {
 protected:
  MemorySystemTest() { memory_.set_operating_point(toy_point(4)); }

  std::uint64_t load(std::uint32_t address, std::uint64_t now, unsigned bytes = 4) {
    return memory_.load(Address(address), bytes, Cycles(now)).total();
  }
  std::uint64_t store(std::uint32_t address, std::uint64_t now, unsigned bytes = 4) {
    return memory_.store(Address(address), bytes, Cycles(now)).total();
  }
  Stall fetch(std::uint32_t address, unsigned bytes, std::uint64_t now, bool jumped = true) {
    return memory_.fetch(Address(address), bytes, jumped, Cycles(now));
  }
  Stall maintain(MemorySystem::Maintenance operation, std::uint32_t argument, std::uint64_t now) {
    return memory_.maintain(operation, argument, Cycles(now));
  }
  CacheCounts dcache() const { return memory_.counts().dcache; }
  void map(std::uint32_t base, std::uint64_t size, int tex, bool c, bool b, bool s = false) {
    MpuRegion region;
    region.enabled = true;
    region.base = Address(base);
    region.size = size;
    region.access = 3;
    region.tex = static_cast<std::uint8_t>(tex);
    region.c = c;
    region.b = b;
    region.s = s;
    memory_.set_mpu(std::vector{region}, true, true);
  }

  Board board_ = toy_board();
  MemorySystem memory_{board_};
};

TEST_F(MemorySystemTest, ATcmAnswersAtOnceAndIsQuickFromThenOn) {
  EXPECT_FALSE(memory_.quick_load(kDtcm));
  EXPECT_EQ(load(kDtcm, 10), 0u);
  EXPECT_TRUE(memory_.quick_load(kDtcm + 31));
  EXPECT_FALSE(memory_.quick_load(kDtcm + 32));
  EXPECT_FALSE(memory_.quick_store(kDtcm));
  EXPECT_EQ(store(kDtcm, 11), 0u);
  EXPECT_TRUE(memory_.quick_store(kDtcm));
  EXPECT_EQ(fetch(kDtcm, 64, 12).total(), 0u);
  EXPECT_TRUE(fetch(kDtcm, 64, 12).settled);
  EXPECT_EQ(memory_.counts().bus_transactions, 0u);
}

TEST_F(MemorySystemTest, AMissWaitsForItsWordOnlyAndTheLineThenHits) {
  EXPECT_EQ(load(kAxiSram + 8, 100), kPort + kAxiFirst);
  EXPECT_FALSE(memory_.quick_load(kAxiSram)) << "still on its way";
  EXPECT_EQ(load(kAxiSram + 8, 200), 0u);
  EXPECT_TRUE(memory_.quick_load(kAxiSram));
  EXPECT_FALSE(memory_.quick_store(kAxiSram)) << "would become dirty";
  EXPECT_EQ(dcache().line_fills, 1u);
}

TEST_F(MemorySystemTest, TheRestOfALineStreamsInBehindTheCriticalWord) {
  EXPECT_EQ(load(kAxiSram + 16, 100), kPort + kAxiFirst);
  const std::uint64_t now = 100 + kPort + kAxiFirst;
  EXPECT_EQ(load(kAxiSram + 20, now), 0u) << "the same beat";
  EXPECT_EQ(load(kAxiSram + 24, now), 1u) << "the next beat";
  EXPECT_EQ(load(kAxiSram + 0, now), 2u) << "wrapped around";
  EXPECT_EQ(load(kAxiSram + 8, now), 3u) << "the last beat";
  EXPECT_EQ(load(kAxiSram + 8, now + 3), 0u);
}

TEST_F(MemorySystemTest, AThirdMissWaitsForOneOfTwoLinefillBuffers) {
  // Stores that miss do not wait themselves, so that three lines are wanted at once.
  store(kAhbSram, 100);
  store(kAhbSram + 0x100, 101);
  const Stall third = memory_.load(Address(kAhbSram + 0x200), 4, Cycles(102));
  EXPECT_GT(third.bus, 0u);
  EXPECT_EQ(dcache().line_fills, 3u);
}

TEST_F(MemorySystemTest, AStoreThatMissesFetchesItsLineWithoutWaiting) {
  EXPECT_EQ(store(kAxiSram, 100), 0u);
  EXPECT_EQ(dcache().line_fills, 1u);
  EXPECT_EQ(store(kAxiSram + 4, 200), 0u);
  EXPECT_TRUE(memory_.quick_store(kAxiSram));
  EXPECT_TRUE(memory_.quick_load(kAxiSram));
}

TEST_F(MemorySystemTest, TheStoreBufferTakesFourAndTheFifthWaits) {
  map(kAhbSram, 0x10000, 1, false, false);  // not cacheable: each goes to memory
  std::uint64_t now = 100;
  for (int n = 0; n < 4; ++n)
    EXPECT_EQ(store(kAhbSram + 8 * static_cast<std::uint32_t>(n), now + static_cast<std::uint64_t>(n)), 0u);
  EXPECT_GT(store(kAhbSram + 32, now + 4), 0u);
  EXPECT_EQ(store(kAhbSram + 40, now + 1000), 0u);
}

TEST_F(MemorySystemTest, StoresToTheSame64BitsMerge) {
  map(kAhbSram, 0x10000, 1, false, false);
  store(kAhbSram, 100);      // leaves at once
  store(kAhbSram + 8, 100);  // waits behind it
  const std::uint64_t before = memory_.counts().bus_transactions;
  store(kAhbSram + 12, 101);
  EXPECT_EQ(memory_.counts().bus_transactions, before) << "joined the one that waits";
  store(kAhbSram + 16, 101);
  EXPECT_EQ(memory_.counts().bus_transactions, before + 1);
}

TEST_F(MemorySystemTest, ADirtyLineIsWrittenBackWhenItLeaves) {
  const std::uint32_t set = 4096 / 4;  // addresses this far apart share a set
  store(kAxiSram, 100);
  for (std::uint32_t n = 1; n <= 3; ++n) load(kAxiSram + n * set, 100 + 100 * n);
  EXPECT_EQ(dcache(), (CacheCounts{4, 0}));
  load(kAxiSram + 4 * set, 1000);
  EXPECT_EQ(dcache(), (CacheCounts{5, 1}));
  load(kAxiSram + 5 * set, 1100);
  EXPECT_EQ(dcache(), (CacheCounts{6, 1})) << "that one was clean";
  EXPECT_FALSE(memory_.quick_load(kAxiSram));
  EXPECT_GT(load(kAxiSram, 2000), 0u);
}

TEST_F(MemorySystemTest, WithLruOnlyTheMostRecentLineOfASetIsQuick) {
  const std::uint32_t set = 4096 / 4;
  load(kAxiSram, 100);
  load(kAxiSram + set, 200);
  load(kAxiSram, 300);
  EXPECT_TRUE(memory_.quick_load(kAxiSram));
  load(kAxiSram + set, 400);
  EXPECT_TRUE(memory_.quick_load(kAxiSram + set));
  EXPECT_FALSE(memory_.quick_load(kAxiSram));
}

TEST_F(MemorySystemTest, WithPseudoRandomReplacementAllLinesThatHitAreQuick) {
  board_.dcache.replacement = Replacement::kPseudoRandom;
  MemorySystem memory(board_);
  memory.set_operating_point(toy_point(4));
  for (std::uint32_t line : {0u, 4096u / 4}) {
    memory.load(Address(kAxiSram + line), 4, Cycles(100 + line));
    memory.load(Address(kAxiSram + line), 4, Cycles(200 + line));
  }
  EXPECT_TRUE(memory.quick_load(kAxiSram));
  EXPECT_TRUE(memory.quick_load(kAxiSram + 4096 / 4));
}

TEST_F(MemorySystemTest, WriteThroughMemoryIsWrittenEachTimeAndNeverWrittenBack) {
  map(kAxiSram, 0x10000, 0, true, false);
  EXPECT_EQ(store(kAxiSram, 100), 0u);
  EXPECT_EQ(dcache().line_fills, 0u) << "a store does not allocate";
  EXPECT_EQ(memory_.counts().bus_transactions, 1u);
  load(kAxiSram, 200);
  load(kAxiSram, 300);
  store(kAxiSram, 400);
  EXPECT_EQ(memory_.counts().bus_transactions, 3u);
  EXPECT_FALSE(memory_.quick_store(kAxiSram));
  EXPECT_TRUE(memory_.quick_load(kAxiSram));
  maintain(kDccimvac, kAxiSram, 500);
  EXPECT_EQ(dcache().write_backs, 0u);
}

TEST_F(MemorySystemTest, WriteBackMemoryWithoutWriteAllocateKeepsWhatItHas) {
  map(kAxiSram, 0x10000, 0, true, true);
  store(kAxiSram, 100);
  EXPECT_EQ(dcache().line_fills, 0u);
  load(kAxiSram, 200);
  store(kAxiSram, 300);
  EXPECT_TRUE(memory_.quick_store(kAxiSram));
  maintain(kDccmvac, kAxiSram, 400);
  EXPECT_EQ(dcache().write_backs, 1u);
}

TEST_F(MemorySystemTest, ShareableMemoryIsNotCached) {
  map(kAxiSram, 0x10000, 1, true, true, true);
  for (std::uint64_t now : {100, 200}) EXPECT_EQ(load(kAxiSram, now), kPort + kAxiFirst);
  EXPECT_FALSE(memory_.quick_load(kAxiSram));
  EXPECT_EQ(dcache().line_fills, 0u);
}

TEST_F(MemorySystemTest, ALoadFromTheBusMayNotOvertakeAStoreToTheSamePlace) {
  map(kAhbSram, 0x10000, 1, false, false);
  const std::uint64_t alone = load(kAhbSram, 100);
  for (std::uint32_t n = 0; n < 3; ++n) store(kAhbSram + 8 * n, 200);
  EXPECT_GT(load(kAhbSram + 16, 201), alone);
}

TEST_F(MemorySystemTest, StoresThatFillLinesFasterThanMemoryStopFetchingThem) {
  // Slow enough that sixteen stores end before the line is there.
  auto fill_lines = [&](std::uint32_t first, int lines, std::uint64_t now) {
    for (std::uint32_t n = 0; n < static_cast<std::uint32_t>(lines) * 4; ++n)
      now += 1 + store(kQspi + first + 8 * n, now, 8);
    return now;
  };
  map(kQspi, 0x10000, 1, true, true);
  std::uint64_t now = fill_lines(0, 3, 1000);
  EXPECT_EQ(dcache().line_fills, 3u);
  now = fill_lines(96, 5, now);
  EXPECT_EQ(dcache().line_fills, 3u) << "in read-allocate mode";
  store(kQspi + 0x1000, now, 4);
  store(kQspi + 0x1100, now + 1, 4);
  EXPECT_EQ(dcache().line_fills, 4u) << "a partial line ended it";
}

TEST_F(MemorySystemTest, DisablingTheCacheKeepsItsTagsButNotItsHelp) {
  load(kAxiSram, 100);
  OperatingPoint off = toy_point(4);
  off.dcache = false;
  memory_.set_operating_point(off);
  EXPECT_FALSE(memory_.quick_load(kAxiSram));
  EXPECT_EQ(load(kAxiSram, 200), kPort + kAxiFirst);
  memory_.set_operating_point(toy_point(4));
  EXPECT_EQ(load(kAxiSram, 300), 0u);
}

TEST_F(MemorySystemTest, AnAccessAcrossALineIsTwo) {
  EXPECT_EQ(load(kAxiSram + 30, 100), 2 * (kPort + kAxiFirst));
  EXPECT_EQ(dcache().line_fills, 2u);
  EXPECT_EQ(store(kAxiSram + 62, 500), 0u);
  EXPECT_EQ(dcache().line_fills, 3u);
}

TEST_F(MemorySystemTest, ADeviceAnswersAtItsOwnPaceAndIsCountedApart) {
  const Stall first = memory_.load(Address(kPeripheral), 4, Cycles(100));
  EXPECT_EQ(first.device, kPort + 1 + 2 + 1);
  EXPECT_EQ(first.cycles, 0u);
  EXPECT_EQ(memory_.counts().device_accesses, 1u);
  EXPECT_EQ(memory_.store(Address(kPeripheral), 4, Cycles(200)).total(), 0u) << "the core goes on";
  EXPECT_GT(memory_.load(Address(kPeripheral), 4, Cycles(201)).total(), first.total()) << "in order";
}

TEST_F(MemorySystemTest, NothingIsChargedWhereNothingIs) {
  EXPECT_EQ(load(0x70000000, 100), 0u);
  EXPECT_EQ(store(0x70000000, 100), 0u);
  EXPECT_EQ(load(0xe000e010, 100), 0u);
}

TEST_F(MemorySystemTest, ABarrierWaitsUntilAllStoresHaveArrived) {
  EXPECT_EQ(memory_.drain(Cycles(50)).total(), 0u);
  map(kAhbSram, 0x10000, 1, false, false);
  store(kAhbSram, 100);
  store(kAhbSram + 8, 100);
  const std::uint64_t wait = memory_.drain(Cycles(101)).total();
  EXPECT_GT(wait, 5u);
  EXPECT_EQ(memory_.drain(Cycles(101 + wait)).total(), 0u);
}

TEST_F(MemorySystemTest, MaintenanceByAddressCleansAndInvalidates) {
  store(kAxiSram, 100);
  store(kAxiSram, 200);
  EXPECT_TRUE(memory_.quick_store(kAxiSram));
  maintain(kDccmvac, kAxiSram + 12, 300);
  EXPECT_EQ(dcache().write_backs, 1u);
  EXPECT_FALSE(memory_.quick_store(kAxiSram)) << "clean now";
  EXPECT_EQ(load(kAxiSram, 400), 0u);
  maintain(kDccmvau, kAxiSram, 450);
  EXPECT_EQ(dcache().write_backs, 1u) << "was clean already";
  maintain(kDcimvac, kAxiSram, 500);
  EXPECT_FALSE(memory_.quick_load(kAxiSram));
  EXPECT_GT(load(kAxiSram, 600), 0u);
  store(kAxiSram, 700);
  maintain(kDccimvac, kAxiSram, 800);
  EXPECT_EQ(dcache().write_backs, 2u);
  EXPECT_GT(load(kAxiSram, 900), 0u);
  store(kAxiSram, 1000);
  maintain(kDcimvac, kAxiSram, 1100);
  EXPECT_EQ(dcache().write_backs, 2u) << "invalidating alone loses what was dirty";
}

TEST_F(MemorySystemTest, MaintenanceBySetAndWayReachesEveryLine) {
  const std::uint32_t set = 4096 / 4;
  for (std::uint32_t n = 0; n < 4; ++n) store(kAxiSram + 64 + n * set, 100 + 100 * n);
  auto argument = [](std::uint32_t way, std::uint32_t index) { return way << 30 | index << 5; };
  for (std::uint32_t way = 0; way < 4; ++way) maintain(kDccsw, argument(way, 2), 1000 + 100 * way);
  EXPECT_EQ(dcache().write_backs, 4u);
  EXPECT_EQ(load(kAxiSram + 64, 2000), 0u) << "cleaned, not lost";
  for (std::uint32_t way = 0; way < 4; ++way) maintain(kDccisw, argument(way, 2), 3000 + 100 * way);
  EXPECT_EQ(dcache().write_backs, 4u);
  EXPECT_GT(load(kAxiSram + 64, 4000), 0u);
  maintain(kDcisw, argument(0, 2), 5000);
  maintain(kDcisw, argument(1, 2), 5000);
  EXPECT_GT(load(kAxiSram + 64, 6000), 0u);
}

TEST_F(MemorySystemTest, TheInstructionCacheIsInvalidatedWholeOrByAddress) {
  fetch(kFlash, 8, 100);
  fetch(kFlash + 64, 8, 200);
  EXPECT_EQ(fetch(kFlash, 8, 300).total(), 0u);
  const std::uint64_t epoch = memory_.fetch_epoch();
  maintain(kIcimvau, kFlash, 400);
  EXPECT_NE(memory_.fetch_epoch(), epoch);
  EXPECT_GT(fetch(kFlash, 8, 500).total(), 0u);
  EXPECT_EQ(fetch(kFlash + 64, 8, 600).total(), 0u);
  maintain(kIciallu, 0, 700);
  EXPECT_GT(fetch(kFlash + 64, 8, 800).total(), 0u);
}

TEST_F(MemorySystemTest, AFetchedLineIsSettledUntilTheEpochChanges) {
  board_.icache.replacement = Replacement::kPseudoRandom;
  MemorySystem memory(board_);
  memory.set_operating_point(toy_point(4));
  const Stall miss = memory.fetch(Address(kFlash), 8, true, Cycles(100));
  EXPECT_EQ(miss.total(), kFetchPort.request + kFetchPort.answer + 1 + 4 + 1);
  EXPECT_FALSE(miss.settled);
  EXPECT_TRUE(memory.fetch(Address(kFlash), 8, true, Cycles(200)).settled);
  const std::uint64_t epoch = memory.fetch_epoch();
  memory.fetch(Address(kFlash + 32), 8, true, Cycles(300));
  EXPECT_EQ(memory.fetch_epoch(), epoch) << "nothing had to leave";
  for (std::uint32_t n = 1; n <= 2; ++n)
    memory.fetch(Address(kFlash + n * 2048), 8, true, Cycles(400 + 100 * n));
  EXPECT_NE(memory.fetch_epoch(), epoch) << "two ways, three lines of a set";
}

TEST_F(MemorySystemTest, CodeThatRunsStraightOnIsFetchedAhead) {
  const std::uint64_t jumped = fetch(kFlash, 4, 100, true).total();
  const std::uint64_t straight = fetch(kFlash + 32, 4, 1000, false).total();
  EXPECT_EQ(straight, jumped - kFetchQueueBytes / kFetchBytesPerCycle);
}

TEST_F(MemorySystemTest, WithoutTheInstructionCacheCodeIsFetchedEveryTime) {
  OperatingPoint off = toy_point(4);
  off.icache = false;
  memory_.set_operating_point(off);
  for (std::uint64_t now : {100, 200, 300}) {
    const Stall stall = fetch(kFlash, 8, now);
    EXPECT_GT(stall.total(), 0u);
    EXPECT_FALSE(stall.settled);
  }
  EXPECT_EQ(memory_.counts().icache.line_fills, 0u);
}

TEST_F(MemorySystemTest, TheAcceleratorKeepsLinesAndWaitsOnlyForTheOthers) {
  EXPECT_EQ(fetch(kFlashItcm, 8, 100).total(), 4u) << "the wait states";
  EXPECT_EQ(fetch(kFlashItcm + 8, 24, 200).total(), 0u);
  EXPECT_EQ(fetch(kFlashItcm + 64, 8, 300).total(), 4u);
  EXPECT_EQ(fetch(kFlashItcm, 8, 400).total(), 0u) << "kept";
  EXPECT_FALSE(fetch(kFlashItcm, 8, 400).settled);
  for (std::uint32_t n = 2; n < 6; ++n) fetch(kFlashItcm + 64 * n, 8, 500 + 100 * n);
  EXPECT_EQ(fetch(kFlashItcm, 8, 2000).total(), 4u) << "four lines, least recently used first";
}

TEST_F(MemorySystemTest, TheAcceleratorReadsTheNextLineAhead) {
  OperatingPoint point = toy_point(4);
  point.flash_prefetch = true;
  memory_.set_operating_point(point);
  EXPECT_EQ(fetch(kFlashItcm, 32, 100).total(), 4u);
  EXPECT_EQ(fetch(kFlashItcm + 32, 32, 200).total(), 0u);
  EXPECT_EQ(fetch(kFlashItcm + 64, 32, 201).total(), 4u) << "not there yet";
}

TEST_F(MemorySystemTest, AResetForgetsEverything) {
  store(kAxiSram, 100);
  fetch(kFlash, 8, 200);
  memory_.reset();
  EXPECT_EQ(memory_.counts(), Counts{});
  EXPECT_EQ(memory_.operating_point(), board_.reset_point);
  memory_.set_operating_point(toy_point(4));
  EXPECT_EQ(load(kAxiSram, 10), kPort + kAxiFirst);
  EXPECT_EQ(dcache(), (CacheCounts{1, 0}));
}

TEST_F(MemorySystemTest, TwoSystemsRunSideBySideWithoutTouchingEachOther) {
  MemorySystem other(board_);
  other.set_operating_point(toy_point(4));
  EXPECT_EQ(load(kAxiSram, 100), kPort + kAxiFirst);
  EXPECT_EQ(other.load(Address(kAxiSram), 4, Cycles(100)).total(), kPort + kAxiFirst);
  EXPECT_EQ(load(kAxiSram, 200), 0u);
  EXPECT_EQ(other.counts().dcache.line_fills, 1u);
}

}  // namespace
}  // namespace memory_model
