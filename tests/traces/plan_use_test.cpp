#include "traces/plan_use.h"

#include <gmock/gmock.h>

#include "tests/traces/hand_trace.h"
#include "traces/clock.h"

namespace traces {
namespace {

HandTrace four_steps() {
  HandTrace hand;
  for (int i = 0; i < 4; ++i) hand.step("ADD", "a", 100).id = 10 + i;
  return hand;
}

TEST(StepAt, IsTheStepThatRanInThatCycle) {
  HandTrace hand;
  hand.trace.steps.resize(2);
  hand.trace.steps[0].begin = 10;
  hand.trace.steps[0].end = 20;
  hand.trace.steps[1].begin = 30;
  hand.trace.steps[1].end = 40;
  EXPECT_EQ(step_at(hand.trace, 9), std::nullopt);
  EXPECT_EQ(step_at(hand.trace, 10), 0U);
  EXPECT_EQ(step_at(hand.trace, 19), 0U);
  EXPECT_EQ(step_at(hand.trace, 20), std::nullopt);
  EXPECT_EQ(step_at(hand.trace, 39), 1U);
  EXPECT_EQ(step_at(hand.trace, 40), std::nullopt);
}

TEST(PlanUse, CountsPlannedStepsInWhichNothingTouchedTheBuffer) {
  HandTrace hand = four_steps();
  Buffer buffer;
  buffer.first_step = 10;
  buffer.last_step = 13;
  buffer.first_write = 150;
  buffer.last_write = 160;
  buffer.first_read = 155;
  buffer.last_read = 299;
  hand.trace.buffers.push_back(buffer);
  const BufferUse use = plan_use(hand.trace).at(0);
  EXPECT_EQ(use.first, 1U);
  EXPECT_EQ(use.last, 2U);
  EXPECT_EQ(use.first_access, 150U);
  EXPECT_EQ(use.last_access, 299U);
  EXPECT_EQ(use.idle_before, 1);
  EXPECT_EQ(use.idle_after, 1);
}

TEST(PlanUse, ABufferThatNothingTouchedHasNoAccess) {
  HandTrace hand = four_steps();
  hand.trace.buffers.emplace_back();
  const BufferUse use = plan_use(hand.trace).at(0);
  EXPECT_EQ(use.first, std::nullopt);
  EXPECT_EQ(use.first_access, kNever);
  EXPECT_EQ(use.last_access, kNever);
  EXPECT_EQ(use.idle_before + use.idle_after, 0);
}

TEST(PlanUse, AnInputThatIsReadBeforeTheFirstStepWasUsedButInNone) {
  HandTrace hand = four_steps();
  for (Step& step : hand.trace.steps) {
    step.begin += 1000;
    step.end += 1000;
  }
  Buffer input;
  input.first_step = 10;
  input.last_step = 10;
  input.first_write = input.last_write = 500;
  input.first_read = 1000;
  input.last_read = 1050;
  hand.trace.buffers.push_back(input);
  const BufferUse use = plan_use(hand.trace).at(0);
  EXPECT_EQ(use.first, std::nullopt);
  EXPECT_EQ(use.first_access, 500U);
  EXPECT_EQ(use.last, 0U);
  EXPECT_EQ(use.idle_before, 0);
}

}  // namespace
}  // namespace traces
