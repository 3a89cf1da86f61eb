// Exact latencies behind the caches: every clock of the toy board is 100 MHz, a cycle is 10 ns.
#include "memory_model/interconnect.h"

#include <gtest/gtest.h>

#include "toy_board.h"

namespace memory_model {
namespace {

using isa::Address;
using namespace test;

constexpr Time kCycle = 10'000'000;  // 10 ns

class InterconnectTest : public ::testing::Test {
 protected:
  Burst line(std::uint32_t address, std::uint64_t cycle) {
    return bus_.transfer(Address(address), 32, false, true, cycle * kCycle);
  }
  Burst word(std::uint32_t address, std::uint64_t cycle, bool write = false) {
    return bus_.transfer(Address(address), 4, write, false, cycle * kCycle);
  }

  Board board_ = toy_board();
  Interconnect bus_{board_};
};

TEST_F(InterconnectTest, AnSramSendsFourBeatsAfterTheBussLatency) {
  const Burst burst = line(kAxiSram, 100);
  EXPECT_EQ(burst.first, 102 * kCycle);  // one clock on the way, one for the beat
  EXPECT_EQ(burst.done, 105 * kCycle);
  EXPECT_EQ(burst.at(8), 103 * kCycle);
  EXPECT_EQ(burst.at(31), 105 * kCycle);
  EXPECT_EQ(burst.waited, 0u);
}

TEST_F(InterconnectTest, ANarrowBusTakesTwiceTheBeatsAndFillsAWideBeatWithTwo) {
  const Burst burst = line(kAhbSram, 100);
  EXPECT_EQ(burst.first, 105 * kCycle);  // 1 + 2 on the way, two beats of 32 bits
  EXPECT_EQ(burst.done, 111 * kCycle);
}

TEST_F(InterconnectTest, ARequestWaitsForTheNextEdgeOfTheBus) {
  EXPECT_EQ(bus_.transfer(Address(kAxiSram), 8, false, false, 100 * kCycle + 1'000'000).first, 103 * kCycle);
}

TEST_F(InterconnectTest, AMemoryServesOneBurstAtATime) {
  line(kAxiSram, 100);
  const Burst second = line(kAxiSram + 32, 101);
  EXPECT_EQ(second.waited, 3 * kCycle);  // arrives at 102, free at 105
  EXPECT_EQ(second.first, 106 * kCycle);
  const Burst third = line(kAxiSram + 64, 108);
  EXPECT_EQ(third.waited, 0u);
  EXPECT_EQ(third.first, 110 * kCycle);
}

TEST_F(InterconnectTest, DifferentMemoriesDoNotWaitForEachOther) {
  line(kAxiSram, 100);
  EXPECT_EQ(line(kFlash, 101).waited, 0u);
}

TEST_F(InterconnectTest, ABridgeThatIsSerialHoldsBackTheNextBurst) {
  const Burst first = line(kAhbSram, 100);
  const Burst second = line(kAhbSram + 32, 101);
  EXPECT_EQ(second.waited, first.done - 102 * kCycle);
  EXPECT_EQ(second.first, first.done + 4 * kCycle);  // over the bridge again
}

TEST_F(InterconnectTest, FlashReadsALineInItsWaitStatesAndKeepsIt) {
  for (int wait_states : {0, 1, 7}) {
    bus_.reset();
    bus_.set_operating_point(toy_point(wait_states), isa::Cycles(0));
    const Burst first = line(kFlash, 100);
    EXPECT_EQ(first.first, (102 + static_cast<Time>(wait_states)) * kCycle);
    EXPECT_EQ(first.done, first.first + 3 * kCycle);
    EXPECT_EQ(word(kFlash + 28, 200).first, 202 * kCycle) << "same line";
    EXPECT_EQ(word(kFlash + 32, 300).first, (302 + static_cast<Time>(wait_states)) * kCycle) << "next line";
  }
}

TEST_F(InterconnectTest, AFlashOfNarrowLinesWaitsForEachOfThem) {
  board_.flash.line_bits = 128;
  Interconnect bus(board_);
  bus.set_operating_point(toy_point(4), isa::Cycles(0));
  const Burst burst = bus.transfer(Address(kFlash), 32, false, true, 100 * kCycle);
  EXPECT_EQ(burst.first, 106 * kCycle);
  EXPECT_EQ(burst.done, burst.first + 3 * 3 * kCycle);  // two more clocks a beat: four a line
}

TEST_F(InterconnectTest, BothAliasesOfAFlashAreTheSameFlash) {
  bus_.set_operating_point(toy_point(5), isa::Cycles(0));
  line(kFlash + 64, 100);
  EXPECT_EQ(word(kFlashItcm + 64, 200).first, 201 * kCycle);  // no latency on that bus; the line is kept
}

TEST_F(InterconnectTest, SdramOpensARowAndThenAnswersAfterCas) {
  EXPECT_EQ(line(kSdram, 100).first, (101 + 2 + 3 + 8) * kCycle);             // RCD, CAS, eight words
  EXPECT_EQ(line(kSdram + 32, 200).first, (201 + 3 + 8 - 2) * kCycle);        // the row is open
  EXPECT_EQ(line(kSdram + 1024, 300).first, (301 + 2 + 2 + 3 + 8) * kCycle);  // RP too: another row
  EXPECT_EQ(line(kSdram + 0x400000, 400).first, (401 + 2 + 3 + 8) * kCycle);  // another bank
  EXPECT_EQ(line(kSdram + 1024 + 32, 500).first, (501 + 3 + 8) * kCycle);     // its row stayed open
}

TEST_F(InterconnectTest, AnSdramControllerHandsALineOverWhenItHasAllOfIt) {
  const Burst burst = line(kSdram, 100);
  EXPECT_EQ(burst.first, (101 + 2 + 3 + 8) * kCycle);
  EXPECT_EQ(burst.done, burst.first + 3 * kCycle);  // over the AXI bus
}

TEST_F(InterconnectTest, ANarrowSdramTakesAClockAWord) {
  for (int width : {32, 16, 8}) {
    board_.regions[5].sdram->width_bits = width;
    Interconnect bus(board_);
    const Burst burst = bus.transfer(Address(kSdram), 32, false, true, 100 * kCycle);
    EXPECT_EQ(burst.first, (101 + 2 + 3 + 256 / static_cast<Time>(width)) * kCycle) << width;
  }
}

TEST_F(InterconnectTest, SerialFlashReadsOnWithoutACommand) {
  // 50 MHz, 4 lines, both edges: a byte a clock of 20 ns; a line takes 64 core cycles.
  const Burst first = line(kQspi, 100);
  EXPECT_EQ(first.first, (102 + 20 + 64) * kCycle);  // the next edge of 50 MHz, 10 clocks of command
  const Burst next = line(kQspi + 32, 190);
  EXPECT_EQ(next.first, (186 + 64) * kCycle) << "went on by itself";
  EXPECT_EQ(line(kQspi + 64, 1000).first, 1001 * kCycle) << "was read ahead long ago";
  EXPECT_EQ(line(kQspi + 4096, 2000).first, (2002 + 20 + 64) * kCycle) << "elsewhere";
}

TEST_F(InterconnectTest, SerialFlashNeedsASecondCommandForALineWantedFromTheMiddle) {
  const Burst whole = line(kQspi + 8, 100);
  EXPECT_EQ(whole.first, (102 + 20 + 48 + 20 + 16) * kCycle);  // 24 bytes, then 8 more from the beginning
  // What it reads on with is what follows those 8 bytes, not the next line.
  EXPECT_EQ(line(kQspi + 32, 1000).first, (1002 + 20 + 64) * kCycle);
}

TEST_F(InterconnectTest, NothingAnswersWhereNothingIs) {
  EXPECT_FALSE(word(0x70000000, 100).answered);
}

TEST_F(InterconnectTest, TimeRunsOnWhenTheClockChanges) {
  bus_.set_operating_point(toy_point(0), isa::Cycles(0));
  const Time before = bus_.time_of(isa::Cycles(1000));
  OperatingPoint slow = toy_point(0);
  slow.core_hz = 50e6;
  bus_.set_operating_point(slow, isa::Cycles(1000));
  EXPECT_EQ(bus_.time_of(isa::Cycles(1000)), before);
  EXPECT_EQ(bus_.time_of(isa::Cycles(1010)), before + 20 * kCycle);
  EXPECT_EQ(bus_.cycle_of(before + 20 * kCycle), isa::Cycles(1010));
}

TEST_F(InterconnectTest, EdgesStayInStepForHours) {
  Clock core(480e6), axi(240e6);
  for (std::uint64_t cycle :
       {std::uint64_t{1000}, std::uint64_t{48'000'000'000}, std::uint64_t{1'000'000'000'000}}) {
    const Time even = core.cycles(static_cast<double>(cycle));
    EXPECT_NEAR(static_cast<double>(axi.edge(even)) - static_cast<double>(even), 0, 1000) << cycle;
  }
}

}  // namespace
}  // namespace memory_model
