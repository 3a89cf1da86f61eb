#include "gui/fold/sample_fold.h"

#include <gtest/gtest.h>

#include <random>

#include "random_trace.h"

namespace gui {
namespace {

TEST(Maxima, FindTheFirstLargestOfAnyStretch) {
  std::mt19937 random(1);
  std::vector<std::uint64_t> values;
  for (int i = 0; i < 133; ++i) values.push_back(random() % 50);  // many are equal
  const Maxima maxima(values);
  for (std::size_t first = 0; first < values.size(); ++first)
    for (std::size_t last = first + 1; last <= values.size(); ++last) {
      const auto at = static_cast<std::ptrdiff_t>(first);
      const auto expected =
          std::max_element(values.begin() + at, values.begin() + static_cast<std::ptrdiff_t>(last));
      ASSERT_EQ(maxima.largest(first, last), static_cast<std::size_t>(expected - values.begin()))
          << first << " to " << last;
    }
}

TEST(SampleFold, ASampleThatIsCutCountsWithItsShare) {
  traces::Trace trace;
  trace.samples.resize(2);
  trace.samples[0].begin = 100;
  trace.samples[0].end = 200;
  trace.samples[0].causes[isa::Cause::kIssue] = 60;
  trace.samples[0].causes[isa::Cause::kDLoad] = 40;
  trace.samples[1].begin = 200;
  trace.samples[1].end = 300;
  trace.samples[1].causes[isa::Cause::kIssue] = 100;
  const SampleFold fold(trace);
  const Activity part = fold.between(150, 250);
  EXPECT_DOUBLE_EQ(part.causes[static_cast<std::size_t>(isa::Cause::kIssue)], 30 + 50);
  EXPECT_DOUBLE_EQ(part.causes[static_cast<std::size_t>(isa::Cause::kDLoad)], 20);
  EXPECT_DOUBLE_EQ(fold.between(0, 1000).cycles(), 200);
  EXPECT_DOUBLE_EQ(fold.between(300, 400).cycles(), 0);
}

TEST(SampleFold, TheStackIsAsDeepAsInTheDeepestSampleTouched) {
  const traces::Trace trace = random_trace(2, 0);
  const SampleFold fold(trace);
  for (double begin = 0; begin < 9000; begin += 77) {
    const double end = begin + 311;
    std::uint64_t deepest = 0;
    for (const traces::Sample& sample : trace.samples)
      if (static_cast<double>(sample.begin) < end && static_cast<double>(sample.end) > begin)
        deepest = std::max<std::uint64_t>(deepest, sample.stack_bytes);
    EXPECT_EQ(fold.stack_between(begin, end), deepest) << begin;
  }
}

TEST(SampleFold, StepsStandInForSamplesThatAreNotThere) {
  traces::Trace trace = random_trace(3, 0);
  trace.samples.clear();
  std::uint64_t in_steps = 0;
  for (const traces::Step& step : trace.steps) in_steps += step.end - step.begin;
  EXPECT_NEAR(SampleFold(trace).between(0, 1e6).cycles(), static_cast<double>(in_steps), 1e-6);
}

}  // namespace
}  // namespace gui
