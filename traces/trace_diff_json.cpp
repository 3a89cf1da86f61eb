#include <nlohmann/json.hpp>

#include "traces/trace_diff.h"

namespace traces {
namespace {

using nlohmann::ordered_json;

ordered_json change_json(const Change& change) {
  const std::optional<double> percent = change.percent();
  return {{"a", change.a},
          {"b", change.b},
          {"delta", change.delta()},
          {"percent", percent ? ordered_json(*percent) : ordered_json()}};
}

ordered_json index_json(const std::optional<std::size_t>& index) {
  return index ? ordered_json(*index) : ordered_json();
}

ordered_json run_json(const Trace& trace) {
  return {{"command", trace.about.command},
          {"board", trace.about.board},
          {"model", trace.about.model},
          {"firmware", trace.about.firmware},
          {"firmware_hash", trace.about.firmware_hash}};
}

}  // namespace

std::string diff_json(const Trace& a, const Trace& b, const TraceDiff& diff,
                      const std::vector<std::string>& failed) {
  ordered_json out = {{"a", run_json(a)}, {"b", run_json(b)}};
  out["metrics"] = ordered_json::object();
  for (const Metric& metric : diff.metrics) out["metrics"][metric.name] = change_json(metric.change);
  out["steps"] = ordered_json::array();
  for (const StepDiff& step : diff.steps) {
    ordered_json causes = ordered_json::object();
    for (std::size_t i = 0; i < isa::kCauses; ++i) {
      causes[isa::to_string(static_cast<isa::Cause>(i))] = step.causes[i];
    }
    out["steps"].push_back({{"name", step.name},
                            {"a", index_json(step.pair.a)},
                            {"b", index_json(step.pair.b)},
                            {"cycles", change_json(step.cycles)},
                            {"instructions", change_json(step.instructions)},
                            {"causes", std::move(causes)}});
  }
  out["notes"] = diff.notes;
  out["failed"] = failed;
  return out.dump(2, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace traces
