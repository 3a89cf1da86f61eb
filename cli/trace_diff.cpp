// m7scope trace diff: what changed, as a table, as JSON, and as an exit code for CI.
#include "traces/trace_diff.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/errors.h"
#include "cli/table.h"
#include "cli/trace_commands.h"
#include "cli/trace_input.h"
#include "traces/text.h"

namespace cli {
namespace {

using traces::Change;

constexpr std::size_t kMostName = 44;

/// "+1,234"; "0" where nothing changed.
std::string signed_number(std::int64_t n) {
  return fmt::format("{}{}", n > 0 ? "+" : "", grouped(n));
}

std::string percent(const Change& change) {
  const std::optional<double> value = change.percent();
  if (!value) return "new";
  return change.delta() == 0 ? "" : fmt::format("{:+.2f}", *value);
}

std::vector<std::string> cells(const std::string& name, const Change& change) {
  return {name, grouped(change.a), grouped(change.b), signed_number(change.delta()), percent(change)};
}

std::string metrics_table(const traces::TraceDiff& diff) {
  Table table({{"", Column::Align::kLeft}, {"A"}, {"B"}, {"change"}, {"%"}});
  for (const traces::Metric& metric : diff.metrics) {
    if (metric.change.a != 0 || metric.change.b != 0) table.add(cells(metric.name, metric.change));
  }
  return table.to_text(stdout_is_colourful());
}

/// The cause that moved the cycles most in the direction they moved: "d-load +1,234".
std::string main_cause(const traces::StepDiff& step) {
  if (step.cycles.delta() == 0) return "";
  const auto most = step.cycles.delta() > 0 ? std::max_element(step.causes.begin(), step.causes.end())
                                            : std::min_element(step.causes.begin(), step.causes.end());
  if (*most == 0) return "";
  return fmt::format("{} {}", isa::to_string(static_cast<isa::Cause>(most - step.causes.begin())),
                     signed_number(*most));
}

std::string steps_table(const traces::TraceDiff& diff, bool all) {
  using enum Column::Align;
  Table table(
      {{"A"}, {"B"}, {"step", kLeft}, {"cycles A"}, {"cycles B"}, {"change"}, {"%"}, {"most of it", kLeft}});
  std::size_t same = 0;
  const auto index = [](const std::optional<std::size_t>& i) {
    return i ? fmt::format("{}", *i) : std::string("-");
  };
  for (const traces::StepDiff& step : diff.steps) {
    const bool both = step.pair.a && step.pair.b;
    if (!all && both && step.cycles.delta() == 0) {
      ++same;
      continue;
    }
    std::vector<std::string> row = {index(step.pair.a), index(step.pair.b)};
    std::vector<std::string> rest = cells(traces::shortened(step.name, kMostName), step.cycles);
    if (!both) rest.back() = step.pair.a ? "gone" : "new";
    row.insert(row.end(), rest.begin(), rest.end());
    row.push_back(main_cause(step));
    table.add(std::move(row));
  }
  if (same == diff.steps.size()) {
    return fmt::format("steps: {}\n",
                       same == 0 ? "none" : fmt::format("none of {} changed its cycles", same));
  }
  std::string text = table.to_text(stdout_is_colourful());
  if (same > 0) text += fmt::format("{} more steps took the same cycles\n", same);
  return text;
}

std::string named(const traces::Trace& trace, const std::string& file) {
  return fmt::format("{}: {}", file,
                     trace.about.command.empty() ? trace.about.firmware : trace.about.command);
}

}  // namespace

int trace_diff(const TraceDiffOptions& options) {
  // Before reading files that may be large: what is wrong with the flags.
  const std::vector<traces::Threshold> thresholds =
      options.fail_on ? traces::thresholds_from(*options.fail_on) : std::vector<traces::Threshold>();
  const traces::Trace a = load_trace(options.a), b = load_trace(options.b);
  const traces::TraceDiff diff = traces::diff(a, b);
  const std::vector<std::string> failed = traces::passed(diff, thresholds);
  if (options.json) {
    fmt::print("{}\n", traces::diff_json(a, b, diff, failed));
  } else {
    fmt::print("A  {}\nB  {}\n", named(a, options.a), named(b, options.b));
    for (const std::string& note : diff.notes) fmt::print("note: {}\n", note);
    fmt::print("\n{}\n{}", metrics_table(diff), steps_table(diff, options.all));
  }
  for (const std::string& line : failed) fmt::print(stderr, "m7scope: {}\n", line);
  return failed.empty() ? kOk : kMismatch;
}

}  // namespace cli
