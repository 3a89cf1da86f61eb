#include "traces/profile.h"

#include <gmock/gmock.h>

#include "tests/traces/hand_trace.h"

namespace traces {
namespace {

class ProfileFold : public testing::Test {
 protected:
  void function(const char* name, std::uint64_t cycles) {
    FunctionCost cost;
    cost.name = hand_.text(name);
    cost.causes[isa::Cause::kIssue] = cycles;
    hand_.trace.functions.push_back(cost);
  }
  void node(std::uint32_t parent, const char* name, std::uint64_t cycles) {
    hand_.trace.calls.push_back({parent, hand_.text(name), 1, cycles, cycles});
  }
  std::uint64_t inclusive(const char* name) {
    for (const FunctionTotals& row : function_totals(hand_.trace)) {
      if (row.name == hand_.text(name)) return row.inclusive_cycles;
    }
    return 0;
  }

  HandTrace hand_;
};

TEST_F(ProfileFold, ListsTheMostExpensiveFirst) {
  function("small", 5);
  function("large", 50);
  const std::vector<FunctionTotals> rows = function_totals(hand_.trace);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].name, hand_.text("large"));
  EXPECT_EQ(rows[0].self_cycles(), 50U);
}

TEST_F(ProfileFold, WithoutACallTreeAFunctionIncludesOnlyItself) {
  function("main", 5);
  EXPECT_EQ(inclusive("main"), 5U);
}

TEST_F(ProfileFold, AFunctionIncludesAllThatItCalls) {
  function("main", 1);
  function("conv", 10);
  function("dot", 120);
  node(0, "", 0);
  node(0, "main", 1);
  node(1, "conv", 10);
  node(2, "dot", 100);
  node(1, "dot", 20);
  EXPECT_EQ(inclusive("main"), 131U);
  EXPECT_EQ(inclusive("conv"), 110U);
  EXPECT_EQ(inclusive("dot"), 120U);
}

TEST_F(ProfileFold, RecursionIsCountedOnce) {
  function("f", 30);
  function("g", 3);
  node(0, "", 0);
  node(0, "f", 10);
  node(1, "g", 3);
  node(2, "f", 20);
  EXPECT_EQ(inclusive("f"), 33U);
  EXPECT_EQ(inclusive("g"), 23U);
}

}  // namespace
}  // namespace traces
