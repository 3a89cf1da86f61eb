#include "gui/canvas/mouse.h"

#include <gtest/gtest.h>

#include <cmath>

#include "gui/navigation.h"
#include "tests/traces/sample_trace.h"

namespace gui {
namespace {

/// A canvas of 1000 x 700 pixels, without anything drawn.
class Mouse : public testing::Test {
 protected:
  Mouse() : trace_(traces::sample_trace()), folded_(fold(trace_)) {
    state_.time = whole_run(folded_.cycles);
    state_.regions.resize(trace_.regions.size());
    scene_.run = &folded_;
  }

  Frame frame() {
    const Rect plot = {100, 0, 1000, 700};
    return {Pen(nullptr, nullptr),
            palette(Theme::kDark),
            scene_,
            state_,
            1,
            {0, 0, 1000, 700},
            plot,
            TimeView(folded_.axis(state_.axis), state_.time, plot.left, plot.width())};
  }
  CanvasRows rows() { return place_rows(folded_, nullptr, state_, {100, 0, 1000, 700}, 1, 13); }
  CanvasEvents apply(MouseInput mouse) {
    mouse.over = true;
    return drag_.apply(mouse, frame(), rows(), life_, step_);
  }
  /// Presses at one place, moves to another, releases there.
  void drag(double x0, double y0, double x1, double y1, bool left) {
    MouseInput mouse;
    mouse.x = x0, mouse.y = y0, mouse.any_down = true;
    (left ? mouse.left_pressed : mouse.move_pressed) = true;
    apply(mouse);
    mouse.left_pressed = mouse.move_pressed = false;
    mouse.x = x1, mouse.y = y1;
    apply(mouse);
    mouse.any_down = false;
    (left ? mouse.left_released : mouse.right_released) = true;
    apply(mouse);
  }
  /// The middle of the body of the region with the most lives.
  const RegionRow region_row() {
    const CanvasRows all = rows();
    return *std::max_element(
        all.regions.begin(), all.regions.end(), [&](const RegionRow& a, const RegionRow& b) {
          return folded_.regions[a.region].axis.length() < folded_.regions[b.region].axis.length();
        });
  }

  traces::Trace trace_;
  Folded folded_;
  ViewState state_;
  Scene scene_;
  MouseDrag drag_;
  std::optional<std::uint32_t> life_;
  std::optional<std::size_t> step_;
};

TEST_F(Mouse, TheWheelZoomsAboutTheCycleUnderIt) {
  for (const Axis axis : {Axis::kCycles, Axis::kSteps}) {
    state_.axis = axis;
    state_.time = whole_run(folded_.cycles);
    MouseInput mouse;
    mouse.x = 371, mouse.y = 400, mouse.wheel = 2;
    const double about = frame().time.cycle(mouse.x), length = state_.time.length();
    EXPECT_TRUE(apply(mouse).moved);
    EXPECT_NEAR(frame().time.x(about), 371, 1e-6);
    EXPECT_LT(state_.time.length(), length);
    mouse.wheel = -2;
    apply(mouse);
    EXPECT_NEAR(state_.time.length(), length, 1e-3);
  }
}

TEST_F(Mouse, TheWheelWithCtrlZoomsAddressesAboutTheOneUnderIt) {
  const RegionRow row = region_row();
  MouseInput mouse;
  mouse.x = 500, mouse.y = row.body.top + row.body.height() * 0.3, mouse.wheel = 3, mouse.ctrl = true;
  const double about = address_view(frame(), folded_.regions[row.region], row).address(mouse.y);
  apply(mouse);
  const AddressView after = address_view(frame(), folded_.regions[row.region], row);
  EXPECT_NEAR(after.y(about), mouse.y, 1e-6);
  EXPECT_EQ(state_.time, whole_run(folded_.cycles));
  EXPECT_NEAR(state_.regions[row.region].end - state_.regions[row.region].begin,
              folded_.regions[row.region].axis.length() * 0.512, 1e-6);
  mouse.wheel = -30;
  apply(mouse);
  EXPECT_EQ(state_.regions[row.region], RegionView()) << "all of it is shown again";
}

TEST_F(Mouse, DraggingWithTheLeftButtonSelectsARange) {
  drag(700, 400, 300, 420, true);
  ASSERT_TRUE(state_.selection);
  EXPECT_NEAR(state_.selection->begin, frame().time.cycle(300), 1e-6);
  EXPECT_NEAR(state_.selection->end, frame().time.cycle(700), 1e-6);
  EXPECT_EQ(state_.time, whole_run(folded_.cycles));
  EXPECT_FALSE(state_.cursor) << "that was no click";
}

TEST_F(Mouse, ASelectionEndsWhereTheRunEnds) {
  drag(500, 400, 5000, 400, true);
  ASSERT_TRUE(state_.selection);
  EXPECT_DOUBLE_EQ(state_.selection->end, folded_.cycles);
}

TEST_F(Mouse, DraggingWithTheRightButtonMovesTimeAndAddresses) {
  state_.time = {folded_.cycles * 0.4, folded_.cycles * 0.5};
  const RegionRow row = region_row();
  state_.regions[row.region] = {true, 1000, 2000, 0};
  const double cycle = frame().time.cycle(500), y = (row.body.top + row.body.bottom) / 2;
  const double address = address_view(frame(), folded_.regions[row.region], row).address(y);
  drag(500, y, 560, y + 20, false);
  EXPECT_NEAR(frame().time.x(cycle), 560, 1e-6) << "what was taken hold of stays under the mouse";
  EXPECT_NEAR(address_view(frame(), folded_.regions[row.region], row).y(address), y + 20, 1e-6);
  EXPECT_FALSE(state_.selection);
}

TEST_F(Mouse, AClickPinsAndPutsTheCursorThere) {
  life_ = 3;
  state_.selection = TimeRange{1, 2};
  drag(500, 400, 501, 400, true);
  EXPECT_EQ(state_.pinned, 3u);
  EXPECT_FALSE(state_.selection);
  ASSERT_TRUE(state_.cursor);
  EXPECT_NEAR(*state_.cursor, frame().time.cycle(501), 1e-6);
  life_.reset();
  drag(500, 400, 500, 400, true);
  EXPECT_FALSE(state_.pinned) << "a click beside all lives lets go";
}

TEST_F(Mouse, AClickWithTheRightButtonAsksForAMenu) {
  life_ = 7;
  MouseInput mouse;
  mouse.x = 500, mouse.y = 400, mouse.move_pressed = mouse.any_down = true;
  EXPECT_FALSE(apply(mouse).menu);
  mouse.move_pressed = mouse.any_down = false;
  mouse.right_released = true;
  EXPECT_EQ(apply(mouse).menu, 7u);
  EXPECT_FALSE(state_.pinned);
}

TEST_F(Mouse, ADoubleClickShowsAllOfALife) {
  life_ = 2;
  const traces::Life& life = trace_.lives[2];
  MouseInput mouse;
  mouse.x = 500, mouse.y = 400, mouse.left_pressed = mouse.left_double = mouse.any_down = true;
  apply(mouse);
  EXPECT_LE(state_.time.begin, static_cast<double>(life.born));
  EXPECT_GE(state_.time.end, static_cast<double>(life.died()));
  EXPECT_LT(state_.time.length(), 1.3 * static_cast<double>(life.died() - life.born) + kShortestView);
}

TEST_F(Mouse, TheMinimapMovesTheViewThere) {
  state_.time = {0, folded_.cycles / 10};
  const Rect minimap = *rows().minimap;
  MouseInput mouse;
  mouse.x = 550, mouse.y = (minimap.top + minimap.bottom) / 2, mouse.left_pressed = mouse.any_down = true;
  EXPECT_TRUE(apply(mouse).moved);
  EXPECT_NEAR((state_.time.begin + state_.time.end) / 2, folded_.cycles / 2, 1);
  EXPECT_NEAR(state_.time.length(), folded_.cycles / 10, 1e-6);
}

}  // namespace
}  // namespace gui
