#include <fmt/format.h>
#include <gmock/gmock.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/traces/exporters/exported.h"
#include "tests/traces/hand_trace.h"
#include "tests/traces/sample_trace.h"

namespace traces {
namespace {

using nlohmann::json;

/// Of a trace, those events whose `member` is `value`.
std::vector<json> events(const Trace& trace, const char* member, const std::string& value,
                         const ExportOptions& options = {}) {
  std::vector<json> out;
  const json file = json::parse(exported(export_chrome, trace, options));
  for (const json& event : file.at("traceEvents")) {
    if (event.contains(member) && event[member] == value) out.push_back(event);
  }
  return out;
}

TEST(Chrome, GivesEachStepASliceInMicroseconds) {
  HandTrace hand;  // 1 MHz
  hand.step("PAD", "pad", 7);
  hand.step("CONV_2D", "conv", 100, 400).counts.causes[isa::Cause::kDLoad] = 20;
  const std::vector<json> slices = events(hand.trace, "ph", "B");
  ASSERT_EQ(slices.size(), 2U);
  EXPECT_EQ(slices[1]["ph"], "B");
  EXPECT_EQ(slices[1]["name"], "CONV_2D conv");
  EXPECT_EQ(slices[1]["ts"], 7.0);
  const std::vector<json> ends = events(hand.trace, "ph", "E");
  ASSERT_EQ(ends.size(), 2U);
  EXPECT_EQ(ends[1]["ts"], 107.0);
  EXPECT_EQ(ends[1]["name"], slices[1]["name"]) << "speedscope finds the begin by these";
  EXPECT_EQ(ends[1]["args"], slices[1]["args"]);
  EXPECT_EQ(slices[1]["args"]["cycles"], 100);
  EXPECT_EQ(slices[1]["args"]["d-load"], 20);
}

TEST(Chrome, NestsStepsInPatchesInPhases) {
  HandTrace hand;
  for (const auto& [phase, patch] :
       {std::pair("forward", 0), {"forward", 0}, {"forward", 1}, {"update", -1}}) {
    Step& step = hand.step("CONV_2D", "conv", 10);
    step.phase = hand.text(phase);
    hand.trace.steps.back().patch = patch;
  }
  const json file = json::parse(exported(export_chrome, hand.trace));
  std::string told;
  for (const json& e : file["traceEvents"]) {
    if (e["ph"] == "B") told += fmt::format("{} ({}: ", e["ts"].dump(), e["name"].get<std::string>());
    if (e["ph"] == "E") told += fmt::format("{}) ", e["ts"].dump());
  }
  EXPECT_EQ(
      told,
      "0.0 (forward: 0.0 (patch 0: 0.0 (CONV_2D conv patch 0: 10.0) 10.0 (CONV_2D conv patch 0: 20.0) 20.0) "
      "20.0 (patch 1: 20.0 (CONV_2D conv patch 1: 30.0) 30.0) 30.0) "
      "30.0 (update: 30.0 (CONV_2D update conv: 40.0) 40.0) ");
}

TEST(Chrome, GivesALifeAnAsyncSliceOverTheCyclesItsBytesAreInUse) {
  HandTrace hand;
  hand.life("conv", 16, 64, 5, 9, LifeKind::kActivation);
  const std::vector<json> begins = events(hand.trace, "ph", "b"), ends = events(hand.trace, "ph", "e");
  ASSERT_EQ(begins.size(), 1U);
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(begins[0]["name"], "conv");
  EXPECT_EQ(begins[0]["cat"], "activation");
  EXPECT_EQ(begins[0]["ts"], 5.0);
  EXPECT_EQ(begins[0]["args"]["address"], "0x20000010");
  EXPECT_EQ(begins[0]["args"]["last_read"], 9);
  EXPECT_EQ(ends[0]["ts"], 10.0);
}

TEST(Chrome, CountsBytesStackAndCauses) {
  HandTrace hand;
  hand.life("a", 0, 64, 5, 9);
  hand.sample(8, 48).causes[isa::Cause::kDLoad] = 8;
  const auto values = [&](const char* name) {
    std::vector<std::string> out;
    for (const json& e : events(hand.trace, "name", name)) {
      EXPECT_EQ(e["ph"], "C");
      out.push_back(e["ts"].dump() + ":" + e["args"].dump());
    }
    return out;
  };
  EXPECT_THAT(values("stack bytes"), testing::ElementsAre(R"(0.0:{"value":48})", R"(8.0:{"value":0})"));
  EXPECT_THAT(values("bytes in use"),
              testing::ElementsAre(R"(0.0:{"value":0})", R"(5.0:{"value":64})", R"(10.0:{"value":0})"));
  const std::vector<json> causes = events(hand.trace, "name", "% of cycles");
  ASSERT_EQ(causes.size(), 1U);
  EXPECT_EQ(causes[0]["args"]["d-load"], 50.0);
  EXPECT_EQ(causes[0]["args"]["issue"], 50.0);
}

TEST(Chrome, TellsFindingsAsInstants) {
  HandTrace hand;
  Finding& finding = hand.trace.findings.emplace_back();
  finding.kind = FindingKind::kPastEnd;
  finding.text = hand.text("too far");
  finding.cycle = 12;
  const std::vector<json> found = events(hand.trace, "ph", "i");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0]["name"], "past-array-end");
  EXPECT_EQ(found[0]["ts"], 12.0);
  EXPECT_EQ(found[0]["args"]["text"], "too far");
}

TEST(Chrome, KeepsTheLargestLivesWhereTheCapIsReached) {
  HandTrace hand;
  for (std::uint32_t i = 0; i < 200; ++i)
    hand.life(i == 150 ? "large" : "small", 4 * i, i == 150 ? 400 : 4, 5, 9);
  const std::vector<json> kept = events(hand.trace, "ph", "b", {.cap_bytes = 30'000, .heartbeat = {}});
  ASSERT_GT(kept.size(), 10U);
  ASSERT_LT(kept.size(), 190U);
  EXPECT_EQ(kept[0]["name"], "large");
}

TEST(Chrome, SurvivesNamesThatAreNoUtf8) {
  HandTrace hand;
  hand.step("CONV\xff\n\"", "x", 1);
  EXPECT_EQ(events(hand.trace, "cat", "step").at(0)["name"], "CONV\xEF\xBF\xBD\n\" x");
}

/// The rules of the format, over all events.
void expect_well_formed(const Trace& trace) {
  const json file = json::parse(exported(export_chrome, trace));
  std::set<int> processes;
  std::set<std::pair<int, int>> threads;
  for (const json& e : file["traceEvents"]) {
    if (e.contains("name") && e["name"] == "process_name") processes.insert(e["pid"].get<int>());
    if (e.contains("name") && e["name"] == "thread_name")
      threads.emplace(e["pid"].get<int>(), e["tid"].get<int>());
  }
  std::map<std::string, double> open;
  double last = 0;
  int depth = 0;
  for (const json& e : file["traceEvents"]) {
    const std::string phase = e["ph"];
    ASSERT_TRUE(processes.contains(e["pid"].get<int>())) << e;
    if (phase == "M") continue;
    ASSERT_TRUE(threads.contains(std::pair(e["pid"].get<int>(), e["tid"].get<int>()))) << e;
    ASSERT_GE(e["ts"].get<double>(), 0) << e;
    if (phase == "B" || phase == "E") {
      ASSERT_GE(e["ts"].get<double>(), last) << "out of order: " << e;
      last = e["ts"];
      depth += phase == "B" ? 1 : -1;
      ASSERT_GE(depth, 0) << "ends what never began: " << e;
    }
    if (phase == "C") {
      for (const auto& [key, value] : e["args"].items()) ASSERT_TRUE(value.is_number()) << e;
    }
    if (phase != "b" && phase != "e") continue;
    const std::string key = e["cat"].dump() + e["id"].dump() + e["pid"].dump() + e["name"].dump();
    if (phase == "b") {
      ASSERT_TRUE(open.emplace(key, e["ts"]).second) << "begun twice: " << e;
    } else {
      ASSERT_TRUE(open.contains(key)) << "ends what never began: " << e;
      ASSERT_GE(e["ts"].get<double>(), open[key]) << e;
      open.erase(key);
    }
  }
  EXPECT_TRUE(open.empty());
  EXPECT_EQ(depth, 0);
}

TEST(Chrome, KeepsTheRulesOfTheFormat) {
  const Trace nothing;
  expect_well_formed(nothing);
  expect_well_formed(sample_trace());
  expect_well_formed(sample_trace({.seed = 7, .steps = 0, .lives = 100, .ended = false}));
}

}  // namespace
}  // namespace traces
