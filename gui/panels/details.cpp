#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "gui/actions.h"
#include "gui/describe.h"
#include "gui/format.h"
#include "gui/panels/panels.h"
#include "gui/widgets.h"

namespace gui {

namespace {

/// Label and value, line by line.
void draw_fields(Session& session, const std::vector<Field>& fields) {
  constexpr ImGuiTableFlags kFlags = ImGuiTableFlags_SizingFixedFit | ImGuiTableFlags_NoSavedSettings;
  bool open = false;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const Field& field = fields[i];
    if (field.is_heading) {
      if (open) ImGui::EndTable();
      heading(session, field.label.c_str());
      open = ImGui::BeginTable(field.label.c_str(), 2, kFlags);
      if (open) {
        ImGui::TableSetupColumn("label", ImGuiTableColumnFlags_WidthFixed, points(session, 84, 0).x);
        ImGui::TableSetupColumn("value", ImGuiTableColumnFlags_WidthStretch);
      }
      continue;
    }
    if (!open) continue;
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    dim_text(session, field.label);
    if (!field.hint.empty()) hint(field.hint.c_str());
    ImGui::TableNextColumn();
    ImGui::PushTextWrapPos(0);
    text(field.value);
    ImGui::PopTextWrapPos();
    if (!field.hint.empty()) hint(field.hint.c_str());
  }
  if (open) ImGui::EndTable();
}

void title(Session& session, Colour colour, const std::string& name) {
  ImGui::PushFont(session.fonts.large);
  swatch(colour);
  short_text(name);
  ImGui::PopFont();
}

}  // namespace

void DetailsPanel::draw(Session& session) {
  const traces::Trace& trace = session.document->trace();
  const ViewState& state = session.state;
  if (state.pinned && *state.pinned < trace.lives.size())
    return draw_life(session, trace.lives[*state.pinned]);
  if (state.pinned_step && *state.pinned_step < trace.steps.size())
    return draw_step(session, trace.steps[*state.pinned_step]);
  if (state.pinned_function) {
    title(session, colours(session).accent, std::string(trace.text(*state.pinned_function)));
    return draw_listing(session, *state.pinned_function, 0);
  }
  nothing_here(session,
               "Click a life in the canvas: then this tells who wrote it, who read it last, and shows the "
               "instructions that did.");
}

void DetailsPanel::draw_life(Session& session, const traces::Life& life) {
  const Document& document = *session.document;
  title(session, colours(session).of(life.kind), traces::name_of(document.trace(), life));
  if (ImGui::SmallButton("show (F)")) carry_out(Action::kFit, session);
  session.marks.item("details.show");
  ImGui::SameLine();
  if (ImGui::SmallButton("copy")) carry_out(Action::kCopy, session);
  session.marks.item("details.copy");
  ImGui::SameLine();
  if (ImGui::SmallButton("only this")) session.state.filter.solo = life.name;
  session.marks.item("details.solo");
  ImGui::SameLine();
  if (ImGui::SmallButton("hide")) session.state.filter.hidden.insert(life.name);
  session.marks.item("details.hide");
  // Both have their share, so that the instructions are in sight whatever there is to say.
  ImGui::BeginChild("fields", ImVec2(0, ImGui::GetContentRegionAvail().y * 0.58f));
  draw_fields(session, describe_life(document, life));
  ImGui::EndChild();

  heading(session, "Instructions");
  static constexpr const char* kSides[] = {"writer", "reader"};
  const int clicked = segmented("listing", kSides, show_reader_ ? 1 : 0, session);
  if (clicked >= 0) show_reader_ = clicked == 1;
  draw_listing(session, show_reader_ ? life.reader : life.writer,
               show_reader_ ? life.reader_pc : life.writer_pc);
}

void DetailsPanel::draw_step(Session& session, const traces::Step& step) {
  const traces::Trace& trace = session.document->trace();
  const Palette& p = colours(session);
  title(session, p.accent, traces::name_of(trace, step));
  const traces::StepLimits limits = traces::limits_of(step, trace.about.macs_per_cycle);
  const double length = static_cast<double>(step.end - step.begin);
  std::vector<Field> fields;
  const auto add = [&](const char* label, const std::string& value, const char* hint = "") {
    fields.push_back({label, value, hint, false});
  };
  fields.push_back({"Time", "", "", true});
  add("step", fmt::format("{}", step.id));
  add("from", grouped(step.begin));
  add("to", grouped(step.end));
  add("cycles",
      fmt::format("{} ({})", grouped(step.end - step.begin),
                  milliseconds_text(milliseconds_at(trace, static_cast<double>(step.begin) + length) -
                                    milliseconds_at(trace, static_cast<double>(step.begin)))));
  fields.push_back({"Work", "", "", true});
  add("MACs", grouped(static_cast<std::uint64_t>(std::max<std::int64_t>(step.macs, 0))));
  if (step.macs > 0) {
    add("per MAC", fmt::format("{:.2f} cycles, {:.2f} bytes", limits.cycles_per_mac, limits.bytes_per_mac));
    add("of the limit", percent_text(limits.of_limit), "the core's best, of the cycles it took");
  }
  add("bound by", traces::to_string(limits.bound), "what most of its cycles went to");
  add("instructions", grouped(step.counts.instructions));
  add("loaded",
      fmt::format("{} bytes in {} loads", grouped(step.counts.load_bytes), grouped(step.counts.loads)));
  add("stored",
      fmt::format("{} bytes in {} stores", grouped(step.counts.store_bytes), grouped(step.counts.stores)));
  fields.push_back({"Memory system", "", "", true});
  add("I-cache", fmt::format("{} fills", grouped(step.counts.memory.icache_fills)));
  add("D-cache", fmt::format("{} fills, {} write-backs", grouped(step.counts.memory.dcache_fills),
                             grouped(step.counts.memory.dcache_write_backs)));
  add("bus", fmt::format("{} transactions", grouped(step.counts.memory.bus_transactions)));
  draw_fields(session, fields);

  heading(session, "Where the cycles went");
  for (const BarPart& part : cause_parts(step.counts.causes, p)) {
    swatch(part.colour);
    text(part.label);
    ImGui::SameLine(points(session, 110, 0).x);
    stacked_bar({part},
                ImVec2(ImGui::GetContentRegionAvail().x - points(session, 60, 0).x,
                       ImGui::GetTextLineHeight() * 0.8f),
                p.raised);
    ImGui::SameLine();
    right_text(percent_text(part.share));
  }
}

void DetailsPanel::draw_listing(Session& session, traces::StringId function, std::uint32_t pc) {
  const Document& document = *session.document;
  const traces::Trace& trace = document.trace();
  const traces::Listing* listing = document.listing_of(function);
  if (listing == nullptr)
    return nothing_here(session, function == 0 ? "Not known." : "The trace has no listing of this function.");

  if (from_ != &document.folded() || function_ != function || pc_ != pc) {
    from_ = &document.folded(), function_ = function, pc_ = pc;
    lines_.clear();
    most_cycles_ = 1;
    scroll_to_pc_ = pc != 0;
    std::pair<traces::StringId, std::int32_t> place{0, 0};
    for (const traces::ListingRow& row : listing->rows) {
      if (row.file != 0 && std::pair(row.file, row.line) != place) {
        place = {row.file, row.line};
        const std::string file = std::filesystem::path(trace.text(row.file)).filename().string();
        lines_.push_back(
            {nullptr, fmt::format("{}:{}  {}", file, row.line, document.source_line(row.file, row.line))});
      }
      lines_.push_back({&row, {}});
      most_cycles_ = std::max(most_cycles_, row.cycles);
    }
  }

  const Palette& p = colours(session);
  ImGui::BeginChild("listing", ImVec2(0, 0), false, ImGuiWindowFlags_HorizontalScrollbar);
  ImGui::PushFont(session.fonts.code);
  const float letter = ImGui::CalcTextSize("0000000000").x / 10,
              height = ImGui::GetTextLineHeightWithSpacing();
  if (scroll_to_pc_) {
    const auto at = std::find_if(lines_.begin(), lines_.end(), [&](const Line& line) {
      return line.row != nullptr && line.row->address == pc;
    });
    if (at != lines_.end())
      ImGui::SetScrollY(std::max(0.0f, static_cast<float>(at - lines_.begin()) * height - 4 * height));
    scroll_to_pc_ = false;
  }
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(lines_.size()), height);
  while (clipper.Step()) {
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
      const Line& line = lines_[static_cast<std::size_t>(i)];
      const ImVec2 at = ImGui::GetCursorScreenPos();
      if (line.row == nullptr) {
        text_in(p.accent, line.source);
        continue;
      }
      // A bar for its share of the cycles, under the number.
      const float bar =
          9 * letter *
          static_cast<float>(static_cast<double>(line.row->cycles) / static_cast<double>(most_cycles_));
      ImGui::GetWindowDrawList()->AddRectFilled(at, ImVec2(at.x + bar, at.y + ImGui::GetTextLineHeight()),
                                                faded(p.peak, 0.35));
      if (line.row->address == pc && pc != 0)
        ImGui::GetWindowDrawList()->AddRectFilled(
            ImVec2(at.x + 10 * letter, at.y), ImVec2(at.x + 90 * letter, at.y + ImGui::GetTextLineHeight()),
            faded(p.accent, 0.28));
      dim_text(session,
               fmt::format("{:>9}", line.row->cycles > 0 ? cycles_text(static_cast<double>(line.row->cycles))
                                                         : std::string()));
      ImGui::SameLine(0, letter);
      dim_text(session, fmt::format("{:08x}", line.row->address));
      ImGui::SameLine(0, 2 * letter);
      text(trace.text(line.row->text));
    }
  }
  ImGui::PopFont();
  ImGui::EndChild();
}

}  // namespace gui
