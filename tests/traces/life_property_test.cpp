// Random networks, whose tensors are known, found again from their loads and stores alone.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <iostream>

#include "tests/traces/network_play.h"

namespace traces::test {
namespace {

std::uint32_t draw(std::uint32_t bound) {
  return *rc::gen::inRange<std::uint32_t>(0, bound);
}

/// What must be found of each network, and of the networks on average.
struct Demand {
  double each = 0, mean = 0;
};

/// Plays random networks in one style; prints the mean, and the worst.
void check_style(Style style, const Demand& demand) {
  double share = 0, surplus = 0, worst = 2;
  int networks = 0;
  std::string worst_text;
  const bool passed = rc::check("at least so much of bytes x cycles is in the right life", [&] {
    NetworkPlay play(style, draw);
    play.infer(4 + draw(12));
    const Attribution found = attribute(play.truth(), play.lives());
    ++networks;
    share += found.share;
    surplus += found.surplus;
    if (found.share - found.surplus < worst) {
      worst = found.share - found.surplus;
      worst_text = found.to_text();
    }
    RC_ASSERT(found.share >= demand.each);
  });
  EXPECT_TRUE(passed);
  std::cout << fmt::format("{} networks: {:.2f} %, {:.2f} % too much; the worst: {}", networks,
                           100 * share / networks, 100 * surplus / networks, worst_text);
  EXPECT_GE(share / networks, demand.mean);
  EXPECT_LE(surplus / networks, 1 - demand.mean);
}

TEST(Lives, OfTensorsInOneArenaAreFoundWithoutMarks) {
  check_style(Style::kDirect, {.each = 0.4, .mean = 0.97});
}

TEST(Lives, AreFoundBelowADispatcher) {
  check_style(Style::kDispatched, {.each = 0.4, .mean = 0.97});
}

TEST(Lives, AreFoundWithStepMarks) {
  check_style(Style::kMarked, {.each = 0.4, .mean = 0.97});
}

// Nothing but the instructions' addresses tells the layers apart.
TEST(Lives, AreMostlyFoundWhereAllIsOneFunction) {
  check_style(Style::kInlined, {.each = 0.2, .mean = 0.9});
}

}  // namespace
}  // namespace traces::test
