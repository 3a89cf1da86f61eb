#include "gui/canvas/rows.h"

#include <gtest/gtest.h>

#include "tests/traces/sample_trace.h"

namespace gui {
namespace {

class Rows : public testing::Test {
 protected:
  Rows() : trace_(traces::sample_trace()), folded_(fold(trace_)) {
    state_.regions.resize(trace_.regions.size());
  }

  CanvasRows place(double height) const {
    return place_rows(folded_, nullptr, state_, {90, 0, 1000, height}, 1, 13);
  }
  std::size_t index_of(const char* region) const {
    for (std::size_t r = 0; r < trace_.regions.size(); ++r)
      if (trace_.regions[r].name == region) return r;
    return trace_.regions.size();
  }

  traces::Trace trace_;
  Folded folded_;
  ViewState state_;
};

TEST_F(Rows, LieBelowEachOtherInsideTheCanvas) {
  for (double height = 200; height < 2000; height += 37) {
    const CanvasRows rows = place(height);
    double y = 0;
    const auto below = [&](const std::optional<Rect>& row) {
      if (!row) return;
      EXPECT_GE(row->top, y) << height;
      EXPECT_GT(row->bottom, row->top);
      y = row->bottom;
    };
    below(rows.minimap);
    below(rows.ruler);
    below(rows.steps);
    below(rows.causes);
    below(rows.cycles_per_mac);
    for (const RegionRow& row : rows.regions) {
      below(row.head);
      below(row.body);
    }
    below(rows.stack);
    EXPECT_LE(y, height) << height;
  }
}

TEST_F(Rows, ALowCanvasDoesWithoutTracksButNotWithoutRegions) {
  EXPECT_TRUE(place(800).minimap && place(800).causes && place(800).stack && place(800).cycles_per_mac);
  const CanvasRows low = place(230);
  EXPECT_TRUE(low.steps);
  EXPECT_FALSE(low.minimap);
  EXPECT_EQ(low.regions.size(), place(800).regions.size());
}

TEST_F(Rows, AHiddenRegionHasNoRow) {
  const std::size_t before = place(800).regions.size();
  state_.regions[index_of("SRAM1")].visible = false;
  EXPECT_EQ(place(800).regions.size(), before - 1);
}

TEST_F(Rows, RegionsOfWhichNothingWasUsedHaveNoRow) {
  for (const RegionRow& row : place(800).regions) EXPECT_GT(folded_.regions[row.region].lives.size(), 0u);
  EXPECT_LT(place(800).regions.size(), trace_.regions.size());
}

TEST_F(Rows, TheRegionOfAPlaceIsTheOneDrawnThere) {
  const CanvasRows rows = place(800);
  for (const RegionRow& row : rows.regions) {
    const RegionRow* found = rows.region_at(500, (row.body.top + row.body.bottom) / 2);
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->region, row.region);
  }
  EXPECT_EQ(rows.region_at(500, rows.ruler.top), nullptr);
}

TEST_F(Rows, SideBySideEachMemoryHasARowForEachRun) {
  state_.compare = CompareMode::kSideBySide;
  const CanvasRows rows = place_rows(folded_, &folded_, state_, {90, 0, 1000, 800}, 1, 13);
  EXPECT_TRUE(rows.other_steps);
  ASSERT_EQ(rows.regions.size(), 2 * place(800).regions.size());
  for (std::size_t i = 0; i < rows.regions.size(); ++i) {
    EXPECT_EQ(rows.regions[i].is_other, i % 2 == 1);
    EXPECT_EQ(rows.regions[i].region, rows.regions[i / 2 * 2].region);
  }
}

}  // namespace
}  // namespace gui
