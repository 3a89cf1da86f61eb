// Oscillators, PLLs, switches, power flags and flash settings: when flags come, and what frequencies follow.
#include <gmock/gmock.h>

#include "bench.h"

namespace sim::peripherals::test {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// STM32F7
constexpr std::uint32_t kRccF7 = 0x40023800, kPwrF7 = 0x40007000, kFlashF7 = 0x40023c00;
// STM32H7
constexpr std::uint32_t kRccH7 = 0x58024400, kPwrH7 = 0x58024800, kFlashH7 = 0x52002000,
                        kSyscfgH7 = 0x58000400;

constexpr std::uint32_t kHseOn = 1u << 16, kHseReady = 1u << 17, kPllOn = 1u << 24, kPllReady = 1u << 25;

/// HSE 25 MHz / 25 x 432 / 2 = 216 MHz; APB1 / 4, APB2 / 2.
void full_speed_f7(Bench& bench) {
  bench.set(kRccF7, kHseOn);
  bench.cycles_until(kRccF7, kHseReady, kHseReady);
  bench.write(kRccF7 + 4, 25 | 432 << 6 | 1 << 22 | 9 << 24);
  bench.set(kRccF7, kPllOn);
  bench.cycles_until(kRccF7, kPllReady, kPllReady);
  bench.write(kFlashF7, 7);
  bench.write(kRccF7 + 8, 5 << 10 | 4 << 13 | 2);
}

TEST(Clocks, TheF7ComesUpOnItsInternalOscillator) {
  Bench bench("stm32f746");
  EXPECT_EQ(bench.point.core_hz, 16e6);
  EXPECT_EQ(bench.point.flash_wait_states, 0);
  EXPECT_EQ(bench.read(kRccF7) & 3, 3u);        // HSION, HSIRDY
  EXPECT_EQ(bench.read(kRccF7 + 8) & 0xf, 0u);  // SW, SWS: HSI
}

TEST(Clocks, AnOscillatorIsReadyAfterItsTimeAndNotACycleBefore) {
  Bench bench("stm32f746");
  bench.set(kRccF7, kHseOn);
  EXPECT_EQ(bench.cycles_until(kRccF7, kHseReady, kHseReady), 500u * 16);  // 500 us at 16 MHz
  bench.clear(kRccF7, kHseOn);
  EXPECT_EQ(bench.read(kRccF7) & kHseReady, 0u);
}

TEST(Clocks, ThePllTakesTheF7To216MHz) {
  Bench bench("stm32f746");
  full_speed_f7(bench);
  EXPECT_EQ(bench.read(kRccF7 + 8) >> 2 & 3, 2u);  // SWS
  EXPECT_EQ(bench.point.core_hz, 216e6);
  EXPECT_EQ(bench.point.axi_hz, 216e6);
  EXPECT_EQ(bench.point.ahb_hz, 216e6);
  EXPECT_EQ(bench.point.flash_wait_states, 7);
  EXPECT_THAT(bench.notes.notes(), IsEmpty());
}

TEST(Clocks, TheSwitchWaitsForItsSource) {
  Bench bench("stm32f746");
  bench.write(kRccF7 + 8, 1);  // HSE, which is off
  EXPECT_EQ(bench.read(kRccF7 + 8), 1u);
  bench.set(kRccF7, kHseOn);
  bench.cycles_until(kRccF7 + 8, 0xc, 1 << 2);
  EXPECT_EQ(bench.point.core_hz, 25e6);
}

TEST(Clocks, WhatTheSystemRunsFromStaysOn) {
  Bench bench("stm32f746");
  full_speed_f7(bench);
  bench.clear(kRccF7, kPllOn | kHseOn);
  EXPECT_EQ(bench.read(kRccF7) & (kPllOn | kHseOn), kPllOn | kHseOn);
  EXPECT_EQ(bench.point.core_hz, 216e6);
}

TEST(Clocks, AnotherCrystalGivesAnotherClockAndAWordAboutIt) {
  Bench bench("stm32f746");
  bench.bus.set_hse(50'000'000);
  bench.bus.reset();
  full_speed_f7(bench);
  EXPECT_EQ(bench.point.core_hz, 432e6);
  EXPECT_THAT(bench.notes.notes(), Contains(HasSubstr("432.000 MHz, above the 216 MHz of stm32f746")));
}

TEST(Clocks, OverDriveOfTheF7FollowsItsRequest) {
  Bench bench("stm32f746");
  bench.set(kRccF7 + 0x40, 1u << 28);
  EXPECT_EQ(bench.read(kPwrF7 + 4) & (3u << 16), 0u);
  bench.set(kPwrF7, 1u << 16);
  EXPECT_EQ(bench.cycles_until(kPwrF7 + 4, 1u << 16, 1u << 16), 40u * 16);
  bench.set(kPwrF7, 1u << 17);
  bench.cycles_until(kPwrF7 + 4, 1u << 17, 1u << 17);
  bench.clear(kPwrF7, 1u << 16);
  EXPECT_EQ(bench.read(kPwrF7 + 4) & (1u << 16), 0u);
}

TEST(Clocks, TheBackupDomainIsLockedUntilDbpIsSet) {
  Bench bench("stm32f746");
  bench.set(kRccF7 + 0x40, 1u << 28);
  bench.write(kRccF7 + 0x70, 1);
  EXPECT_EQ(bench.read(kRccF7 + 0x70), 0u);
  bench.set(kPwrF7, 1u << 8);
  bench.write(kRccF7 + 0x70, 1);
  EXPECT_EQ(bench.cycles_until(kRccF7 + 0x70, 2, 2), 1000u * 16);
}

TEST(Clocks, AcrOfTheF7SetsWaitStatesAcceleratorAndPrefetch) {
  Bench bench("stm32f746");
  bench.write(kFlashF7, 1 << 9 | 1 << 8 | 5);
  EXPECT_EQ(bench.read(kFlashF7), 0x305u);
  EXPECT_EQ(bench.point.flash_wait_states, 5);
  EXPECT_TRUE(bench.point.art);
  EXPECT_TRUE(bench.point.flash_prefetch);
}

/// 8 MHz / 2 x 240 / 2 = 480 MHz; HCLK / 2.
void full_speed_h7(Bench& bench, std::uint32_t source_divider = 2, std::uint32_t n = 240) {
  bench.set(kRccH7, kHseOn);
  bench.cycles_until(kRccH7, kHseReady, kHseReady);
  bench.write(kRccH7 + 0x28, source_divider << 4 | 2);
  bench.write(kRccH7 + 0x30, (n - 1) | 1 << 9 | 3 << 16 | 1 << 24);
  bench.set(kRccH7, kPllOn);
  bench.cycles_until(kRccH7, kPllReady, kPllReady);
  bench.write(kRccH7 + 0x18, 8);
  bench.write(kRccH7 + 0x10, 3);
}

TEST(Clocks, TheH743GoesFrom64To480MHz) {
  Bench bench("stm32h743");
  EXPECT_EQ(bench.point.core_hz, 64e6);
  EXPECT_EQ(bench.point.flash_wait_states, 7);
  full_speed_h7(bench);
  bench.write(kFlashH7, 0x24);
  EXPECT_EQ(bench.read(kRccH7 + 0x10) >> 3 & 7, 3u);
  EXPECT_EQ(bench.point.core_hz, 480e6);
  EXPECT_EQ(bench.point.axi_hz, 240e6);
  EXPECT_EQ(bench.point.ahb_hz, 240e6);
  EXPECT_EQ(bench.point.flash_wait_states, 4);
}

TEST(Clocks, TheFractionOfThePllCounts) {
  Bench bench("stm32h743");
  bench.write(kRccH7 + 0x2c, bench.read(kRccH7 + 0x2c) | 1);  // PLL1FRACEN
  bench.write(kRccH7 + 0x34, 4096 << 3);                      // half
  full_speed_h7(bench, 2, 200);
  EXPECT_EQ(bench.point.core_hz, 4e6 * 200.5 / 2);
}

TEST(Clocks, TheDividerOfTheInternalOscillatorCounts) {
  Bench bench("stm32h743");
  bench.set(kRccH7, 2 << 3);
  EXPECT_EQ(bench.point.core_hz, 16e6);
}

TEST(Clocks, TheH7A3AndTheH723HaveTheirOwnNamesAndCeilings) {
  for (const char* name : {"stm32h7a3", "stm32h723"}) {
    Bench bench(name);
    EXPECT_EQ(bench.point.core_hz, 64e6) << name;
    full_speed_h7(bench, 2, 140);
    EXPECT_EQ(bench.point.core_hz, 280e6) << name;
    EXPECT_THAT(bench.notes.notes(), IsEmpty()) << name;
  }
  Bench bench("stm32h7a3");
  EXPECT_EQ(bench.point.flash_wait_states, 3);  // reset value of ACR
}

TEST(Clocks, TheH7A3HasItsEnableRegistersFrom0x134On) {
  Bench bench("stm32h7a3");
  bench.write(kRccH7 + 0x13c, 0x60000000);  // AHB2ENR
  EXPECT_EQ(bench.read(kRccH7 + 0x13c), 0x60000000u);
  EXPECT_EQ(bench.read(kRccH7 + 0x154), 0x00010000u);  // APB4ENR as it comes out of reset
  EXPECT_THAT(bench.notes.notes(), IsEmpty());
}

TEST(Clocks, TheSupplyOfTheH7IsChosenOnce) {
  Bench bench("stm32h743");
  EXPECT_EQ(bench.read(kPwrH7 + 0xc), 6u);
  bench.set(kPwrH7 + 0xc, 2);
  EXPECT_EQ(bench.read(kPwrH7 + 0xc), 2u);                                  // SCUEN is gone
  EXPECT_EQ(bench.cycles_until(kPwrH7 + 4, 1u << 13, 1u << 13), 40u * 64);  // ACTVOSRDY
  bench.write(kPwrH7 + 0xc, 4);
  EXPECT_EQ(bench.read(kPwrH7 + 0xc) & 7, 2u);
}

TEST(Clocks, VoltageScalesOfTheH743AreReadyAfterTheRegulatorIncludingVos0) {
  Bench bench("stm32h743");
  bench.set(kPwrH7 + 0x18, 3u << 14);  // VOS1
  EXPECT_EQ(bench.cycles_until(kPwrH7 + 0x18, 1u << 13, 1u << 13), 40u * 64);
  EXPECT_EQ(bench.read(kPwrH7 + 4) >> 14, 3u);  // ACTVOS
  bench.set(kRccH7 + 0xf4, 1u << 1);
  bench.write(kSyscfgH7 + 0x2c, 1);  // ODEN
  EXPECT_EQ(bench.read(kPwrH7 + 0x18) & 1u << 13, 0u);
  EXPECT_EQ(bench.cycles_until(kPwrH7 + 0x18, 1u << 13, 1u << 13), 40u * 64);
}

TEST(Clocks, TheFlashLockOpensWithItsKeysInOrder) {
  Bench bench("stm32f746");
  constexpr std::uint32_t kLock = 1u << 31;
  bench.write(kFlashF7 + 4, 0xcdef89ab);
  bench.write(kFlashF7 + 4, 0x45670123);
  EXPECT_EQ(bench.read(kFlashF7 + 0x10) & kLock, kLock);
  bench.write(kFlashF7 + 4, 0xcdef89ab);
  EXPECT_EQ(bench.read(kFlashF7 + 0x10) & kLock, 0u);
}

TEST(Clocks, ErasingIsRefusedByNameAndByFlag) {
  Bench bench("stm32f746");
  bench.write(kFlashF7 + 4, 0x45670123);
  bench.write(kFlashF7 + 4, 0xcdef89ab);
  bench.write(kFlashF7 + 0x10, 1u << 16 | 2);
  EXPECT_EQ(bench.read(kFlashF7 + 0xc), 2u);  // OPERR, not busy
  EXPECT_THAT(bench.notes.notes(), Contains(HasSubstr("FLASH.CR: erasing and programming")));
}

}  // namespace
}  // namespace sim::peripherals::test
