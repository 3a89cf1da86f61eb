// The NVIC and SysTick alone: no emulator, exact cycles.
#include "sim/nvic.h"

#include <gtest/gtest.h>

#include "sim/systick.h"

namespace sim {
namespace {

constexpr unsigned kIrq3 = kFirstInterrupt + 3, kIrq4 = kFirstInterrupt + 4;

TEST(Nvic, ALevelLinePendsAgainAfterEachReturnUntilItFalls) {
  Nvic nvic(32, 4);
  nvic.enable(kIrq3, true);
  nvic.set_line(3, true);
  EXPECT_EQ(nvic.next({}), kIrq3);
  nvic.activate(kIrq3);
  EXPECT_FALSE(nvic.pending(kIrq3));
  nvic.deactivate(kIrq3);
  EXPECT_TRUE(nvic.pending(kIrq3)) << "the line is still high";
  nvic.activate(kIrq3);
  nvic.set_line(3, false);
  nvic.deactivate(kIrq3);
  EXPECT_FALSE(nvic.pending(kIrq3));
}

TEST(Nvic, APulseIsRememberedAndASecondOneDuringTheHandlerToo) {
  Nvic nvic(32, 4);
  nvic.enable(kIrq3, true);
  nvic.set_line(3, true);
  nvic.set_line(3, false);
  EXPECT_EQ(nvic.next({}), kIrq3);
  nvic.activate(kIrq3);
  nvic.set_line(3, true);
  nvic.set_line(3, false);
  EXPECT_EQ(nvic.next({}), std::nullopt) << "it does not pre-empt itself";
  nvic.deactivate(kIrq3);
  EXPECT_EQ(nvic.next({}), kIrq3);
}

TEST(Nvic, KeepsOnlyTheBitsOfAPriorityThatThePartHas) {
  Nvic four(32, 4), three(32, 3);
  four.set_priority(kIrq3, 0xff);
  three.set_priority(kIrq3, 0xff);
  EXPECT_EQ(four.priority(kIrq3), 0xf0);
  EXPECT_EQ(three.priority(kIrq3), 0xe0);
}

TEST(Nvic, LinesThatThePartLacksDoNothing) {
  Nvic nvic(40, 4);
  EXPECT_EQ(nvic.lines(), 64u);
  nvic.set_line(64, true);
  nvic.write(0x008, 0xffffffff);  // ISER2
  EXPECT_EQ(nvic.read(0x008), 0u);
  EXPECT_FALSE(nvic.any());
}

TEST(Nvic, MasksHoldOffByPriority) {
  Nvic nvic(32, 4);
  nvic.enable(kIrq3, true);
  nvic.set_priority(kIrq3, 0x40);
  nvic.pend(kIrq3);
  EXPECT_EQ(nvic.next({.basepri = 0x50}), kIrq3);
  EXPECT_EQ(nvic.next({.basepri = 0x40}), std::nullopt);
  EXPECT_EQ(nvic.next({.primask = true}), std::nullopt);
  EXPECT_TRUE(nvic.wakes({.primask = true}));
  EXPECT_FALSE(nvic.wakes({.basepri = 0x40}));
  nvic.pend(kNmi);
  EXPECT_EQ(nvic.next({.primask = true, .faultmask = true}), unsigned{kNmi});
}

TEST(Nvic, WithinAGroupSubPrioritiesOnlyOrder) {
  Nvic nvic(32, 4);
  nvic.set_group(5);  // bits 7 and 6
  for (unsigned n : {kIrq3, kIrq4}) nvic.enable(n, true);
  nvic.set_priority(kIrq3, 0x90);
  nvic.set_priority(kIrq4, 0x80);
  nvic.pend(kIrq3);
  nvic.pend(kIrq4);
  EXPECT_EQ(nvic.next({}), kIrq4);
  nvic.unpend(kIrq4);
  nvic.activate(kIrq3);
  nvic.pend(kIrq4);
  EXPECT_EQ(nvic.next({}), std::nullopt);
  nvic.set_group(3);
  EXPECT_EQ(nvic.next({}), kIrq4);
}

SysTick running(std::uint32_t reload, std::uint32_t control, std::uint64_t at = 100) {
  SysTick timer;
  timer.reset(isa::Cycles(0));
  timer.write_rvr(reload, isa::Cycles(at));
  timer.write_csr(control, isa::Cycles(at));
  return timer;
}

TEST(SysTick, ReachesZeroOneTickAndAReloadLaterAndThenEveryPeriod) {
  SysTick timer = running(9, 7);
  EXPECT_EQ(timer.cvr(isa::Cycles(100)), 0u);
  EXPECT_EQ(timer.cvr(isa::Cycles(101)), 9u);
  EXPECT_EQ(timer.cvr(isa::Cycles(109)), 1u);
  EXPECT_EQ(timer.next_event(), isa::Cycles(110));
  EXPECT_FALSE(timer.advance(isa::Cycles(109)));
  EXPECT_TRUE(timer.advance(isa::Cycles(110)));
  EXPECT_EQ(timer.next_event(), isa::Cycles(120));
  EXPECT_FALSE(timer.advance(isa::Cycles(119)));
  EXPECT_TRUE(timer.advance(isa::Cycles(145))) << "two wraps at once pend once";
  EXPECT_EQ(timer.next_event(), isa::Cycles(150));
}

TEST(SysTick, ANewReloadValueCountsFromTheNextWrap) {
  SysTick timer = running(9, 7);
  timer.write_rvr(99, isa::Cycles(105));
  EXPECT_EQ(timer.next_event(), isa::Cycles(110));
  EXPECT_TRUE(timer.advance(isa::Cycles(110)));
  EXPECT_EQ(timer.next_event(), isa::Cycles(210));
}

TEST(SysTick, CountFlagIsReadOnce) {
  SysTick timer = running(9, 5);
  EXPECT_EQ(timer.read_csr(isa::Cycles(109)), 5u);
  EXPECT_EQ(timer.read_csr(isa::Cycles(110)), 0x10005u);
  EXPECT_EQ(timer.read_csr(isa::Cycles(111)), 5u);
  EXPECT_EQ(timer.next_event(), kNeverHappens) << "TICKINT is clear";
}

TEST(SysTick, WritingTheCounterClearsItAndPendsNothing) {
  SysTick timer = running(9, 7);
  timer.write_cvr(isa::Cycles(108));
  EXPECT_EQ(timer.cvr(isa::Cycles(108)), 0u);
  EXPECT_FALSE(timer.advance(isa::Cycles(117)));
  EXPECT_TRUE(timer.advance(isa::Cycles(118)));
}

TEST(SysTick, TheReferenceClockIsAnEighth) {
  SysTick timer = running(9, 3, 80);
  EXPECT_EQ(timer.next_event(), isa::Cycles(80 + 10 * 8));
  EXPECT_FALSE(timer.advance(isa::Cycles(159)));
  EXPECT_TRUE(timer.advance(isa::Cycles(160)));
}

TEST(SysTick, AReloadOfZeroStandsStill) {
  SysTick timer = running(0, 7);
  EXPECT_EQ(timer.next_event(), kNeverHappens);
  EXPECT_FALSE(timer.advance(isa::Cycles(1000)));
}

}  // namespace
}  // namespace sim
