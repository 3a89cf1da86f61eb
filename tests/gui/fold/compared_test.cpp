#include "gui/fold/compared.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace gui {
namespace {

struct NamedStep {
  std::string name;
  std::uint64_t cycles;
};

traces::Trace trace_of(const std::vector<NamedStep>& steps) {
  traces::Trace trace;
  std::uint64_t at = 100;  // start-up
  for (const NamedStep& named : steps) {
    traces::Step step;
    step.id = static_cast<std::int32_t>(trace.steps.size());
    step.name = static_cast<traces::StringId>(trace.strings.size());
    trace.strings.push_back(named.name);
    step.begin = at;
    step.end = at += named.cycles;
    trace.steps.push_back(step);
  }
  trace.reached = at + 50;
  return trace;
}

TEST(AlignedAxis, TheSameStepsLieAtTheSamePlaces) {
  const traces::Trace a = trace_of({{"conv", 1000}, {"pool", 200}, {"fc", 300}});
  const traces::Trace b = trace_of({{"conv", 400}, {"pool", 900}, {"fc", 300}});
  const Folded run = fold(a), other = fold(b);
  for (const Axis which : {Axis::kCycles, Axis::kSteps}) {
    const TimeAxis axis = aligned_axis(run, other, run.axis(which));
    for (std::size_t s = 0; s < a.steps.size(); ++s) {
      const double begin = static_cast<double>(a.steps[s].begin), end = static_cast<double>(a.steps[s].end);
      EXPECT_NEAR(axis.place(static_cast<double>(b.steps[s].begin)), run.axis(which).place(begin), 1e-9);
      EXPECT_NEAR(axis.place(static_cast<double>(b.steps[s].end)), run.axis(which).place(end), 1e-9);
    }
    EXPECT_NEAR(axis.place(other.cycles), run.axis(which).place(run.cycles), 1e-9);
  }
}

TEST(AlignedAxis, AStepThatOnlyOneRunHasDoesNotMoveTheOthers) {
  const traces::Trace a = trace_of({{"conv", 1000}, {"pad", 50}, {"fc", 300}});
  const traces::Trace b = trace_of({{"conv", 1000}, {"quantize", 70}, {"fc", 300}});
  const Folded run = fold(a), other = fold(b);
  const TimeAxis axis = aligned_axis(run, other, run.by_cycles);
  EXPECT_NEAR(axis.place(static_cast<double>(b.steps[2].begin)), static_cast<double>(a.steps[2].begin), 1e-9);
  EXPECT_EQ(counterparts(run, other), (std::vector<std::optional<std::size_t>>{0, std::nullopt, 2}));
}

TEST(AlignedAxis, NeverFallsThoughStepsMovedPastEachOther) {
  const traces::Trace a = trace_of({{"a", 100}, {"b", 100}, {"c", 100}, {"d", 100}});
  const traces::Trace b = trace_of({{"c", 100}, {"a", 100}, {"d", 100}, {"b", 100}});
  const Folded run = fold(a), other = fold(b);
  const TimeAxis axis = aligned_axis(run, other, run.by_cycles);
  double last = -1;
  for (double cycle = 0; cycle <= other.cycles; ++cycle) {
    EXPECT_GE(axis.place(cycle), last) << cycle;
    last = axis.place(cycle);
  }
}

TEST(AlignedAxis, AViewOnItShowsTheSamePlaces) {
  const traces::Trace a = trace_of({{"conv", 1000}, {"fc", 300}}),
                      b = trace_of({{"conv", 100}, {"fc", 3000}});
  const Folded run = fold(a), other = fold(b);
  const TimeAxis axis = aligned_axis(run, other, run.by_cycles);
  const TimeView first(run.by_cycles, {100, 1400}, 0, 1300), second(axis, first);
  EXPECT_NEAR(second.x(static_cast<double>(b.steps[1].begin)), first.x(static_cast<double>(a.steps[1].begin)),
              1e-9);
}

}  // namespace
}  // namespace gui
