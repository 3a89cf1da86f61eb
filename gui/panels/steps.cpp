#include <fmt/format.h>

#include <algorithm>

#include "gui/actions.h"
#include "gui/format.h"
#include "gui/panels/panels.h"
#include "gui/widgets.h"

namespace gui {

namespace {

enum Column { kStep, kOp, kName, kCycles, kShare, kPerMac, kCauses, kInstructions, kFills };
constexpr int kColumns = 9, kColumnsOfNarrow = 7;
constexpr double kWide = 860;  // points

/// Negative, zero or positive, as `a` comes before, with or after `b` in a column.
int compare(const traces::Trace& trace, const traces::Step& a, const traces::Step& b, int column) {
  const auto order = [](const auto& x, const auto& y) { return x < y ? -1 : y < x ? 1 : 0; };
  const auto per_mac = [&](const traces::Step& step) {
    return traces::limits_of(step, trace.about.macs_per_cycle).cycles_per_mac;
  };
  switch (column) {
    case kOp:
      return order(trace.text(a.op), trace.text(b.op));
    case kName:
      return order(trace.text(a.name), trace.text(b.name));
    case kCycles:
    case kShare:
      return order(a.end - a.begin, b.end - b.begin);
    case kPerMac:
      return order(per_mac(a), per_mac(b));
    case kInstructions:
      return order(a.counts.instructions, b.counts.instructions);
    case kFills:
      return order(a.counts.memory.dcache_fills, b.counts.memory.dcache_fills);
    default:
      return order(&a, &b);
  }
}

void draw_row(Session& session, std::size_t index, double cycles_of_all, bool wide) {
  const traces::Trace& trace = session.document->trace();
  const Palette& p = colours(session);
  const traces::Step& step = trace.steps[index];
  const double cycles = static_cast<double>(step.end - step.begin);
  const traces::StepLimits limits = traces::limits_of(step, trace.about.macs_per_cycle);
  ImGui::TableNextColumn();
  ImGui::PushID(static_cast<int>(index));
  const bool pinned = session.state.pinned_step == index;
  if (ImGui::Selectable("##step", pinned, ImGuiSelectableFlags_SpanAllColumns)) {
    zoom_to_step(session, index);
    session.state.layout.side = Panel::kDetails;
  }
  ImGui::PopID();
  ImGui::SameLine(0, 0);
  right_text(fmt::format("{}", step.id));
  ImGui::TableNextColumn();
  text(trace.text(step.op));
  ImGui::TableNextColumn();
  text(step.patch >= 0 ? fmt::format("{} patch {}", trace.text(step.name), step.patch)
                       : std::string(trace.text(step.name)));
  ImGui::TableNextColumn();
  right_text(grouped(step.end - step.begin));
  ImGui::TableNextColumn();
  right_text(percent_text(cycles / cycles_of_all));
  ImGui::TableNextColumn();
  if (step.macs > 0) {
    right_text(fmt::format("{:.2f}", limits.cycles_per_mac));
    hint(fmt::format("{} of the core's limit, bound by {}", percent_text(limits.of_limit),
                     traces::to_string(limits.bound))
             .c_str());
  } else {
    right_text("-");
  }
  ImGui::TableNextColumn();
  stacked_bar(cause_parts(step.counts.causes, p),
              ImVec2(ImGui::GetContentRegionAvail().x, ImGui::GetTextLineHeight() * 0.85f), p.raised);
  if (!wide) return;
  ImGui::TableNextColumn();
  right_text(grouped(step.counts.instructions));
  ImGui::TableNextColumn();
  right_text(grouped(step.counts.memory.dcache_fills));
}

}  // namespace

void draw_steps(Session& session) {
  const traces::Trace& trace = session.document->trace();
  if (trace.steps.empty())
    return nothing_here(session, "The firmware marked no steps. Functions tell where its cycles went.");
  constexpr ImGuiTableFlags kFlags = ImGuiTableFlags_RowBg | ImGuiTableFlags_ScrollY |
                                     ImGuiTableFlags_SizingFixedFit | ImGuiTableFlags_Resizable |
                                     ImGuiTableFlags_Sortable | ImGuiTableFlags_NoSavedSettings;
  const bool wide = ImGui::GetContentRegionAvail().x > points(session, kWide, 0).x;
  const int columns = wide ? kColumns : kColumnsOfNarrow;
  if (!ImGui::BeginTable(wide ? "steps" : "fewer", columns, kFlags)) return;
  ImGui::TableSetupScrollFreeze(0, 1);
  const auto column = [&](const char* label, double width, ImGuiTableColumnFlags flags = 0) {
    ImGui::TableSetupColumn(label, flags | ImGuiTableColumnFlags_WidthFixed, points(session, width, 0).x);
  };
  column("step", 40, ImGuiTableColumnFlags_DefaultSort);
  column("operator", wide ? 160 : 110);
  column("output", wide ? 160 : 80);
  column("cycles", 84, ImGuiTableColumnFlags_PreferSortDescending);
  column("share", 56, ImGuiTableColumnFlags_PreferSortDescending);
  column("cyc/MAC", 64, ImGuiTableColumnFlags_PreferSortDescending);
  ImGui::TableSetupColumn("causes", ImGuiTableColumnFlags_WidthStretch | ImGuiTableColumnFlags_NoSort);
  if (wide) {
    column("instructions", 92, ImGuiTableColumnFlags_PreferSortDescending);
    column("D-fills", 64, ImGuiTableColumnFlags_PreferSortDescending);
  }
  ImGui::TableNextRow(ImGuiTableRowFlags_Headers);
  for (int i = 0; i < columns; ++i) {
    if (!ImGui::TableSetColumnIndex(i)) continue;
    ImGui::TableHeader(ImGui::TableGetColumnName(i));
    session.marks.item(fmt::format("steps.{}", ImGui::TableGetColumnName(i)));
  }

  std::vector<std::size_t> order(trace.steps.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const ImGuiTableSortSpecs* specs = ImGui::TableGetSortSpecs();
  if (specs != nullptr && specs->SpecsCount > 0) {
    const ImGuiTableColumnSortSpecs& spec = specs->Specs[0];
    const bool down = spec.SortDirection == ImGuiSortDirection_Descending;
    if (spec.ColumnIndex != kStep || down)
      std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        const int by = compare(trace, trace.steps[a], trace.steps[b], spec.ColumnIndex);
        return down ? by > 0 : by < 0;
      });
  }
  double cycles_of_all = 0;
  for (const traces::Step& step : trace.steps) cycles_of_all += static_cast<double>(step.end - step.begin);
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(order.size()));
  while (clipper.Step()) {
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
      ImGui::TableNextRow();
      draw_row(session, order[static_cast<std::size_t>(i)], std::max(cycles_of_all, 1.0), wide);
      if (i < 20) session.marks.item(fmt::format("steps.row{}", i));
    }
  }
  ImGui::EndTable();
}

}  // namespace gui
