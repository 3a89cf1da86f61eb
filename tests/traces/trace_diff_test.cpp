#include "traces/trace_diff.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <random>

#include "tests/traces/hand_trace.h"

namespace traces {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::ThrowsMessage;

/// Steps named by single letters, of 10 cycles each.
Trace steps(const std::string& letters) {
  HandTrace hand;
  for (const char c : letters) hand.step("CONV_2D", std::string(1, c), 10);
  hand.end(10 * letters.size());
  return hand.trace;
}

/// "a-a b-b +c -d": pairs by name, and steps of one only.
std::string aligned(const std::string& a_letters, const std::string& b_letters) {
  std::string text;
  for (const StepPair& pair : align_steps(steps(a_letters), steps(b_letters))) {
    if (!text.empty()) text += ' ';
    if (pair.a && pair.b) {
      text += a_letters[*pair.a];
      if (a_letters[*pair.a] != b_letters[*pair.b]) text += "!";
    } else {
      text += pair.a ? std::string("-") + a_letters[*pair.a] : std::string("+") + b_letters[*pair.b];
    }
  }
  return text;
}

TEST(Alignment, OfARunWithItselfPairsEveryStep) {
  EXPECT_EQ(aligned("abcabc", "abcabc"), "a b c a b c");
  EXPECT_EQ(aligned("", ""), "");
}

TEST(Alignment, FindsStepsThatWereInsertedAndRemoved) {
  EXPECT_EQ(aligned("abcd", "abxcd"), "a b +x c d");
  EXPECT_EQ(aligned("abxcd", "abcd"), "a b -x c d");
  EXPECT_EQ(aligned("abc", "xabcy"), "+x a b c +y");
  EXPECT_EQ(aligned("", "ab"), "+a +b");
}

TEST(Alignment, OfRepeatedNamesGoesByTheirNeighbours) {
  EXPECT_EQ(aligned("xyx", "yx"), "-x y x");
  EXPECT_EQ(aligned("aaab", "aab"), "a a -a b");
}

TEST(Alignment, AStepThatMovedIsStillTheSame) {
  for (const StepPair& pair : align_steps(steps("abc"), steps("cab"))) {
    EXPECT_TRUE(pair.a && pair.b);
  }
}

TEST(Alignment, TellsPatchesAndPhasesApart) {
  Trace a = steps("aa"), b = steps("aa");
  a.steps[0].patch = 0;
  a.steps[1].patch = 1;
  b.steps[0].patch = 1;
  b.steps[1].patch = 2;
  EXPECT_THAT(align_steps(a, b),
              ElementsAre(StepPair{0, std::nullopt}, StepPair{1, 0}, StepPair{std::nullopt, 1}));
}

TEST(Alignment, StepsWithoutNamesAreTheSameByTheirIds) {
  HandTrace a, b;
  for (int i = 0; i < 3; ++i) a.step("", "", 10);
  for (int i = 1; i < 3; ++i) b.step("", "", 10).id = i;
  EXPECT_THAT(align_steps(a.trace, b.trace),
              ElementsAre(StepPair{0, std::nullopt}, StepPair{1, 0}, StepPair{2, 1}));
}

TEST(Alignment, TheSameFromEitherSideAndInOrderOnRandomRuns) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const auto letters = [&] {
      std::string text(random() % 12, 'a');
      for (char& c : text) c = static_cast<char>('a' + random() % 4);
      return text;
    };
    const std::string a = letters(), b = letters();
    std::vector<std::pair<int, int>> forth, back;
    const auto index = [](const std::optional<std::size_t>& i) { return i ? static_cast<int>(*i) : -1; };
    for (const StepPair& pair : align_steps(steps(a), steps(b)))
      forth.emplace_back(index(pair.a), index(pair.b));
    for (const StepPair& pair : align_steps(steps(b), steps(a)))
      back.emplace_back(index(pair.b), index(pair.a));
    std::sort(forth.begin(), forth.end());
    std::sort(back.begin(), back.end());
    ASSERT_EQ(forth, back) << a << " " << b;
    for (char c = 'a'; c < 'e'; ++c) {  // as many pairs as both have of each name
      std::ptrdiff_t pairs = 0;
      for (const auto& [i, j] : forth) {
        if (i >= 0 && j >= 0 && a[static_cast<std::size_t>(i)] == c) {
          ASSERT_EQ(b[static_cast<std::size_t>(j)], c);
          ++pairs;
        }
      }
      ASSERT_EQ(pairs, std::min(std::count(a.begin(), a.end(), c), std::count(b.begin(), b.end(), c)));
    }
  }
}

TEST(Alignment, OfVeryLongRunsStaysCheap) {
  HandTrace a, b;
  for (int i = 0; i < 20000; ++i) {
    a.step("A", i % 3 == 0 ? "x" : "y", 1);
    b.step("A", i % 5 == 0 ? "x" : "y", 1);
  }
  EXPECT_GE(align_steps(a.trace, b.trace).size(), 20000U);
}

class TraceDiffTest : public testing::Test {
 protected:
  TraceDiffTest() {
    before_.step("CONV_2D", "stem", 100, 10);
    before_.step("ADD", "sum", 50);
    before_.life("stem", 0, 200, 0, 100);
    before_.end(150);
    after_.step("CONV_2D", "stem", 103, 10);
    after_.step("ADD", "sum", 40);
    after_.life("stem", 0, 210, 0, 100);
    after_.end(143);
  }
  const Change& metric(const TraceDiff& diff, const std::string& name) {
    for (const Metric& metric : diff.metrics) {
      if (metric.name == name) return metric.change;
    }
    ADD_FAILURE() << "no metric " << name;
    static const Change none;
    return none;
  }

  HandTrace before_, after_;
};

TEST_F(TraceDiffTest, OfATraceWithItselfChangesNothing) {
  const TraceDiff same = diff(before_.trace, before_.trace);
  for (const Metric& metric : same.metrics) EXPECT_EQ(metric.change.delta(), 0) << metric.name;
  for (const StepDiff& step : same.steps) EXPECT_EQ(step.cycles.delta(), 0) << step.name;
  EXPECT_THAT(same.notes, IsEmpty());
  EXPECT_THAT(passed(same, thresholds_from("cycles>0,peak>0%,step>0,stack>0,d-load>0%")), IsEmpty());
}

TEST_F(TraceDiffTest, SwappedRunsNegateEveryChange) {
  const TraceDiff forth = diff(before_.trace, after_.trace), back = diff(after_.trace, before_.trace);
  ASSERT_EQ(forth.metrics.size(), back.metrics.size());
  for (std::size_t i = 0; i < forth.metrics.size(); ++i) {
    EXPECT_EQ(forth.metrics[i].name, back.metrics[i].name);
    EXPECT_EQ(forth.metrics[i].change.delta(), -back.metrics[i].change.delta());
  }
  for (std::size_t i = 0; i < forth.steps.size(); ++i) {
    EXPECT_EQ(forth.steps[i].cycles.delta(), -back.steps[i].cycles.delta());
    for (std::size_t c = 0; c < isa::kCauses; ++c)
      EXPECT_EQ(forth.steps[i].causes[c], -back.steps[i].causes[c]);
  }
}

TEST_F(TraceDiffTest, GivesAbsoluteAndRelativeChanges) {
  const TraceDiff changed = diff(before_.trace, after_.trace);
  EXPECT_EQ(metric(changed, "cycles"), (Change{150, 143}));
  EXPECT_EQ(metric(changed, "peak:SRAM"), (Change{200, 210}));
  EXPECT_DOUBLE_EQ(metric(changed, "peak:SRAM").percent().value(), 5.0);
  ASSERT_EQ(changed.steps.size(), 2U);
  EXPECT_EQ(changed.steps[0].name, "CONV_2D stem");
  EXPECT_EQ(changed.steps[0].cycles.delta(), 3);
  EXPECT_EQ(changed.steps[1].causes[0], -10);
}

TEST_F(TraceDiffTest, AThresholdIsPassedByMoreThanItNotByAsMuch) {
  const TraceDiff changed = diff(before_.trace, after_.trace);
  EXPECT_THAT(passed(changed, thresholds_from("peak>5%")), IsEmpty());
  EXPECT_THAT(passed(changed, thresholds_from("peak>4.99%")),
              ElementsAre("peak:SRAM changed by +5 % (200 to 210), allowed at most +4.99 %"));
  EXPECT_THAT(passed(changed, thresholds_from("peak>10")), IsEmpty());
  EXPECT_THAT(passed(changed, thresholds_from("peak:SRAM>9")),
              ElementsAre("peak:SRAM changed by +10 (200 to 210), allowed at most +9"));
  EXPECT_THAT(passed(changed, thresholds_from("cycles>0")), IsEmpty());  // it fell
  EXPECT_THAT(passed(changed, thresholds_from("cycles>-10")),            // but not by enough
              ElementsAre("cycles changed by -7 (150 to 143), allowed at most -10"));
  EXPECT_THAT(passed(changed, thresholds_from("step>2%,cycles>1%")),
              ElementsAre("step CONV_2D stem changed by +3 % (100 to 103), allowed at most +2 %"));
}

TEST_F(TraceDiffTest, ARiseFromNothingPassesEveryPercentage) {
  after_.trace.samples.push_back({0, 143, 1, {}, 64});
  EXPECT_THAT(passed(diff(before_.trace, after_.trace), thresholds_from("stack>1000%")),
              ElementsAre("stack changed from nothing (0 to 64), allowed at most +1000 %"));
}

TEST_F(TraceDiffTest, ExpressionsThatCannotBeUnderstoodSaySo) {
  for (const char* bad : {"", "cycles", "cycles>", ">2", "cycles>x%", "cycles>2%%", "cycles>1,", "cycles>inf",
                          "cycles>1e999"}) {
    EXPECT_THAT([&] { thresholds_from(bad); }, ThrowsMessage<ThresholdError>(HasSubstr("METRIC>NUMBER")))
        << bad;
  }
  const TraceDiff changed = diff(before_.trace, after_.trace);
  EXPECT_THAT([&] { passed(changed, thresholds_from("cycels>2%")); },
              ThrowsMessage<ThresholdError>(testing::AllOf(HasSubstr("cycels"), HasSubstr("peak:SRAM"))));
  EXPECT_THAT([&] { passed(changed, thresholds_from("peak:FLASH>2%")); }, testing::Throws<ThresholdError>());
}

TEST_F(TraceDiffTest, NotesThatTheRunsAreNotOfOneKind) {
  before_.trace.about.model = "kws";
  after_.trace.about.model = "vww";
  after_.trace.end.reset();
  EXPECT_THAT(diff(before_.trace, after_.trace).notes,
              ElementsAre("models differ: kws and vww", "run B was cut short at cycle 143"));
}

TEST_F(TraceDiffTest, JsonHoldsMetricsStepsAndWhatFailed) {
  after_.step("SOFTMAX", "extra", 5);
  const TraceDiff changed = diff(before_.trace, after_.trace);
  const auto out = nlohmann::json::parse(diff_json(before_.trace, after_.trace, changed, {"peak rose"}));
  EXPECT_EQ(out["metrics"]["peak:SRAM"]["delta"], 10);
  EXPECT_EQ(out["metrics"]["cycles"]["a"], 150);
  ASSERT_EQ(out["steps"].size(), 3U);
  EXPECT_EQ(out["steps"][2]["a"], nullptr);
  EXPECT_EQ(out["steps"][2]["cycles"]["percent"], nullptr);
  EXPECT_EQ(out["failed"][0], "peak rose");
}

}  // namespace
}  // namespace traces
