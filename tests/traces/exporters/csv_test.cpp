#include <gmock/gmock.h>

#include <algorithm>

#include "tests/traces/exporters/exported.h"
#include "tests/traces/hand_trace.h"

namespace traces {
namespace {

std::string table(const Trace& trace, std::string_view name) {
  return exported(
      [&](const Trace& t, std::ostream& out, const ExportOptions& o) { return export_csv(t, name, out, o); },
      trace);
}

TEST(Csv, QuotesWhatHoldsCommasOrQuotes) {
  HandTrace hand;
  hand.trace.regions[0].name = "S,R\"A\"M";
  EXPECT_EQ(table(hand.trace, "regions"),
            "region,name,kind,base,bytes,writable\n0,\"S,R\"\"A\"\"M\",sram,0x20000000,1024,1\n");
}

TEST(Csv, KeepsARowOnOneLine) {
  HandTrace hand;
  hand.trace.regions[0].name = "S\r\nR\tA";
  EXPECT_THAT(table(hand.trace, "regions"), testing::HasSubstr("0,S\xEF\xBF\xBD\xEF\xBF\xBDR\xEF\xBF\xBD"
                                                               "A,sram"));
}

TEST(Csv, LeavesCellsEmptyForWhatNeverCame) {
  HandTrace hand;
  Life& life = hand.life("a", 16, 8, 5, 9);
  life.first_read = life.last_read = kNever;
  life.born_step = 3;
  EXPECT_THAT(table(hand.trace, "lives"),
              testing::HasSubstr("\n0,a,activation,SRAM,0x20000010,8,8,1,5,5,,,,5,3,,,,,,,,,,0,0\n"));
}

TEST(Csv, LeavesOutLivesThatWereTakenBack) {
  HandTrace hand;
  hand.life("a", 16, 8, 5, 9).touched = 0;
  EXPECT_EQ(table(hand.trace, "lives").find("activation"), std::string::npos);
}

TEST(Csv, HasAsManyCellsAsColumnsInEachTable) {
  HandTrace hand;
  hand.life("a", 16, 8, 5, 9);
  hand.step("CONV_2D", "conv", 100, 10);
  hand.sample(100, 16);
  hand.trace.buffers.emplace_back();
  hand.trace.findings.emplace_back();
  hand.trace.functions.emplace_back();
  hand.trace.lines.emplace_back();
  for (const std::string& name : csv_tables()) {
    const std::string text = table(hand.trace, name);
    const std::size_t head = text.find('\n');
    ASSERT_EQ(std::count(text.begin(), text.end(), '\n'), 2) << name;
    EXPECT_EQ(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(head), ','),
              std::count(text.begin() + static_cast<std::ptrdiff_t>(head), text.end(), ','))
        << text;
  }
}

TEST(Csv, LeavesOutTheLastRowsPastTheCap) {
  HandTrace hand;
  for (int i = 0; i < 100; ++i) hand.sample(10, 16);
  std::ostringstream out;
  const ExportResult result =
      export_csv(hand.trace, "samples", out, {.cap_bytes = Output::kReserve + 500, .heartbeat = {}});
  const std::string text = out.str();
  EXPECT_GT(result.left_out, 50U);
  EXPECT_EQ(static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n')), 101 - result.left_out);
  EXPECT_EQ(text.back(), '\n');
}

TEST(Csv, NamesTheTablesWhereOneIsNotKnown) {
  const Trace nothing;
  try {
    table(nothing, "tables");
    FAIL();
  } catch (const ExportError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("'tables', expected one of regions, steps, lives"));
  }
}

}  // namespace
}  // namespace traces
