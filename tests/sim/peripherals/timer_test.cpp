// Timers: the counter at a time, and the cycle in which flags come.
#include <gmock/gmock.h>

#include "bench.h"

namespace sim::peripherals::test {
namespace {

constexpr std::uint32_t kTim1 = 0x40010000, kTim2 = 0x40000000, kTim3 = 0x40000400;
enum : std::uint32_t {
  kCr1 = 0x00,
  kDier = 0x0c,
  kSr = 0x10,
  kEgr = 0x14,
  kCnt = 0x24,
  kPsc = 0x28,
  kArr = 0x2c,
  kRcr = 0x30,
  kCcr1 = 0x34,
  kCcr2 = 0x38
};
constexpr unsigned kTim2Irq = 28;

// At reset core, bus and timer clock are the same 16 MHz: a tick is a cycle.
struct TimerBench : Bench {
  TimerBench() : Bench("stm32f746") {
    set(0x40023840, 7);
    set(0x40023844, 1);
  }
  void start(std::uint32_t timer, std::uint32_t psc, std::uint32_t arr, std::uint32_t dier) {
    write(timer + kPsc, psc);
    write(timer + kArr, arr);
    write(timer + kEgr, 1);
    write(timer + kSr, 0);
    write(timer + kDier, dier);
    write(timer + kCr1, read(timer + kCr1) | 1);
  }
};

TEST(Timer, CountsWithItsPrescaler) {
  TimerBench bench;
  bench.start(kTim2, 9, 0xffffffff, 0);
  bench.go_to(9);
  EXPECT_EQ(bench.read(kTim2 + kCnt), 0u);
  bench.go_to(10);
  EXPECT_EQ(bench.read(kTim2 + kCnt), 1u);
  bench.go_to(12345);
  EXPECT_EQ(bench.read(kTim2 + kCnt), 1234u);
}

TEST(Timer, TheUpdateInterruptComesWithTheOverflowAndNotACycleBefore) {
  TimerBench bench;
  bench.start(kTim2, 1, 99, 1);
  EXPECT_EQ(bench.bus.next_event().value, 200u);
  bench.go_to(199);
  EXPECT_FALSE(bench.lines.high[kTim2Irq]);
  bench.go_to(200);
  EXPECT_TRUE(bench.lines.high[kTim2Irq]);
  bench.write(kTim2 + kSr, 0);
  EXPECT_FALSE(bench.lines.high[kTim2Irq]);
  EXPECT_EQ(bench.bus.next_event().value, 400u);
}

TEST(Timer, PeriodsDoNotDriftWhereTheClocksDoNotDivide) {
  TimerBench bench;
  bench.write(0x40023808, 4u << 10);  // APB1 / 2 gives the timer HCLK
  bench.start(kTim2, 2, 6, 1);        // 21 ticks
  std::uint64_t first = bench.bus.next_event().value;
  for (int i = 0; i < 1000; ++i) {
    bench.go_to(bench.bus.next_event().value);
    bench.write(kTim2 + kSr, 0);
  }
  EXPECT_EQ(bench.bus.next_event().value, first * 1001);
}

TEST(Timer, WithoutInterruptsItNeedsNoEventsAndItsFlagIsThere) {
  TimerBench bench;
  bench.start(kTim2, 0, 9, 0);
  EXPECT_EQ(bench.bus.next_event(), kNeverHappens);
  bench.go_to(1'000'000'003);
  EXPECT_EQ(bench.read(kTim2 + kSr) & 1, 1u);
  EXPECT_EQ(bench.read(kTim2 + kCnt), 3u);
}

TEST(Timer, ComparesRaiseTheirFlagsInTheCycleOfTheMatch) {
  TimerBench bench;
  bench.write(kTim2 + kCcr1, 30);
  bench.write(kTim2 + kCcr2, 0);
  bench.start(kTim2, 0, 99, 1 << 1 | 1 << 2);
  EXPECT_EQ(bench.bus.next_event().value, 30u);
  bench.go_to(29);
  EXPECT_FALSE(bench.lines.high[kTim2Irq]);
  bench.go_to(30);
  EXPECT_TRUE(bench.lines.high[kTim2Irq]);
  EXPECT_EQ(bench.read(kTim2 + kSr) & 6, 2u);
  bench.write(kTim2 + kSr, 0);
  bench.go_to(99);
  EXPECT_EQ(bench.read(kTim2 + kSr) & 6, 0u);
  bench.go_to(100);
  EXPECT_EQ(bench.read(kTim2 + kSr) & 6, 4u);  // channel 2 at 0
}

TEST(Timer, OnePulseStopsAtTheUpdate) {
  TimerBench bench;
  bench.write(kTim2 + kCr1, 1 << 3);
  bench.start(kTim2, 0, 49, 1);
  bench.go_to(1000);
  EXPECT_EQ(bench.read(kTim2 + kCr1) & 1, 0u);
  EXPECT_EQ(bench.read(kTim2 + kCnt), 0u);
  EXPECT_EQ(bench.bus.next_event(), kNeverHappens);
}

TEST(Timer, APreloadedPeriodTakesEffectAtTheUpdate) {
  TimerBench bench;
  bench.write(kTim2 + kCr1, 1 << 7);  // ARPE
  bench.start(kTim2, 0, 99, 1);
  bench.go_to(50);
  bench.write(kTim2 + kArr, 9);
  EXPECT_EQ(bench.bus.next_event().value, 100u);
  bench.go_to(100);
  bench.write(kTim2 + kSr, 0);
  EXPECT_EQ(bench.bus.next_event().value, 110u);
}

TEST(Timer, APrescalerWithoutUpdateEventWaits) {
  TimerBench bench;
  bench.write(kTim2 + kPsc, 99);
  bench.write(kTim2 + kArr, 9);
  bench.write(kTim2 + kCr1, 1);
  bench.go_to(9);
  EXPECT_EQ(bench.read(kTim2 + kCnt), 9u);  // still undivided
  bench.go_to(10 + 100);
  EXPECT_EQ(bench.read(kTim2 + kCnt), 1u);
}

TEST(Timer, ARepetitionCounterThinsUpdates) {
  TimerBench bench;
  bench.write(kTim1 + kRcr, 2);
  bench.start(kTim1, 0, 9, 1);
  EXPECT_EQ(bench.bus.next_event().value, 30u);
  bench.go_to(29);
  EXPECT_EQ(bench.read(kTim1 + kSr) & 1, 0u);
  bench.go_to(30);
  EXPECT_TRUE(bench.lines.high[25]);
  bench.write(kTim1 + kSr, 0);
  EXPECT_EQ(bench.bus.next_event().value, 60u);
}

TEST(Timer, A16BitTimerWrapsAt16Bits) {
  TimerBench bench;
  bench.start(kTim3, 0, 0xffff, 0);
  bench.go_to(0x10005);
  EXPECT_EQ(bench.read(kTim3 + kCnt), 5u);
}

TEST(Timer, KeepsItsCountWhereTheClockChanges) {
  TimerBench bench;
  bench.start(kTim2, 0, 0xffffffff, 0);
  bench.go_to(1000);
  bench.write(0x40023808, 4u << 10);  // APB1 / 2: the timer has twice that, as before
  EXPECT_EQ(bench.read(kTim2 + kCnt), 1000u);
  bench.write(0x40023808, 5u << 10);  // APB1 / 4: half of HCLK
  bench.wait(1000);
  EXPECT_EQ(bench.read(kTim2 + kCnt), 1500u);
}

TEST(Timer, ASharedLineIsHighWhileOneOfItsUsersHoldsIt) {
  TimerBench bench;
  constexpr std::uint32_t kTim10 = 0x40014400;
  bench.set(0x40023844, 1u << 17);
  bench.start(kTim1, 0, 9, 1);
  bench.start(kTim10, 0, 9, 1);
  bench.go_to(10);
  bench.write(kTim1 + kSr, 0);
  EXPECT_TRUE(bench.lines.high[25]);
  bench.write(kTim10 + kSr, 0);
  EXPECT_FALSE(bench.lines.high[25]);
}

}  // namespace
}  // namespace sim::peripherals::test
