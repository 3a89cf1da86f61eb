#include <fmt/format.h>

#include <algorithm>

#include "gui/actions.h"
#include "gui/format.h"
#include "gui/panels/panels.h"
#include "gui/widgets.h"

namespace gui {

namespace {

constexpr std::size_t kOwnersShown = 8, kFunctionsShown = 6, kFindingsShown = 3;

/// A large number over what it is.
void number(Session& session, const std::string& value, const std::string& what) {
  ImGui::TableNextColumn();
  ImGui::PushFont(session.fonts.large);
  text(value);
  ImGui::PopFont();
  dim_text(session, what);
}

void draw_numbers(Session& session) {
  const traces::Summary& summary = session.document->summary();
  if (!ImGui::BeginTable("numbers", 2, ImGuiTableFlags_SizingStretchSame)) return;
  number(session, cycles_text(static_cast<double>(summary.cycles)), grouped(summary.cycles) + " cycles");
  number(session, milliseconds_text(summary.seconds * 1e3), "at the clocks it ran with");
  if (summary.macs > 0) {
    const traces::About& about = session.document->trace().about;
    std::uint64_t of_steps = 0;
    for (const traces::Step& step : session.document->trace().steps) of_steps += step.end - step.begin;
    number(session, fmt::format("{:.2f}", static_cast<double>(of_steps) / static_cast<double>(summary.macs)),
           fmt::format("cycles per MAC, at best {:.2f}", 1 / about.macs_per_cycle));
  }
  number(session, bytes_text(static_cast<double>(summary.stack_bytes)),
         summary.stack_limit_bytes > 0
             ? fmt::format("of {} bytes of stack", grouped(summary.stack_limit_bytes))
             : "of stack at its deepest");
  ImGui::EndTable();
}

/// A memory at its peak: who owns it, against its capacity.
void draw_fullest(Session& session, std::size_t index, bool with_owners) {
  const Document::Fullest& region = session.document->fullest()[index];
  const Palette& p = colours(session);
  const double capacity = std::max(1.0, static_cast<double>(region.capacity));
  ImGui::PushID(static_cast<int>(index));
  ImGui::AlignTextToFramePadding();
  text(region.name);
  ImGui::SameLine();
  dim_text(session, fmt::format("{} of {} bytes, {}", grouped(region.peak.bytes), grouped(region.capacity),
                                percent_text(static_cast<double>(region.peak.bytes) / capacity)));
  const std::string label = "peak";
  const float width = ImGui::CalcTextSize(label.c_str()).x + 2 * ImGui::GetStyle().FramePadding.x;
  ImGui::SameLine(ImGui::GetContentRegionMax().x - width);
  if (ImGui::SmallButton(label.c_str())) jump_to_peak(session, index);
  session.marks.item("peak." + region.name);
  hint(fmt::format("jump to cycle {}", grouped(region.peak.cycle)).c_str());

  std::vector<BarPart> parts;
  for (const traces::Owner& owner : region.owners)
    parts.push_back({p.of(owner.kind), static_cast<double>(owner.bytes) / capacity,
                     fmt::format("{}: {} bytes,", owner.name, grouped(owner.bytes))});
  stacked_bar(parts, ImVec2(ImGui::GetContentRegionAvail().x, ImGui::GetTextLineHeight() * 0.9f), p.raised);

  if (with_owners && ImGui::BeginTable("owners", 3, ImGuiTableFlags_SizingFixedFit)) {
    ImGui::TableSetupColumn("name", ImGuiTableColumnFlags_WidthStretch);
    for (std::size_t i = 0; i < std::min(region.owners.size(), kOwnersShown); ++i) {
      const traces::Owner& owner = region.owners[i];
      ImGui::TableNextRow();
      ImGui::TableNextColumn();
      swatch(p.of(owner.kind));
      const bool has_life = owner.life >= 0;
      ImGui::PushID(static_cast<int>(i));
      if (ImGui::Selectable("##owner", false, ImGuiSelectableFlags_SpanAllColumns) && has_life)
        pin(session, static_cast<std::uint32_t>(owner.life));
      ImGui::PopID();
      ImGui::SameLine(0, 0);
      short_text(owner.name);
      ImGui::TableNextColumn();
      dim_text(session, traces::to_string(owner.kind));
      ImGui::TableNextColumn();
      right_text(grouped(owner.bytes));
    }
    ImGui::EndTable();
    if (region.owners.size() > kOwnersShown)
      dim_text(session, fmt::format("and {} more", region.owners.size() - kOwnersShown));
  }
  ImGui::PopID();
  ImGui::Dummy(points(session, 0, 3));
}

void draw_memory(Session& session) {
  const std::size_t count = session.document->fullest().size();
  heading(session, "What is in memory at the peak");
  if (count == 0) nothing_here(session, "Nothing wrote to memory.");
  for (std::size_t i = 0; i < count; ++i) draw_fullest(session, i, i == 0);
  const std::optional<traces::ArenaSummary>& arena = session.document->summary().arena;
  if (!arena || arena->planned_bytes == 0) return;
  ImGui::PushTextWrapPos(0);
  dim_text(session, fmt::format("the plan claims {} bytes of arena, its lower bound is {}",
                                grouped(arena->planned_bytes), grouped(arena->lower_bound_bytes)));
  ImGui::PopTextWrapPos();
}

void draw_causes(Session& session) {
  const isa::CauseCycles& causes = session.document->summary().total.causes;
  const std::uint64_t total = causes.total().value;
  if (total == 0) return;
  heading(session, "Where the cycles went");
  const std::vector<BarPart> parts = cause_parts(causes, colours(session));
  stacked_bar(parts, ImVec2(ImGui::GetContentRegionAvail().x, ImGui::GetTextLineHeight() * 0.9f),
              colours(session).raised);
  if (!ImGui::BeginTable("causes", 2, ImGuiTableFlags_SizingStretchSame)) return;
  for (const BarPart& part : parts) {
    ImGui::TableNextColumn();
    swatch(part.colour);
    text(part.label);
    ImGui::SameLine();
    dim_text(session, percent_text(part.share));
  }
  ImGui::EndTable();
}

void draw_top_functions(Session& session) {
  const traces::Summary& summary = session.document->summary();
  if (summary.functions.empty()) return;
  heading(session, "Functions");
  if (!ImGui::BeginTable("functions", 2, ImGuiTableFlags_SizingFixedFit)) return;
  ImGui::TableSetupColumn("name", ImGuiTableColumnFlags_WidthStretch);
  for (std::size_t i = 0; i < std::min(summary.functions.size(), kFunctionsShown); ++i) {
    const traces::FunctionTotals& function = summary.functions[i];
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    ImGui::PushID(static_cast<int>(i));
    if (ImGui::Selectable("##function", false, ImGuiSelectableFlags_SpanAllColumns))
      pin_function(session, function.name);
    ImGui::PopID();
    ImGui::SameLine(0, 0);
    short_text(session.document->trace().text(function.name));
    ImGui::TableNextColumn();
    right_text(percent_text(static_cast<double>(function.self_cycles()) /
                            std::max(1.0, static_cast<double>(summary.cycles))));
  }
  ImGui::EndTable();
}

void draw_top_findings(Session& session) {
  const traces::Trace& trace = session.document->trace();
  heading(session, "Findings");
  const std::size_t problems = session.document->summary().problems;
  const Palette& p = colours(session);
  if (problems == 0)
    text_in(p.good, "no problems");
  else
    text_in(p.problem, problems == 1 ? "1 problem" : fmt::format("{} problems", problems));
  ImGui::SameLine();
  dim_text(session, fmt::format("{} to know", trace.findings.size() - problems));
  ImGui::PushTextWrapPos(0);
  for (std::size_t i = 0; i < std::min(trace.findings.size(), kFindingsShown); ++i) {
    const traces::Finding& finding = trace.findings[i];
    text_in(finding.is_problem ? p.problem : p.dim_text, traces::to_string(finding.kind));
    text(trace.text(finding.text));
  }
  ImGui::PopTextWrapPos();
  if (trace.findings.size() > kFindingsShown && ImGui::SmallButton("all findings")) {
    session.state.layout.drawer = Panel::kFindings;
    session.state.layout.drawer_open = true;
  }
}

void draw_run(Session& session) {
  const traces::Trace& trace = session.document->trace();
  heading(session, "The run");
  ImGui::PushTextWrapPos(0);
  dim_text(session, fmt::format("{} {}", trace.about.tool, trace.about.command));
  dim_text(session, fmt::format("firmware {} {}", trace.about.firmware, trace.about.firmware_hash));
  dim_text(session,
           session.document->is_live() ? "still running" : fmt::format("ended: {}", traces::ended(trace)));
  if (!trace.cut.empty()) text_in(colours(session).peak, trace.cut);
  if (trace.end) {
    for (const std::string& note : trace.end->notes) dim_text(session, note);
    if (trace.end->lives_dropped > 0)
      text_in(colours(session).peak,
              fmt::format("{} lives found no room in the file", trace.end->lives_dropped));
  }
  ImGui::PopTextWrapPos();
}

}  // namespace

void draw_summary(Session& session) {
  const traces::About& about = session.document->trace().about;
  ImGui::PushFont(session.fonts.large);
  short_text(session.document->title());
  ImGui::PopFont();
  dim_text(session,
           fmt::format("on {} at {:.0f} MHz", about.board_title.empty() ? about.board : about.board_title,
                       about.core_hz / 1e6));
  ImGui::Dummy(points(session, 0, 4));
  draw_numbers(session);
  draw_memory(session);
  draw_causes(session);
  draw_top_functions(session);
  draw_top_findings(session);
  draw_run(session);
}

void draw_selection(Session& session) {
  const TimeRange& range = *session.state.selection;
  const RangeSums sums = sums_of(session.document->folded(), range);
  const Palette& p = colours(session);
  ImGui::PushFont(session.fonts.bold);
  text("Selected");
  ImGui::PopFont();
  ImGui::SameLine();
  text(fmt::format("{} cycles, {}", grouped(static_cast<std::uint64_t>(sums.cycles)),
                   milliseconds_text(sums.seconds * 1e3)));
  const float close = ImGui::GetTextLineHeight();
  ImGui::SameLine(ImGui::GetContentRegionMax().x - close);
  const bool unselect = ImGui::SmallButton("x");
  hint("unselect (Esc)");
  stacked_bar(cause_parts(sums.activity.causes, p),
              ImVec2(ImGui::GetContentRegionAvail().x, ImGui::GetTextLineHeight() * 0.7f), p.raised);
  ImGui::PushTextWrapPos(0);
  dim_text(session,
           fmt::format("{} loaded, {} stored, {} steps{}", bytes_text(sums.load_bytes),
                       bytes_text(sums.store_bytes), sums.steps,
                       sums.macs > 0 ? fmt::format(", {:.2f} cycles per MAC", sums.cycles_per_mac()) : ""));
  std::string peaks;
  for (const std::size_t index : session.document->used_regions())
    if (index < sums.regions.size())
      peaks += fmt::format("{}{} peak {} bytes, {} lives", peaks.empty() ? "" : "; ",
                           session.document->trace().regions[index].name,
                           grouped(sums.regions[index].peak.bytes), grouped(sums.regions[index].lives));
  dim_text(session, peaks);
  ImGui::PopTextWrapPos();
  ImGui::Separator();
  if (unselect) session.state.selection.reset();
}

}  // namespace gui
