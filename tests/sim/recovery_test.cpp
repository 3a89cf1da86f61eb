// Faults that the guest's own handlers see: status registers, frames, escalation, and going on behind them.
// Where QEMU models the same it prints the same.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "guest_core.h"
#include "guest_program.h"
#include "qemu.h"

namespace sim {
namespace {

using ::testing::HasSubstr;

/// A handler that prints what it was told and goes on at the label `after`.
constexpr const char* kHandlers = R"(
extern const uint8_t after[];
static volatile uint32_t count;
__attribute__((used)) void report(uint32_t* frame, uint32_t exc_return) {
  extern const uint8_t bad[];
  say_hex("exception", MRS(ipsr));
  say_hex(" cfsr", CFSR);
  say_hex(" hfsr", HFSR);
  if (CFSR & 0x80) say_hex(" mmfar", MMFAR);
  if (CFSR & 0x8000) say_hex(" bfar", BFAR);
  say(frame[6] == ((uint32_t)bad & ~1u) ? " at bad\n" : " elsewhere\n");
  say_hex(" it", frame[7] & 0x0600fc00);
  say_hex(" return", exc_return);
  CFSR = CFSR;
  HFSR = HFSR;
  ++count;
  frame[6] = (uint32_t)after & ~1u;
  frame[7] = (frame[7] & ~0x0600fc00) | 0x01000000;
}
#define HANDLER(name) __attribute__((naked)) void name(void) { \
  __asm__ volatile("tst lr, #4\n ite eq\n mrseq r0, msp\n mrsne r0, psp\n mov r1, lr\n push {r4, lr}\n bl report\n pop {r4, pc}"); }
)";

struct Recovered {
  std::string text;
  RunResult result;
};

enum class Oracle { kQemu, kNone };

/// Runs `setup` and then `bad`, an instruction that faults; the handlers of `handlers` recover.
Recovered recover(const std::string& handlers, const std::string& setup, const std::string& bad,
                  Oracle oracle = Oracle::kNone, const std::string& board = "mps2-an500") {
  std::string program = test::kGuestCore;
  program += kHandlers;
  for (std::string_view rest = handlers; !rest.empty();) {
    std::size_t end = std::min(rest.find(' '), rest.size());
    program += fmt::format("HANDLER({}_Handler)\n", rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  program += fmt::format(R"(
__attribute__((noinline, noclone)) static void trouble(void) {{
  __asm__ volatile("{}\n .global bad\n .thumb_func\n {} .global after\n .thumb_func\n after:\n" ::: "r0", "r1", "r2", "r3", "r4", "cc", "memory");
}}
int main(void) {{
  {}
  trouble();
  say_number("count", count);
  return 7;
}}
)",
                         "mov r4, #9", bad, setup);
  const test::Build how = {.board = board, .c = true, .flags = "-Wno-unused-function -fno-toplevel-reorder"};
  test::Outcome outcome = test::run(program, how);
  EXPECT_EQ(outcome.result.end, RunEnd::kExit);
  EXPECT_EQ(outcome.result.exit_code, 7) << outcome.console;
  if (outcome.result.fault) ADD_FAILURE() << outcome.result.fault->to_text();
  if (oracle == Oracle::kQemu && test::has_qemu()) {
    EXPECT_EQ(outcome.console, test::qemu_says(test::build(program, how)));
  }
  return {outcome.console, outcome.result};
}

constexpr const char* kEnableAll = "SHCSR = 7u << 16; BARRIER();";
constexpr const char* kAll = "HardFault MemManage BusFault UsageFault";

TEST(Recovery, ABusFaultHasItsAddressAndItsHandlerGoesOn) {
  Recovered run =
      recover(kAll, kEnableAll, R"(ldr r0, =0xa0000000\n bad: ldr r1, [r0, #8]\n b after\n .ltorg\n)");
  EXPECT_THAT(run.text,
              HasSubstr("exception 00000005\n cfsr 00008200\n hfsr 00000000\n bfar a0000008\n at bad\n"));
  EXPECT_THAT(run.text, HasSubstr("count 1"));
  ASSERT_EQ(run.result.faults.size(), 1u);
  EXPECT_EQ(run.result.faults_taken, 1u);
  EXPECT_EQ(run.result.faults[0].kind, "BusFault");
  EXPECT_THAT(run.result.faults[0].reason, HasSubstr("load of 4 bytes from 0xa0000008"));
  EXPECT_THAT(run.result.faults[0].instruction, HasSubstr("ldr"));
}

TEST(Recovery, WithoutItsHandlerEnabledAFaultBecomesAHardFault) {
  Recovered run = recover(kAll, "", R"(ldr r0, =0xa0000000\n bad: str r1, [r0, #8]\n b after\n .ltorg\n)");
  EXPECT_THAT(run.text,
              HasSubstr("exception 00000003\n cfsr 00008200\n hfsr 40000000\n bfar a0000008\n at bad\n"));
}

TEST(Recovery, AnUndefinedInstruction) {
  Recovered run = recover(kAll, kEnableAll, R"(bad: udf #3\n)", Oracle::kQemu);
  EXPECT_THAT(run.text, HasSubstr("exception 00000006\n cfsr 00010000\n hfsr 00000000\n at bad\n"));
}

TEST(Recovery, AnInstructionForAnFpuThatIsOff) {
  Recovered run = recover(kAll, "SHCSR = 7u << 16; REG(0xe000ed88) = 0; BARRIER();",
                          R"(bad: vadd.f32 s0, s0, s0\n)", Oracle::kQemu);
  EXPECT_THAT(run.text, HasSubstr("exception 00000006\n cfsr 00080000\n hfsr 00000000\n at bad\n"));
}

TEST(Recovery, ABranchToAnEvenAddress) {
  Recovered run =
      recover(kAll, kEnableAll, R"(ldr r0, =after\n bic r0, #1\n bad: bx r0\n .ltorg\n)", Oracle::kQemu);
  EXPECT_THAT(run.text, HasSubstr("exception 00000006\n cfsr 00020000\n hfsr 00000000\n elsewhere\n"));
}

TEST(Recovery, AnUnalignedDoubleLoad) {
  Recovered run =
      recover(kAll, kEnableAll, R"(ldr r0, =0x20000001\n bad: ldrd r1, r2, [r0]\n b after\n .ltorg\n)");
  EXPECT_THAT(run.text, HasSubstr("exception 00000006\n cfsr 01000000\n hfsr 00000000\n at bad\n"));
}

TEST(Recovery, AnUnalignedStoreThatIsTrappedStoresNothing) {
  Recovered run =
      recover(kAll, "SHCSR = 7u << 16; CCR |= 8; REG(0x20000100) = 5; REG(0x20000104) = 6; BARRIER();",
              R"(ldr r0, =0x20000101\n mvn r1, #0\n bad: str r1, [r0, #1]!\n b after\n .ltorg\n)");
  EXPECT_THAT(run.text, HasSubstr("exception 00000006\n cfsr 01000000\n hfsr 00000000\n at bad\n"));
  Recovered kept =
      recover(kAll,
              "SHCSR = 7u << 16; CCR |= 8; REG(0x20000100) = 5; BARRIER(); trouble(); "
              "say_hex(\"word\", REG(0x20000100));",
              R"(ldr r0, =0x20000101\n mvn r1, #0\n bad: str r1, [r0, #1]!\n b after\n .ltorg\n)");
  EXPECT_THAT(kept.text, HasSubstr("word 00000005"));
}

TEST(Recovery, ADivisionByZeroOnlyWhereItIsTrapped) {
  Recovered run = recover(
      kAll, "SHCSR = 7u << 16; CCR |= 16; BARRIER();",
      R"(mov r0, #100\n mov r1, #7\n udiv r2, r0, r1\n cmp r2, #14\n bne 1f\n sub r1, r1, #7\n bad: sdiv r2, r0, r1\n 1: nop\n)");
  EXPECT_THAT(run.text, HasSubstr("exception 00000006\n cfsr 02000000\n hfsr 00000000\n at bad\n"));
  EXPECT_THAT(run.text, HasSubstr("count 1\n"));
  Recovered plain =
      recover(kAll, kEnableAll, R"(mov r0, #100\n mov r1, #0\n bad: sdiv r2, r0, r1\n)", Oracle::kQemu);
  EXPECT_EQ(plain.text, "count 0\n");
}

TEST(Recovery, AFaultInsideAnItBlockStacksItsState) {
  Recovered run = recover(
      kAll, kEnableAll,
      R"(ldr r0, =0xa0000000\n cmp r0, r0\n ittet eq\n moveq r1, #1\n moveq r2, #2\n movne r3, #3\n bad: ldreq r1, [r0]\n b after\n .ltorg\n)");
  EXPECT_THAT(run.text, HasSubstr(" at bad\n"));
  // One instruction is left, with the condition EQ: ITSTATE 00001000.
  EXPECT_THAT(run.text, HasSubstr(" it 00000800\n"));
}

TEST(Recovery, ABranchToWhereThereIsNoMemory) {
  Recovered run = recover(kAll, kEnableAll, R"(ldr r0, =0x70000001\n bad: bx r0\n .ltorg\n)");
  EXPECT_THAT(run.text, HasSubstr("exception 00000005\n cfsr 00000100\n hfsr 00000000\n elsewhere\n"));
}

TEST(Recovery, AnExceptionReturnThatCannotBe) {
  std::string program = std::string(test::kGuestCore) + R"(
    void UsageFault_Handler(void) { say_hex("cfsr", CFSR); CFSR = CFSR; }
    __attribute__((naked)) void SVC_Handler(void) { __asm__ volatile("mov lr, #0xfffffff1\n bx lr"); }
    int main(void) {
      SHCSR = 7u << 16;
      BARRIER();
      __asm__ volatile("svc 0");
      return 0;
    })";
  const test::Build how = {.board = "mps2-an500", .c = true, .flags = "-Wno-unused-function"};
  // It faults again for ever, so the run is cut short.
  test::Outcome outcome = test::run(program, how, {}, {.max_cycles = 1'000'000});
  EXPECT_THAT(outcome.console, HasSubstr("cfsr 00040000\n"));
  ASSERT_FALSE(outcome.result.faults.empty());
  EXPECT_THAT(outcome.result.faults[0].reason, HasSubstr("exception return with 0xfffffff1"));
}

TEST(Recovery, AFaultInTheHandlerOfAFaultLocksUpAndTheFirstIsTold) {
  Fault fault = test::fault_of(std::string(test::kGuestCore) + R"(
    void HardFault_Handler(void) { *(volatile int*)0xb0000000 = 1; }
    int main(void) { return *(volatile int*)0xa0000000; })",
                               {.board = "mps2-an500", .c = true, .flags = "-Wno-unused-function"});
  EXPECT_THAT(fault.reason, HasSubstr("0xa0000000"));
}

TEST(Recovery, AHandlerThatHangsEndsTheRunWithTheFault) {
  test::Outcome outcome = test::run(std::string(test::kGuestCore) + R"(
    void HardFault_Handler(void) { for (;;) ; }
    void SysTick_Handler(void) {}
    int main(void) { SYST_RVR = 1000; SYST_CSR = 7; BARRIER(); return *(volatile int*)0xa0000000; })",
                                    {.board = "mps2-an500", .c = true, .flags = "-Wno-unused-function"});
  ASSERT_EQ(outcome.result.end, RunEnd::kFault);
  EXPECT_THAT(outcome.result.fault->reason, HasSubstr("0xa0000000"));
  EXPECT_LT(outcome.result.cycles().value, 10'000u);
}

TEST(Recovery, AHandlerThatGivesUpWithAnErrorEndsTheRunWithTheFault) {
  const char* program = R"(
    static void leave(int code) {
      uint32_t block[2] = {0x20026, (uint32_t)code};
      register int r0 __asm__("r0") = 0x20;
      register uint32_t* r1 __asm__("r1") = block;
      __asm__ volatile("bkpt 0xab" :: "r"(r0), "r"(r1) : "memory");
    }
    void HardFault_Handler(void) { say("caught\n"); leave(CODE); }
    int main(void) { return *(volatile int*)0xa0000000; })";
  auto end_of = [&](const char* code) {
    std::string source = fmt::format("#define CODE {}\n{}{}", code, test::kGuestCore, program);
    test::Outcome outcome =
        test::run(source, {.board = "mps2-an500", .c = true, .flags = "-Wno-unused-function"});
    EXPECT_EQ(outcome.console, "caught\n");
    return outcome.result;
  };
  RunResult failed = end_of("70");
  EXPECT_EQ(failed.end, RunEnd::kFault);
  EXPECT_THAT(failed.fault->reason, HasSubstr("0xa0000000"));
  // A program that tests for the fault, and is content.
  RunResult content = end_of("0");
  EXPECT_EQ(content.end, RunEnd::kExit);
  EXPECT_EQ(content.exit_code, 0);
  EXPECT_EQ(content.faults.size(), 1u);
}

TEST(Recovery, AnExceptionWithoutAHandlerIsNamed) {
  Fault fault = test::fault_of(std::string(test::kGuestCore) + R"(
    int main(void) { NVIC_ISER = 4; PEND(2); return 0; })",
                               {.board = "mps2-an500", .c = true, .flags = "-Wno-unused-function"});
  EXPECT_THAT(fault.reason, HasSubstr("interrupt 2 has no handler: its vector at 0x00000048 is 0x00000000"));
}

TEST(Recovery, AStackThatLeavesMemoryIsAStackingFault) {
  test::Outcome outcome = test::run(std::string(test::kGuestCore) + R"(
    void HardFault_Handler(void) { for (;;) ; }
    void SVC_Handler(void) {}
    int main(void) { __asm__ volatile("ldr r0, =0x20000010\n mov sp, r0\n svc 0\n .ltorg"); return 0; })",
                                    {.board = "mps2-an500", .c = true, .flags = "-Wno-unused-function"});
  ASSERT_EQ(outcome.result.end, RunEnd::kFault);
  EXPECT_THAT(outcome.result.fault->reason, HasSubstr("stacking for SVCall"));
}

TEST(Recovery, MillionsOfFaultsAreCountedAndFewAreKept) {
  Recovered run =
      recover("UsageFault", "SHCSR = 7u << 16; BARRIER(); for (int i = 0; i < 99; ++i) trouble();",
              R"(bad: udf #0\n)");
  EXPECT_EQ(run.result.faults_taken, 100u);
  EXPECT_EQ(run.result.faults.size(), RunResult::kMaxFaults);
}

}  // namespace
}  // namespace sim
