// Figures for github-action-benchmark, tool "customSmallerIsBetter": [{name, unit, value, extra}].
#include <nlohmann/json.hpp>
#include <string>
#include <unordered_map>

#include "traces/exporters/exporters.h"
#include "traces/summary.h"

namespace traces {
namespace {

using nlohmann::ordered_json;

/// Entries of one array, written one by one. The action knows a figure by its name, so names are made
/// different: the second of the same name is "... #2".
class Figures {
 public:
  Figures(const Trace& trace, Output* out) : out_(out) {
    const About& about = trace.about;
    subject_ = (about.model.empty() ? about.firmware : about.model) + " on " + about.board;
    out_->write("[");
  }

  void add(const std::string& what, const char* unit, const ordered_json& value,
           const std::string& extra = {}) {
    std::string name = subject_ + ": " + what;
    const int times = ++seen_[name];
    if (times > 1) name += fmt::format(" #{}", times);
    const ordered_json entry = {{"name", name}, {"unit", unit}, {"value", value}, {"extra", extra}};
    out_->print("{}\n  {}", is_first_ ? "" : ",",
                entry.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
    is_first_ = false;
  }
  void end() { out_->write("\n]\n"); }

 private:
  Output* out_;
  std::string subject_;
  std::unordered_map<std::string, int> seen_;
  bool is_first_ = true;
};

std::string owners_text(const RegionSummary& region) {
  std::string text = fmt::format("at cycle {}", region.peak.cycle);
  for (std::size_t i = 0; i < region.owners.size() && i < 5; ++i) {
    text += fmt::format("\n{} {}: {} bytes", to_string(region.owners[i].kind), region.owners[i].name,
                        region.owners[i].bytes);
  }
  return text;
}

}  // namespace

ExportResult export_benchmark(const Trace& trace, std::ostream& stream, const ExportOptions& options) {
  const Summary summary = summarize(trace);
  Output out(stream, options.cap_bytes, options.heartbeat);
  Figures figures(trace, &out);
  figures.add("cycles", "cycles", summary.cycles, ended(trace));
  if (summary.seconds > 0) figures.add("latency", "ms", summary.seconds * 1e3);
  figures.add("instructions", "instructions", summary.total.instructions);
  for (const RegionSummary& region : summary.memories) {
    if (region.peak.bytes > 0)
      figures.add("peak " + region.name, "bytes", region.peak.bytes, owners_text(region));
  }
  if (summary.arena) {
    figures.add("arena", "bytes", summary.arena->observed.bytes,
                fmt::format("planned {} bytes, lower bound {} bytes", summary.arena->planned_bytes,
                            summary.arena->lower_bound_bytes));
  }
  figures.add("stack", "bytes", summary.stack_bytes);
  figures.add("problems", "findings", summary.problems);
  for (const Step& step : trace.steps) {
    figures.add("step " + name_of(trace, step), "cycles", step.end - step.begin,
                step.macs > 0 ? fmt::format("{} MACs", step.macs) : "");
  }
  figures.end();
  return {out.bytes(), out.left_out()};
}

}  // namespace traces
