#include <fmt/format.h>

#include <algorithm>

#include "gui/actions.h"
#include "gui/format.h"
#include "gui/panels/panels.h"
#include "gui/widgets.h"

namespace gui {

namespace {

enum Column { kName, kKind, kBytes, kAddress, kBorn, kDied, kWriter };
constexpr const char* kColumns[] = {"name", "kind", "bytes", "address", "born", "died", "writer"};

/// Negative, zero or positive, as `a` comes before, with or after `b` in a column.
int compare(const traces::Trace& trace, const traces::Life& a, const traces::Life& b, int column) {
  const auto order = [](const auto& x, const auto& y) { return x < y ? -1 : y < x ? 1 : 0; };
  switch (column) {
    case kName:
      return order(traces::name_of(trace, a), traces::name_of(trace, b));
    case kKind:
      return order(a.kind, b.kind);
    case kBytes:
      return order(a.bytes, b.bytes);
    case kAddress:
      return order(a.address, b.address);
    case kBorn:
      return order(a.born, b.born);
    case kDied:
      return order(a.died(), b.died());
    default:
      return order(trace.text(a.writer), trace.text(b.writer));
  }
}

}  // namespace

void LivePanel::collect(Session& session) {
  const Document& document = *session.document;
  rows_.clear();
  bytes_ = 0;
  const double cycle = std::max(0.0, *session.state.cursor);
  for (const std::uint32_t id : document.folded().live_at(static_cast<std::uint64_t>(cycle))) {
    if (!session.filter.shows(id)) continue;
    const traces::Life& life = document.trace().lives[id];
    rows_.push_back({id, traces::name_of(document.trace(), life)});
    bytes_ += life.bytes;
  }
}

void LivePanel::draw(Session& session) {
  const Document& document = *session.document;
  const traces::Trace& trace = document.trace();
  if (!session.state.cursor)
    return nothing_here(session,
                        "Click into the canvas, or press P for the peak: then this lists what is in memory.");

  bool is_new =
      from_ != &document.folded() || cursor_ != session.state.cursor || filtered_ != session.filter_version;
  if (is_new) collect(session);
  from_ = &document.folded();
  cursor_ = session.state.cursor;
  filtered_ = session.filter_version;

  const double cycle = *session.state.cursor;
  text(fmt::format("cycle {}", grouped(static_cast<std::uint64_t>(std::max(0.0, cycle)))));
  ImGui::SameLine();
  dim_text(session, milliseconds_text(milliseconds_at(trace, cycle)));
  if (const std::optional<std::size_t> step = document.folded().step_at(cycle)) {
    ImGui::SameLine();
    short_text(fmt::format("in {}", traces::name_of(trace, trace.steps[*step])));
  }
  dim_text(session, fmt::format("{} lives of {} bytes", grouped(rows_.size()), grouped(bytes_)));
  const float buttons = ImGui::CalcTextSize("copy CSV").x + 2 * ImGui::GetStyle().FramePadding.x;
  ImGui::SameLine(ImGui::GetContentRegionMax().x - buttons);
  if (ImGui::SmallButton("copy CSV")) {
    session.clipboard = session.live_table.to_csv();
    session.say("copied the table of what is live, as CSV");
  }
  session.marks.item("live.copy");

  constexpr ImGuiTableFlags kFlags = ImGuiTableFlags_Sortable | ImGuiTableFlags_RowBg |
                                     ImGuiTableFlags_ScrollX | ImGuiTableFlags_ScrollY |
                                     ImGuiTableFlags_SizingFixedFit | ImGuiTableFlags_Resizable |
                                     ImGuiTableFlags_Hideable | ImGuiTableFlags_NoSavedSettings;
  if (!ImGui::BeginTable("live", 7, kFlags)) return;
  ImGui::TableSetupScrollFreeze(1, 1);
  for (int i = 0; i < 7; ++i) {
    ImGuiTableColumnFlags flags = i == kBytes ? ImGuiTableColumnFlags_DefaultSort : 0;
    if (i == kBytes) flags |= ImGuiTableColumnFlags_PreferSortDescending;
    const float width = i == kName ? points(session, 150, 0).x : i == kWriter ? points(session, 140, 0).x : 0;
    ImGui::TableSetupColumn(kColumns[i], flags | (width > 0 ? ImGuiTableColumnFlags_WidthFixed : 0), width);
  }
  ImGui::TableNextRow(ImGuiTableRowFlags_Headers);
  for (int i = 0; i < 7; ++i) {
    if (!ImGui::TableSetColumnIndex(i)) continue;
    ImGui::TableHeader(kColumns[i]);
    session.marks.item(fmt::format("live.{}", kColumns[i]));
  }

  ImGuiTableSortSpecs* specs = ImGui::TableGetSortSpecs();
  if (specs != nullptr && specs->SpecsCount > 0 && (is_new || specs->SpecsDirty)) {
    const ImGuiTableColumnSortSpecs spec = specs->Specs[0];
    const bool down = spec.SortDirection == ImGuiSortDirection_Descending;
    std::stable_sort(rows_.begin(), rows_.end(), [&](const Row& a, const Row& b) {
      const int order = compare(trace, trace.lives[a.life], trace.lives[b.life], spec.ColumnIndex);
      return down ? order > 0 : order < 0;
    });
    specs->SpecsDirty = false;
    is_new = true;
  }
  if (is_new) {
    session.live_table.columns.assign(std::begin(kColumns), std::end(kColumns));
    session.live_table.rows.clear();
    for (const Row& row : rows_) {
      const traces::Life& life = trace.lives[row.life];
      session.live_table.rows.push_back({row.name, traces::to_string(life.kind),
                                         fmt::format("{}", life.bytes), hex(life.address),
                                         fmt::format("{}", life.born), fmt::format("{}", life.died()),
                                         std::string(trace.text(life.writer))});
    }
  }

  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(rows_.size()));
  while (clipper.Step()) {
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
      const Row& row = rows_[static_cast<std::size_t>(i)];
      const traces::Life& life = trace.lives[row.life];
      ImGui::TableNextRow();
      ImGui::TableNextColumn();
      swatch(colours(session).of(life.kind));
      ImGui::PushID(static_cast<int>(row.life));
      if (ImGui::Selectable("##life", session.state.pinned == row.life, ImGuiSelectableFlags_SpanAllColumns))
        session.state.pinned = session.state.pinned == row.life ? std::nullopt : std::optional(row.life);
      if (i < 20) session.marks.item(fmt::format("live.row{}", i));
      if (ImGui::IsItemHovered()) {
        session.state.hovered = row.life;
        if (ImGui::IsMouseDoubleClicked(0)) pin(session, row.life);
      }
      ImGui::PopID();
      ImGui::SameLine(0, 0);
      text(row.name);
      ImGui::TableNextColumn();
      dim_text(session, traces::to_string(life.kind));
      ImGui::TableNextColumn();
      right_text(grouped(life.bytes));
      ImGui::TableNextColumn();
      ImGui::PushFont(session.fonts.code);
      dim_text(session, hex(life.address));
      ImGui::PopFont();
      ImGui::TableNextColumn();
      right_text(grouped(life.born));
      ImGui::TableNextColumn();
      right_text(grouped(life.died()));
      ImGui::TableNextColumn();
      text(trace.text(life.writer));
    }
  }
  ImGui::EndTable();
}

}  // namespace gui
