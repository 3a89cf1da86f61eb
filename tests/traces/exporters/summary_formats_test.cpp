#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/traces/exporters/exported.h"
#include "tests/traces/hand_trace.h"

namespace traces {
namespace {

using nlohmann::json;
using testing::HasSubstr;

Trace small() {
  HandTrace hand;
  hand.trace.about.model = "kws.tflite";
  hand.life("conv", 0, 64, 5, 9);
  hand.step("CONV_2D", "conv", 60, 30);
  hand.step("CONV_2D", "conv", 40);
  hand.end(100);
  return hand.trace;
}

json figure(const Trace& trace, const std::string& name) {
  for (const json& entry : json::parse(exported(export_benchmark, trace))) {
    if (entry["name"] == name) return entry;
  }
  return nullptr;
}

TEST(Benchmark, GivesEachFigureANameAUnitAndANumber) {
  const Trace trace = small();
  EXPECT_EQ(figure(trace, "kws.tflite on toy: cycles")["value"], 100);
  EXPECT_EQ(figure(trace, "kws.tflite on toy: cycles")["unit"], "cycles");
  EXPECT_DOUBLE_EQ(figure(trace, "kws.tflite on toy: latency")["value"], 0.1);
  EXPECT_EQ(figure(trace, "kws.tflite on toy: peak SRAM")["value"], 64);
  EXPECT_EQ(figure(trace, "kws.tflite on toy: peak SRAM")["extra"], "at cycle 5\nactivation conv: 64 bytes");
}

TEST(Benchmark, NamesNoTwoFiguresTheSame) {
  const Trace trace = small();
  std::set<std::string> names;
  for (const json& entry : json::parse(exported(export_benchmark, trace))) {
    EXPECT_TRUE(names.insert(entry["name"]).second) << entry;
    EXPECT_TRUE(entry["value"].is_number() && entry["unit"].is_string() && entry["extra"].is_string())
        << entry;
  }
  EXPECT_TRUE(names.contains("kws.tflite on toy: step CONV_2D conv"));
  EXPECT_TRUE(names.contains("kws.tflite on toy: step CONV_2D conv #2"));
}

TEST(Markdown, ShowsTheRunOnAPage) {
  const std::string text = exported(export_markdown, small());
  EXPECT_THAT(text, HasSubstr("## kws.tflite on toy\n"));
  EXPECT_THAT(text, HasSubstr("| issue | 100 | 100.0 |\n"));
  EXPECT_THAT(text, HasSubstr("### SRAM: 64 of 1,024 bytes at the peak (cycle 5)\n"));
  EXPECT_THAT(text, HasSubstr("| 0 CONV&#95;2D conv | 60 | 60.0 | 2.00 |"));
  EXPECT_THAT(text, HasSubstr("### Findings: 0, 0 of them problems\n"));
}

TEST(Markdown, KeepsNamesFromBeingReadAsMarkup) {
  HandTrace hand;
  hand.trace.about.firmware = "a|b\n<img src=x>`[x](y)**@you #1";
  const std::string text = exported(export_markdown, hand.trace);
  EXPECT_THAT(text, testing::StartsWith(
                        "## a&#124;b\xEF\xBF\xBD&lt;img src=x&gt;&#96;&#91;x&#93;(y)&#42;&#42;&#64;you"
                        " &#35;1 on toy\n"));
}

TEST(Markdown, CutsLongTablesAndSaysSo) {
  HandTrace hand;
  for (int i = 0; i < 500; ++i) hand.step("ADD", std::string(5000, 'x') + std::to_string(i), 10);
  const std::string text = exported(export_markdown, hand.trace);
  EXPECT_LT(text.size(), 10'000U);
  EXPECT_THAT(text, HasSubstr("… and 480 more\n"));
}

}  // namespace
}  // namespace traces
