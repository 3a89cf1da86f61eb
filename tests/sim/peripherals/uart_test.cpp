// USART: when bytes are through, which flags and interrupts they raise.
#include <gmock/gmock.h>

#include "bench.h"

namespace sim::peripherals::test {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

constexpr std::uint32_t kUsart1 = 0x40011000, kUsart2 = 0x40004400, kIrq = 37;
enum : std::uint32_t {
  kCr1 = 0x00,
  kCr2 = 0x04,
  kBrr = 0x0c,
  kRqr = 0x18,
  kIsr = 0x1c,
  kIcr = 0x20,
  kRdr = 0x24,
  kTdr = 0x28
};
constexpr std::uint32_t kUe = 1, kRe = 4, kTe = 8, kOver8 = 1u << 15;
constexpr std::uint32_t kOre = 1u << 3, kIdle = 1u << 4, kRxne = 1u << 5, kTc = 1u << 6, kTxe = 1u << 7;
// The kernel clock is the core's 16 MHz here, so that a bit is BRR cycles.
constexpr std::uint32_t kBit = 139, kFrame = 10 * kBit;

struct UartBench : Bench {
  explicit UartBench(std::uint32_t cr1, const std::string& device = "") : Bench("stm32f746", device) {
    set(0x40023844, 1u << 4);
    write(kUsart1 + kBrr, kBit);
    write(kUsart1 + kCr1, cr1 | kUe);
  }
  std::uint32_t flags() { return read(kUsart1 + kIsr); }
};

TEST(Uart, AByteTakesTenBitTimes) {
  UartBench bench(kTe);
  EXPECT_EQ(bench.flags() & (kTxe | kTc), kTxe | kTc);
  bench.write(kUsart1 + kTdr, 'A');
  EXPECT_EQ(bench.flags() & (kTxe | kTc), kTxe);  // the shift register has it
  EXPECT_EQ(bench.console.sent, "A");
  bench.go_to(kFrame - 1);
  EXPECT_EQ(bench.flags() & kTc, 0u);
  bench.go_to(kFrame);
  EXPECT_EQ(bench.flags() & kTc, kTc);
}

TEST(Uart, TheSecondByteWaitsForTheFirst) {
  UartBench bench(kTe);
  bench.write(kUsart1 + kTdr, 'A');
  bench.write(kUsart1 + kTdr, 'B');
  EXPECT_EQ(bench.flags() & (kTxe | kTc), 0u);
  bench.go_to(kFrame - 1);
  EXPECT_EQ(bench.flags() & kTxe, 0u);
  bench.go_to(kFrame);
  EXPECT_EQ(bench.flags() & (kTxe | kTc), kTxe);
  bench.go_to(2 * kFrame - 1);
  EXPECT_EQ(bench.flags() & kTc, 0u);
  bench.go_to(2 * kFrame);
  EXPECT_EQ(bench.flags() & kTc, kTc);
  EXPECT_EQ(bench.console.sent, "AB");
}

TEST(Uart, WhatWaitsAtTheEndOfTheRunStillLeaves) {
  UartBench bench(kTe);
  bench.write(kUsart1 + kTdr, 'A');
  bench.write(kUsart1 + kTdr, 'B');
  EXPECT_EQ(bench.console.sent, "A");
  bench.bus.finish();
  EXPECT_EQ(bench.console.sent, "AB");
}

TEST(Uart, TwoStopBitsAndOversamplingBy8ChangeTheTime) {
  UartBench bench(kTe);
  bench.write(kUsart1 + kCr1, 0);
  bench.write(kUsart1 + kCr2, 2u << 12);
  bench.write(kUsart1 + kCr1, kTe | kUe);
  bench.write(kUsart1 + kTdr, 'A');
  EXPECT_EQ(bench.cycles_until(kUsart1 + kIsr, kTc, kTc), 11 * kBit);
  bench.write(kUsart1 + kCr1, 0);
  bench.write(kUsart1 + kCr2, 0);
  bench.write(kUsart1 + kBrr, 0x115);  // USARTDIV = 0x11a = 282: a bit is 141 periods
  bench.write(kUsart1 + kCr1, kTe | kUe | kOver8);
  bench.write(kUsart1 + kTdr, 'A');
  EXPECT_EQ(bench.cycles_until(kUsart1 + kIsr, kTc, kTc), 10 * 141u);
}

TEST(Uart, AKernelClockSlowerThanTheCoreStretchesTheByte) {
  UartBench bench(kTe);
  bench.write(0x40023808, 4u << 13);  // APB2 / 2
  bench.write(kUsart1 + kTdr, 'A');
  EXPECT_EQ(bench.cycles_until(kUsart1 + kIsr, kTc, kTc), 2 * kFrame);
}

TEST(Uart, InterruptsFollowTheirFlagsAndEnables) {
  UartBench bench(kTe);
  bench.set(kUsart1 + kCr1, 1u << 7);  // TXEIE
  EXPECT_TRUE(bench.lines.high[kIrq]);
  bench.write(kUsart1 + kTdr, 'A');
  bench.write(kUsart1 + kTdr, 'B');
  EXPECT_FALSE(bench.lines.high[kIrq]);
  bench.go_to(kFrame);
  EXPECT_TRUE(bench.lines.high[kIrq]);
  bench.clear(kUsart1 + kCr1, 1u << 7);
  EXPECT_FALSE(bench.lines.high[kIrq]);
  bench.set(kUsart1 + kCr1, 1u << 6);  // TCIE
  bench.go_to(2 * kFrame);
  EXPECT_TRUE(bench.lines.high[kIrq]);
  bench.write(kUsart1 + kIcr, kTc);
  EXPECT_FALSE(bench.lines.high[kIrq]);
}

TEST(Uart, AByteArrivesTenBitTimesAfterTheReceiverIsOn) {
  UartBench bench(0);
  bench.console.typed = "xy";
  bench.set(kUsart1 + kCr1, kRe | 1u << 5);  // RXNEIE
  bench.go_to(kFrame - 1);
  EXPECT_EQ(bench.flags() & kRxne, 0u);
  EXPECT_FALSE(bench.lines.high[kIrq]);
  bench.go_to(kFrame);
  EXPECT_EQ(bench.flags() & kRxne, kRxne);
  EXPECT_TRUE(bench.lines.high[kIrq]);
  EXPECT_EQ(bench.read(kUsart1 + kRdr), static_cast<std::uint32_t>('x'));
  EXPECT_FALSE(bench.lines.high[kIrq]);
  EXPECT_EQ(bench.cycles_until(kUsart1 + kIsr, kRxne, kRxne), kFrame);
  EXPECT_EQ(bench.read(kUsart1 + kRdr), static_cast<std::uint32_t>('y'));
}

TEST(Uart, APatientSenderLosesNothing) {
  UartBench bench(0);
  bench.console.typed = "xy";
  bench.set(kUsart1 + kCr1, kRe);
  bench.go_to(100 * kFrame);
  EXPECT_EQ(bench.flags() & (kRxne | kOre), kRxne);
  EXPECT_EQ(bench.read(kUsart1 + kRdr), static_cast<std::uint32_t>('x'));
  bench.go_to(101 * kFrame - 1);
  EXPECT_EQ(bench.flags() & kRxne, 0u);
  bench.go_to(101 * kFrame);
  EXPECT_EQ(bench.read(kUsart1 + kRdr), static_cast<std::uint32_t>('y'));
}

TEST(Uart, AByteTooManyIsAnOverrunAndIsLost) {
  UartBench bench(0);
  bench.console.typed = "xy";
  bench.console.patient = false;
  bench.set(kUsart1 + kCr1, kRe);
  bench.go_to(2 * kFrame - 1);
  EXPECT_EQ(bench.flags() & kOre, 0u);
  bench.go_to(2 * kFrame);
  EXPECT_EQ(bench.flags() & kOre, kOre);
  EXPECT_EQ(bench.read(kUsart1 + kRdr), static_cast<std::uint32_t>('x'));
  bench.write(kUsart1 + kIcr, kOre);
  EXPECT_EQ(bench.flags() & (kOre | kRxne), 0u);
}

TEST(Uart, TheLineIsIdleAFrameAfterTheLastByte) {
  UartBench bench(0);
  bench.console.typed = "x";
  bench.set(kUsart1 + kCr1, kRe);
  bench.go_to(kFrame);
  bench.read(kUsart1 + kRdr);
  bench.go_to(2 * kFrame - 1);
  EXPECT_EQ(bench.flags() & kIdle, 0u);
  bench.go_to(2 * kFrame);
  EXPECT_EQ(bench.flags() & kIdle, kIdle);
}

TEST(Uart, ASilentConsoleIsAskedRarelyAndAClosedOneNoMore) {
  UartBench bench(0);
  bench.set(kUsart1 + kCr1, kRe);
  bench.go_to(100 * kFrame);
  EXPECT_LE(bench.console.asked, 11);
  bench.console.closed = true;
  bench.go_to(200 * kFrame);
  int asked = bench.console.asked;
  bench.go_to(1000 * kFrame);
  EXPECT_EQ(bench.console.asked, asked);
  EXPECT_EQ(bench.bus.next_event(), kNeverHappens);
}

TEST(Uart, TheFirstPortThatIsEnabledHasTheConsole) {
  UartBench bench(kTe);
  bench.set(0x40023840, 1u << 17);
  bench.write(kUsart2 + kBrr, kBit);
  bench.write(kUsart2 + kCr1, kTe | kUe);
  bench.write(kUsart2 + kTdr, '2');
  bench.write(kUsart1 + kTdr, '1');
  EXPECT_EQ(bench.console.sent, "1");
  EXPECT_THAT(bench.notes.notes(), Contains(HasSubstr("USART2.TDR: what is sent here goes nowhere")));
}

TEST(Uart, ANamedPortHasTheConsole) {
  UartBench bench(kTe, "USART2");
  bench.set(0x40023840, 1u << 17);
  bench.write(kUsart1 + kTdr, '1');
  bench.write(kUsart2 + kBrr, kBit);
  bench.write(kUsart2 + kCr1, kTe | kUe);
  bench.write(kUsart2 + kTdr, '2');
  EXPECT_EQ(bench.console.sent, "2");
}

TEST(Uart, AcknowledgesFollowTheEnables) {
  UartBench bench(kTe);
  EXPECT_EQ(bench.flags() >> 21 & 3, 1u);  // TEACK
  bench.set(kUsart1 + kCr1, kRe);
  EXPECT_EQ(bench.flags() >> 21 & 3, 3u);
}

TEST(Uart, AResetThroughTheRccResetsIt) {
  UartBench bench(kTe);
  bench.write(0x40023824, 1u << 4);
  bench.write(0x40023824, 0);
  EXPECT_EQ(bench.read(kUsart1 + kCr1), 0u);
}

}  // namespace
}  // namespace sim::peripherals::test
