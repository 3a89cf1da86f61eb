// The MPU and the cache control registers, as programs use them.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "guest_core.h"
#include "guest_program.h"
#include "qemu.h"

namespace sim {
namespace {

using ::testing::HasSubstr;

/// A handler that skips the instruction (four bytes) and prints why it came.
constexpr const char* kMpu = R"(
#define MPU_CTRL REG(0xe000ed94)
#define MPU_RNR REG(0xe000ed98)
#define MPU_RBAR REG(0xe000ed9c)
#define MPU_RASR REG(0xe000eda0)
#define NO_ACCESS 0
#define PRIVILEGED 1
#define USER_READS 2
#define ALL 3
#define READ_ONLY 6
static void region(uint32_t number, uint32_t base, uint32_t log2_size, uint32_t access, uint32_t more) {
  MPU_RBAR = base | 16 | number;
  MPU_RASR = access << 24 | more | (log2_size - 1) << 1 | 1;
}
static void background(void) {
  MPU_CTRL = 5;
  SHCSR = 7u << 16;
  BARRIER();
}
__attribute__((used)) void report(uint32_t* frame) {
  say_hex("cfsr", CFSR & 0xff);
  if (CFSR & 0x80) say_hex(" mmfar", MMFAR);
  CFSR = CFSR;
  frame[6] += 4;
}
__attribute__((naked)) void MemManage_Handler(void) {
  __asm__ volatile("tst lr, #4\n ite eq\n mrseq r0, msp\n mrsne r0, psp\n b report");
}
__attribute__((noinline)) static void store(uint32_t to, uint32_t value) { __asm__ volatile("str.w %1, [%0]" :: "r"(to), "r"(value) : "memory"); }
__attribute__((noinline)) static uint32_t load(uint32_t from) {
  uint32_t value = 0xdead;
  __asm__ volatile("ldr.w %0, [%1]" : "+r"(value) : "r"(from) : "memory");
  return value;
}
)";

const test::Build kWithSdram = {.board = "stm32h743i-eval", .c = true, .flags = "-Wno-unused-function"};
const test::Build kMps2 = {.board = "mps2-an500", .c = true, .flags = "-Wno-unused-function"};

std::string prints(const std::string& program) {
  std::string source = std::string(test::kGuestCore) + kMpu + program;
  test::Outcome outcome = test::run(source, kMps2);
  if (outcome.result.fault) ADD_FAILURE() << outcome.result.fault->to_text();
  if (test::has_qemu()) {
    EXPECT_EQ(outcome.console, test::qemu_says(test::build(source, kMps2)));
  }
  return outcome.console;
}

TEST(Mpu, ReadOnlyRegionsRefuseStoresAndKeepTheirBytes) {
  EXPECT_EQ(prints(R"(
    int main(void) {
      store(0x20010000, 5);
      region(0, 0x20010000, 8, READ_ONLY, 0x10000);
      background();
      say_hex("load", load(0x20010000));
      store(0x20010000, 6);
      say_hex("kept", load(0x20010000));
      store(0x200100fc, 6);
      store(0x20010100, 7);
      say_hex("beside", load(0x20010100));
      return 0;
    })"),
            "load 00000005\ncfsr 00000082\n mmfar 20010000\nkept 00000005\ncfsr 00000082\n mmfar 200100fc\n"
            "beside 00000007\n");
}

TEST(Mpu, TheHigherRegionWinsAndSubregionsAreHoles) {
  EXPECT_EQ(prints(R"(
    int main(void) {
      for (uint32_t a = 0x20010000; a < 0x20010100; a += 32) store(a, a & 0xff);
      region(1, 0x20010000, 8, NO_ACCESS, 0x10000 | 0x02 << 8);
      region(2, 0x20010040, 5, ALL, 0x10000);
      background();
      for (uint32_t a = 0x20010000; a < 0x20010080; a += 32) say_hex("load", load(a));
      region(1, 0x20010000, 8, ALL, 0x10000);
      BARRIER();
      say_hex("load", load(0x20010000));
      return 0;
    })"),
            "cfsr 00000082\n mmfar 20010000\nload 0000dead\nload 00000020\nload 00000040\n"
            "cfsr 00000082\n mmfar 20010060\nload 0000dead\nload 00000000\n");
}

TEST(Mpu, UnprivilegedCodeHasFewerRights) {
  EXPECT_EQ(prints(R"(
    static volatile uint32_t loads[4];
    static volatile uint32_t n;
    __attribute__((naked)) void SVC_Handler(void) { __asm__ volatile("mov r0, #0\n msr control, r0\n isb\n bx lr"); }
    int main(void) {
      store(0x20010000, 1);
      store(0x20010100, 2);
      region(0, 0, 32, ALL, 0x30000);  /* normal memory */
      region(1, 0x20010000, 8, PRIVILEGED, 0x10000);
      region(2, 0x20010100, 8, USER_READS, 0x10000);
      background();
      loads[n++] = load(0x20010000);
      MSR(control, 1);
      loads[n++] = load(0x20010000);
      loads[n++] = load(0x20010100);
      store(0x20010100, 9);
      __asm__ volatile("svc 0" ::: "r0", "memory");
      loads[n++] = load(0x20010100);
      for (int i = 0; i < 4; ++i) say_hex("load", loads[i]);
      return 0;
    })"),
            "cfsr 00000082\n mmfar 20010000\ncfsr 00000082\n mmfar 20010100\n"
            "load 00000001\nload 0000dead\nload 00000002\nload 00000002\n");
}

TEST(Mpu, CodeThatMayNotExecuteIsNotFetched) {
  std::string text = prints(R"(
    __attribute__((used)) void back(uint32_t* frame) {
      say_hex("cfsr", CFSR & 0xff);
      say_hex("pc", frame[6]);
      CFSR = CFSR;
      frame[6] = frame[5] & ~1u;
    }
    __attribute__((naked)) void BusFault_Handler(void) { __asm__ volatile("mov r0, sp\n b back"); }
    int main(void) {
      REG(0x20010000) = 0x4770bf00;  /* nop; bx lr */
      BARRIER();
      void (*code)(void) = (void (*)(void))0x20010001;
      code();
      say("once\n");
      ((uint32_t*)0x20020000)[0] = 0;
      for (int i = 0; i < 64; ++i) ((uint32_t*)0x20020000)[i] = ((uint32_t*)VTOR)[i];
      ((uint32_t*)0x20020000)[4] = (uint32_t)BusFault_Handler;
      VTOR = 0x20020000;
      region(0, 0x20010000, 8, ALL, 0x10000 | 1u << 28);
      background();
      code();
      say("done\n");
      return 0;
    })");
  EXPECT_EQ(text, "once\ncfsr 00000001\npc 20010000\ndone\n");
}

TEST(Mpu, HardFaultRunsWithoutItUnlessItIsToldOtherwise) {
  EXPECT_EQ(prints(R"(
    __attribute__((used)) void skip(uint32_t* frame) {
      say_hex("hfsr", HFSR);
      say_hex("load", load(0x20010000));
      HFSR = HFSR;
      CFSR = CFSR;
      frame[6] += 4;
    }
    __attribute__((naked)) void HardFault_Handler(void) { __asm__ volatile("mov r0, sp\n b skip"); }
    int main(void) {
      store(0x20010000, 3);
      region(0, 0x20010000, 8, NO_ACCESS, 0x10000);
      MPU_CTRL = 5;
      BARRIER();
      say_hex("thread", load(0x20010000));
      say_hex("thread", load(0x20010000));
      return 0;
    })"),
            "hfsr 40000000\nload 00000003\nthread 0000dead\nhfsr 40000000\nload 00000003\nthread 0000dead\n");
}

TEST(Mpu, TheFaultNamesTheRegionAndTheRule) {
  test::Outcome outcome = test::run(std::string(test::kGuestCore) + kMpu + R"(
    int main(void) {
      region(3, 0x20010000, 8, READ_ONLY, 0x10000);
      background();
      store(0x20010004, 1);
      return 0;
    })",
                                    kMps2);
  ASSERT_EQ(outcome.result.faults.size(), 1u);
  EXPECT_EQ(outcome.result.faults[0].kind, "MemManage");
  EXPECT_EQ(outcome.result.faults[0].reason,
            "store of 4 bytes to 0x20010004: MPU region 3 forbids it (read only)");
}

TEST(Mpu, RegistersReadBackThroughTheirAliases) {
  EXPECT_EQ(prints(R"(
    int main(void) {
      say_hex("type", REG(0xe000ed90) & 0xff);
      MPU_RBAR = 0x20010000 | 16 | 5;
      say_hex("rnr", MPU_RNR);
      MPU_RASR = 0x13050013;
      say_hex("rbar", MPU_RBAR);
      say_hex("rasr", MPU_RASR);
      REG(0xe000eda4) = 0x20020000 | 16 | 6;
      say_hex("rnr", MPU_RNR);
      MPU_RNR = 5;
      say_hex("alias", REG(0xe000edb0));
      return 0;
    })"),
            "type 00000000\nrnr 00000005\nrbar 20010005\nrasr 13050013\nrnr 00000006\nalias 13050013\n");
}

TEST(CacheControl, IdentifiesTheCachesOfTheBoard) {
  auto ids = [](const std::string& board) {
    return test::run(std::string(test::kGuestCore) + R"(
    int main(void) {
      REG(0xe000ed84) = 0;
      say_hex("d", REG(0xe000ed80));
      REG(0xe000ed84) = 1;
      say_hex("i", REG(0xe000ed80));
      return 0;
    })",
                     {.board = board, .c = true, .flags = "-Wno-unused-function"})
        .console;
  };
  EXPECT_EQ(ids("stm32f746"), "d f003e019\ni f007e009\n");  // 4 KB, four ways and two
  EXPECT_EQ(ids("stm32h743"), "d f00fe019\ni f01fe009\n");  // 16 KB
}

/// SDRAM of bank 2 is Device memory by the default map: each access goes to it, until the MPU says otherwise.
TEST(Mpu, ARegionMakesDeviceMemoryCacheable) {
  test::Outcome outcome = test::run(std::string(test::kGuestCore) + kMpu + R"(
    __attribute__((noinline)) static uint32_t walk(void) {
      volatile uint32_t* p = (volatile uint32_t*)0xd0000000;
      uint32_t begin = DWT_CYCCNT;
      for (int i = 0; i < 256; ++i) (void)p[i];
      return DWT_CYCCNT - begin;
    }
    int main(void) {
      DWT_CTRL |= 1;
      walk();
      uint32_t device = walk();
      region(0, 0xd0000000, 26, ALL, 0x1 << 19 | 0x3 << 16);  /* write-back, write-allocate */
      background();
      walk();
      uint32_t cached = walk();
      say(cached * 8 < device ? "cached\n" : "no faster\n");
      MPU_CTRL = 0;
      BARRIER();
      say(walk() > cached * 8 ? "device again\n" : "still cached\n");
      return 0;
    })",
                                    kWithSdram);
  EXPECT_EQ(outcome.console, "cached\ndevice again\n");
}

constexpr const char* kJumpToSdram = R"(
    int main(void) {
      REG(0xd0000000) = 0x47704770;  /* bx lr, twice */
      if (PERMIT) {
        region(0, 0xd0000000, 26, ALL, 0x1 << 19 | 0x3 << 16);
        background();
      }
      BARRIER();
      ((void (*)(void))0xd0000001)();
      return 0;
    })";

Fault fault_in_sdram(const std::string& permit) {
  return test::fault_of("#define PERMIT " + permit + "\n" + test::kGuestCore + kMpu + kJumpToSdram,
                        kWithSdram);
}

TEST(Mpu, CodeInDeviceMemoryIsExecuteNever) {
  Fault fault = fault_in_sdram("0");
  EXPECT_EQ(fault.kind, "MemManage");
  EXPECT_THAT(fault.reason,
              HasSubstr("instruction fetch from 0xd0000000, which is in SDRAM: the default memory "
                        "map forbids it (execute never)"));
}

TEST(Mpu, SaysThatTheEmulatorRunsNoCodeInWhatWasDeviceMemory) {
  Fault fault = fault_in_sdram("1");
  EXPECT_EQ(fault.kind, "NotModelled");
  EXPECT_THAT(fault.reason, HasSubstr("instruction fetch from 0xd0000000: an MPU region permits it, but the "
                                      "emulator runs no code"));
}

/// Enabling as CMSIS does it: invalidate, then CCR. The caches make code and data from slow memory faster.
TEST(CacheControl, EnablingThroughCcrMakesAWalkFaster) {
  memory_model::OperatingPoint slow = memory_model::load_board("stm32h743").full_speed_point;
  slow.icache = slow.dcache = false;
  Environment environment;
  environment.operating_point = slow;
  test::Outcome outcome = test::run(std::string(test::kGuestCore) + R"(
    __attribute__((noinline)) static uint32_t walk(void) {
      volatile uint32_t* p = (volatile uint32_t*)0x24000000;
      uint32_t begin = DWT_CYCCNT;
      for (int i = 0; i < 512; ++i) (void)p[i];
      return DWT_CYCCNT - begin;
    }
    int main(void) {
      DWT_CTRL |= 1;
      uint32_t off = walk();
      REG(0xe000ef50) = 0;  /* ICIALLU */
      BARRIER();
      CCR |= 1u << 17;
      BARRIER();
      REG(0xe000ed84) = 0;
      for (uint32_t set = 0; set < 128; ++set)
        for (uint32_t way = 0; way < 4; ++way) REG(0xe000ef60) = way << 30 | set << 5;  /* DCISW */
      BARRIER();
      CCR |= 1u << 16;
      BARRIER();
      walk();
      uint32_t on = walk();
      say(on * 4 < off ? "faster\n" : "no faster\n");
      say_hex("ccr", CCR & 3u << 16);
      uint32_t begin = DWT_CYCCNT;
      for (uint32_t a = 0x24000000; a < 0x24000800; a += 32) REG(0xe000ef70) = a;  /* DCCIMVAC */
      say(DWT_CYCCNT - begin >= 64 ? "takes time\n" : "free\n");
      uint32_t again = walk();
      say(again > on ? "cold again\n" : "still warm\n");
      return 0;
    })",
                                    {.c = true, .flags = "-Wno-unused-function"}, environment);
  EXPECT_EQ(outcome.console, "faster\nccr 00030000\ntakes time\ncold again\n");
}

}  // namespace
}  // namespace sim
