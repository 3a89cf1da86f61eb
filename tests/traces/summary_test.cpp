#include "traces/summary.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/traces/hand_trace.h"
#include "traces/clock.h"

namespace traces {
namespace {

using nlohmann::json;

/// Two steps, two tensors of which the second is the peak, a stack, a finding.
HandTrace small_run() {
  HandTrace hand;
  hand.step("CONV_2D", "stem", 100, 150);
  hand.step("ADD", "sum", 50);
  hand.life("stem", 0, 200, 10, 140);
  hand.life("sum", 200, 300, 110, 149, LifeKind::kOutput);
  hand.sample(150, 24);
  Finding finding;
  finding.kind = FindingKind::kReadBeforeWrite;
  finding.function = hand.text("conv");
  finding.line = hand.text("conv.c:12");
  finding.pc = 0x08000100;
  finding.step = 0;
  finding.owner = hand.text("m7_arena");
  finding.address = 0x20000004;
  finding.count = 3;
  hand.trace.findings.push_back(finding);
  hand.end(160).stack_top = 0x20000400;
  return hand;
}

TEST(Summary, JsonHasTheMembersThatProgramsReadAndTheirTypes) {
  const HandTrace hand = small_run();
  const json out = json::parse(summary_json(hand.trace, summarize(hand.trace)));
  EXPECT_EQ(out["cycles"], 160);
  ASSERT_EQ(out["steps"].size(), 2U);
  EXPECT_EQ(out["steps"][0]["op"], "CONV_2D");
  EXPECT_EQ(out["steps"][0]["cycles"], 100);
  EXPECT_EQ(out["causes"]["issue"], 150);
  EXPECT_EQ(out["causes"].size(), isa::kCauses);
  ASSERT_EQ(out["regions"].size(), 1U);
  const json& region = out["regions"][0];
  EXPECT_EQ(region["name"], "SRAM");
  EXPECT_EQ(region["capacity"], 1024);
  EXPECT_EQ(region["peak_bytes"], 524);
  EXPECT_EQ(region["peak_cycle"], 110);
  ASSERT_EQ(region["owners"].size(), 3U);
  EXPECT_EQ(region["owners"][0]["name"], "sum");
  EXPECT_EQ(region["owners"][0]["kind"], "output");
  EXPECT_EQ(region["owners"][0]["bytes"], 300);
  ASSERT_EQ(out["findings"].size(), 1U);
  EXPECT_EQ(out["findings"][0]["kind"], "read-before-write");
  EXPECT_EQ(out["findings"][0]["count"], 3);
  EXPECT_EQ(out["findings"][0]["where"],
            "conv at conv.c:12 (0x08000100), step 0 CONV_2D stem, in m7_arena at 0x20000004");
}

TEST(Summary, OwnersSumToThePeak) {
  const HandTrace hand = small_run();
  for (const RegionSummary& region : summarize(hand.trace).regions) {
    std::uint64_t sum = 0;
    for (const Owner& owner : region.owners) sum += owner.bytes;
    EXPECT_EQ(sum, region.peak.bytes);
  }
}

TEST(Summary, OfAnEmptyTraceHasEveryMember) {
  const Trace trace;
  const json out = json::parse(summary_json(trace, summarize(trace)));
  for (const char* member : {"steps", "cycles", "causes", "regions", "findings"}) {
    EXPECT_TRUE(out.contains(member)) << member;
  }
  EXPECT_EQ(out["ended"], nullptr);
}

TEST(Summary, NamesThatAreNoUtf8StillGiveJson) {
  HandTrace hand = small_run();
  hand.trace.strings[hand.trace.steps[0].name] = "a\xff\"\n";
  const json out = json::parse(summary_json(hand.trace, summarize(hand.trace)));
  EXPECT_EQ(out["steps"][0]["name"], "a\xEF\xBF\xBD\"\n");
}

TEST(Summary, OfARunThatWasCutShortComesFromItsSamples) {
  HandTrace hand = small_run();
  hand.trace.end.reset();
  hand.trace.reached = 150;
  const Summary summary = summarize(hand.trace);
  EXPECT_EQ(summary.cycles, 150U);
  EXPECT_EQ(summary.total.causes.total().value, 150U);
  EXPECT_EQ(summary.stack_bytes, 24U);
}

TEST(Summary, ComparesTheArenaWithItsPlan) {
  HandTrace hand = small_run();
  EXPECT_FALSE(summarize(hand.trace).arena.has_value());
  hand.trace.about.arena_bytes = 512;
  Buffer buffer;
  buffer.address = 0x20000000;
  buffer.bytes = 512;
  hand.trace.buffers.push_back(buffer);
  const Summary summary = summarize(hand.trace);
  ASSERT_TRUE(summary.arena.has_value());
  EXPECT_EQ(summary.arena->planned_bytes, 512U);
  EXPECT_EQ(summary.arena->observed, (Peak{500, 110}));  // without the stack
  const json out = json::parse(summary_json(hand.trace, summary));
  EXPECT_EQ(out["arena"]["peak_bytes"], 500);
  EXPECT_EQ(out["arena"]["planned_bytes"], 512);
  ASSERT_EQ(out["buffers"].size(), 1U);
  EXPECT_EQ(out["buffers"][0]["first_access"], nullptr);
}

TEST(Summary, ForwardGoesWithoutSayingAndOtherPhasesAreNamed) {
  HandTrace hand;
  Step& step = hand.step("CONV_2D", "stem", 1);
  step.phase = hand.text("forward");
  EXPECT_EQ(name_of(hand.trace, step), "CONV_2D stem");
  step.phase = hand.text("backward");
  step.patch = 3;
  EXPECT_EQ(name_of(hand.trace, step), "CONV_2D backward stem patch 3");
  EXPECT_EQ(name_of(hand.trace, hand.step("", "", 1)), "step 1");
  EXPECT_EQ(place_of(hand.trace, 0), "step 0: CONV_2D backward stem patch 3");
  EXPECT_EQ(place_of(hand.trace, 1), "step 1");
}

TEST(ClockFold, AddsUpTheStretchesOfEachClock) {
  Trace trace;
  EXPECT_EQ(seconds_at(trace, 100), 0);
  trace.clocks = {{0, 100}, {100, 1000}};
  EXPECT_DOUBLE_EQ(seconds_at(trace, 50), 0.5);
  EXPECT_DOUBLE_EQ(seconds_at(trace, 100), 1.0);
  EXPECT_DOUBLE_EQ(seconds_at(trace, 600), 1.5);
}

}  // namespace
}  // namespace traces
