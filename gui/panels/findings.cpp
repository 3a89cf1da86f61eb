#include <fmt/format.h>

#include "gui/actions.h"
#include "gui/format.h"
#include "gui/panels/panels.h"
#include "gui/widgets.h"

namespace gui {

void draw_findings(Session& session) {
  const traces::Trace& trace = session.document->trace();
  const Palette& p = colours(session);
  if (trace.findings.empty())
    return nothing_here(session,
                        "No findings: no byte was read before it was written, none outside its planned "
                        "life, nothing past an array's end.");
  constexpr ImGuiTableFlags kFlags = ImGuiTableFlags_RowBg | ImGuiTableFlags_ScrollY |
                                     ImGuiTableFlags_SizingFixedFit | ImGuiTableFlags_Resizable |
                                     ImGuiTableFlags_NoSavedSettings;
  if (!ImGui::BeginTable("findings", 5, kFlags)) return;
  ImGui::TableSetupScrollFreeze(0, 1);
  ImGui::TableSetupColumn("finding", ImGuiTableColumnFlags_WidthFixed, points(session, 190, 0).x);
  ImGui::TableSetupColumn("what", ImGuiTableColumnFlags_WidthStretch);
  ImGui::TableSetupColumn("line", ImGuiTableColumnFlags_WidthFixed, points(session, 130, 0).x);
  ImGui::TableSetupColumn("cycle", ImGuiTableColumnFlags_WidthFixed, points(session, 90, 0).x);
  ImGui::TableSetupColumn("times", ImGuiTableColumnFlags_WidthFixed, points(session, 70, 0).x);
  ImGui::TableHeadersRow();
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(trace.findings.size()));
  while (clipper.Step()) {
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
      const traces::Finding& finding = trace.findings[static_cast<std::size_t>(i)];
      ImGui::TableNextRow();
      ImGui::TableNextColumn();
      swatch(finding.is_problem ? p.problem : p.accent);
      ImGui::PushID(i);
      if (ImGui::Selectable("##finding", false, ImGuiSelectableFlags_SpanAllColumns))
        jump_to_finding(session, static_cast<std::size_t>(i));
      if (i < 20) session.marks.item(fmt::format("findings.row{}", i));
      hint(traces::where(trace, finding).c_str());
      ImGui::PopID();
      ImGui::SameLine(0, 0);
      text(traces::to_string(finding.kind));
      ImGui::TableNextColumn();
      short_text(trace.text(finding.text));
      ImGui::TableNextColumn();
      dim_text(session, trace.text(finding.line));
      ImGui::TableNextColumn();
      right_text(grouped(finding.cycle));
      ImGui::TableNextColumn();
      right_text(grouped(finding.count));
    }
  }
  ImGui::EndTable();
}

}  // namespace gui
