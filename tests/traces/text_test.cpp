#include "traces/text.h"

#include <gtest/gtest.h>

namespace traces {
namespace {

TEST(Text, GroupsDigitsByThree) {
  EXPECT_EQ(grouped(std::int64_t{0}), "0");
  EXPECT_EQ(grouped(std::int64_t{999}), "999");
  EXPECT_EQ(grouped(std::int64_t{1000}), "1,000");
  EXPECT_EQ(grouped(std::int64_t{-123456}), "-123,456");
  EXPECT_EQ(grouped(~std::uint64_t{0}), "18,446,744,073,709,551,615");
}

TEST(Text, EscapesMarkup) {
  EXPECT_EQ(escaped("<script>\"a\" & 'b'</script>"),
            "&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;");
}

TEST(Text, KeepsUtf8AndReplacesWhatIsNone) {
  EXPECT_EQ(escaped("größe 層 🙂\n\t"), "größe 層 🙂\n\t");
  const std::string r = "\xEF\xBF\xBD";
  EXPECT_EQ(escaped("a\xff"), "a" + r);
  EXPECT_EQ(escaped("\xe5\xb1"), r + r);          // ends in the middle
  EXPECT_EQ(escaped("\xc0\xaf"), r + r);          // overlong
  EXPECT_EQ(escaped("\xed\xa0\x80"), r + r + r);  // a surrogate
  EXPECT_EQ(escaped("\xef\xbf\xbf"), r + r + r);  // U+FFFF, which XML forbids
  EXPECT_EQ(escaped(std::string_view("\0\x1b\x7f", 3)), r + r + r);
}

TEST(Text, ShortensByCharactersNotBytes) {
  EXPECT_EQ(shortened("conv", 4), "conv");
  EXPECT_EQ(shortened("conv1", 4), "con…");
  EXPECT_EQ(shortened("größe", 5), "größe");
  EXPECT_EQ(shortened("größer", 5), "größ…");
  EXPECT_EQ(shortened("", 3), "");
}

}  // namespace
}  // namespace traces
