// A plan as text, JSON and SVG.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/passes.h"
#include "engine/plan.h"
#include "reference/zoo.h"
#include "tests/engine/graphs.h"

namespace engine {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// A real plan whose headline does not change with the kernels.
Plan kws() {
  const reference::Graph graph = reference::zoo_model("mlperf-kws-dscnn");
  Plan plan = engine::plan(graph, lower(graph));
  plan.arena = isa::Bytes(20'480);
  plan.lower_bound = isa::Bytes(10'240);
  plan.peak_step = 1;
  return plan;
}

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t n = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
  return n;
}

// Empty where every element is closed in order and no markup is left inside texts; otherwise what is wrong.
std::string unbalanced(const std::string& xml) {
  std::vector<std::string> open;
  for (std::size_t at = 0; at < xml.size();) {
    if (xml[at] == '>') return "a bracket outside a tag";
    if (xml[at] == '&') {
      const std::string entity = xml.substr(at, xml.find(';', at) - at + 1);
      if (entity != "&amp;" && entity != "&lt;" && entity != "&gt;" && entity != "&quot;") return entity;
    }
    if (xml[at] != '<') {
      ++at;
      continue;
    }
    const std::size_t end = xml.find('>', at);
    if (end == std::string::npos) return "an open tag";
    const std::string tag = xml.substr(at + 1, end - at - 1);
    if (tag.find('<') != std::string::npos) return tag;
    const std::string name = tag.substr(0, tag.find(' '));
    if (name.starts_with('/')) {
      if (open.empty() || name.substr(1) != open.back()) return tag;
      open.pop_back();
    } else if (!tag.ends_with('/')) {
      open.push_back(name);
    }
    at = end + 1;
  }
  return open.empty() ? "" : open.back();
}

TEST(PlanText, ReportsArenaBoundAndPeakAndWhoIsThere) {
  const Plan plan = kws();
  const std::string text = plan.to_text();
  EXPECT_THAT(
      text, HasSubstr("mlperf-kws-dscnn: 12 steps, arena 20,480 bytes, lower bound 10,240 (2.000 x), peak in "
                      "step 1 (DEPTHWISE_CONV_2D)"));
  EXPECT_THAT(
      text, AllOf(HasSubstr("\n   1* DEPTHWISE_CONV_2D"), HasSubstr("in memory during step 1, from the top:"),
                  HasSubstr("scratch of step 1"), HasSubstr(" in place ")));
}

TEST(PlanJson, HoldsEveryStepAndBuffer) {
  const Plan plan = kws();
  const std::string json = plan.to_json();
  EXPECT_THAT(json, AllOf(HasSubstr("\"arena_bytes\": 20480"),
                          HasSubstr("\"arena_lower_bound_bytes\": 10240"), HasSubstr("\"peak_step\": 1")));
  EXPECT_EQ(count(json, "\"arena_live_bytes\""), plan.program.steps.size());
  EXPECT_EQ(count(json, "\"first_step\""), plan.buffers.size());
}

TEST(PlanSvg, DrawsARectanglePerBufferAndIsWellFormed) {
  const Plan plan = kws();
  const std::string svg = plan.to_svg();
  EXPECT_EQ(unbalanced(svg), "");
  EXPECT_EQ(count(svg, "<title>"), plan.buffers.size());
  for (const Buffer& b : plan.buffers) {
    EXPECT_THAT(svg, HasSubstr(fmt::format(" at {}..{} ({} bytes), steps {} to {}</title>", b.offset,
                                           b.offset + b.size, b.size, b.first_step, b.last_step)));
  }
  EXPECT_THAT(svg, AllOf(HasSubstr(">peak</text>"), HasSubstr(">arena 20 KiB</text>"),
                         HasSubstr(">lower bound 10 KiB</text>"), HasSubstr(">scratch</text>")));
}

TEST(PlanSvg, EscapesWhatAModelCallsItself) {
  GraphBuilder b("<script>&\"\x01\xff");
  const int in = b.input({1, 4, 4, 64});
  b.tensor(in).name = "</svg>";
  const int out = b.conv(in, 64, 1);
  b.tensor(out).name = "<&>";
  const reference::Graph graph = b.finish({out});
  const Plan plan = engine::plan(graph, lower(graph));
  const std::string svg = plan.to_svg();
  EXPECT_EQ(unbalanced(svg), "");
  EXPECT_THAT(svg, AllOf(HasSubstr("&lt;script&gt;&amp;&quot;??"), Not(HasSubstr("<script>"))));
  EXPECT_NO_THROW(plan.to_json());
}

}  // namespace
}  // namespace engine
