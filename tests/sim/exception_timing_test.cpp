// What exceptions cost, when timers fire, sleep, and lazily stacked FPU registers.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "guest_core.h"
#include "guest_program.h"
#include "sim/exception_costs.h"

namespace sim {
namespace {

using ::testing::HasSubstr;

test::Outcome go(const std::string& program, const std::string& board = "stm32h743") {
  test::Outcome outcome =
      test::run(test::kGuestCore + program, {.board = board, .c = true, .flags = "-Wno-unused-function"});
  if (outcome.result.fault) ADD_FAILURE() << outcome.result.fault->to_text();
  EXPECT_EQ(outcome.result.end, RunEnd::kExit);
  return outcome;
}

TEST(ExceptionTiming, SysTickFiresOncePerPeriodWhateverRuns) {
  EXPECT_EQ(go(R"(
    static volatile uint32_t ticks, at[16];
    void SysTick_Handler(void) { at[ticks & 15] = DWT_CYCCNT; ++ticks; }
    int main(void) {
      DWT_CTRL |= 1;
      SYST_RVR = 480000 - 1;
      SYST_CVR = 0;
      SYST_CSR = 7;
      while (ticks < 11) ;
      say_number("cycles", (at[10] - at[1] + 150) / 300 * 300);
      return 0;
    })")
                .console,
            "cycles 4320000\n");
}

TEST(ExceptionTiming, SysTickCountsFlagsAndStops) {
  EXPECT_EQ(go(R"(
    int main(void) {
      SYST_RVR = 999;
      SYST_CVR = 77;
      say_number("cleared", SYST_CVR);
      SYST_CSR = 5;
      uint32_t flags = 0, last = 1000, wraps = 0;
      for (int i = 0; i < 2000; ++i) {
        uint32_t now = SYST_CVR;
        if (now > last) ++wraps;
        last = now;
        if (SYST_CSR & 1u << 16) ++flags;
      }
      say(flags >= 5 && (flags == wraps || flags == wraps + 1) ? "agree\n" : "differ\n");
      SYST_CSR = 4;
      uint32_t a = SYST_CVR, b = SYST_CVR;
      say(a == b ? "stopped\n" : "runs\n");
      return 0;
    })")
                .console,
            "cleared 0\nagree\nstopped\n");
}

/// Cycles from pending two interrupts to the end of both, one handler behind the other or one inside the
/// other.
TEST(ExceptionTiming, TailChainingSavesTheFrame) {
  const char* program = R"(
    __attribute__((naked)) void IRQ0_Handler(void) { __asm__ volatile("bx lr"); }
    __attribute__((naked)) void IRQ1_Handler(void) { __asm__ volatile("bx lr"); }
    __attribute__((noinline)) static uint32_t measure(uint32_t both) {
      uint32_t begin = DWT_CYCCNT;
      NVIC_ISPR = both;
      BARRIER();
      return DWT_CYCCNT - begin;
    }
    int main(void) {
      DWT_CTRL |= 1;
      NVIC_ISER = 3;
      for (int i = 0; i < 3; ++i) { measure(0); measure(1); measure(3); }
      uint32_t none = measure(0), one = measure(1), two = measure(3);
      say_number("one", one - none);
      say_number("chained", two - one);
      return 0;
    })";
  std::string text = go(program).console;
  unsigned one = 0, chained = 0;
  ASSERT_EQ(std::sscanf(text.c_str(), "one %u\nchained %u", &one, &chained), 2) << text;
  std::uint32_t round = cost_of(ExceptionStep::kEntry) + cost_of(ExceptionStep::kReturn);
  // The handlers are one branch each, which refills the pipeline.
  EXPECT_GE(one, round);
  EXPECT_LT(one, round + 30);
  EXPECT_GE(chained, cost_of(ExceptionStep::kTailChain));
  EXPECT_LT(chained, round);
}

/// A handler that leaves the FPU alone pays for no FPU registers; one that uses it pays once.
TEST(ExceptionTiming, FpuRegistersAreStackedWhenAHandlerUsesTheFpu) {
  auto program = [](bool handler_uses, bool lazy) {
    return fmt::format(R"(
    static volatile uint32_t lspact, frame_word;
    void IRQ0_Handler(void) {{
      lspact = FPCCR & 1;
      BARRIER();
      if ({0}) {{
        __asm__ volatile("vmov.f32 s0, #2.0\n vmov.f32 s15, #4.0" ::: "s0", "s15");
        frame_word = REG(FPCAR);
        lspact |= (FPCCR & 1) << 4;
      }}
    }}
    int main(void) {{
      if (!{1}) FPCCR &= ~(1u << 30);
      NVIC_ISER = 1;
      float a, b;
      __asm__ volatile("vmov.f32 s0, #1.5\n vmov.f32 s15, #3.0\n vmov.f32 s16, #5.0" ::: "s0", "s15", "s16");
      PEND(0);
      __asm__ volatile("vmov %0, s0\n vmov %1, s15" : "=r"(a), "=r"(b));
      union {{ float f; uint32_t u; }} x = {{a}}, y = {{b}};
      say_hex("s0", x.u);
      say_hex("s15", y.u);
      say_hex("lspact", lspact);
      say_hex("frame", frame_word);
      say_hex("fpca", MRS(control) & 4);
      return 0;
    }})",
                       handler_uses ? 1 : 0, lazy ? 1 : 0);
  };
  EXPECT_EQ(go(program(false, true)).console,
            "s0 3fc00000\ns15 40400000\nlspact 00000001\nframe 00000000\nfpca 00000004\n");
  EXPECT_EQ(go(program(true, true)).console,
            "s0 3fc00000\ns15 40400000\nlspact 00000001\nframe 3fc00000\nfpca 00000004\n");
  EXPECT_THAT(go(program(true, false)).console, HasSubstr("s0 3fc00000\ns15 40400000\nlspact 00000000\n"));
  // The same handlers with and without lazy stacking: only what does not use the FPU gains.
  auto cycles = [&](bool uses, bool lazy) { return go(program(uses, lazy)).result.cycles().value; };
  EXPECT_LT(cycles(false, true) + 10, cycles(false, false));
}

TEST(ExceptionTiming, AHandlerBeginsWithTheDefaultFpscr) {
  EXPECT_EQ(go(R"(
    static volatile uint32_t seen;
    void IRQ0_Handler(void) {
      uint32_t x;
      __asm__ volatile("vmrs %0, fpscr" : "=r"(x));
      seen = x;
    }
    int main(void) {
      FPDSCR = 1u << 24;
      NVIC_ISER = 1;
      uint32_t mine = 3u << 22;
      __asm__ volatile("vmsr fpscr, %0" :: "r"(mine));
      PEND(0);
      uint32_t after;
      __asm__ volatile("vmrs %0, fpscr" : "=r"(after));
      say_hex("handler", seen);
      say_hex("after", after);
      return 0;
    })")
                .console,
            "handler 01000000\nafter 00c00000\n");
}

TEST(ExceptionTiming, WfiSleepsToTheNextInterruptAndTheTimeIsTheDevices) {
  test::Outcome outcome = go(R"(
    static volatile uint32_t ticks;
    void SysTick_Handler(void) { ++ticks; }
    int main(void) {
      DWT_CTRL |= 1;
      SYST_RVR = 1000000 - 1;
      SYST_CVR = 0;
      SYST_CSR = 7;
      while (ticks < 40) __asm__ volatile("wfi");
      say_number("ms", DWT_CYCCNT / 1000000);
      return 0;
    })");
  EXPECT_EQ(outcome.console, "ms 40\n");
  EXPECT_LT(outcome.result.total.instructions, 20'000u);
  EXPECT_GT(outcome.result.total.causes[isa::Cause::kDevice], 39'000'000u);
}

TEST(ExceptionTiming, WfiWithInterruptsMaskedWakesAndTakesNone) {
  EXPECT_EQ(go(R"(
    static volatile uint32_t ticks;
    void SysTick_Handler(void) { ++ticks; }
    int main(void) {
      SYST_RVR = 99999;
      SYST_CVR = 0;
      __asm__ volatile("cpsid i");
      SYST_CSR = 7;
      __asm__ volatile("wfi");
      say_number("masked", ticks);
      __asm__ volatile("cpsie i\n isb");
      say_number("after", ticks);
      return 0;
    })")
                .console,
            "masked 0\nafter 1\n");
}

TEST(ExceptionTiming, ABranchToItselfWaitsForInterrupts) {
  test::Outcome outcome = go(R"(
    static volatile uint32_t ticks;
    void SysTick_Handler(void) {
      if (++ticks < 100) return;
      register int r0 __asm__("r0") = 0x18;
      register int r1 __asm__("r1") = 0x20026;
      __asm__ volatile("bkpt 0xab" :: "r"(r0), "r"(r1));
    }
    int main(void) {
      SYST_RVR = 400000 - 1;
      SYST_CVR = 0;
      SYST_CSR = 7;
      for (;;) ;
    })");
  EXPECT_LT(outcome.result.total.instructions, 10'000u);
  EXPECT_NEAR(static_cast<double>(outcome.result.cycles().value), 40e6, 1e5);
}

TEST(ExceptionTiming, SleepOnExitSleepsBetweenHandlers) {
  test::Outcome outcome = go(R"(
    static volatile uint32_t ticks, loops;
    void SysTick_Handler(void) { if (++ticks == 20) SCR = 0; }
    int main(void) {
      SCR = 2;
      SYST_RVR = 99999;
      SYST_CVR = 0;
      SYST_CSR = 7;
      __asm__ volatile("wfi");
      while (ticks < 20) ++loops;
      say_number("loops", loops);
      return 0;
    })");
  EXPECT_EQ(outcome.console, "loops 0\n");
}

TEST(ExceptionTiming, SevSetsTheEventThatWfeTakes) {
  test::Outcome outcome = go(R"(
    static volatile uint32_t ticks;
    void SysTick_Handler(void) { ++ticks; }
    int main(void) {
      SYST_RVR = 999999;
      SYST_CVR = 0;
      SYST_CSR = 7;
      DWT_CTRL |= 1;
      uint32_t begin = DWT_CYCCNT;
      __asm__ volatile("sev\n wfe");
      say(DWT_CYCCNT - begin < 10000 ? "at once\n" : "slept\n");
      __asm__ volatile("wfe");
      say(DWT_CYCCNT - begin < 10000 ? "at once\n" : "slept\n");
      return 0;
    })");
  EXPECT_EQ(outcome.console, "at once\nslept\n");
}

TEST(ExceptionTiming, ASystemResetBeginsAnewAndMemoryStays) {
  EXPECT_EQ(go(R"(
    int main(void) {
      volatile uint32_t* kept = (volatile uint32_t*)0x20001000;
      if (*kept != 0x600d) {
        *kept = 0x600d;
        NVIC_ISER = 3;
        SHCSR = 7u << 16;
        say("first\n");
        AIRCR = 0x05fa0004;
        BARRIER();
        for (;;) ;
      }
      say_hex("iser", NVIC_ISER);
      say_hex("shcsr", SHCSR);
      return 0;
    })")
                .console,
            "first\niser 00000000\nshcsr 00000000\n");
}

TEST(ExceptionTiming, ResettingForEverEndsTheRun) {
  Fault fault =
      test::fault_of("main: ldr r0, =0xe000ed0c\n ldr r1, =0x05fa0004\n str r1, [r0]\n dsb\n b .\n");
  EXPECT_THAT(fault.reason, HasSubstr("system resets"));
}

TEST(ExceptionTiming, UnmodelledSystemRegistersAreNotedOnceByName) {
  test::Outcome outcome = go(R"(
    int main(void) {
      REG(0xe0040010) = 3;
      REG(0xe0040010) = 4;
      say_hex("kept", REG(0xe0040010));
      say_hex("zero", REG(0xe0041004));
      return 0;
    })");
  EXPECT_EQ(outcome.console, "kept 00000004\nzero 00000000\n");
  ASSERT_EQ(outcome.result.notes.size(), 2u);
  EXPECT_THAT(outcome.result.notes[0], HasSubstr("TPIU + 0x010"));
  EXPECT_THAT(outcome.result.notes[1], HasSubstr("ETM + 0x004"));
}

TEST(ExceptionTiming, CausesSumToTheCyclesWithInterrupts) {
  test::Outcome outcome = go(R"(
    static volatile uint32_t ticks;
    void SysTick_Handler(void) { ++ticks; }
    int main(void) {
      DWT_CTRL |= 1;
      uint32_t begin = DWT_CYCCNT;
      SYST_RVR = 4999;
      SYST_CVR = 0;
      SYST_CSR = 7;
      while (ticks < 100) ;
      say(DWT_CYCCNT - begin > 490000 ? "long\n" : "short\n");
      return 0;
    })");
  EXPECT_EQ(outcome.console, "long\n");
  EXPECT_EQ(outcome.result.total.causes.total(), outcome.result.cycles());
  EXPECT_GE(outcome.result.total.causes[isa::Cause::kBranch], 100u * 22);
}

}  // namespace
}  // namespace sim
