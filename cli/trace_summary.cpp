// m7scope trace summary: a run on one page, or one table of it.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/causes.h"
#include "cli/errors.h"
#include "cli/table.h"
#include "cli/trace_commands.h"
#include "cli/trace_input.h"
#include "cli/trace_tables.h"
#include "traces/text.h"

namespace cli {
namespace {

using nlohmann::ordered_json;

std::string head(const traces::Trace& trace) {
  const traces::About& about = trace.about;
  const std::string what = about.model.empty() ? about.firmware : about.model;
  return fmt::format("{} on {}{}\n{}: {}; firmware {} {}\n", what, about.board,
                     about.board_title.empty()
                         ? ""
                         : fmt::format(" ({}, {:.6g} MHz)", about.board_title, about.core_hz / 1e6),
                     about.tool, about.command, about.firmware, about.firmware_hash);
}

/// "1 note", "2 notes".
std::string counted(std::size_t n, const char* what) {
  return fmt::format("{} {}{}", grouped(n), what, n == 1 ? "" : "s");
}

std::string memory_lines(const traces::Summary& summary) {
  std::string text;
  for (const traces::RegionSummary* memory : used_memories(summary)) {
    text += fmt::format("memory   {} of {} bytes at the peak, at cycle {}: {}\n", grouped(memory->peak.bytes),
                        grouped(memory->capacity), grouped(memory->peak.cycle), memory->name);
    for (const std::size_t part : memory->parts) {
      const traces::RegionSummary& region = summary.regions[part];
      if (memory->parts.size() < 2 || region.peak.bytes == 0) continue;
      text += fmt::format("         {} of {} at its own peak: {}\n", grouped(region.peak.bytes),
                          grouped(region.capacity), region.name);
    }
  }
  if (summary.arena) {
    text += fmt::format("arena    {} bytes at the peak, planned {}, lower bound {}\n",
                        grouped(summary.arena->observed.bytes), grouped(summary.arena->planned_bytes),
                        grouped(summary.arena->lower_bound_bytes));
  }
  return text;
}

std::string stack_line(const traces::Trace& trace, const traces::Summary& summary) {
  if (summary.stack_bytes == 0) return "";
  std::string text = fmt::format("stack    {} bytes at its deepest", grouped(summary.stack_bytes));
  if (summary.stack_limit_bytes > 0) text += fmt::format(", of {}", grouped(summary.stack_limit_bytes));
  if (trace.end && trace.end->stack_path != 0) text += fmt::format(": {}", trace.text(trace.end->stack_path));
  return text + "\n";
}

std::string numbers(const traces::Trace& trace, const traces::Summary& summary) {
  std::string text = fmt::format("cycles   {} in {:.3f} ms: {}\n", grouped(summary.cycles),
                                 summary.seconds * 1e3, shares(summary.total.causes));
  text += memory_lines(summary) + stack_line(trace, summary);
  text += fmt::format("findings {}, {}\nended    {}\n", counted(summary.problems, "problem"),
                      counted(trace.findings.size() - summary.problems, "note"), ended(trace));
  if (!trace.end) return text;
  for (const std::string& note : trace.end->notes) text += fmt::format("note: {}\n", note);
  if (trace.end->lives_dropped > 0) {
    text +=
        fmt::format("note: {} lives found no room: peaks may be higher\n", grouped(trace.end->lives_dropped));
  }
  return text;
}

std::string table(const TraceTables& tables, const std::string& name, std::optional<std::uint64_t> at) {
  if (name == "owners") return tables.owners(at);
  if (name == "steps") return tables.steps();
  if (name == "causes") return tables.causes();
  if (name == "functions") return tables.functions();
  if (name == "lives") return tables.lives(at);
  if (name == "buffers") return tables.buffers();
  return tables.findings();
}

std::string page(const traces::Trace& trace, const traces::Summary& summary, const TraceTables& tables,
                 const TraceSummaryOptions& options) {
  std::string text =
      fmt::format("{}\n{}\n{}", head(trace), numbers(trace, summary), tables.owners(options.at));
  const auto add = [&text](const std::string& table) { text += fmt::format("\n{}", table); };
  if (!trace.steps.empty()) add(tables.steps());
  if (!summary.functions.empty()) add(tables.functions());
  if (!trace.findings.empty()) add(tables.findings());
  return text;
}

TraceTables::Rows rows_of(const TraceSummaryOptions& options) {
  TraceTables::Rows rows{std::nullopt, options.rows};
  if (options.match.empty()) return rows;
  try {
    rows.match.emplace(options.match, std::regex::ECMAScript | std::regex::icase);
  } catch (const std::regex_error& error) {
    throw InputError(fmt::format("--match \"{}\": no regular expression: {}", options.match, error.what()));
  }
  return rows;
}

}  // namespace

int trace_summary(const TraceSummaryOptions& options) {
  TraceTables::Rows rows = rows_of(options);
  const traces::Trace trace = load_trace(options.file);
  const traces::Summary summary = traces::summarize(trace);
  if (options.json) {
    fmt::print("{}\n", traces::summary_json(trace, summary));
    return kOk;
  }
  const TraceTables tables(trace, summary, std::move(rows));
  fmt::print("{}", options.only.empty() ? page(trace, summary, tables, options)
                                        : table(tables, options.only, options.at));
  return kOk;
}

}  // namespace cli
