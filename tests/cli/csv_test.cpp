#include "cli/accuracy/csv.h"

#include <gmock/gmock.h>

#include "cli/errors.h"

namespace cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<std::string> kHead = {"a", "b"};

std::string error_of(std::string_view text) {
  try {
    read_csv(text, kHead, "f.csv");
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(Csv, ReadsQuotedFieldsWithCommasQuotesAndLineEnds) {
  const auto rows = read_csv("a,b\n\"x,\"\"y\"\"\",\"1\n2\"\n,z\n", kHead, "f.csv");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_THAT(rows[0].fields, ElementsAre("x,\"y\"", "1\n2"));
  EXPECT_THAT(rows[1].fields, ElementsAre("", "z"));
  EXPECT_EQ(rows[0].line, 2);
  EXPECT_EQ(rows[1].line, 4);
}

TEST(Csv, TakesCarriageReturnsAByteOrderMarkEmptyLinesAndAMissingLastLineEnd) {
  const auto rows = read_csv(
      "\xef\xbb\xbf"
      "a,b\r\n\r\n1,2\r\n3,4",
      kHead, "f.csv");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_THAT(rows[1].fields, ElementsAre("3", "4"));
}

TEST(Csv, NamesThePlaceWhatWasFoundAndWhatWasExpected) {
  EXPECT_THAT(error_of("a,c\n"), HasSubstr("f.csv:1: the header is a,c, expected a,b"));
  EXPECT_THAT(error_of("a,b\n1,2,3\n"), HasSubstr("f.csv:2: 3 fields, expected 2 (a,b)"));
  EXPECT_THAT(error_of("a,b\n1,2\n\"3,4\n5"), HasSubstr("f.csv:3: a quoted field does not end"));
  EXPECT_THAT(error_of("a,b\n\"1\"x,2\n"), HasSubstr("f.csv:2: text behind a closing quote"));
  EXPECT_THAT(error_of(""), HasSubstr("f.csv:1: the file is empty"));
}

}  // namespace
}  // namespace cli
