#include "traces/plan_findings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace traces {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::uint32_t kArena = 0x20000000;

/// a (0..63) -> b (64..127) -> c (0..63) -> out (64..71), all in one row; the plan keeps a one step too long.
StepTable chain() {
  StepTable table;
  table.arena_bytes = 192;
  table.buffers = {{"a", BufferKind::kInput, 0, 0, 64, 0, 1},
                   {"b", BufferKind::kActivation, 1, 64, 64, 0, 1},
                   {"c", BufferKind::kActivation, 2, 128, 64, 1, 2},
                   {"out", BufferKind::kOutput, 3, 64, 8, 2, 2}};
  table.steps = {{0, "CONV_2D", "b", 0, 1, 64, 64, 0, 128, {0}, 1},
                 {1, "CONV_2D", "c", 1, 2, 128, 64, 0, 192, {1}, 2},
                 {2, "POOL", "out", 2, 3, 64, 8, 0, 72, {2}, 3}};
  table.inputs = {0};
  table.outputs = {3};
  return table;
}

struct Uses {
  std::uint32_t reads, read_bytes, writes, write_bytes;
};

/// Each step reads and writes what is said.
PlanWatch played(const StepTable& table, const std::vector<Uses>& steps) {
  PlanWatch watch(table, kArena);
  watch.host_wrote(kArena, 64);
  std::int32_t id = 0;
  std::uint64_t cycle = 0;
  for (const Uses& use : steps) {
    watch.step(id, id);
    ++id;
    for (std::uint32_t at = 0; at < use.read_bytes; ++at) {
      watch.at(++cycle);
      watch.load(kArena + use.reads + at, 1, 0x100);
    }
    for (std::uint32_t at = 0; at < use.write_bytes; ++at) {
      watch.at(++cycle);
      watch.store(kArena + use.writes + at, 1, 0x200 + static_cast<std::uint32_t>(id));
    }
  }
  watch.step(-1, -1);
  return watch;
}

std::vector<std::string> texts(const PlanWatch& watch) {
  std::vector<std::string> result;
  for (const Observation& one : plan_observations(watch)) result.push_back(one.text);
  return result;
}

TEST(PlanFindings, SayWhatAPlanThatKeepsABufferTooLongWouldSave) {
  const StepTable table = chain();
  const PlanWatch watch = played(table, {{0, 64, 64, 64}, {64, 64, 128, 64}, {128, 64, 64, 8}});
  const std::vector<Observation> all = plan_observations(watch);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].kind, FindingKind::kLifetimeTooLong);
  EXPECT_FALSE(all[0].is_problem);
  EXPECT_EQ(all[0].owner, "a");
  EXPECT_EQ(all[0].saves_bytes, 64);
  EXPECT_EQ(all[0].text,
            "the plan keeps a from step 0 to step 1, the binary needs it from step 0 to step 0; that is 64 "
            "bytes of "
            "the peak of 192 bytes in step 1, which would be 128 bytes");
  const PlanPeak peak = plan_peak(watch);
  EXPECT_EQ(peak.planned, 192);
  EXPECT_EQ(peak.planned_step, 1);
  EXPECT_EQ(peak.needed, 128);
  EXPECT_EQ(peak.needed_step, 0);
}

TEST(PlanFindings, AreNoneWhereThePlanIsTight) {
  StepTable table = chain();
  table.buffers[0].last_step = 0;
  table.buffers[2].offset = 0;
  table.steps[1].arena_live_bytes = 128;
  table.steps[1].output_offset = 0;
  table.arena_bytes = 128;
  EXPECT_THAT(texts(played(table, {{0, 64, 64, 64}, {64, 64, 0, 64}, {0, 64, 64, 8}})), IsEmpty());
}

TEST(PlanFindings, SayThatABufferIsNeverRead) {
  StepTable table = chain();
  table.buffers[0].last_step = 0;
  const PlanWatch watch = played(table, {{0, 64, 64, 64}, {0, 0, 128, 60}, {128, 60, 64, 8}});
  const std::vector<Observation> all = plan_observations(watch);
  ASSERT_EQ(all.size(), 2u) << "b is never read, and c's last bytes are not needed at the peak";
  EXPECT_EQ(all[0].kind, FindingKind::kWriteNeverRead);
  EXPECT_EQ(all[0].text, "b is written, 64 bytes, and never read");
  EXPECT_EQ(all[0].pc, 0x201u);
  EXPECT_EQ(all[0].step, 0);
  EXPECT_EQ(all[0].cycle, 65u);
  EXPECT_EQ(all[0].bytes, 64u);
  EXPECT_EQ(all[0].saves_bytes, 64);
  EXPECT_EQ(
      all[1].text,
      "the plan keeps c from step 1 to step 2, the binary does not need all of it in step 1; that is 4 bytes "
      "of the peak of 192 bytes in step 1, which would be 128 bytes");
}

TEST(PlanFindings, SayWhichStretchesOfTheArenaNothingTouches) {
  StepTable table = chain();
  table.buffers[0].last_step = 0;
  table.arena_bytes = 300;
  const PlanWatch watch = played(table, {{0, 64, 64, 64}, {64, 64, 128, 64}, {128, 64, 64, 8}});
  const std::vector<Observation> all = plan_observations(watch);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].kind, FindingKind::kArenaUntouched);
  EXPECT_FALSE(all[0].is_problem);
  EXPECT_EQ(all[0].text, "108 bytes at arena+0xc0 are never read or written");
  EXPECT_EQ(all[0].address, kArena + 192);
  EXPECT_EQ(all[0].bytes, 108u);
  table.arena_bytes = 192 + kLeastUntouched - 1;  // padding
  EXPECT_THAT(texts(played(table, {{0, 64, 64, 64}, {64, 64, 128, 64}, {128, 64, 64, 8}})), IsEmpty());
}

TEST(PlanFindings, SayHowMuchLessLivesHoldAtOnceThanWholeStepsNeed) {
  const StepTable table = chain();
  const PlanWatch watch = played(table, {{0, 64, 64, 64}, {64, 64, 128, 64}, {128, 64, 64, 8}});
  // In each step the second half of the input ends as the second half of the output begins.
  std::vector<Occupant> lives = {
      {0, 64, 0, 40, 0}, {64, 96, 10, 90, 1}, {96, 128, 50, 90, 2}, {128, 192, 91, 99, 3}};
  const auto one = within_steps_observation(watch, lives);
  ASSERT_TRUE(one);
  EXPECT_EQ(one->saves_bytes, 32);
  EXPECT_EQ(one->cycle, 10u);
  EXPECT_FALSE(one->is_problem);
  EXPECT_EQ(
      one->text,
      "no more than 96 bytes of the arena hold data at once, 32 bytes less than in all of step 0: inputs "
      "end before all of the output is there");
  lives[2].born = 10;
  EXPECT_FALSE(within_steps_observation(watch, lives)) << "128 bytes, as in step 0";
}

TEST(PlanFindings, SayThatNothingTouchesTheArena) {
  StepTable table;
  table.arena_bytes = 64;
  table.steps = {{0, "CONV_2D", "b", 0, 1, 0, 0, 0, 0, {}, -1}};
  PlanWatch watch(table, kArena);
  watch.step(0, 0);
  watch.step(-1, -1);
  ASSERT_THAT(texts(watch), ElementsAre("none of the arena's 64 bytes is ever read or written"));
  EXPECT_TRUE(plan_observations(watch)[0].is_problem);
}

TEST(PlanFindings, SayNothingOfWhatARunThatWasCutShortDidNotDo) {
  const StepTable table = chain();
  PlanWatch watch(table, kArena);
  watch.host_wrote(kArena, 64);
  watch.step(0, 0);
  watch.store(kArena + 64, 4, 0x100);
  watch.step(1, 1);
  EXPECT_THAT(texts(watch), IsEmpty());
  watch.load(kArena + 128, 1, 0x104);
  EXPECT_THAT(texts(watch),
              ElementsAre("step 1 CONV_2D reads 1 byte at arena+0x80 of tensor c (step 1 CONV_2D), which "
                          "no step has written for it"));
}

}  // namespace
}  // namespace traces
