#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "gui/actions.h"
#include "gui/format.h"
#include "gui/panels/panels.h"
#include "gui/widgets.h"

namespace gui {

namespace {

constexpr ImGuiTableFlags kTable = ImGuiTableFlags_RowBg | ImGuiTableFlags_ScrollY |
                                   ImGuiTableFlags_SizingFixedFit | ImGuiTableFlags_Resizable |
                                   ImGuiTableFlags_NoSavedSettings;

std::string signed_text(std::int64_t number) {
  if (number == 0) return "=";
  return fmt::format("{}{}", number < 0 ? "-" : "+", grouped(static_cast<std::uint64_t>(std::abs(number))));
}

std::string percent_of(const traces::Change& change) {
  if (change.delta() == 0) return "";
  const std::optional<double> percent = change.percent();
  if (!percent) return "new";
  return std::abs(*percent) < 0.05 ? "<0.1 %" : fmt::format("{:+.1f} %", *percent);
}

/// Fewer is better, for all that is compared here.
Colour judged(Session& session, std::int64_t delta) {
  const Palette& p = colours(session);
  return delta == 0 ? p.dim_text : delta < 0 ? p.good : p.worse;
}

void right_in(Colour colour, const std::string& value) {
  ImGui::PushStyleColor(ImGuiCol_Text, colour);
  right_text(value);
  ImGui::PopStyleColor();
}

void draw_change(Session& session, const traces::Change& change) {
  ImGui::TableNextColumn();
  right_text(grouped(change.a));
  ImGui::TableNextColumn();
  right_text(grouped(change.b));
  ImGui::TableNextColumn();
  right_in(judged(session, change.delta()), signed_text(change.delta()));
  ImGui::TableNextColumn();
  right_in(judged(session, change.delta()), percent_of(change));
}

}  // namespace

void ComparePanel::draw(Session& session) {
  if (!session.second)
    return nothing_here(session,
                        "Open a second trace to compare with: press C, or start `m7scope view A B`.");
  if (a_ != &session.document->folded() || b_ != &session.second->folded()) {
    a_ = &session.document->folded();
    b_ = &session.second->folded();
    diff_ = traces::diff(session.document->trace(), session.second->trace());
  }
  const Palette& p = colours(session);
  static constexpr const char* kModes[] = {"Off", "Overlay", "Side by side"};
  dim_text(session, "in the canvas:");
  ImGui::SameLine();
  const int clicked = segmented("compare", kModes, static_cast<int>(session.state.compare), session);
  if (clicked >= 0) session.state.compare = static_cast<CompareMode>(clicked);
  ImGui::SameLine(0, points(session, 16, 0).x);
  text(fmt::format("A {}", session.document->path().filename().string()));
  ImGui::SameLine(0, points(session, 12, 0).x);
  text_in(p.accent, fmt::format("B {}", session.second->path().filename().string()));
  for (const std::string& note : diff_.notes) dim_text(session, note);

  const float room = ImGui::GetContentRegionAvail().x;
  ImGui::BeginChild("totals", ImVec2(std::min(points(session, 400, 0).x, room * 0.4f), 0));
  draw_totals(session);
  ImGui::EndChild();
  ImGui::SameLine();
  ImGui::BeginChild("step by step");
  draw_steps(session);
  ImGui::EndChild();
}

void ComparePanel::draw_totals(Session& session) {
  if (!ImGui::BeginTable("metrics", 5, kTable)) return;
  ImGui::TableSetupScrollFreeze(0, 1);
  ImGui::TableSetupColumn("run", ImGuiTableColumnFlags_WidthStretch);
  for (const char* label : {"A", "B", "change", "%"}) ImGui::TableSetupColumn(label);
  ImGui::TableHeadersRow();
  for (const traces::Metric& metric : diff_.metrics) {
    if (metric.change.a == 0 && metric.change.b == 0) continue;
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    text(metric.name);
    draw_change(session, metric.change);
  }
  ImGui::EndTable();
}

void ComparePanel::draw_steps(Session& session) {
  if (!ImGui::BeginTable("steps", 6, kTable)) return;
  ImGui::TableSetupScrollFreeze(0, 1);
  ImGui::TableSetupColumn("step", ImGuiTableColumnFlags_WidthStretch);
  for (const char* label : {"cycles A", "cycles B", "change", "%"}) ImGui::TableSetupColumn(label);
  ImGui::TableSetupColumn("mostly", ImGuiTableColumnFlags_WidthFixed, points(session, 150, 0).x);
  ImGui::TableHeadersRow();
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(diff_.steps.size()));
  while (clipper.Step()) {
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
      const traces::StepDiff& step = diff_.steps[static_cast<std::size_t>(i)];
      ImGui::TableNextRow();
      ImGui::TableNextColumn();
      ImGui::PushID(i);
      if (ImGui::Selectable("##step", false, ImGuiSelectableFlags_SpanAllColumns) && step.pair.a)
        zoom_to_step(session, *step.pair.a);
      if (i < 20) session.marks.item(fmt::format("compare.row{}", i));
      ImGui::PopID();
      ImGui::SameLine(0, 0);
      short_text(step.name);
      draw_change(session, step.cycles);
      ImGui::TableNextColumn();
      const auto largest =
          std::max_element(step.causes.begin(), step.causes.end(),
                           [](std::int64_t a, std::int64_t b) { return std::abs(a) < std::abs(b); });
      if (*largest != 0) {
        const isa::Cause cause = static_cast<isa::Cause>(largest - step.causes.begin());
        swatch(colours(session).of(cause));
        dim_text(session, fmt::format("{} {}", isa::to_string(cause), signed_text(*largest)));
      }
    }
  }
  ImGui::EndTable();
}

}  // namespace gui
