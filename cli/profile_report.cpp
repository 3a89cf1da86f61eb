#include "cli/profile_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "cli/causes.h"
#include "cli/table.h"

namespace cli {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kMostRows = 20;
constexpr std::size_t kMostName = 22;
constexpr const char* kUnknown = "(unknown)";

std::string number(std::uint64_t n) {
  return grouped(static_cast<std::int64_t>(n));
}

std::string shortened(const std::string& name) {
  if (name.empty()) return kUnknown;
  return name.size() <= kMostName ? name : name.substr(0, kMostName - 1) + "…";
}

std::string table_of(const std::vector<sim::ProfileRow>& rows, const sim::Profile& profile,
                     const std::string& what, const std::string& count,
                     std::uint64_t sim::ProfileRow::*counted) {
  using enum Column::Align;
  const isa::CauseCycles total = profile.total();
  const CauseColumns causes(total);
  std::vector<Column> heads = {{what, kLeft}, {"cycles"}, {"%"}, {count}};
  causes.append_heads(heads);
  Table table(std::move(heads));
  const auto add = [&](const std::string& name, const isa::CauseCycles& cycles, const std::string& n) {
    std::vector<std::string> cells = {name, number(cycles.total().value),
                                      percent(cycles.total(), total.total()), n};
    causes.append_cells(cycles, cells);
    table.add(std::move(cells));
  };
  const std::size_t shown = std::min(rows.size(), kMostRows);
  for (std::size_t i = 0; i < shown; ++i) {
    add(shortened(rows[i].name), rows[i].cycles, number(rows[i].*counted));
  }
  isa::CauseCycles rest;
  for (std::size_t i = shown; i < rows.size(); ++i) rest += rows[i].cycles;
  if (shown < rows.size()) add(fmt::format("{} more", rows.size() - shown), rest, "");
  if (profile.overhead.total().value > 0) add("(exceptions, sleep)", profile.overhead, "");
  table.rule();
  add("all", total, "");
  return table.to_text(stdout_is_colourful());
}

ordered_json rows_json(const std::vector<sim::ProfileRow>& rows, const char* what) {
  ordered_json out = ordered_json::array();
  for (const sim::ProfileRow& row : rows) {
    out.push_back({{what, row.name},
                   {"address", fmt::format("{}", row.address)},
                   {"cycles", row.cycles.total().value},
                   {"entries", row.entries},
                   {"instructions", row.executions},
                   {"paired", row.younger},
                   {"causes", causes_json(row.cycles)}});
  }
  return out;
}

auto line_names(const sim::SourceLines& lines) {
  return [&lines](isa::Address pc) { return lines.at(pc).to_text(); };
}

}  // namespace

std::string profile_text(const sim::Profile& profile, const sim::Firmware& firmware,
                         const sim::SourceLines& lines) {
  return fmt::format(
      "causes in percent of each row's cycles\n\n{}\n{}",
      table_of(by_function(profile, firmware), profile, "function", "entered", &sim::ProfileRow::entries),
      table_of(by_line(profile, line_names(lines)), profile, "line", "instructions",
               &sim::ProfileRow::executions));
}

ordered_json profile_json(const sim::Profile& profile, const sim::Firmware& firmware,
                          const sim::SourceLines& lines) {
  return {{"cycles", profile.total().total().value},
          {"overhead", causes_json(profile.overhead)},
          {"functions", rows_json(by_function(profile, firmware), "function")},
          {"lines", rows_json(by_line(profile, line_names(lines)), "line")}};
}

}  // namespace cli
