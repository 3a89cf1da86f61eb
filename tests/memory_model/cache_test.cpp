#include "memory_model/cache.h"

#include <gtest/gtest.h>

#include <random>

namespace memory_model {
namespace {

CacheGeometry geometry(std::int64_t size, int ways, Replacement replacement) {
  return {isa::Bytes(size), ways, replacement, "made up"};
}

/// Runs accesses to lines through a cache; returns how many missed.
int misses(Cache cache, const std::vector<std::uint32_t>& lines) {
  int missed = 0;
  for (std::uint32_t line : lines) {
    if (const auto way = cache.find(line)) {
      cache.touch(line, *way);
    } else {
      ++missed;
      cache.fill(line);
    }
  }
  return missed;
}

TEST(Cache, HoldsAsManyLinesOfASetAsItHasWays) {
  for (Replacement replacement : {Replacement::kLru, Replacement::kPseudoRandom}) {
    Cache cache(geometry(4096, 4, replacement));
    EXPECT_EQ(cache.sets(), 32u);
    for (std::uint32_t n = 0; n < 4; ++n) EXPECT_FALSE(cache.fill(n * 32 + 5)) << "invalid ways go first";
    for (std::uint32_t n = 0; n < 4; ++n) EXPECT_TRUE(cache.find(n * 32 + 5));
    EXPECT_FALSE(cache.find(4 * 32 + 5));
    EXPECT_TRUE(cache.fill(4 * 32 + 5));
    EXPECT_FALSE(cache.fill(6)) << "another set is empty";
  }
}

TEST(Cache, LruReplacesTheLineThatWasUsedLongestAgo) {
  Cache cache(geometry(4096, 4, Replacement::kLru));
  for (std::uint32_t n = 0; n < 4; ++n) cache.fill(n * 32);
  cache.touch(0, *cache.find(0));
  EXPECT_EQ(cache.fill(4 * 32)->line, 32u);
  EXPECT_EQ(cache.fill(5 * 32)->line, 64u);
}

TEST(Cache, AnEvictedLineTellsWhetherItWasDirty) {
  Cache cache(geometry(64, 1, Replacement::kLru));
  cache.fill(0);
  cache.set_dirty(0, 0, true);
  EXPECT_TRUE(cache.fill(2)->dirty);
  EXPECT_FALSE(cache.fill(0)->dirty);
}

TEST(Cache, PseudoRandomReplacementIsTheSameEveryTimeAndUsesAllWays) {
  auto run = [] {
    Cache cache(geometry(4096, 4, Replacement::kPseudoRandom));
    std::vector<std::uint32_t> out;
    for (std::uint32_t n = 0; n < 100; ++n) {
      if (const auto evicted = cache.fill(n * 32)) out.push_back(evicted->line);
    }
    return out;
  };
  const auto first = run();
  EXPECT_EQ(first, run());
  Cache cache(geometry(4096, 4, Replacement::kPseudoRandom));
  for (std::uint32_t n = 0; n < 4; ++n) cache.fill(n * 32);
  std::array<int, 4> left{};
  for (std::uint32_t n = 4; n < 400; ++n) {
    cache.fill(n * 32);
    for (int way = 0; way < 4; ++way) left[static_cast<std::size_t>(way)] += cache.line_in(0, way) == n * 32;
  }
  for (int count : left) EXPECT_GT(count, 50);
}

TEST(Cache, InvalidatingForgetsALineButNotItsNeighbours) {
  Cache cache(geometry(4096, 4, Replacement::kLru));
  cache.fill(7);
  cache.fill(7 + 32);
  cache.set_dirty(7, *cache.find(7), true);
  EXPECT_TRUE(cache.invalidate(7)->dirty);
  EXPECT_FALSE(cache.invalidate(7));
  EXPECT_FALSE(cache.find(7));
  EXPECT_TRUE(cache.find(39));
  cache.invalidate_all();
  EXPECT_FALSE(cache.find(39));
}

TEST(Cache, ABiggerLruCacheNeverMissesMoreOnTheSameTrace) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    std::vector<std::uint32_t> lines;
    for (int n = 0; n < 4000; ++n) {
      lines.push_back(n % 3 ? random() % 400 : lines.empty() ? 0 : lines.back() + 1);
    }
    int before = misses(Cache(geometry(1024, 2, Replacement::kLru)), lines);
    for (int ways : {4, 8, 16}) {  // as many sets, more ways
      const int now = misses(Cache(geometry(512 * ways, ways, Replacement::kLru)), lines);
      EXPECT_LE(now, before) << ways << " ways";
      before = now;
    }
  }
}

TEST(Cache, OfSizeZeroIsNone) {
  Cache none(geometry(0, 1, Replacement::kLru));
  EXPECT_FALSE(none.exists());
  EXPECT_FALSE(none.invalidate(3));
  EXPECT_FALSE(none.line_in(0, 0));
}

}  // namespace
}  // namespace memory_model
