#include "gui/state_file.h"

#include <imgui.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "gui/files.h"

namespace gui {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kRows = 50;

template <typename T>
Json maybe(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json range_json(const TimeRange& range) {
  return Json::array({range.begin, range.end});
}

Json view_json(const ViewState& state) {
  const Layout& layout = state.layout;
  Json regions = Json::array();
  for (const RegionView& region : state.regions)
    regions.push_back({{"visible", region.visible}, {"begin", region.begin}, {"end", region.end}});
  Json bookmarks = Json::array();
  for (const Bookmark& bookmark : state.bookmarks)
    bookmarks.push_back({{"cycle", bookmark.cycle}, {"text", bookmark.text}});
  return {{"time", range_json(state.time)},
          {"regions", regions},
          {"mode", to_string(state.mode)},
          {"axis", to_string(state.axis)},
          {"compare", to_string(state.compare)},
          {"heat", state.heat},
          {"planned", state.planned},
          {"minimap", state.minimap},
          {"theme", to_string(state.theme)},
          {"scale", state.scale},
          {"cursor", maybe(state.cursor)},
          {"selection", state.selection ? range_json(*state.selection) : Json(nullptr)},
          {"hovered", maybe(state.hovered)},
          {"pinned", maybe(state.pinned)},
          {"pinned_step", maybe(state.pinned_step)},
          {"pinned_function", maybe(state.pinned_function)},
          {"bookmarks", bookmarks},
          {"side", to_string(layout.side)},
          {"side_open", layout.side_open},
          {"side_width", layout.side_width},
          {"drawer", to_string(layout.drawer)},
          {"drawer_open", layout.drawer_open},
          {"drawer_height", layout.drawer_height},
          {"only", layout.only ? Json(to_string(*layout.only)) : Json(nullptr)},
          {"key_sheet", state.key_sheet}};
}

Json filter_json(const Session& session) {
  const Filter& filter = session.state.filter;
  Json kinds = Json::array();
  for (std::size_t i = 0; i < traces::kLifeKinds; ++i)
    if (filter.kinds[i]) kinds.push_back(traces::to_string(static_cast<traces::LifeKind>(i)));
  return {{"pattern", filter.pattern},       {"error", session.filter.error()},
          {"min_bytes", filter.min_bytes},   {"kinds", kinds},
          {"hidden", filter.hidden},         {"solo", maybe(filter.solo)},
          {"shown", session.filter.count()}, {"hits", session.filter.hits().size()}};
}

}  // namespace

std::string state_json(const Session& session, bool settled) {
  Json file;
  file["settled"] = settled;
  file["file"] = session.document ? Json(session.document->path().string()) : Json(nullptr);
  file["second"] = session.second ? Json(session.second->path().string()) : Json(nullptr);
  if (session.document) {
    const traces::Trace& trace = session.document->trace();
    file["lives"] = trace.lives.size();
    file["steps"] = trace.steps.size();
    file["cycles"] = trace.cycles();
    file["live"] = session.document->is_live();
    file["cut"] = trace.cut;
    file["name"] = session.state.pinned && *session.state.pinned < trace.lives.size()
                       ? Json(traces::name_of(trace, trace.lives[*session.state.pinned]))
                       : Json(nullptr);
  }
  file["view"] = view_json(session.state);
  file["filter"] = filter_json(session);
  Json rows = Json::array();
  for (std::size_t i = 0; i < std::min(session.live_table.rows.size(), kRows); ++i)
    rows.push_back(session.live_table.rows[i]);
  file["table"] = {
      {"columns", session.live_table.columns}, {"size", session.live_table.rows.size()}, {"rows", rows}};
  file["message"] = session.message;
  file["is_error"] = session.message_is_error;
  file["asks"] = session.ask != Ask::kNothing;
  file["types"] = ImGui::GetIO().WantTextInput;
  Json marks = Json::object();
  for (const auto& [name, mark] : session.marks.all())
    marks[name] = Json::array({mark.left, mark.top, mark.right, mark.bottom});
  file["marks"] = marks;
  return file.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

void StateFile::update(const Session& session) {
  std::string now = state_json(session, marks_ == session.marks.all());
  marks_ = session.marks.all();
  if (now == written_) return;
  write_file(path_, now);
  written_ = std::move(now);
}

}  // namespace gui
