#include "traces/heat_grid.h"

#include <gtest/gtest.h>

namespace traces {
namespace {

const std::vector<Region> kRegions = {{"DTCM", "dtcm", 0x20000000, 0x10000, true},
                                      {"SRAM", "sram", 0x20010000, 0x400, true},
                                      {"SDRAM", "sdram", 0x60000000, 0x2000000, true}};

std::uint8_t level(const Heat& heat, const std::vector<std::uint8_t>& levels, std::uint32_t column,
                   std::uint32_t address) {
  return levels[column * heat.rows + (address - heat.base) / heat.row_bytes];
}

TEST(HeatGrid, CountsLoadsAndStoresByRowAndColumn) {
  HeatGrid grid(kRegions);
  grid.begin(1000, 64);
  grid.touch(0x20000100, false);
  grid.touch(0x2000013f, false);
  grid.touch(0x20000140, true);
  EXPECT_FALSE(grid.next_column());
  grid.touch(0x20000100, true);
  EXPECT_FALSE(grid.next_column());
  const std::vector<Heat> heat = grid.take();
  ASSERT_EQ(heat.size(), 1u);
  EXPECT_EQ(heat[0].begin, 1000u);
  EXPECT_EQ(heat[0].column_cycles, 64u);
  EXPECT_EQ(heat[0].columns, 2u);
  EXPECT_EQ(level(heat[0], heat[0].reads, 0, 0x20000100), heat_level(2));
  EXPECT_EQ(level(heat[0], heat[0].writes, 0, 0x20000100), 0);
  EXPECT_EQ(level(heat[0], heat[0].writes, 0, 0x20000140), heat_level(1));
  EXPECT_EQ(level(heat[0], heat[0].writes, 1, 0x20000100), heat_level(1));
}

TEST(HeatGrid, ABatchIsFullAfterItsColumns) {
  HeatGrid grid(kRegions);
  grid.begin(0, 10);
  for (std::uint32_t i = 0; i + 1 < HeatGrid::kBatchColumns; ++i) EXPECT_FALSE(grid.next_column());
  EXPECT_TRUE(grid.next_column());
  grid.take();
  EXPECT_TRUE(grid.empty());
  grid.touch(0x20000000, true);
  grid.next_column();
  EXPECT_EQ(grid.take().at(0).begin, HeatGrid::kBatchColumns * 10u);
}

TEST(HeatGrid, WhatWasNotTouchedIsNotKept) {
  HeatGrid grid(kRegions);
  grid.begin(0, 10);
  grid.next_column();
  EXPECT_TRUE(grid.take().empty());
}

TEST(HeatGrid, RowsOfOneTileBelongToTheRegionTheyLieIn) {
  HeatGrid grid(kRegions);
  grid.begin(0, 10);
  grid.touch(0x2000ffff, true);
  grid.touch(0x20010000, true);
  grid.next_column();
  const std::vector<Heat> heat = grid.take();
  ASSERT_EQ(heat.size(), 2u);
  EXPECT_EQ(heat[0].region, 0);
  EXPECT_EQ(heat[1].region, 1);
  EXPECT_EQ(heat[1].base, 0x20010000u);
  EXPECT_EQ(heat[1].rows, 0x400u / HeatGrid::kRowBytes);
}

TEST(HeatGrid, RowsOfLargeMemoriesAreWider) {
  HeatGrid grid(kRegions);
  grid.begin(0, 10);
  grid.touch(0x61ffffff, false);
  grid.next_column();
  const std::vector<Heat> heat = grid.take();
  ASSERT_EQ(heat.size(), 1u);
  EXPECT_EQ(heat[0].row_bytes, (1u << 24) / HeatGrid::kMaxRows);
  EXPECT_EQ(level(heat[0], heat[0].reads, 0, 0x61ffffff), heat_level(1));
}

TEST(HeatGrid, AccessesOutsideEveryRegionCountNowhere) {
  HeatGrid grid(kRegions);
  grid.begin(0, 10);
  grid.touch(0x20010400, true);
  grid.touch(0x40000000, true);
  grid.touch(0x1fffffff, true);
  grid.next_column();
  EXPECT_TRUE(grid.take().empty());
}

}  // namespace
}  // namespace traces
