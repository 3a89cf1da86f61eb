#include "gui/fold/heat_pyramid.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "random_trace.h"

namespace gui {
namespace {

traces::Heat one_hot_cell(std::uint32_t columns, std::uint32_t rows, std::uint32_t column,
                          std::uint32_t row) {
  traces::Heat heat;
  heat.base = 0x20000000;
  heat.row_bytes = 64;
  heat.column_cycles = 100;
  heat.columns = columns;
  heat.rows = rows;
  heat.reads.resize(std::size_t{columns} * rows);
  heat.writes.resize(std::size_t{columns} * rows);
  heat.reads[std::size_t{column} * rows + row] = 200;
  return heat;
}

TEST(HeatPyramid, AHotCellIsSeenAtEveryZoom) {
  const traces::Heat heat = one_hot_cell(1000, 300, 617, 123);
  const HeatPyramid pyramid({&heat});
  const TimeAxis cycles;
  const AddressAxis axis(pyramid.extent(), {pyramid.extent()});
  for (const double width : {3.0, 50.0, 640.0, 2000.0})
    for (const double height : {2.0, 77.0, 600.0}) {
      const TimeView time(cycles, {0, 100000}, 0, width);
      const AddressView addresses(axis, 0, 0, 0, height);
      const HeatImage image = pyramid.image(time, addresses, 1);
      const auto hot = std::max_element(image.reads.begin(), image.reads.end());
      ASSERT_EQ(*hot, 200) << width << " x " << height;
      // It is where it belongs, within a cell that a coarser level may have made larger.
      const auto at = static_cast<std::size_t>(hot - image.reads.begin());
      const double x = static_cast<double>(at % image.width), y = static_cast<double>(at / image.width);
      EXPECT_NEAR(x, time.x(61750), 2 + width / 1000) << width << " x " << height;
      EXPECT_NEAR(y, addresses.y(0x20000000 + 123.5 * 64), 2 + height / 300) << width << " x " << height;
      EXPECT_EQ(*std::max_element(image.writes.begin(), image.writes.end()), 0);
    }
}

TEST(HeatPyramid, AtOneCellAPixelThePictureIsTheData) {
  const traces::Trace trace = random_trace(1, 0);
  std::vector<const traces::Heat*> chunks;
  for (const traces::Heat& heat : trace.heat)
    if (heat.column_cycles == 50) chunks.push_back(&heat);
  ASSERT_FALSE(chunks.empty());
  const HeatPyramid pyramid(chunks);
  const AddressAxis axis(pyramid.extent(), {pyramid.extent()});
  const TimeAxis cycles;
  const double begin = static_cast<double>(chunks.front()->begin);
  const TimeView time(cycles, {begin, begin + 50 * 400}, 0, 400);
  const double rows = static_cast<double>(pyramid.extent().bytes()) / 64;
  const AddressView addresses(axis, 0, 0, 0, rows);
  const HeatImage image = pyramid.image(time, addresses, 1);
  for (const traces::Heat* chunk : chunks)
    for (std::uint32_t c = 0; c < chunk->columns; ++c)
      for (std::uint32_t r = 0; r < chunk->rows; ++r) {
        const auto x = static_cast<std::size_t>((chunk->begin - chunks.front()->begin) / 50 + c);
        const auto from_bottom = (chunk->base - pyramid.extent().begin) / 64 + r;
        const std::size_t y = image.height - 1 - from_bottom;
        EXPECT_EQ(image.reads[y * image.width + x], chunk->reads[c * chunk->rows + r]) << c << ", " << r;
        EXPECT_EQ(image.writes[y * image.width + x], chunk->writes[c * chunk->rows + r]) << c << ", " << r;
      }
}

TEST(HeatPyramid, ACoarseChunksAccessesAreSpreadOverTheFineCellsItCovers) {
  traces::Heat fine = one_hot_cell(4, 1, 0, 0), coarse = one_hot_cell(1, 1, 0, 0);
  coarse.begin = 400;
  coarse.column_cycles = 400;
  const HeatPyramid pyramid({&fine, &coarse});
  const TimeAxis cycles;
  const AddressAxis axis(pyramid.extent(), {pyramid.extent()});
  const HeatImage image = pyramid.image(TimeView(cycles, {0, 800}, 0, 8), AddressView(axis, 0, 0, 0, 1), 1);
  // A quarter of the accesses is two doublings less.
  const std::vector<std::uint8_t> expected = {200, 0, 0, 0, 168, 168, 168, 168};
  EXPECT_EQ(image.reads, expected);
}

TEST(HeatPyramid, AVastRegionIsFoldedIntoRowsThatFitIntoMemory) {
  traces::Heat low = one_hot_cell(2, 1, 1, 0), high = one_hot_cell(2, 1, 0, 0);
  low.base = 0;
  low.row_bytes = high.row_bytes = 1;
  high.base = 0xfffffff0;
  const HeatPyramid pyramid({&low, &high});
  const TimeAxis cycles;
  const AddressAxis axis(pyramid.extent(), {pyramid.extent()});
  const HeatImage image = pyramid.image(TimeView(cycles, {0, 200}, 0, 2), AddressView(axis, 0, 0, 0, 2), 1);
  EXPECT_EQ(image.reads, (std::vector<std::uint8_t>{200, 0, 0, 200}));
  EXPECT_EQ(pyramid.hot().size(), 2u);
}

TEST(HeatPyramid, WithoutHeatThePictureIsCold) {
  const HeatPyramid pyramid(std::vector<const traces::Heat*>{});
  EXPECT_TRUE(pyramid.empty());
  const TimeAxis cycles;
  const AddressAxis axis({0, 100}, {});
  const HeatImage image = pyramid.image(TimeView(cycles, {0, 800}, 0, 8), AddressView(axis, 0, 0, 0, 4), 1);
  EXPECT_EQ(image.reads, std::vector<std::uint8_t>(32));
}

}  // namespace
}  // namespace gui
