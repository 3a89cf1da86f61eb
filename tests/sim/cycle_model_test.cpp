// The cycle model as a whole run shows it: marks of the guest enclose what is measured.
#include "sim/cycle_model.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "guest_program.h"

namespace sim {
namespace {

constexpr int kTurns = 1000;

/// Caches on, as an engine's start-up code leaves them.
memory_model::OperatingPoint full_speed() {
  return {.core_hz = 400e6,
          .axi_hz = 200e6,
          .ahb_hz = 200e6,
          .flash_wait_states = 2,
          .icache = true,
          .dcache = true};
}

/// Runs `body` kTurns times between two marks, after a warm-up of as many. r0 counts turns; `setup` comes
/// first.
RunResult measured(const std::string& setup, const std::string& body, bool profile = false) {
  std::string loop =
      fmt::format("mov r0, #{}\n .p2align 5\n {{}}: {}\n subs r0, r0, #1\n bne.w {{}}\n", kTurns, body);
  // The same loop both times, so that the second pass finds it cached and foreseen.
  std::string program = "main: push {r4, r5, r6, r7, r8, lr}\n movs r8, #0\n again:\n";
  program += "ldr r1, =0xe0000004\n str r8, [r1]\n dsb\n isb\n" + setup + "\n" +
             fmt::format(fmt::runtime(loop), "turn", "turn");
  program += "add r8, r8, #1\n cmp r8, #2\n bne again\n ldr r1, =0xe0000004\n str r8, [r1]\n";
  program += "movs r0, #0\n pop {r4, r5, r6, r7, r8, pc}\n .ltorg\n .p2align 3\n data: .space 64\n";
  Environment environment;
  environment.operating_point = full_speed();
  environment.profile = profile;
  return test::run(program, {}, environment).result;
}

/// Cycles of one turn.
double turn(const std::string& setup, const std::string& body) {
  RunResult result = measured(setup, body);
  EXPECT_EQ(result.end, RunEnd::kExit);
  EXPECT_EQ(result.steps.size(), 3u);
  return static_cast<double>(result.steps.at(1).counts.causes.total().value) / kTurns;
}

const char* kPointer = "ldr r4, =0x20000100\n";

TEST(CycleModel, ChargesTwoMoreInstructionsOneMoreCycle) {
  EXPECT_NEAR(turn("", "add.w r1, r2, r3\n add.w r5, r6, r7\n add.w r1, r2, r3\n add.w r5, r6, r7\n") -
                  turn("", "add.w r1, r2, r3\n add.w r5, r6, r7\n"),
              1, 0.05);
}

TEST(CycleModel, ChargesSkippedHalvesOfItBlocksAsIfTheyWereExecuted) {
  auto block = [](const char* compare) {
    return turn("mov r2, #1\n",
                fmt::format("cmp r2, #{}\n itt eq\n addeq r1, r1, r3\n addeq r5, r6, r7\n", compare));
  };
  EXPECT_NEAR(block("1"), block("0"), 0.05);
}

TEST(CycleModel, SeesWhichBankTwoLoadsGoTo) {
  double apart = turn(kPointer, "ldr.w r1, [r4]\n ldr.w r5, [r4, #4]\n");
  double same = turn(kPointer, "ldr.w r1, [r4]\n ldr.w r5, [r4, #8]\n");
  EXPECT_NEAR(same - apart, 1, 0.05);
}

TEST(CycleModel, SeesBanksThatChangeFromTurnToTurn) {
  // The second pointer moves on by a word each turn: every other turn both loads meet in one bank.
  double moving =
      turn("ldr r4, =0x20000100\n ldr r6, =0x20000200\n", "ldr.w r1, [r4]\n ldr.w r5, [r6], #4\n");
  double apart = turn("ldr r4, =0x20000100\n ldr r6, =0x20000204\n", "ldr.w r1, [r4]\n ldr.w r5, [r6], #8\n");
  EXPECT_NEAR(moving - apart, 0.5, 0.05);
}

TEST(CycleModel, SeesLoadsThatAreNotAligned) {
  double aligned = turn(kPointer, "ldr.w r1, [r4]\n nop.w\n");
  double unaligned = turn(kPointer, "ldr.w r1, [r4, #1]\n nop.w\n");
  EXPECT_GE(unaligned - aligned, 2.95);
}

TEST(CycleModel, SeesTheOperandsOfDoublePrecisionDivisions) {
  const char* setup = "vmov.f64 d1, #1.0\n vmov.f64 d2, #3.0\n vsub.f64 d3, d1, d1\n";
  double full = turn(setup, "vdiv.f64 d0, d1, d2\n");
  double zero = turn(setup, "vdiv.f64 d0, d3, d2\n");
  EXPECT_NEAR(full - zero, 28, 0.1);
}

TEST(CycleModel, CausesOfStepsSumToTheTotalAndTheProfileToo) {
  RunResult result =
      measured(kPointer, "ldr r1, [r4]\n str r1, [r4, #8]\n mul r1, r1, r1\n add r5, r1, r5\n", true);
  ASSERT_TRUE(result.profile);
  isa::CauseCycles sum = result.profile->overhead;
  for (const InstructionProfile& line : result.profile->instructions) sum += line.cycles;
  EXPECT_EQ(sum, result.total.causes);
  std::uint64_t executions = 0;
  for (const InstructionProfile& line : result.profile->instructions) executions += line.executions;
  EXPECT_EQ(executions, result.total.instructions);
  EXPECT_LE(result.steps[0].counts.causes.total() + result.steps[1].counts.causes.total() +
                result.steps[2].counts.causes.total(),
            result.cycles());
}

TEST(CycleModel, AProfileChangesNoCycle) {
  const char* body = "ldr r1, [r4], #4\n cmp r1, r5\n it ne\n strne r1, [r4, #64]\n";
  EXPECT_EQ(measured(kPointer, body, true).total.causes, measured(kPointer, body, false).total.causes);
}

TEST(CycleModel, RepeatsItselfCycleByCycle) {
  const char* body =
      "ldr r1, [r4], #4\n eors r5, r1\n tst r0, #4\n bne 1f\n adds r6, #1\n 1: str r5, [r4, #64]\n";
  RunResult a = measured(kPointer, body), b = measured(kPointer, body);
  EXPECT_EQ(a.total.causes, b.total.causes);
  ASSERT_EQ(a.steps.size(), b.steps.size());
  for (std::size_t i = 0; i < a.steps.size(); ++i)
    EXPECT_EQ(a.steps[i].counts.causes, b.steps[i].counts.causes);
}

TEST(CycleModel, CyccntReadsItsCyclesExactly) {
  // Two reads with 2n instructions between them differ by n more cycles, within one block as across blocks.
  auto between = [](int pairs) {
    std::string body = "ldr r5, [r4]\n";
    for (int i = 0; i < 2 * pairs; ++i) body += i % 2 ? "add.w r1, r2, r3\n" : "add.w r6, r2, r3\n";
    body += "ldr r7, [r4]\n subs r7, r7, r5\n";
    std::string setup = "ldr r4, =0xe0001000\n ldr r5, [r4]\n orr r5, #1\n str r5, [r4]\n add r4, #4\n";
    std::string program = "main: push {r4, r5, r6, r7, lr}\n" + setup +
                          " movs r0, #20\n .p2align 5\n turn: " + body +
                          "subs r0, #1\n bne turn\n mov r0, r7\n pop {r4, r5, r6, r7, pc}\n .ltorg\n";
    Environment environment;
    environment.operating_point = full_speed();
    return test::run(program, {}, environment).result.exit_code;
  };
  EXPECT_EQ(between(16) - between(8), 8);
}

TEST(CycleModel, TimeIsCyclesAtTheClockThatIsSet) {
  RunResult result = measured("", "nop\n");
  EXPECT_DOUBLE_EQ(result.seconds, static_cast<double>(result.cycles().value) / 400e6);
}

}  // namespace
}  // namespace sim
