// What the viewer reads, writes and says beside its pictures.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "gui/describe.h"
#include "gui/errors.h"
#include "gui/files.h"
#include "gui/format.h"
#include "gui/layout.h"
#include "gui/notes.h"
#include "gui/picture.h"
#include "gui/script.h"
#include "gui/settings.h"
#include "gui/theme.h"
#include "tests/traces/sample_trace.h"
#include "tests/traces/temporary_folder.h"

namespace gui {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Format, NumbersAreWrittenAsPeopleReadThem) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(1234567), "1,234,567");
  EXPECT_EQ(bytes_text(640), "640 B");
  EXPECT_EQ(bytes_text(78560), "76.7 KB");
  EXPECT_EQ(bytes_text(1572864), "1.5 MB");
  EXPECT_EQ(cycles_text(9999), "9999");
  EXPECT_EQ(cycles_text(13085781), "13.09 M");
  EXPECT_EQ(percent_text(0.0004), "<0.1 %");
  EXPECT_EQ(percent_text(0.042), "4.2 %");
  EXPECT_EQ(percent_text(0.88), "88 %");
  EXPECT_EQ(milliseconds_text(0.4124), "0.412 ms");
  EXPECT_EQ(milliseconds_text(1204), "1,204 ms");
  EXPECT_EQ(hex(0x20010000), "0x20010000");
}

TEST(Format, AFieldOfACsvFileIsQuotedWhereItHasToBe) {
  EXPECT_EQ(csv_field("conv"), "conv");
  EXPECT_EQ(csv_field("a, b"), "\"a, b\"");
  EXPECT_EQ(csv_field("say \"a\""), "\"say \"\"a\"\"\"");
}

TEST(Theme, AColourHasItsPartsInTheirPlaces) {
  EXPECT_EQ(rgb(0x112233), 0xff332211u);
  EXPECT_EQ(faded(rgb(0x112233), 0), 0x00332211u);
  EXPECT_EQ(mixed(rgb(0x000000), rgb(0xffffff), 0.5), 0xff808080u);
  for (const Theme theme : {Theme::kDark, Theme::kLight})
    for (const Colour colour : palette(theme).kinds) EXPECT_EQ(colour >> 24, 0xffu);
}

TEST(Layout, PanesShareTheWindowWithoutOverlap) {
  for (const double scale : {1.0, 2.0}) {
    const PaneRects panes = place_panes({}, 1600, 900, scale);
    EXPECT_EQ(panes.tools.bottom, panes.canvas.top);
    EXPECT_EQ(panes.canvas.right, panes.side_splitter.left);
    EXPECT_EQ(panes.side_splitter.right, panes.side.left);
    EXPECT_EQ(panes.side.right, 1600);
    EXPECT_EQ(panes.canvas.bottom, panes.drawer_splitter.top);
    EXPECT_EQ(panes.drawer_splitter.bottom, panes.drawer.top);
    EXPECT_EQ(panes.drawer.bottom, panes.status.top);
    EXPECT_EQ(panes.side.right - panes.side.left, 400 * scale);
  }
}

TEST(Layout, TheCanvasKeepsRoomHoweverLargeThePanesShouldBe) {
  Layout layout;
  layout.side_width = layout.drawer_height = 10000;
  const PaneRects panes = place_panes(layout, 800, 600, 1);
  EXPECT_GE(panes.canvas.right - panes.canvas.left, 240);
  EXPECT_GE(panes.canvas.bottom - panes.canvas.top, 160);
}

TEST(Layout, ClosedPanesLeaveTheirRoomToTheCanvas) {
  Layout layout;
  layout.side_open = layout.drawer_open = false;
  const PaneRects panes = place_panes(layout, 800, 600, 1);
  EXPECT_EQ(panes.canvas.right, 800);
  EXPECT_EQ(panes.canvas.bottom, panes.status.top);
}

TEST(Settings, WhatIsSavedIsLoadedAgain) {
  const traces::TemporaryFolder folder;
  Settings settings;
  settings.recent = {"/a.m7t", "/b.m7t"};
  settings.theme = Theme::kLight;
  settings.scale = 2;
  settings.width = 1234;
  settings.mode = Mode::kStacked;
  settings.axis = Axis::kSteps;
  settings.heat = true;
  settings.layout.side_width = 333;
  settings.layout.drawer = Panel::kFindings;
  settings.layout.drawer_open = false;
  const std::filesystem::path path = (folder / "new") / "viewer.json";
  save_settings(settings, path);
  EXPECT_EQ(load_settings(path), settings);
}

TEST(Settings, ADamagedFileKeepsNobodyOut) {
  const traces::TemporaryFolder folder;
  const std::filesystem::path path = folder / "viewer.json";
  EXPECT_EQ(load_settings(path), Settings());
  for (const char* text :
       {"", "{", "[]", "null", R"({"width": -5, "side": "canvas", "recent": 3, "theme": []})"}) {
    write_file(path, text);
    EXPECT_EQ(load_settings(path), Settings()) << text;
  }
  write_file(path, R"({"width": 1e99, "theme": "light"})");
  EXPECT_EQ(load_settings(path).theme, Theme::kLight);
  EXPECT_EQ(load_settings(path).width, Settings().width);
}

TEST(Settings, TheLastFileComesFirstAndOnlyOnce) {
  Settings settings;
  for (const char* file : {"/a", "/b", "/a"}) settings.remember(file);
  EXPECT_THAT(settings.recent, ElementsAre("/a", "/b"));
  for (int i = 0; i < 30; ++i) settings.remember(fmt::format("/{}", i));
  EXPECT_EQ(settings.recent.size(), Settings::kMostRecent);
}

TEST(Notes, BookmarksAreKeptBesideTheTraceInTheOrderOfCycles) {
  const traces::TemporaryFolder folder;
  const std::filesystem::path trace = folder / "a.m7t";
  EXPECT_TRUE(load_notes(trace).empty());
  save_notes(trace, {{.cycle = 700, .text = "peak \"here\""}, {.cycle = 5, .text = ""}});
  EXPECT_THAT(load_notes(trace), ElementsAre(Bookmark{5, ""}, Bookmark{700, "peak \"here\""}));
  save_notes(trace, {});
  EXPECT_FALSE(std::filesystem::exists(notes_path(trace)));
}

TEST(Notes, AFileThatIsNoneIsNamed) {
  const traces::TemporaryFolder folder;
  const std::filesystem::path trace = folder / "a.m7t";
  write_file(notes_path(trace), R"({"bookmarks": 3})");
  try {
    load_notes(trace);
    FAIL();
  } catch (const ViewError& error) {
    EXPECT_THAT(error.what(), HasSubstr("a.m7t.notes.json"));
  }
}

TEST(Files, AFileThatCannotBeWrittenLeavesNothingBehind) {
  const traces::TemporaryFolder folder;
  EXPECT_THROW(write_file((folder / "no") / "such.txt", "x"), ViewError);
  write_file(folder / "a.txt", "one");
  write_file(folder / "a.txt", "two");
  EXPECT_EQ(read_file(folder / "a.txt"), "two");
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "")) files += entry.exists();
  EXPECT_EQ(files, 1u);
  EXPECT_THROW(read_file(folder / "a.txt", 2), ViewError);
}

TEST(Script, ALineThatIsNoCommandIsNamed) {
  try {
    Script("key P\n\n# why\nfrobnicate 3\n", "scene");
    FAIL();
  } catch (const ViewError& error) {
    EXPECT_THAT(error.what(), HasSubstr("scene:4: found frobnicate, expected one of key, "));
  }
}

TEST(Describe, ALifeIsToldWithItsPlanItsWriterAndItsReader) {
  const Document document(traces::sample_trace(), "sample.m7t");
  const traces::Trace& trace = document.trace();
  const auto life = std::find_if(trace.lives.begin(), trace.lives.end(), [](const traces::Life& l) {
    return l.kind == traces::LifeKind::kActivation && l.buffer >= 0;
  });
  ASSERT_NE(life, trace.lives.end());
  const std::string text = to_text(describe_life(document, *life));
  EXPECT_THAT(text, HasSubstr("kind: activation\n"));
  EXPECT_THAT(text, HasSubstr("writer: " + std::string(trace.text(life->writer)) + "\n"));
  EXPECT_THAT(text, HasSubstr("reads at: " + std::string(trace.text(life->reader_line)) + "\n"));
  EXPECT_THAT(text, HasSubstr("bytes: " + grouped(life->bytes) + "\n"));
  EXPECT_THAT(text, HasSubstr("planned: steps "));
}

TEST(Describe, ALifeThatNothingWroteOrReadIsSaidToBeSo) {
  traces::Trace trace;
  traces::Life life;
  life.flags = traces::Life::kNeverWritten | traces::Life::kOpen;
  trace.lives = {life};
  const Document document(std::move(trace), "one.m7t");
  const std::string text = to_text(describe_life(document, document.trace().lives[0]));
  EXPECT_THAT(text, HasSubstr("born: nothing wrote it\n"));
  EXPECT_THAT(text, HasSubstr("last read: never\n"));
}

}  // namespace
}  // namespace gui
