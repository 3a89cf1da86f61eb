#include "traces/exporters/sources.h"

#include <gmock/gmock.h>

#include "tests/traces/hand_trace.h"

namespace traces {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(Sources, PutLinesWhereTheyStood) {
  HandTrace hand;
  const StringId file = hand.text("src/a.c");
  hand.trace.sources = {{file, 4, {hand.text("four")}}, {file, 2, {hand.text("two"), 0}}};
  EXPECT_THAT(source_files(hand.trace), ElementsAre(Pair("src/a.c", "\ntwo\n\nfour\n")));
}

TEST(Sources, NeverLeaveTheFolder) {
  for (const char* path : {"/etc/passwd", "../a.c", "a/../../b.c", "", "a/", ".", "a\nb.c", "./a.c"}) {
    HandTrace hand;
    hand.trace.sources = {{hand.text(path), 1, {hand.text("x")}}};
    EXPECT_THAT(source_files(hand.trace), IsEmpty()) << path;
  }
}

TEST(Sources, AreBounded) {
  HandTrace hand;
  hand.trace.sources = {{hand.text("a.c"), 2'000'000'000, {hand.text("x")}}, {hand.text("b.c"), -3, {0}}};
  EXPECT_THAT(source_files(hand.trace), IsEmpty());
}

}  // namespace
}  // namespace traces
