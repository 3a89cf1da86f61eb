#include "gui/canvas/raster.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace gui {
namespace {

constexpr Colour kBack = rgb(0x000000), kWhite = rgb(0xffffff), kRed = rgb(0xff0000);

std::size_t count(const Raster& raster, Colour colour) {
  return static_cast<std::size_t>(std::count(raster.pixels().begin(), raster.pixels().end(), colour));
}

TEST(Raster, FillsWholePixelsBetweenRoundedEdges) {
  Raster raster;
  raster.begin({100, 200, 110, 210}, kBack);
  raster.fill({101.6, 203.4, 104.4, 205.6}, kRed);
  EXPECT_EQ(count(raster, kRed), 2u * 3u);
  EXPECT_EQ(raster.at(102, 203), kRed);
  EXPECT_EQ(raster.at(103, 205), kRed);
  EXPECT_EQ(raster.at(104, 205), kBack);
  EXPECT_EQ(raster.at(102, 206), kBack);
}

TEST(Raster, NothingLeavesTheClippedArea) {
  Raster raster;
  raster.begin({0, 0, 20, 20}, kBack);
  raster.clip({5, 5, 15, 15});
  raster.clip({10, 0, 30, 30});  // inside the first one
  raster.fill({-1e12, -1e12, 1e12, 1e12}, kRed);
  EXPECT_EQ(count(raster, kRed), 5u * 10u);
  raster.unclip();
  raster.hatch({0, 0, 20, 20}, kWhite, 2, 1);
  EXPECT_EQ(raster.at(4, 4), kBack);
  EXPECT_EQ(raster.at(6, 6), kWhite);
  raster.unclip();
  raster.fill({0, 0, 1, 1}, kRed);
  EXPECT_EQ(raster.at(0, 0), kRed);
}

TEST(Raster, ColoursThatAreNotOpaqueLetShineThrough) {
  Raster raster;
  raster.begin({0, 0, 2, 2}, rgb(0x204060));
  raster.fill({0, 0, 1, 1}, rgb(0xffffff, 0));
  EXPECT_EQ(raster.at(0, 0), rgb(0x204060));
  raster.fill({0, 0, 1, 1}, rgb(0xe0c0a0, 0.5));
  for (int shift = 0; shift < 24; shift += 8)
    EXPECT_NEAR(static_cast<double>(raster.at(0, 0) >> shift & 0xff), 128, 1);
  EXPECT_EQ(raster.at(0, 0) >> 24, 255u);
}

TEST(Raster, CellsAreStretchedOverTheirRectangle) {
  Raster raster;
  raster.begin({0, 0, 8, 4}, kBack);
  raster.cells({0, 0, 8, 4}, {kRed, kWhite, 0, kRed}, 2, 2);
  EXPECT_EQ(raster.at(3, 1), kRed);
  EXPECT_EQ(raster.at(4, 1), kWhite);
  EXPECT_EQ(raster.at(0, 2), kBack);
  EXPECT_EQ(raster.at(7, 3), kRed);
}

TEST(Raster, ARectangleOutsideIsNoTrouble) {
  Raster raster;
  raster.begin({0, 0, 4, 4}, kBack);
  raster.fill({10, 10, 20, 20}, kRed);
  raster.cells({-20, -20, -10, -10}, {kRed}, 1, 1);
  raster.hatch({5, 5, 2, 2}, kRed, 3, 1);
  EXPECT_EQ(count(raster, kBack), 16u);
}

}  // namespace
}  // namespace gui
