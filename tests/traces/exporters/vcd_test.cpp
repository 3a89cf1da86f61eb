#include <gmock/gmock.h>

#include <regex>

#include "tests/traces/exporters/exported.h"
#include "tests/traces/hand_trace.h"
#include "traces/exporters/live_points.h"

namespace traces {
namespace {

using testing::HasSubstr;

/// The code of the variable that is declared by this name, the n-th of it.
std::string code_of(const std::string& text, const std::string& name) {
  std::smatch match;
  return std::regex_search(text, match, std::regex("\\$var \\S+ \\d+ (\\S+) " + name + " \\$end"))
             ? match[1].str()
             : "?";
}

TEST(Vcd, WritesAChangeWhereSomethingChanges) {
  HandTrace hand;  // 1 MHz: a cycle is 1000000 ps
  hand.sample(10, 48);
  hand.sample(10, 48);
  hand.sample(10, 5);
  const std::string text = exported(export_vcd, hand.trace);
  const std::string stack = code_of(text, "stack_bytes");
  EXPECT_THAT(text, HasSubstr("$timescale 1 ps $end"));
  EXPECT_THAT(text, HasSubstr("\nb110000 " + stack + "\n"));
  EXPECT_EQ(text.find("#10000000\n"), std::string::npos) << "nothing changed there";
  EXPECT_THAT(text, HasSubstr("#20000000\nb101 " + stack + "\n"));
  EXPECT_THAT(text, testing::ContainsRegex("#30000000\n[^#]*b0 \\" + stack + "\n"));
}

TEST(Vcd, TellsTheRunningStep) {
  HandTrace hand;
  hand.step("PAD", "pad", 10);
  hand.step("CONV_2D", "a b\\", 10);
  hand.trace.steps[1].begin = 15;
  const std::string text = exported(export_vcd, hand.trace);
  const std::string step = code_of(text, "step"), name = code_of(text, "step_name");
  EXPECT_THAT(text, HasSubstr("\nb0 " + step + "\nsPAD\\040pad " + name + "\n"));
  EXPECT_THAT(text, HasSubstr("#10000000\nbx " + step + "\ns- " + name + "\n"));
  EXPECT_THAT(text, HasSubstr("#15000000\nb1 " + step + "\nsCONV_2D\\040a\\040b\\134 " + name + "\n"));
  EXPECT_THAT(text, testing::ContainsRegex("#20000000\nbx " + step + "\ns- [^#]*$"));
}

TEST(Vcd, TimesNeverRunBackwards) {
  HandTrace hand;
  for (int i = 0; i < 20; ++i) {
    hand.sample(7, static_cast<std::uint32_t>(i));
    hand.step("PAD", "pad", 11);
    hand.life("x", 4, 4, static_cast<std::uint64_t>(3 * i), static_cast<std::uint64_t>(3 * i + 1));
  }
  const std::string text = exported(export_vcd, hand.trace);
  long long last = -1;
  const std::regex time("\n#(\\d+)");
  for (std::sregex_iterator at(text.begin(), text.end(), time), end; at != end; ++at) {
    const long long now = std::stoll((*at)[1]);
    EXPECT_TRUE(now > last) << now;
    last = now;
  }
}

TEST(Vcd, KeepsNamesFromBeingReadAsCommands) {
  HandTrace hand;
  hand.trace.regions[0].name = "S RAM\n$end";
  hand.trace.about.command = "x $end\n$scope";
  const std::string text = exported(export_vcd, hand.trace);
  EXPECT_NE(code_of(text, "S_RAM__end"), "?");
  EXPECT_THAT(text, HasSubstr("$comment x _end__scope on toy $end\n"));
}

TEST(LivePoints, KeepTheHighestOfEachStretchAndTheLast) {
  std::vector<LivePoint> points;
  for (std::uint64_t i = 0; i <= 1000; ++i) points.push_back({i, i == 777 ? 5000 : i % 10});
  const std::vector<LivePoint> few = thinned(points, 10);
  EXPECT_LE(few.size(), 10U);
  EXPECT_EQ(few.back(), points.back());
  EXPECT_THAT(few, testing::Contains(LivePoint{777, 5000}));
  for (std::size_t i = 1; i < few.size(); ++i) EXPECT_LT(few[i - 1].cycle, few[i].cycle);
  EXPECT_EQ(thinned(points, 1001), points);
}

}  // namespace
}  // namespace traces
