#include "traces/report/html_report.h"

#include <gmock/gmock.h>

#include "tests/traces/hand_trace.h"

namespace traces {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(HtmlReport, OfAnEmptyTraceIsAPage) {
  const std::string page = html_report(Trace{});
  EXPECT_THAT(page, testing::StartsWith("<!DOCTYPE html>"));
  EXPECT_THAT(page, HasSubstr("The run was cut short"));
  EXPECT_THAT(page, testing::EndsWith("</body></html>\n"));
}

TEST(HtmlReport, SaysWhyAFileEndsEarly) {
  Trace trace;
  trace.cut = "ends after cycle 7: the run was cut short";
  EXPECT_THAT(html_report(trace), HasSubstr(trace.cut));
}

TEST(HtmlReport, SaysHowARunEndedThatDidNotExit) {
  HandTrace hand;
  hand.end(10).reason = "fault";
  EXPECT_THAT(html_report(hand.trace), HasSubstr("The run ended by fault."));
  hand.trace.end->reason = "exit";
  EXPECT_THAT(html_report(hand.trace), Not(HasSubstr("class=\"warning\"")));
  hand.trace.end->exit_code = 3;
  EXPECT_THAT(html_report(hand.trace), HasSubstr("The run ended by exit with code 3."));
}

TEST(HtmlReport, NamesNeverBecomeMarkup) {
  HandTrace hand;
  hand.step("<b>", "<script>\"'&", 10);
  hand.life("<script>", 0, 10, 0, 10).writer = hand.text("<i>f");
  Finding finding;
  finding.text = finding.function = hand.text("<script>");
  hand.trace.findings.push_back(finding);
  hand.trace.about.command = "<script>";
  hand.end(10).notes = {"<script>"};
  const std::string page = html_report(hand.trace);
  EXPECT_EQ(page.find("<script>"), page.rfind("<script>"));  // the page's own
  EXPECT_THAT(page, Not(HasSubstr("<b><")));
  EXPECT_THAT(page, Not(HasSubstr("<i>f")));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;&quot;&#39;&amp;"));
}

TEST(HtmlReport, LongTablesAreCutAndSaySo) {
  HandTrace hand;
  for (int i = 0; i < 2500; ++i) hand.step("ADD", "sum", 10);
  hand.end(25000);
  const std::string page = html_report(hand.trace);
  EXPECT_THAT(page, HasSubstr("500 more steps are not listed"));
  EXPECT_LT(page.size(), 4000000U);
}

TEST(HtmlReport, AMemoryThatOnlyTheStackUsesHasACardAndNoTable) {
  HandTrace hand;
  hand.sample(100, 64);
  hand.end(100).stack_top = 0x20000400;
  EXPECT_THAT(html_report(hand.trace), HasSubstr("bytes at the peak of SRAM"));
  EXPECT_THAT(html_report(hand.trace), Not(HasSubstr("What is in SRAM")));
  hand.life("a", 0, 10, 0, 100);
  EXPECT_THAT(html_report(hand.trace), HasSubstr("What is in SRAM"));
}

}  // namespace
}  // namespace traces
