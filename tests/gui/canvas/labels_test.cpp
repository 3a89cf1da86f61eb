#include "gui/canvas/labels.h"

#include <gtest/gtest.h>

namespace gui {
namespace {

TEST(Labels, StandWhereNoLaterLifeHidesThem) {
  const Rect whole = {0, 0, 100, 10};
  EXPECT_EQ(uncovered(whole, {}).width(), 100);
  const Rect left = uncovered(whole, {{60, -5, 200, 5}});
  EXPECT_EQ(left.left, 0);
  EXPECT_EQ(left.right, 60);
  const Rect right = uncovered(whole, {{-10, 0, 30, 50}, {90, 0, 95, 10}});
  EXPECT_EQ(right.left, 30);
  EXPECT_EQ(right.right, 90);
  EXPECT_EQ(uncovered(whole, {{0, 10, 100, 20}}).width(), 100) << "what only touches hides nothing";
  EXPECT_LE(uncovered(whole, {{-1, -1, 101, 11}}).width(), 0);
}

}  // namespace
}  // namespace gui
