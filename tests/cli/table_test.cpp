#include "cli/table.h"

#include <gtest/gtest.h>

namespace cli {
namespace {

TEST(Table, SizesColumnsToTheirContentAndAlignsNumbersRight) {
  Table table({{"name", Column::Align::kLeft}, {"bytes"}});
  table.add({"a", "12"});
  table.rule();
  table.add({"longer", "1,234"});
  EXPECT_EQ(table.to_text(),
            "name    bytes\n"
            "------  -----\n"
            "a          12\n"
            "------  -----\n"
            "longer  1,234\n");
}

TEST(Table, CountsUtf8LettersNotBytes) {
  Table table({{"n", Column::Align::kLeft}, {"x"}});
  table.add({"…a", "1"});
  table.add({"bcd", "2"});
  EXPECT_EQ(table.to_text(), "n    x\n---  -\n…a   1\nbcd  2\n");
}

TEST(Grouped, SetsACommaEveryThreeDigits) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(-1234567), "-1,234,567");
  EXPECT_EQ(grouped(-123), "-123");
}

}  // namespace
}  // namespace cli
