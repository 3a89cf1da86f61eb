#include "gui/fold/folded.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "gui/fold/sums.h"
#include "random_trace.h"
#include "traces/peak.h"

namespace gui {
namespace {

constexpr std::size_t kLives = 400;

bool is_alive(const traces::Life& life, std::uint64_t cycle) {
  return life.born <= cycle && cycle <= life.died();
}

/// Bytes x cycles.
std::uint64_t area(const traces::Life& life) {
  return life.bytes * (life.died() + 1 - life.born);
}

TEST(Folded, KnowsTheLifeAtEveryPlace) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const traces::Trace trace = random_trace(seed, kLives);
    const Folded folded = fold(trace);
    for (const traces::Life& life : trace.lives)
      for (const std::uint64_t cycle : {life.born, life.died(), life.died() + 1}) {
        const std::uint64_t address = life.address + life.bytes - 1;
        std::optional<std::uint32_t> expected;
        for (const traces::Life& other : trace.lives)
          if (other.region == life.region && is_alive(other, cycle) && address >= other.address &&
              address < other.address + other.bytes &&
              (!expected || area(other) < area(trace.lives[*expected]) ||
               (area(other) == area(trace.lives[*expected]) && other.born >= trace.lives[*expected].born)))
            expected = other.id;
        EXPECT_EQ(folded.life_at(life.region, cycle, address), expected) << "seed " << seed;
      }
  }
}

TEST(Folded, KnowsWhoIsAliveAtACycle) {
  const traces::Trace trace = random_trace(6, kLives);
  const Folded folded = fold(trace);
  for (std::uint64_t cycle = 0; cycle < trace.cycles(); cycle += 97) {
    std::vector<std::uint32_t> alive;
    for (const traces::Life& life : trace.lives)
      if (is_alive(life, cycle)) alive.push_back(life.id);
    EXPECT_EQ(folded.live_at(cycle), alive);
  }
}

TEST(Folded, KindsSumToTheBytesInUse) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const traces::Trace trace = random_trace(seed, kLives);
    const Folded folded = fold(trace);
    for (std::size_t r = 0; r < trace.regions.size(); ++r)
      for (std::uint64_t cycle = 0; cycle < trace.cycles(); cycle += 61) {
        const KindBytes kinds = folded.kinds_at(r, cycle);
        EXPECT_EQ(std::accumulate(kinds.begin(), kinds.end(), std::uint64_t{0}),
                  folded.regions[r].live.at(cycle))
            << "seed " << seed << ", region " << r << ", cycle " << cycle;
      }
  }
}

TEST(Folded, ThePeakIsTheOneOfTheReports) {
  const traces::Trace trace = random_trace(7, kLives);
  const Folded folded = fold(trace);
  for (std::size_t r = 0; r < trace.regions.size(); ++r)
    EXPECT_EQ(folded.regions[r].live.peak(), traces::peak_in(trace, traces::range_of(trace.regions[r])));
}

TEST(Folded, AnIndexOfAFilterHoldsOnlyWhatTheFilterShows) {
  const traces::Trace trace = random_trace(8, kLives);
  Filter filter;
  filter.min_bytes = 100;
  const LifeFilter large(trace, filter);
  std::size_t found = 0;
  for (const RectIndex& index : index_lives(trace, large)) found += index.size();
  EXPECT_EQ(found, large.count());
  EXPECT_LT(found, kLives);
  EXPECT_GT(found, 0u);
}

TEST(Folded, APlannedLifeLastsFromItsFirstStepToTheEndOfItsLastInEachPass) {
  traces::Trace trace;
  trace.regions = {{"SRAM", "sram", 0x20000000, 0x1000, true}};
  std::uint64_t at = 100;
  for (const std::int32_t id : {0, 1, 2, 0, 1}) {  // a second inference, cut short
    traces::Step step;
    step.id = id;
    step.begin = at;
    step.end = at += 50;
    trace.steps.push_back(step);
  }
  trace.buffers.resize(1);
  trace.buffers[0].address = 0x20000100;
  trace.buffers[0].bytes = 64;
  trace.buffers[0].first_step = 1;
  trace.buffers[0].last_step = 2;
  trace.reached = at;
  const Folded folded = fold(trace);
  const RectIndex& planned = folded.regions[0].planned;
  EXPECT_EQ(planned.size(), 2u);
  EXPECT_FALSE(planned.at(149, 0x20000100));
  EXPECT_TRUE(planned.at(150, 0x20000100));
  EXPECT_TRUE(planned.at(249, 0x2000013f));
  EXPECT_FALSE(planned.at(250, 0x20000100));
  EXPECT_TRUE(planned.at(300, 0x20000100));
  EXPECT_FALSE(planned.at(150, 0x20000140));
}

TEST(Folded, ALifeThatReachesIntoTheNextMemoryIsInBoth) {
  traces::Trace trace;
  trace.regions = {{"SRAM1", "sram", 0x20010000, 0x1000, true}, {"DTCM", "dtcm", 0x20000000, 0x10000, true}};
  traces::Life life;
  life.region = 1;
  life.address = 0x2000f000;
  life.bytes = 0x1400;
  life.born = life.last_write = 10;
  life.first_read = life.last_read = 20;
  trace.lives.push_back(life);
  trace.reached = 100;
  const Folded folded = fold(trace);
  EXPECT_EQ(folded.life_at(1, 15, 0x2000ffff), 0u);
  EXPECT_EQ(folded.life_at(0, 15, 0x200103ff), 0u);
  EXPECT_FALSE(folded.life_at(0, 15, 0x20010400));
  EXPECT_EQ(folded.live_at(15), std::vector<std::uint32_t>{0});
  EXPECT_EQ(folded.regions[0].live.at(15), 0x400u);
  EXPECT_EQ(folded.kinds_at(0, 15)[static_cast<std::size_t>(traces::LifeKind::kUnknown)], 0x400u);
  EXPECT_EQ(folded.kinds_at(1, 15)[static_cast<std::size_t>(traces::LifeKind::kUnknown)], 0x1000u);
}

TEST(Folded, KnowsTheStepOfACycle) {
  const traces::Trace trace = random_trace(9, 1);
  const Folded folded = fold(trace);
  for (std::uint64_t cycle = 0; cycle < trace.cycles(); cycle += 3) {
    std::optional<std::size_t> expected;
    for (std::size_t i = 0; i < trace.steps.size(); ++i)
      if (trace.steps[i].begin <= cycle && cycle < trace.steps[i].end) expected = i;
    EXPECT_EQ(folded.step_at(static_cast<double>(cycle)), expected) << cycle;
  }
}

TEST(Folded, AnEmptyTraceFolds) {
  const traces::Trace trace;
  const Folded folded = fold(trace);
  EXPECT_EQ(folded.cycles, 0);
  EXPECT_TRUE(folded.live_at(0).empty());
  EXPECT_EQ(sums_of(folded, {0, 100}).cycles, 0);
}

TEST(RangeSums, OfPartsSumToTheWhole) {
  const traces::Trace trace = random_trace(10, kLives);
  const Folded folded = fold(trace);
  const RangeSums whole = sums_of(folded, {0, folded.cycles});
  double cycles = 0, macs = 0, load_bytes = 0, instructions = 0, waiting = 0;
  for (double at = 0; at < folded.cycles; at += 123.5) {
    const RangeSums part = sums_of(folded, {at, at + 123.5});
    cycles += part.activity.cycles();
    instructions += part.activity.instructions;
    waiting += part.activity.causes[static_cast<std::size_t>(isa::Cause::kDLoad)];
    macs += part.macs;
    load_bytes += part.load_bytes;
  }
  EXPECT_NEAR(cycles, folded.cycles, 1e-6);
  EXPECT_NEAR(whole.activity.cycles(), folded.cycles, 1e-6);
  EXPECT_NEAR(instructions, whole.activity.instructions, 1e-6);
  EXPECT_NEAR(waiting, whole.activity.causes[static_cast<std::size_t>(isa::Cause::kDLoad)], 1e-6);
  EXPECT_NEAR(macs, whole.macs, 1e-6);
  EXPECT_NEAR(load_bytes, whole.load_bytes, 1e-6);
  EXPECT_EQ(whole.steps, trace.steps.size());
}

TEST(RangeSums, ThePeakOfARangeIsThatOfItsCycles) {
  const traces::Trace trace = random_trace(11, kLives);
  const Folded folded = fold(trace);
  for (std::uint64_t begin = 0; begin + 200 < trace.cycles(); begin += 331) {
    const RangeSums sums = sums_of(folded, {static_cast<double>(begin), static_cast<double>(begin + 200)});
    for (std::size_t r = 0; r < trace.regions.size(); ++r) {
      traces::Peak expected;
      std::size_t lives = 0;
      for (std::uint64_t cycle = begin; cycle < begin + 200; ++cycle)
        if (const std::uint64_t bytes = folded.regions[r].live.at(cycle); bytes > expected.bytes)
          expected = {bytes, cycle};
      for (const traces::Life& life : trace.lives)
        lives += life.region == r && life.born < begin + 200 && life.died() >= begin;
      EXPECT_EQ(sums.regions[r].peak, expected);
      EXPECT_EQ(sums.regions[r].lives, lives);
    }
  }
}

}  // namespace
}  // namespace gui
