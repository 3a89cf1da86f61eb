// Random networks, whose tensors are known, found again from their loads and stores alone.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <iostream>
#include <map>

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

/// What must not depend on when somebody looked.
std::vector<std::string> described(const std::vector<Life>& lives) {
  std::vector<std::string> rows;
  for (const Life& l : lives) {
    rows.push_back(fmt::format("{:x}+{} {} [{}, {}, {}, {}] x{} {:x} {:x} {} {} {}", l.address, l.bytes,
                               l.touched, l.born, l.last_write, l.first_read, l.last_read, l.generations,
                               l.writer_pc, l.reader_pc, l.writer, l.reader, static_cast<int>(l.flags)));
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

// Looking forgets what can no longer change, and numbers all the rest anew.
RC_GTEST_PROP(Lives, AreTheSameHoweverOftenSomebodyLooks, ()) {
  std::vector<std::uint32_t> drawn;
  const auto style = static_cast<Style>(draw(4));
  NetworkPlay undisturbed(style, [&](std::uint32_t bound) { return drawn.emplace_back(draw(bound)); });
  undisturbed.infer(6);
  std::map<std::uint32_t, Life> seen;
  std::size_t next = 0;
  NetworkPlay disturbed(style, [&](std::uint32_t) { return drawn[next++]; });
  disturbed.look_between_operators([&](const std::vector<Life>& lives) {
    for (const Life& life : lives) seen[life.id] = life;
  });
  disturbed.infer(6);
  for (const Life& life : disturbed.tracker().take(true)) seen[life.id] = life;

  std::vector<Life> lives;
  for (const auto& [id, life] : seen) {
    RC_ASSERT(id == life.id && (lives.empty() ? id == 0 : true));
    if (life.touched != 0) lives.push_back(life);
  }
  RC_ASSERT(seen.size() == std::size_t{seen.rbegin()->first} + 1);  // numbers leave no gap
  RC_ASSERT(described(lives) == described(undisturbed.tracker().take(true)));
}

}  // namespace
}  // namespace traces::test
