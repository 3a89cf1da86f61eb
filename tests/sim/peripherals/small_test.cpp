// Pins, CRC, random numbers, EXTI, the calendar, identification; what is not there and what is not modelled.
#include <gmock/gmock.h>

#include <set>

#include "bench.h"
#include "sim/peripherals/sites.h"

namespace sim::peripherals::test {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::uint32_t kRcc = 0x40023800, kPwr = 0x40007000;

TEST(Bus, AnAddressOfNoPeripheralIsNotAnswered) {
  Bench bench("stm32f746");
  EXPECT_FALSE(bench.bus.read(isa::Address(0x58030000), 4, bench.now));
  EXPECT_FALSE(bench.bus.write(isa::Address(0x5fff0000), 4, 0, bench.now));
  EXPECT_TRUE(bench.bus.has(isa::Address(0xe0042000)));  // DBGMCU, in the system space
}

TEST(Bus, ARegisterThatIsNotModelledIsNamedOnceAndKept) {
  Bench bench("stm32f746");
  EXPECT_EQ(bench.read(kRcc + 0x88), 0x24003000u);
  bench.write(kRcc + 0x88, 0x24001234);
  EXPECT_EQ(bench.read(kRcc + 0x88), 0x24001234u);
  EXPECT_THAT(bench.notes.notes(), ElementsAre(HasSubstr("RCC.PLLSAICFGR (0x40023888) is not modelled")));
}

TEST(Bus, APeripheralWithoutItsClockIsNamedOnce) {
  Bench bench("stm32f746");
  bench.write(0x40011008, 0);
  bench.write(0x40011008, 0);
  EXPECT_THAT(bench.notes.notes(),
              ElementsAre(HasSubstr("USART1 is used while its clock is off (bit 4 of RCC.APB2ENR)")));
}

TEST(Bus, BytesAndHalfwordsChangeTheirPart) {
  Bench bench("stm32f746");
  bench.write(kRcc + 0x30, 0x11223344);
  bench.write(kRcc + 0x31, 0xaa, 1);
  bench.write(kRcc + 0x32, 0xbbcc, 2);
  EXPECT_EQ(bench.read(kRcc + 0x30), 0xbbccaa44u);
  EXPECT_EQ(bench.read(kRcc + 0x31, 1), 0xaau);
}

TEST(Bus, NoTwoPeripheralsOfAPartOverlapAndEachEnableBitIsOnOnePage) {
  for (const char* name :
       {"stm32f746", "stm32f767", "stm32h743", "stm32h723", "stm32h7a3", "mps2-an500", "imxrt1062"}) {
    Part part = part_of(memory_model::load_board(name));
    ASSERT_NE(part.family, nullptr) << name;
    std::map<std::uint32_t, const Site*> by_base;
    for (std::span<const Site> sites : part.family->sites) {
      for (const Site& site : sites) {
        EXPECT_TRUE(by_base.emplace(site.base, &site).second) << name << ": " << site.name;
        if (!site.map) continue;
        std::set<std::uint32_t> offsets;
        for (const Register& row : site.map->rows) {
          EXPECT_LT(row.offset, site.bytes) << site.name << "." << row.name;
          EXPECT_EQ(row.offset % 4, 0u) << site.name << "." << row.name;
          EXPECT_TRUE(offsets.insert(row.offset).second) << site.name << "." << row.name;
        }
      }
    }
    std::uint64_t end = 0;
    for (const auto& [base, site] : by_base) {
      EXPECT_GE(base, end) << name << ": " << site->name;
      end = std::uint64_t{base} + site->bytes;
    }
  }
}

TEST(Bus, EveryRegisterReadsItsResetValue) {
  for (const char* name : {"stm32f746", "stm32h743", "stm32h7a3", "mps2-an500"}) {
    Bench bench(name);
    Part part = part_of(bench.board);
    for (std::span<const Site> sites : part.family->sites) {
      for (const Site& site : sites) {
        bool plain = site.kind == Kind::kKept || site.kind == Kind::kRcc || site.kind == Kind::kFlash;
        if (!plain || !site.map) continue;
        for (const Register& row : site.map->rows)
          EXPECT_EQ(bench.read(site.base + row.offset), row.reset) << site.name << "." << row.name;
      }
    }
  }
}

TEST(Rt1062, PllsAreLockedAndHaveSetAndClearAddresses) {
  Bench bench("imxrt1062");
  constexpr std::uint32_t kArm = 0x400d8000, kLock = 1u << 31, kPowerDown = 1u << 12;
  bench.write(kArm + 4, kPowerDown);
  EXPECT_EQ(bench.read(kArm) & kPowerDown, kPowerDown);
  bench.write(kArm + 8, kPowerDown);
  EXPECT_EQ(bench.read(kArm) & (kPowerDown | kLock), kLock);
  EXPECT_THAT(bench.notes.notes(), IsEmpty());
}

TEST(Gpio, OutputsPullsAndTheSetResetRegister) {
  Bench bench("stm32f746");
  constexpr std::uint32_t kPort = 0x40020800;  // C
  bench.set(kRcc + 0x30, 1 << 2);
  bench.write(kPort, 1 << 2);        // pin 1: output
  bench.write(kPort + 0xc, 1 << 4);  // pin 2: input with pull-up
  EXPECT_EQ(bench.read(kPort + 0x10), 4u);
  bench.write(kPort + 0x18, 1 << 1);
  EXPECT_EQ(bench.read(kPort + 0x10), 6u);
  EXPECT_EQ(bench.read(kPort + 0x14), 2u);
  bench.write(kPort + 0x1a, 1 << 1, 2);  // the upper half resets
  EXPECT_EQ(bench.read(kPort + 0x14), 0u);
  bench.write(kPort + 0x18, 1 << 17 | 1 << 1);  // both: set wins
  EXPECT_EQ(bench.read(kPort + 0x14), 2u);
}

TEST(Crc, GivesTheEthernetCrcOfWordsAndTheCrc16OfBytes) {
  Bench bench("stm32f746");
  constexpr std::uint32_t kCrc = 0x40023000;
  bench.set(kRcc + 0x30, 1 << 12);
  bench.write(kCrc, 0x12345678);
  EXPECT_EQ(bench.read(kCrc), 0xdf8a8a2bu);  // CRC-32/MPEG-2 of 12 34 56 78
  bench.write(kCrc + 0x14, 0x1021);
  bench.write(kCrc + 0x10, 0xffff);
  bench.write(kCrc + 8, 1 << 3 | 1);
  for (char c : std::string("123456789")) bench.write(kCrc, static_cast<std::uint8_t>(c), 1);
  EXPECT_EQ(bench.read(kCrc), 0x29b1u);  // the check value of CRC-16/CCITT-FALSE
}

TEST(Rng, GivesTheSameNumbersInEveryRunWhenTheyAreReady) {
  auto three = [] {
    Bench bench("stm32f746");
    constexpr std::uint32_t kRng = 0x50060800;
    bench.set(kRcc + 0x34, 1 << 6);
    bench.write(kRng, 1 << 2);
    std::vector<std::uint32_t> numbers;
    for (int i = 0; i < 3; ++i) {
      EXPECT_EQ(bench.cycles_until(kRng + 4, 1, 1), 180u);
      numbers.push_back(bench.read(kRng + 8));
    }
    return numbers;
  };
  EXPECT_EQ(three(), three());
  std::vector<std::uint32_t> numbers = three();
  EXPECT_THAT(std::set<std::uint32_t>(numbers.begin(), numbers.end()), SizeIs(3));
}

TEST(Exti, SoftwareRaisesALineThatIsNotMasked) {
  for (auto [name, swier, imr, pr] : {std::tuple{"stm32f746", 0x40013c10u, 0x40013c00u, 0x40013c14u},
                                      std::tuple{"stm32h743", 0x58000008u, 0x58000080u, 0x58000088u}}) {
    Bench bench(name);
    bench.write(swier, 1 << 7);
    EXPECT_FALSE(bench.lines.high[23]) << name;
    bench.write(swier, 0);
    bench.set(imr, 1 << 7);
    bench.write(swier, 1 << 7);
    EXPECT_TRUE(bench.lines.high[23]) << name;
    bench.write(pr, 1 << 7);
    EXPECT_FALSE(bench.lines.high[23]) << name;
  }
}

TEST(Identity, PartFlashSizeAndUniqueNumber) {
  Bench f7("stm32f746"), h7("stm32h743"), h7a3("stm32h7a3");
  EXPECT_EQ(f7.read(0xe0042000) & 0xfff, 0x449u);
  EXPECT_EQ(h7.read(0x5c001000), 0x20036450u);
  EXPECT_EQ(h7a3.read(0x5c001000) & 0xfff, 0x480u);
  EXPECT_EQ(f7.read(0x1ff0f442, 2), 1024u);
  EXPECT_EQ(h7.read(0x1ff1e880, 2), 2048u);
  EXPECT_NE(f7.read(0x1ff0f420), 0u);
}

/// LSI as the clock of the calendar, 32 kHz, and time set to 23:59:58 on Tuesday 2024-12-31.
struct RtcBench : Bench {
  static constexpr std::uint32_t kRtc = 0x40002800;
  RtcBench() : Bench("stm32f746") {
    set(kRcc + 0x40, 1u << 28);
    set(kPwr, 1u << 8);
    set(kRcc + 0x74, 1);
    cycles_until(kRcc + 0x74, 2, 2);
    write(kRcc + 0x70, 2u << 8 | 1u << 15);
    write(kRtc + 0x24, 0xca);
    write(kRtc + 0x24, 0x53);
    write(kRtc + 0xc, 1 << 7);
    // Two periods of 32 kHz in cycles of 16 MHz.
    EXPECT_EQ(cycles_until(kRtc + 0xc, 1 << 6, 1 << 6), 1000u);
    write(kRtc + 0x10, 127 << 16 | 249);
    write(kRtc, 0x235958);
    write(kRtc + 4, 0x245231);
    write(kRtc + 0xc, 0);
  }
};

TEST(Rtc, TheCalendarRunsInSimulatedTime) {
  RtcBench bench;
  std::uint64_t start = bench.now.value;
  EXPECT_EQ(bench.cycles_until(bench.kRtc + 0xc, 1 << 5, 1 << 5), 1000u);  // RSF
  bench.go_to(start + 16'000'000 - 1);
  EXPECT_EQ(bench.read(bench.kRtc), 0x235958u);
  bench.go_to(start + 16'000'000);
  EXPECT_EQ(bench.read(bench.kRtc), 0x235959u);
  EXPECT_EQ(bench.read(bench.kRtc + 0x28), 249u);  // SSR
  bench.go_to(start + 2 * 16'000'000);
  EXPECT_EQ(bench.read(bench.kRtc), 0u);
  EXPECT_EQ(bench.read(bench.kRtc + 4), 0x256101u);  // Wednesday 2025-01-01
  EXPECT_THAT(bench.notes.notes(), IsEmpty());
}

TEST(Rtc, IsLockedByItsKeysAndByDbp) {
  RtcBench bench;
  bench.write(bench.kRtc + 0x24, 0xff);
  bench.write(bench.kRtc + 8, 1 << 5);
  EXPECT_EQ(bench.read(bench.kRtc + 8), 0u);
  bench.write(bench.kRtc + 0x50, 0x1234);  // backup registers need DBP only
  EXPECT_EQ(bench.read(bench.kRtc + 0x50), 0x1234u);
  bench.clear(kPwr, 1u << 8);
  bench.write(bench.kRtc + 0x50, 0);
  EXPECT_EQ(bench.read(bench.kRtc + 0x50), 0x1234u);
}

TEST(Cmsdk, TheTimerCountsDownAndReloads) {
  Bench bench("mps2-an500");
  constexpr std::uint32_t kTimer = 0x40000000;
  bench.write(kTimer + 8, 99);
  bench.write(kTimer, 9);
  EXPECT_EQ(bench.bus.next_event().value, 99u);
  bench.go_to(98);
  EXPECT_FALSE(bench.lines.high[8]);
  bench.go_to(99);
  EXPECT_TRUE(bench.lines.high[8]);
  bench.write(kTimer + 0xc, 1);
  EXPECT_FALSE(bench.lines.high[8]);
  EXPECT_EQ(bench.bus.next_event().value, 199u);
  bench.go_to(150);
  EXPECT_EQ(bench.read(kTimer + 4), 49u);
}

TEST(Cmsdk, TheSerialPortSendsAndReceives) {
  Bench bench("mps2-an500");
  constexpr std::uint32_t kUart = 0x40004000;
  bench.console.typed = "ab";
  bench.write(kUart + 0x10, 100);
  bench.write(kUart + 8, 1 | 2 | 8);
  bench.write(kUart, 'x');
  bench.write(kUart, 'y');
  EXPECT_EQ(bench.read(kUart + 4) & 1, 1u);  // full
  bench.go_to(999);
  EXPECT_EQ(bench.read(kUart + 4), 1u);
  EXPECT_FALSE(bench.lines.high[0]);
  bench.go_to(1000);
  EXPECT_EQ(bench.read(kUart + 4), 2u);
  EXPECT_TRUE(bench.lines.high[0]);
  EXPECT_EQ(bench.console.sent, "xy");
  EXPECT_EQ(bench.read(kUart), static_cast<std::uint32_t>('a'));
  bench.go_to(2000);
  EXPECT_EQ(bench.read(kUart), static_cast<std::uint32_t>('b'));
}

}  // namespace
}  // namespace sim::peripherals::test
