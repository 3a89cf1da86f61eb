#include <fmt/format.h>

#include <algorithm>

#include "gui/actions.h"
#include "gui/format.h"
#include "gui/panels/panels.h"
#include "gui/widgets.h"

namespace gui {

void draw_functions(Session& session) {
  const traces::Trace& trace = session.document->trace();
  const traces::Summary& summary = session.document->summary();
  if (summary.functions.empty())
    return nothing_here(session, session.document->is_live() ? "Functions are written when the run ends."
                                                             : "The trace holds no costs of functions.");
  constexpr ImGuiTableFlags kFlags = ImGuiTableFlags_RowBg | ImGuiTableFlags_ScrollY |
                                     ImGuiTableFlags_SizingFixedFit | ImGuiTableFlags_Resizable |
                                     ImGuiTableFlags_NoSavedSettings;
  if (!ImGui::BeginTable("functions", 7, kFlags)) return;
  ImGui::TableSetupScrollFreeze(0, 1);
  const auto column = [&](const char* label, double width) {
    ImGui::TableSetupColumn(label, ImGuiTableColumnFlags_WidthFixed, points(session, width, 0).x);
  };
  column("function", 250);
  column("cycles", 90);
  column("share", 60);
  column("with callees", 96);
  column("calls", 70);
  ImGui::TableSetupColumn("causes", ImGuiTableColumnFlags_WidthStretch);
  column("instructions", 96);
  ImGui::TableHeadersRow();
  const double all = std::max(1.0, static_cast<double>(summary.cycles));
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(summary.functions.size()));
  while (clipper.Step()) {
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
      const traces::FunctionTotals& function = summary.functions[static_cast<std::size_t>(i)];
      ImGui::TableNextRow();
      ImGui::TableNextColumn();
      ImGui::PushID(i);
      if (ImGui::Selectable("##function", session.state.pinned_function == function.name,
                            ImGuiSelectableFlags_SpanAllColumns))
        pin_function(session, function.name);
      if (i < 20) session.marks.item(fmt::format("functions.row{}", i));
      ImGui::PopID();
      ImGui::SameLine(0, 0);
      short_text(trace.text(function.name));
      ImGui::TableNextColumn();
      right_text(grouped(function.self_cycles()));
      ImGui::TableNextColumn();
      right_text(percent_text(static_cast<double>(function.self_cycles()) / all));
      ImGui::TableNextColumn();
      right_text(grouped(function.inclusive_cycles));
      ImGui::TableNextColumn();
      right_text(grouped(function.calls));
      ImGui::TableNextColumn();
      stacked_bar(cause_parts(function.causes, colours(session)),
                  ImVec2(ImGui::GetContentRegionAvail().x, ImGui::GetTextLineHeight() * 0.85f),
                  colours(session).raised);
      ImGui::TableNextColumn();
      right_text(grouped(function.instructions));
    }
  }
  ImGui::EndTable();
}

}  // namespace gui
