#include "traces/roofline.h"

#include <gmock/gmock.h>

#include "tests/traces/hand_trace.h"

namespace traces {
namespace {

Step step_of(std::int64_t macs, std::uint64_t issue, std::uint64_t dependency, std::uint64_t d_load) {
  Step step;
  step.macs = macs;
  step.counts.causes[isa::Cause::kIssue] = issue;
  step.counts.causes[isa::Cause::kDependency] = dependency;
  step.counts.causes[isa::Cause::kDLoad] = d_load;
  return step;
}

TEST(Roofline, PartsSumToTheCyclesOfEveryCause) {
  Step step;
  step.macs = 11;
  for (std::size_t i = 0; i < isa::kCauses; ++i) step.counts.causes.by[i] = 10 + i;
  const StepLimits limits = limits_of(step, 2);
  EXPECT_EQ(limits.compute, 6U);  // 11 MACs at 2 a cycle
  EXPECT_EQ(limits.compute + limits.instructions + limits.pipeline + limits.memory,
            step.counts.causes.total().value);
}

TEST(Roofline, TheLargestPartNamesTheBound) {
  EXPECT_EQ(limits_of(step_of(200, 150, 20, 20), 2).bound, Bound::kCompute);
  EXPECT_EQ(limits_of(step_of(200, 300, 20, 20), 2).bound, Bound::kInstructions);
  EXPECT_EQ(limits_of(step_of(200, 150, 101, 20), 2).bound, Bound::kPipeline);
  EXPECT_EQ(limits_of(step_of(200, 150, 20, 101), 2).bound, Bound::kMemory);
  EXPECT_EQ(limits_of(step_of(200, 150, 20, 100), 2).bound, Bound::kCompute);  // of equal ones the first
}

TEST(Roofline, SaysCyclesAndBytesPerMacAgainstTheLimit) {
  Step step = step_of(100, 150, 25, 25);
  step.counts.load_bytes = 250;
  step.counts.store_bytes = 50;
  const StepLimits limits = limits_of(step, 2);
  EXPECT_DOUBLE_EQ(limits.cycles_per_mac, 2.0);
  EXPECT_DOUBLE_EQ(limits.bytes_per_mac, 3.0);
  EXPECT_DOUBLE_EQ(limits.of_limit, 0.25);
  EXPECT_DOUBLE_EQ(limits.stall_share, 0.25);
}

TEST(Roofline, AStepWithoutMacsHasNoLimit) {
  const StepLimits limits = limits_of(step_of(0, 10, 0, 0), 2);
  EXPECT_EQ(limits.compute, 0U);
  EXPECT_EQ(limits.bound, Bound::kInstructions);
  EXPECT_EQ(limits.cycles_per_mac, 0);
  EXPECT_EQ(limits_of(Step{}, 2).bound, Bound::kNothing);
}

TEST(Roofline, MoreMacsThanItsCyclesCanHoldAreNoMoreThanAllThatWereIssued) {
  const StepLimits limits = limits_of(step_of(1000, 10, 5, 0), 2);
  EXPECT_EQ(limits.compute, 10U);
  EXPECT_EQ(limits.instructions, 0U);
}

}  // namespace
}  // namespace traces
