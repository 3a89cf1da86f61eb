// The panels beside and below the canvas. Each draws into the current ImGui window, and shows and changes a
// Session.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gui/fold/sums.h"
#include "gui/session.h"
#include "traces/trace_diff.h"

namespace gui {

/// First page: what ran, how long, the peak and who owns it, where the cycles went, findings.
void draw_summary(Session& session);
/// Sums over the dragged range.
void draw_selection(Session& session);
void draw_findings(Session& session);
/// A row per step; a click shows it.
void draw_steps(Session& session);
/// A row per function; a click shows its instructions.
void draw_functions(Session& session);
void draw_key_sheet(Session& session);
/// What there is when nothing is open.
void draw_welcome(Session& session);

/// The second trace against the first: totals, then step by step.
class ComparePanel {
 public:
  void draw(Session& session);

 private:
  void draw_totals(Session& session);
  void draw_steps(Session& session);

  traces::TraceDiff diff_;
  const Folded *a_ = nullptr, *b_ = nullptr;  ///< what `diff_` was made of
};

/// What is live at the cursor.
class LivePanel {
 public:
  void draw(Session& session);

 private:
  struct Row {
    std::uint32_t life;
    std::string name;
  };
  void collect(Session& session);

  std::vector<Row> rows_;
  const Folded* from_ = nullptr;  ///< what `rows_` was made of
  std::optional<double> cursor_;
  std::uint64_t filtered_ = 0, bytes_ = 0;
};

/// The pinned life, step or function.
class DetailsPanel {
 public:
  void draw(Session& session);

 private:
  /// A line of the listing: of the source, or an instruction.
  struct Line {
    const traces::ListingRow* row = nullptr;  ///< null: source
    std::string source;
  };
  void draw_life(Session& session, const traces::Life& life);
  void draw_step(Session& session, const traces::Step& step);
  /// `pc`: the instruction to point at; 0: none.
  void draw_listing(Session& session, traces::StringId function, std::uint32_t pc);

  std::vector<Line> lines_;
  const Folded* from_ = nullptr;  ///< what `lines_` was made of
  traces::StringId function_ = 0;
  std::uint32_t pc_ = 0;
  std::uint64_t most_cycles_ = 1;
  bool scroll_to_pc_ = false;
  bool show_reader_ = false;
};

}  // namespace gui
