#include "gui/viewer.h"

#include <GLFW/glfw3.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "gui/actions.h"
#include "gui/navigation.h"
#include "tests/gui/driver.h"

namespace gui {
namespace {

class ViewerTest : public testing::Test {
 protected:
  ViewerTest() { driver.show_sample(); }

  const traces::Trace& trace() const { return driver.session.document->trace(); }
  ViewState& state() { return driver.session.state; }

  Driver driver;
};

TEST_F(ViewerTest, OpensWithTheWholeRunInSightAndTheCursorAtThePeak) {
  EXPECT_EQ(state().time, driver.session.whole());
  ASSERT_FALSE(driver.session.document->fullest().empty());
  EXPECT_EQ(state().cursor, static_cast<double>(driver.session.document->fullest()[0].peak.cycle));
}

TEST_F(ViewerTest, KeysMoveAndZoomAndZeroShowsAllAgain) {
  driver.press(GLFW_KEY_W);
  const TimeRange closer = state().time;
  EXPECT_LT(closer.length(), driver.session.whole().length());
  driver.press(GLFW_KEY_D);
  EXPECT_GT(state().time.begin, closer.begin);
  EXPECT_DOUBLE_EQ(state().time.length(), closer.length());
  driver.press(GLFW_KEY_A);
  EXPECT_NEAR(state().time.begin, closer.begin, 1e-6);
  driver.type("0");
  EXPECT_EQ(state().time, driver.session.whole());
}

TEST_F(ViewerTest, AKeyThatIsHeldGoesOn) {
  driver.press(GLFW_KEY_W);
  const double once = state().time.length();
  ImGui::GetIO().KeysDown[GLFW_KEY_W] = true;
  driver.frames(60);
  ImGui::GetIO().KeysDown[GLFW_KEY_W] = false;
  EXPECT_LT(state().time.length(), once * 0.6);
}

TEST_F(ViewerTest, LettersSwitchWhatIsShown) {
  driver.type("m");
  EXPECT_EQ(state().mode, Mode::kStacked);
  driver.type("m");
  EXPECT_EQ(state().mode, Mode::kLives);
  driver.type("x");
  EXPECT_EQ(state().axis, Axis::kSteps);
  driver.type("h");
  EXPECT_TRUE(state().heat);
  driver.type("o");
  EXPECT_FALSE(state().planned);
  driver.type("t");
  EXPECT_EQ(state().theme, Theme::kLight);
  driver.type("q");
  EXPECT_FALSE(state().layout.drawer_open);
  driver.type("e");
  EXPECT_FALSE(state().layout.side_open);
  driver.type("?");
  EXPECT_TRUE(state().key_sheet);
  driver.press(GLFW_KEY_ESCAPE);
  EXPECT_FALSE(state().key_sheet);
}

TEST_F(ViewerTest, ADragInTheCanvasSelectsAndEscapeUnselects) {
  const Mark canvas = driver.mark("canvas");
  const double y = canvas.top + (canvas.bottom - canvas.top) * 0.7;
  driver.drag(canvas.left + 300, y, canvas.left + 500, y);
  ASSERT_TRUE(state().selection.has_value());
  EXPECT_GT(state().selection->length(), 0);
  EXPECT_LT(state().selection->length(), driver.session.whole().length());
  driver.press(GLFW_KEY_ESCAPE);
  EXPECT_FALSE(state().selection.has_value());
}

TEST_F(ViewerTest, SearchingNarrowsWhileOneTypesAndEnterWalksOverTheHits) {
  driver.press(GLFW_KEY_F, true);
  driver.type("layer_3");
  EXPECT_EQ(state().filter.pattern, "layer_3");
  const std::vector<std::uint32_t> hits = driver.session.filter.hits();
  ASSERT_FALSE(hits.empty());
  EXPECT_LT(driver.session.filter.count(), trace().lives.size());
  driver.press(GLFW_KEY_ENTER);
  EXPECT_EQ(state().pinned, hits[0]);
  EXPECT_EQ(state().layout.side, Panel::kDetails);
}

TEST_F(ViewerTest, KeysGoToTheSearchFieldWhileItHasTheKeyboard) {
  driver.press(GLFW_KEY_F, true);
  const TimeRange before = state().time;
  driver.type("wasd0mh");
  EXPECT_EQ(state().filter.pattern, "wasd0mh");
  EXPECT_EQ(state().time, before);
  EXPECT_EQ(state().mode, Mode::kLives);
  EXPECT_FALSE(state().heat);
}

TEST_F(ViewerTest, TheNextLifeIsTheOneBornNextInTheSameRegion) {
  pin(driver.session, 0);
  driver.type(".");
  ASSERT_TRUE(state().pinned.has_value());
  const traces::Life& first = trace().lives[0];
  const traces::Life& next = trace().lives[*state().pinned];
  EXPECT_EQ(next.region, first.region);
  for (const traces::Life& life : trace().lives) {
    const bool between = std::pair(life.born, life.id) > std::pair(first.born, first.id) &&
                         std::pair(life.born, life.id) < std::pair(next.born, next.id);
    EXPECT_FALSE(between && life.region == first.region) << life.id;
  }
  driver.type(",");
  EXPECT_EQ(state().pinned, 0u);
}

TEST_F(ViewerTest, FCentresWhatIsPinnedAndThenFitsIt) {
  const traces::Life& life = trace().lives[trace().lives.size() / 2];
  pin(driver.session, life.id);
  const double middle = static_cast<double>(life.born + life.died()) / 2;
  state().time = centred({0, 200000}, middle + 60000, driver.session.whole());
  driver.type("f");
  EXPECT_NEAR((state().time.begin + state().time.end) / 2, middle, 1);
  EXPECT_DOUBLE_EQ(state().time.length(), 200000);
  driver.type("f");
  EXPECT_LE(state().time.begin, static_cast<double>(life.born));
  EXPECT_GE(state().time.end, static_cast<double>(life.died()));
  EXPECT_LT(state().time.length(), std::max(200000.0, 2.0 * static_cast<double>(life.died() - life.born)));
}

TEST_F(ViewerTest, TheLiveTableListsWhatTheFoldSaysMostBytesFirst) {
  driver.type("p");
  EXPECT_EQ(state().layout.side, Panel::kLive);
  const auto cycle = static_cast<std::uint64_t>(*state().cursor);
  const std::vector<std::uint32_t> live = driver.session.document->folded().live_at(cycle);
  const DrawnTable& table = driver.session.live_table;
  ASSERT_EQ(table.rows.size(), live.size());
  std::vector<std::uint64_t> bytes;
  for (const auto& row : table.rows) bytes.push_back(std::stoull(row[2]));
  EXPECT_TRUE(std::is_sorted(bytes.rbegin(), bytes.rend()));
}

TEST_F(ViewerTest, AClickOnAColumnSortsTheLiveTableByIt) {
  driver.type("p");
  driver.click("live.name");
  std::vector<std::string> names;
  for (const auto& row : driver.session.live_table.rows) names.push_back(row[0]);
  ASSERT_GT(names.size(), 1u);
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  driver.click("live.name");
  names.clear();
  for (const auto& row : driver.session.live_table.rows) names.push_back(row[0]);
  EXPECT_TRUE(std::is_sorted(names.rbegin(), names.rend()));
}

TEST_F(ViewerTest, TheLiveTableIsCopiedAsCsv) {
  driver.type("p");
  driver.click("live.copy");
  const std::string text = ImGui::GetClipboardText();
  EXPECT_EQ(text.substr(0, text.find('\n')), "name,kind,bytes,address,born,died,writer");
  EXPECT_EQ(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')),
            driver.session.live_table.rows.size() + 1);
}

TEST_F(ViewerTest, AClickOnAStepShowsItAndItsDetails) {
  driver.click("steps.row2");
  EXPECT_EQ(state().pinned_step, 2u);
  EXPECT_EQ(state().layout.side, Panel::kDetails);
  const traces::Step& step = trace().steps[2];
  EXPECT_LE(state().time.begin, static_cast<double>(step.begin));
  EXPECT_GE(state().time.end, static_cast<double>(step.end));
  driver.type(".");
  EXPECT_EQ(state().pinned_step, 3u);
}

TEST_F(ViewerTest, AClickOnAFindingBringsItsCycleIntoSight) {
  ASSERT_FALSE(trace().findings.empty());
  state().time = {0, 100};
  driver.click("drawer.Findings " + std::to_string(trace().findings.size()));
  driver.click("findings.row0");
  EXPECT_EQ(state().cursor, static_cast<double>(trace().findings[0].cycle));
  EXPECT_TRUE(state().time.contains(*state().cursor) || *state().cursor == state().time.end);
}

TEST_F(ViewerTest, HiddenKindsLeaveTheTableAndComeBackWithEscape) {
  driver.click("filters");
  driver.click("kind.activation");
  EXPECT_FALSE(state().filter.kinds[static_cast<std::size_t>(traces::LifeKind::kActivation)]);
  EXPECT_LT(driver.session.filter.count(), trace().lives.size());
  driver.press(GLFW_KEY_ESCAPE);  // closes the list of kinds
  EXPECT_LT(driver.session.filter.count(), trace().lives.size());
  driver.press(GLFW_KEY_ESCAPE);
  EXPECT_EQ(driver.session.filter.count(), trace().lives.size());
}

TEST_F(ViewerTest, ASplitterThatIsDraggedMakesRoomForTheCanvas) {
  const Mark before = driver.mark("canvas"), splitter = driver.mark("side splitter");
  const double y = (splitter.top + splitter.bottom) / 2, x = (splitter.left + splitter.right) / 2;
  driver.drag(x, y, x + 60, y);
  EXPECT_NEAR(driver.mark("canvas").right, before.right + 60, 2);
}

TEST_F(ViewerTest, ASecondTraceIsComparedStepByStep) {
  driver.session.second = std::make_shared<Document>(trace(), "again.m7t");
  state().layout.drawer = Panel::kCompare;
  driver.frames();
  driver.click("compare.Side by side");
  EXPECT_EQ(state().compare, CompareMode::kSideBySide);
  driver.click("compare.row1");
  EXPECT_EQ(state().pinned_step, 1u);
  driver.type("c");
  EXPECT_EQ(state().compare, CompareMode::kOff);
}

TEST_F(ViewerTest, EveryPanelFillsTheWindowAlone) {
  for (std::size_t i = 0; i < kPanels; ++i) {
    state().layout.only = static_cast<Panel>(i);
    driver.frames(2);
  }
  driver.press(GLFW_KEY_ESCAPE);
  EXPECT_FALSE(state().layout.only.has_value());
}

TEST_F(ViewerTest, AFileThatIsNoTraceIsToldAndChangesNothing) {
  const auto before = driver.session.document;
  EXPECT_FALSE(driver.session.open("/nowhere/a.m7t"));
  EXPECT_EQ(driver.session.document, before);
  EXPECT_TRUE(driver.session.message_is_error);
  EXPECT_THAT(driver.session.message, testing::HasSubstr("/nowhere/a.m7t"));
  driver.frames();
}

TEST(Viewer, NothingOpenShowsHowToMakeATraceAndTakesKeys) {
  Driver driver;
  driver.frames();
  driver.type("wasd0fpm");
  driver.press(GLFW_KEY_W);
  driver.type("?");
  EXPECT_TRUE(driver.session.state.key_sheet);
}

TEST(Viewer, AnEmptyTraceIsDrawn) {
  Driver driver;
  driver.session.show(std::make_shared<Document>(traces::Trace{}, "empty.m7t"));
  driver.frames();
  driver.type("pf.,nmxh0");
  for (std::size_t i = 0; i < kPanels; ++i) {
    driver.session.state.layout.only = static_cast<Panel>(i);
    driver.frames(2);
  }
}

TEST(Viewer, SmallAndLargeWindowsAreDrawnAtEveryScale) {
  for (const double scale : {1.0, 2.0}) {
    for (const auto& [width, height] : {std::pair(320, 200), std::pair(2000, 1400)}) {
      Driver driver(width, height);
      driver.session.state.scale = scale;
      driver.show_sample();
      driver.type("?");
    }
  }
}

}  // namespace
}  // namespace gui
