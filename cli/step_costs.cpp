#include "cli/step_costs.h"

#include <fmt/format.h>

#include "cli/causes.h"
#include "cli/table.h"

namespace cli {
namespace {

std::string number(std::uint64_t n) {
  return grouped(static_cast<std::int64_t>(n));
}

}  // namespace

std::string shortened(const std::string& name, std::size_t most) {
  return name.size() <= most ? name : "…" + name.substr(name.size() - most + 1);
}

std::string step_causes(const std::vector<StepCost>& steps) {
  sim::Counts sum;
  double seconds = 0;
  for (const StepCost& step : steps) {
    sum.causes += step.counts.causes;
    sum.loads += step.counts.loads;
    sum.stores += step.counts.stores;
    seconds += step.seconds;
  }
  const CauseColumns causes(sum.causes);
  std::vector<Column> heads = {{"step"}, {"loads"}, {"stores"}, {"ms"}};
  causes.append_heads(heads);
  Table table(std::move(heads));
  const auto add = [&](const std::string& step, const sim::Counts& counts, double seconds) {
    std::vector<std::string> cells = {step, number(counts.loads), number(counts.stores),
                                      fmt::format("{:.3f}", seconds * 1e3)};
    causes.append_cells(counts.causes, cells);
    table.add(std::move(cells));
  };
  for (const StepCost& step : steps) add(fmt::format("{}", step.id), step.counts, step.seconds);
  table.rule();
  add("all", sum, seconds);
  return "what the cycles went to, in percent\n\n" + table.to_text(stdout_is_colourful());
}

}  // namespace cli
