#include <gmock/gmock.h>

#include "tests/traces/exporters/exported.h"
#include "tests/traces/hand_trace.h"

namespace traces {
namespace {

TEST(Folded, WritesAPathForEachNodeThatTookCycles) {
  HandTrace hand;
  hand.trace.calls = {{0, hand.text("main"), 1, 10, 8},
                      {0, hand.text("invoke"), 1, 0, 0},
                      {1, hand.text("conv"), 3, 70, 60},
                      {2, hand.text("conv"), 1, 15, 9}};
  hand.end(100);
  EXPECT_EQ(exported(export_folded, hand.trace),
            "main 10\nmain;invoke;conv 70\nmain;invoke;conv;conv 15\n(in no function) 5\n");
}

TEST(Folded, LeavesOutARootWithoutAName) {
  HandTrace hand;
  hand.trace.calls = {{0, 0, 0, 4, 0}, {0, hand.text("main"), 1, 6, 6}};
  hand.end(10);
  EXPECT_EQ(exported(export_folded, hand.trace), "(unknown) 4\nmain 6\n");
}

TEST(Folded, KeepsNamesFromBeingReadAsFrames) {
  HandTrace hand;
  hand.trace.calls = {{0, hand.text("a;b 12\nc"), 1, 10, 8}};
  hand.end(10);
  EXPECT_EQ(exported(export_folded, hand.trace),
            "a:b 12\xEF\xBF\xBD"
            "c 10\n");
}

TEST(Folded, FallsBackToFunctionsWithoutATree) {
  HandTrace hand;
  FunctionCost conv;
  conv.name = hand.text("conv");
  conv.causes[isa::Cause::kDLoad] = 30;
  hand.trace.functions = {conv};
  hand.end(100);
  EXPECT_EQ(exported(export_folded, hand.trace), "conv 30\n(in no function) 70\n");
}

TEST(Folded, IsEmptyForAnEmptyTrace) {
  const Trace nothing;
  EXPECT_EQ(exported(export_folded, nothing), "");
}

}  // namespace
}  // namespace traces
