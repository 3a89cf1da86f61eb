// What the viewer shows, as plain values: keys, the mouse and the command line change them, drawing reads
// them, and the state file of the tests is made from them. Knows nothing of ImGui.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "traces/trace.h"

namespace gui {

/// Times in core cycles. Doubles, so that a zoom about the mouse neither jumps nor drifts.
struct TimeRange {
  double begin = 0, end = 0;

  double length() const { return end - begin; }
  bool contains(double cycle) const { return cycle >= begin && cycle < end; }
  bool operator==(const TimeRange&) const = default;
};

enum class Mode {
  kLives,    ///< a rectangle per life, at its address
  kStacked,  ///< live bytes, stacked by kind
};
enum class Axis {
  kCycles,  ///< x is cycles
  kSteps,   ///< every step is as wide as the next
};
enum class Theme { kDark, kLight };
enum class CompareMode {
  kOff,
  kOverlay,     ///< the second trace's outlines over the first
  kSideBySide,  ///< the second trace below the first
};
enum class Panel { kCanvas, kSummary, kDetails, kLive, kFindings, kSteps, kFunctions, kCompare };
inline constexpr std::size_t kPanels = 8;

const char* to_string(Mode mode);
const char* to_string(Axis axis);
const char* to_string(Theme theme);
const char* to_string(CompareMode mode);
/// "canvas", "summary", ... as on the command line.
const char* to_string(Panel panel);
std::optional<Panel> panel_named(std::string_view name);
/// The pane on the right shows summary, details or live; the drawer below findings, steps, functions or
/// compare.
bool is_side(Panel panel);
bool is_drawer(Panel panel);

/// Which part of a region is shown. Bytes count from the region's first shown byte, with empty stretches
/// folded away; begin == end: all of it.
struct RegionView {
  bool visible = true;
  double begin = 0, end = 0;
  double share = 0;  ///< of the canvas's height; 0: as the canvas chooses
  bool operator==(const RegionView&) const = default;
};

/// Which lives are drawn in full; others are left out.
struct Filter {
  std::string pattern{};  ///< regular expression over name, owner, writer and reader; empty: all
  std::uint32_t min_bytes = 0;
  std::array<bool, traces::kLifeKinds> kinds = all_kinds();
  std::set<traces::StringId> hidden{};     ///< names
  std::optional<traces::StringId> solo{};  ///< only this name

  static std::array<bool, traces::kLifeKinds> all_kinds() {
    std::array<bool, traces::kLifeKinds> all{};
    all.fill(true);
    return all;
  }
  bool operator==(const Filter&) const = default;
};

/// What is open, and how large.
struct Layout {
  double side_width = 400;     ///< of the pane on the right, in points (pixels at scale 1)
  double drawer_height = 232;  ///< of the tables below
  bool side_open = true, drawer_open = true;
  Panel side = Panel::kSummary;  ///< is_side
  Panel drawer = Panel::kSteps;  ///< is_drawer
  std::optional<Panel> only;     ///< this panel fills the window
  bool operator==(const Layout&) const = default;
};

/// A place to come back to.
struct Bookmark {
  double cycle = 0;
  std::string text;
  bool operator==(const Bookmark&) const = default;
};

struct ViewState {
  TimeRange time;                   ///< shown
  std::vector<RegionView> regions;  ///< as Trace::regions
  Mode mode = Mode::kLives;
  Axis axis = Axis::kCycles;
  CompareMode compare = CompareMode::kOff;
  bool heat = false;    ///< the overlay of reads and writes
  bool planned = true;  ///< outlines of planned lives
  bool minimap = true;
  Theme theme = Theme::kDark;
  double scale = 1;  ///< pixels a point: 1, or 2 on a display of high density

  std::optional<double> cursor;          ///< the cycle that the live table is about
  std::optional<double> mouse_cycle;     ///< under the mouse
  std::optional<TimeRange> selection;    ///< dragged; sums are of this range
  std::optional<std::uint32_t> hovered;  ///< life under the mouse
  std::optional<std::uint32_t> pinned;   ///< life whose details are shown
  std::optional<std::uint32_t> pinned_step;
  std::optional<traces::StringId> pinned_function;  ///< whose listing is shown
  std::vector<Bookmark> bookmarks;                  ///< by cycle
  Filter filter;
  Layout layout;
  bool key_sheet = false;
  bool live = false;  ///< the file grows; the view keeps its end in sight
};

}  // namespace gui
