#include <gmock/gmock.h>

#include "tests/traces/exporters/exported.h"
#include "tests/traces/hand_trace.h"

namespace traces {
namespace {

using testing::HasSubstr;

isa::CauseCycles issue(std::uint64_t cycles) {
  isa::CauseCycles causes;
  causes[isa::Cause::kIssue] = cycles;
  return causes;
}

/// main (a.c) calls conv (b.c) three times; conv has a line that was inlined from i.h, and 5 cycles that no
/// line has. 20 cycles are in no function.
Trace small() {
  HandTrace hand;
  const StringId main = hand.text("main"), conv = hand.text("conv");
  const StringId a = hand.text("src/a.c"), b = hand.text("src/b.c"), i = hand.text("src/i.h");
  hand.trace.functions = {{main, a, 0x100, 1, 8, issue(10)}, {conv, b, 0x200, 3, 60, issue(70)}};
  hand.trace.lines = {{main, a, 12, 8, issue(10)},
                      {conv, b, 31, 20, issue(25)},
                      {conv, i, 7, 30, issue(40)},
                      {conv, b, 30, 5, issue(0)}};
  hand.trace.calls = {{0, main, 1, 10, 8}, {0, conv, 3, 70, 60}};
  hand.end(100).total.causes = issue(100);
  hand.trace.end->total.instructions = 70;
  return hand.trace;
}

TEST(Callgrind, WritesLinesInlinedLinesAndCalls) {
  const std::string text = exported(export_callgrind, small());
  EXPECT_THAT(text, HasSubstr("# callgrind format\nversion: 1\ncreator: m7scope test\n"));
  EXPECT_THAT(text, HasSubstr("positions: line\n"));
  EXPECT_THAT(text,
              HasSubstr("events: Cy Ir Issue Dependency Structural Branch IFetch DLoad DStore Bus Device\n"
                        "summary: 100 70 100 0 0 0 0 0 0 0 0\n"));
  EXPECT_THAT(text, HasSubstr("\nfl=(1) src/a.c\nfn=(1) main\n"
                              "12 10 8 10 0 0 0 0 0 0 0 0\n"
                              "cfi=(2) src/b.c\ncfn=(2) conv\ncalls=3 30\n12 70 60\n"));
  EXPECT_THAT(text, HasSubstr("\nfl=(2)\nfn=(2)\n"
                              "0 5 5 5 0 0 0 0 0 0 0 0\n"
                              "30 0 5 0 0 0 0 0 0 0 0 0\n"
                              "31 25 20 25 0 0 0 0 0 0 0 0\n"
                              "fi=(3) src/i.h\n"
                              "7 40 30 40 0 0 0 0 0 0 0 0\n"));
  EXPECT_THAT(text, HasSubstr("fn=(0) (in no function)\n0 20 2 20 0 0 0 0 0 0 0 0\n"));
  EXPECT_THAT(text, testing::EndsWith("\ntotals: 100 70 100 0 0 0 0 0 0 0 0\n"));
}

TEST(Callgrind, GoesBackToTheFunctionsFileBeforeItsCalls) {
  Trace trace = small();
  trace.strings.push_back("leaf");
  trace.calls.push_back({1, static_cast<StringId>(trace.strings.size() - 1), 9, 0, 0});
  EXPECT_THAT(exported(export_callgrind, trace),
              HasSubstr("fi=(3) src/i.h\n7 40 30 40 0 0 0 0 0 0 0 0\nfe=(2)\n"
                        "cfi=(4) ???\ncfn=(3) leaf\ncalls=9 0\n30 0 0\n"));
}

TEST(Callgrind, CountsARecursionOnce) {
  HandTrace hand;
  const StringId main = hand.text("main"), walk = hand.text("walk");
  hand.trace.functions = {{main, 0, 0, 1, 0, issue(1)}, {walk, 0, 0, 3, 0, issue(30)}};
  hand.trace.calls = {{0, main, 1, 1, 0}, {0, walk, 1, 10, 0}, {1, walk, 1, 10, 0}, {2, walk, 1, 10, 0}};
  hand.end(31);
  const std::string text = exported(export_callgrind, hand.trace);
  EXPECT_THAT(text, HasSubstr("cfn=(2) walk\ncalls=1 0\n0 30 0\n")) << "main's call, with all below";
  EXPECT_THAT(text, HasSubstr("cfn=(2)\ncalls=2 0\n0 20 0\n")) << "its own two: the outer holds the inner";
}

TEST(Callgrind, TakesCyclesFromTheTreeWhereNoProfileIsKept) {
  HandTrace hand;
  hand.trace.calls = {{0, hand.text("main"), 1, 10, 8}, {0, hand.text("conv"), 3, 70, 60}};
  hand.end(100).total.causes = issue(100);
  const std::string text = exported(export_callgrind, hand.trace);
  EXPECT_THAT(
      text, HasSubstr("fn=(1) main\n0 10 8 0 0 0 0 0 0 0 0 0\ncfi=(1)\ncfn=(2) conv\ncalls=3 0\n0 70 60\n"));
  EXPECT_THAT(text, HasSubstr("fn=(2)\n0 70 60 0 0 0 0 0 0 0 0 0\n"));
  EXPECT_THAT(text, HasSubstr("(in no function)\n0 20 0 100 0 0 0 0 0 0 0 0\n\ntotals: 100 68 100"));
}

TEST(Callgrind, KeepsNamesOnOneLine) {
  HandTrace hand;
  hand.trace.functions = {{hand.text("(7) x\nfn=(1) y"), hand.text("a\rb.c"), 0, 1, 0, issue(1)}};
  hand.end(1);
  EXPECT_THAT(exported(export_callgrind, hand.trace), HasSubstr("fl=(1) a\xEF\xBF\xBD"
                                                                "b.c\nfn=(1) (7) x\xEF\xBF\xBD"
                                                                "fn=(1) y\n0 1 0 1"));
}

TEST(Callgrind, TotalsOfARunThatWasCutShortAreThoseOfItsSamples) {
  HandTrace hand;
  hand.sample(40, 16).instructions = 30;
  EXPECT_THAT(exported(export_callgrind, hand.trace),
              HasSubstr("fn=(0) (in no function)\n0 40 30 40 0 0 0 0 0 0 0 0\n\ntotals: 40 30 40"));
}

TEST(Callgrind, HasTotalsOfNothingForAnEmptyTrace) {
  const Trace nothing;
  EXPECT_THAT(exported(export_callgrind, nothing), HasSubstr("\ntotals: 0 0 0 0 0 0 0 0 0 0 0\n"));
}

}  // namespace
}  // namespace traces
