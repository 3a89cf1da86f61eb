#include "sim/machine.h"

#include <gmock/gmock.h>

#include "guest_program.h"

namespace sim {
namespace {

using test::run;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Machine, RunsToTheExitCodeOfTheProgram) {
  test::Outcome outcome = run("main: movs r0, #42\n bx lr\n");
  EXPECT_EQ(outcome.result.end, RunEnd::kExit);
  EXPECT_EQ(outcome.result.exit_code, 42);
  if (outcome.result.fault) ADD_FAILURE() << outcome.result.fault->to_text();
}

TEST(Machine, CountsInstructionsThatTheirConditionSkips) {
  // The same block but for the flags: both must count alike.
  auto count = [](int value) {
    std::string program = "main: movs r0, #" + std::to_string(value) + R"(
      cmp r0, #1
      itte eq
      moveq r1, #1
      moveq r2, #2
      movne r3, #3
      movs r0, #0
      bx lr
    )";
    return run(program).result.total.instructions;
  };
  EXPECT_EQ(count(1), count(0));
  // Start-up: 8 before main and 6 after it with its BKPT; main: 8.
  EXPECT_EQ(count(1), 7u + 8 + 7);
}

TEST(Machine, CountsLoadsAndStoresWithTheirBytes) {
  const char* program = R"(main:
    mov r0, #0x20000000
    ldm r0, {r1, r2, r3}
    ldrb r1, [r0]
    strh r1, [r0, #2]
    strd r2, r3, [r0, #8]
    movs r0, #0
    bx lr
  )";
  Counts counts = run(program).result.total;
  Counts base = run("main: movs r0, #0\n bx lr\n").result.total;
  EXPECT_EQ(counts.loads - base.loads, 3u + 1);
  EXPECT_EQ(counts.load_bytes - base.load_bytes, 12u + 1);
  EXPECT_EQ(counts.stores - base.stores, 1u + 2);
  EXPECT_EQ(counts.store_bytes - base.store_bytes, 2u + 8);
}

TEST(Machine, ExecutesDoublePrecision) {
  const char* program = R"(
    int main(void) {
      volatile double a = 1.0, b = 3.0;
      double c = a / b * 3e15;
      return c == 1e15 ? 7 : 1;
    })";
  test::Outcome outcome = run(program, {.c = true});
  EXPECT_EQ(outcome.result.exit_code, 7);
}

TEST(Machine, StepMarksSplitTheCountsExactly) {
  const char* program = R"(main:
    ldr r0, =0xe0000000
    movs r1, #0
    str r1, [r0, #4]
    nop
    nop
    nop
    movs r1, #1
    str r1, [r0, #4]
    nop
    movs r1, #2
    str r1, [r0, #4]
    movs r0, #0
    bx lr
  )";
  test::Outcome outcome = run(program);
  EXPECT_THAT(outcome.marks, ElementsAre(0, 1, 2));
  ASSERT_EQ(outcome.result.steps.size(), 3u);
  EXPECT_EQ(outcome.result.steps[0].id, 0);
  EXPECT_EQ(outcome.result.steps[0].counts.instructions, 5u);
  EXPECT_EQ(outcome.result.steps[0].counts.stores, 1u);
  EXPECT_EQ(outcome.result.steps[1].counts.instructions, 3u);
}

}  // namespace
}  // namespace sim
