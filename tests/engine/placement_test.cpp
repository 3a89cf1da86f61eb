// Order search and placement on bare numbers.
#include "engine/planner/placement.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>

#include "engine/planner/order.h"

namespace engine {
namespace {

// Items that live over steps, in conflict where their lives meet.
PlacementProblem intervals(const std::vector<std::array<std::int64_t, 3>>& size_first_last) {
  PlacementProblem problem;
  for (const auto& [size, first, last] : size_first_last) {
    problem.items.push_back({size, 4});
    problem.first_step.push_back(static_cast<int>(first));
    problem.last_step.push_back(static_cast<int>(last));
  }
  const int n = static_cast<int>(problem.items.size());
  for (int a = 0; a < n; ++a) {
    for (int b = a + 1; b < n; ++b) {
      if (std::max(problem.first_step[a], problem.first_step[b]) <=
          std::min(problem.last_step[a], problem.last_step[b])) {
        problem.conflicts.push_back({a, b, false, false, 0});
      }
    }
  }
  for (int step = 0; step <= *std::max_element(problem.last_step.begin(), problem.last_step.end()); ++step) {
    std::int64_t live = 0;
    for (int i = 0; i < n; ++i) {
      if (problem.first_step[i] <= step && step <= problem.last_step[i]) live += problem.items[i].size;
    }
    problem.lower_bound = std::max(problem.lower_bound, live);
  }
  return problem;
}

void share(PlacementProblem& problem, int a, int b, bool exact, std::int64_t lead) {
  for (Conflict& c : problem.conflicts) {
    if (std::minmax(c.a, c.b) == std::minmax(a, b)) c = {a, b, true, exact, lead};
  }
}

void expect_sound(const PlacementProblem& problem, const Placed& placed, std::uint32_t seed) {
  ASSERT_EQ(placed.offset.size(), problem.items.size()) << "seed " << seed;
  std::int64_t end = 0;
  for (std::size_t i = 0; i < problem.items.size(); ++i) {
    EXPECT_GE(placed.offset[i], 0) << "seed " << seed;
    EXPECT_EQ(placed.offset[i] % problem.items[i].alignment, 0) << "seed " << seed;
    end = std::max(end, placed.offset[i] + problem.items[i].size);
  }
  EXPECT_EQ(placed.arena, end) << "seed " << seed;
  for (const Conflict& c : problem.conflicts) {
    EXPECT_TRUE(allowed(problem, c, placed.offset[c.a], placed.offset[c.b]))
        << "seed " << seed << ": " << c.a << " at " << placed.offset[c.a] << ", " << c.b << " at "
        << placed.offset[c.b];
  }
}

TEST(Placement, ReachesTheBoundOfAChain) {
  const PlacementProblem problem =
      intervals({{64, 0, 0}, {128, 0, 1}, {256, 1, 2}, {32, 2, 3}, {96, 3, 4}, {300, 4, 5}});
  const Placed placed = place(problem);
  expect_sound(problem, placed, 0);
  EXPECT_EQ(placed.arena, 396);
}

TEST(Placement, LetsAnOutputLeadItsDyingInput) {
  PlacementProblem problem = intervals({{1000, 0, 1}, {1000, 1, 2}, {1000, 2, 3}});
  share(problem, 0, 1, false, 100);
  share(problem, 1, 2, false, 0);
  problem.lower_bound = 1100;
  const Placed placed = place(problem);
  expect_sound(problem, placed, 0);
  EXPECT_EQ(placed.arena, 1100);
}

TEST(Placement, PutsAnExactOutputOnItsInputOrElsewhere) {
  PlacementProblem problem = intervals({{1000, 0, 1}, {800, 1, 2}, {40, 1, 1}});
  share(problem, 0, 1, true, 0);
  problem.lower_bound = 1040;
  const Placed placed = place(problem);
  expect_sound(problem, placed, 0);
  EXPECT_EQ(placed.arena, 1040);
  EXPECT_EQ(placed.offset[0], placed.offset[1]);
}

TEST(Placement, AlignsWiderWhereItCostsNothing) {
  const Placed placed = place(intervals({{64, 0, 1}, {96, 0, 1}, {32, 0, 1}}));
  EXPECT_EQ(placed.arena, 192);
  for (const std::int64_t offset : placed.offset) EXPECT_EQ(offset % 32, 0);
}

TEST(Placement, KeepsEveryRuleOnRandomProblems) {
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    const auto pick = [&random](std::uint32_t n) { return static_cast<std::int64_t>(random() % n); };
    std::vector<std::array<std::int64_t, 3>> items;
    const std::int64_t n = 2 + pick(40);
    for (std::int64_t i = 0; i < n; ++i) {
      const std::int64_t first = pick(20);
      items.push_back({1 + pick(pick(2) == 0 ? 64 : 5000), first, first + pick(pick(4) == 0 ? 10 : 3)});
    }
    PlacementProblem problem = intervals(items);
    const std::int64_t without = problem.lower_bound;
    for (Conflict& c : problem.conflicts) {
      if (problem.last_step[c.a] != problem.first_step[c.b] ||
          problem.first_step[c.a] == problem.last_step[c.a])
        continue;
      if (pick(2) == 0) continue;
      c.may_share = true;
      c.exact = pick(3) == 0;
      c.lead = c.exact ? 0 : pick(2000);
      problem.lower_bound = 0;  // sharing may go below the sum
    }
    const Placed placed = place(problem);
    expect_sound(problem, placed, seed);
    EXPECT_LE(placed.arena, without * 3 / 2 + 64) << "seed " << seed;
  }
}

TEST(Placement, GivesTheSameAnswerTwice) {
  const PlacementProblem problem =
      intervals({{900, 0, 4}, {300, 0, 2}, {500, 1, 3}, {700, 3, 6}, {200, 2, 6}, {800, 4, 6}});
  EXPECT_EQ(place(problem).offset, place(problem).offset);
}

// A random data-flow graph without sharing rules, one source.
Problem random_problem(std::uint32_t seed, int steps) {
  std::mt19937 random(seed);
  Problem problem;
  problem.size = {static_cast<std::int64_t>(1 + random() % 100)};
  for (int s = 0; s < steps; ++s) {
    PlanStep step;
    for (int i = 0; i < 1 + static_cast<int>(random() % 2); ++i) {
      const int input = static_cast<int>(random() % problem.size.size());
      if (std::count(step.inputs.begin(), step.inputs.end(), input) == 0) step.inputs.push_back(input);
    }
    step.output = static_cast<int>(problem.size.size());
    step.scratch = random() % 3 == 0 ? static_cast<std::int64_t>(random() % 50) : 0;
    problem.size.push_back(static_cast<std::int64_t>(1 + random() % 100));
    if (random() % 2 == 0)
      step.shares.push_back({step.inputs[0], Overlap::Kind::kLead, static_cast<std::int64_t>(random() % 20)});
    problem.steps.push_back(step);
  }
  problem.tensor.assign(problem.size.size(), 0);
  problem.is_input.assign(problem.size.size(), false);
  problem.is_input[0] = true;
  problem.is_output.assign(problem.size.size(), false);
  problem.readers.resize(problem.size.size());
  for (int s = 0; s < steps; ++s) {
    for (const int input : problem.steps[s].inputs) problem.readers[input].push_back(s);
  }
  for (std::size_t t = 0; t < problem.size.size(); ++t) problem.is_output[t] = problem.readers[t].empty();
  return problem;
}

bool respects_data_flow(const Problem& problem, const std::vector<int>& order) {
  std::vector<bool> written(problem.size.size(), false);
  written[0] = true;
  for (const int s : order) {
    for (const int input : problem.steps[s].inputs) {
      if (!written[input]) return false;
    }
    written[problem.steps[s].output] = true;
  }
  return true;
}

std::int64_t most(const std::vector<std::int64_t>& values) {
  return *std::max_element(values.begin(), values.end());
}

TEST(OrderSearch, FindsTheBestOfAllOrders) {
  int better = 0;
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    const Problem problem = random_problem(seed, 7);
    std::vector<int> order = file_order(problem);
    std::int64_t best = std::numeric_limits<std::int64_t>::max();
    do {
      if (respects_data_flow(problem, order)) best = std::min(best, most(needed_bytes(problem, order)));
    } while (std::next_permutation(order.begin(), order.end()));
    const OrderSearch found = best_order(problem);
    EXPECT_TRUE(found.exact);
    EXPECT_TRUE(respects_data_flow(problem, found.order)) << "seed " << seed;
    EXPECT_EQ(most(needed_bytes(problem, found.order)), best) << "seed " << seed;
    better += best < most(needed_bytes(problem, file_order(problem))) ? 1 : 0;
  }
  EXPECT_GT(better, 5);  // the property is worth something
}

TEST(OrderSearch, SaysWhenItHadToGuess) {
  const Problem problem = random_problem(3, 30);
  const OrderSearch narrow = best_order(problem, 30), wide = best_order(problem);
  EXPECT_TRUE(respects_data_flow(problem, narrow.order));
  EXPECT_FALSE(narrow.exact);
  EXPECT_LE(most(needed_bytes(problem, narrow.order)), most(needed_bytes(problem, file_order(problem))));
  EXPECT_LE(most(needed_bytes(problem, wide.order)), most(needed_bytes(problem, narrow.order)));
}

TEST(ShareableBytes, PacksDyingInputsBehindTheirLeads) {
  Problem problem;
  problem.size = {100, 60, 50};
  // One input behind a lead of 30: 70 of its bytes lie in the output's 100.
  EXPECT_EQ(shareable_bytes({{0, Overlap::Kind::kLead, 30}}, problem, 100), 70);
  EXPECT_EQ(shareable_bytes({{0, Overlap::Kind::kLead, 130}}, problem, 100), 0);
  EXPECT_EQ(shareable_bytes({{0, Overlap::Kind::kExact, 0}}, problem, 80), 80);
  // Two inputs one after the other: 60 from 10 on, then 50 of which 30 are left inside.
  EXPECT_EQ(shareable_bytes({{1, Overlap::Kind::kLead, 10}, {2, Overlap::Kind::kLead, 0}}, problem, 100),
            100);
  EXPECT_EQ(shareable_bytes({{1, Overlap::Kind::kLead, 10}, {2, Overlap::Kind::kLead, 20}}, problem, 100),
            90);
}

}  // namespace
}  // namespace engine
