#include "traces/trace_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "traces/summary.h"
#include "traces/text.h"

namespace traces {
namespace {

/// Peaks by name: those of memories, and of the parts of memories that have several.
std::vector<std::pair<std::string, std::uint64_t>> peaks_of(const Summary& summary) {
  std::vector<std::pair<std::string, std::uint64_t>> peaks;
  for (const RegionSummary& memory : summary.memories) {
    peaks.emplace_back("peak:" + memory.name, memory.peak.bytes);
    if (memory.parts.size() < 2) continue;
    for (const std::size_t part : memory.parts) {
      peaks.emplace_back("part:" + summary.regions[part].name, summary.regions[part].peak.bytes);
    }
  }
  return peaks;
}

void add_peaks(const Summary& a, const Summary& b, std::vector<Metric>& metrics) {
  const auto first = static_cast<std::ptrdiff_t>(metrics.size());
  for (const auto& [name, bytes] : peaks_of(a)) metrics.push_back({name, {bytes, 0}});
  for (const auto& [name, bytes] : peaks_of(b)) {
    const auto found = std::find_if(metrics.begin() + first, metrics.end(),
                                    [&name = name](const Metric& m) { return m.name == name; });
    if (found == metrics.end()) {
      metrics.push_back({name, {0, bytes}});
    } else {
      found->change.b = bytes;
    }
  }
}

std::vector<Metric> metrics_of(const Summary& a, const Summary& b) {
  std::vector<Metric> metrics;
  const auto add = [&](const std::string& name, std::uint64_t in_a, std::uint64_t in_b) {
    metrics.push_back({name, {in_a, in_b}});
  };
  add("cycles", a.cycles, b.cycles);
  add("instructions", a.total.instructions, b.total.instructions);
  add_peaks(a, b, metrics);
  if (a.arena || b.arena) {
    add("arena", a.arena ? a.arena->observed.bytes : 0, b.arena ? b.arena->observed.bytes : 0);
  }
  add("stack", a.stack_bytes, b.stack_bytes);
  for (std::size_t i = 0; i < isa::kCauses; ++i) {
    add(isa::to_string(static_cast<isa::Cause>(i)), a.total.causes.by[i], b.total.causes.by[i]);
  }
  add("load-bytes", a.total.load_bytes, b.total.load_bytes);
  add("store-bytes", a.total.store_bytes, b.total.store_bytes);
  add("icache-fills", a.total.memory.icache_fills, b.total.memory.icache_fills);
  add("dcache-fills", a.total.memory.dcache_fills, b.total.memory.dcache_fills);
  add("bus-transactions", a.total.memory.bus_transactions, b.total.memory.bus_transactions);
  add("problems", a.problems, b.problems);
  return metrics;
}

StepDiff step_diff(const Trace& a, const Trace& b, const StepPair& pair) {
  const Step* in_a = pair.a ? &a.steps[*pair.a] : nullptr;
  const Step* in_b = pair.b ? &b.steps[*pair.b] : nullptr;
  StepDiff out;
  out.pair = pair;
  out.name = in_a ? name_of(a, *in_a) : name_of(b, *in_b);
  out.cycles = {in_a ? in_a->end - in_a->begin : 0, in_b ? in_b->end - in_b->begin : 0};
  out.instructions = {in_a ? in_a->counts.instructions : 0, in_b ? in_b->counts.instructions : 0};
  for (std::size_t i = 0; i < isa::kCauses; ++i) {
    out.causes[i] =
        Change{in_a ? in_a->counts.causes.by[i] : 0, in_b ? in_b->counts.causes.by[i] : 0}.delta();
  }
  return out;
}

std::vector<std::string> notes_of(const Trace& a, const Trace& b) {
  std::vector<std::string> notes;
  const auto compare = [&](const char* what, const std::string& in_a, const std::string& in_b) {
    if (in_a == in_b) return;
    notes.push_back(fmt::format("{} differ: {} and {}", what, in_a.empty() ? "none" : in_a,
                                in_b.empty() ? "none" : in_b));
  };
  compare("models", a.about.model, b.about.model);
  compare("boards", a.about.board, b.about.board);
  if (a.about.model.empty() && b.about.model.empty())
    compare("firmwares", a.about.firmware, b.about.firmware);
  for (const auto& [name, trace] : {std::pair{"A", &a}, std::pair{"B", &b}}) {
    if (!trace->end)
      notes.push_back(fmt::format("run {} was cut short at cycle {}", name, grouped(trace->reached)));
  }
  return notes;
}

/// Names of metrics that can be asked for, for an error.
std::string known_metrics(const TraceDiff& diff) {
  std::string names = "step";
  for (const Metric& metric : diff.metrics) names += ", " + metric.name;
  return names;
}

/// "+1,234" or "+2.5 %".
std::string signed_amount(double value, bool percent) {
  if (percent) return fmt::format("{:+.4g} %", value);
  // Thresholds may be fractions; differences are whole.
  if (value != std::trunc(value) || std::abs(value) > 9e15) return fmt::format("{:+g}", value);
  return fmt::format("{}{}", value < 0 ? "" : "+", grouped(static_cast<std::int64_t>(value)));
}

std::optional<std::string> passes(const std::string& name, const Change& change, const Threshold& threshold) {
  const std::optional<double> percent = change.percent();
  const double rise = threshold.percent ? percent.value_or(INFINITY) : static_cast<double>(change.delta());
  if (rise <= threshold.limit) return std::nullopt;
  const std::string by =
      std::isinf(rise) ? "from nothing" : fmt::format("by {}", signed_amount(rise, threshold.percent));
  return fmt::format("{} changed {} ({} to {}), allowed at most {}", name, by, grouped(change.a),
                     grouped(change.b), signed_amount(threshold.limit, threshold.percent));
}

Threshold threshold_from(std::string_view text) {
  const auto fail = [&]() {
    return ThresholdError(
        fmt::format("threshold \"{}\": expected METRIC>NUMBER or METRIC>NUMBER%, such as cycles>2%", text));
  };
  const std::size_t sign = text.find('>');
  if (sign == std::string_view::npos || sign == 0) throw fail();
  Threshold threshold{std::string(text.substr(0, sign)), 0, text.ends_with('%')};
  const std::string_view number = text.substr(sign + 1, text.size() - sign - 1 - (threshold.percent ? 1 : 0));
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), threshold.limit);
  if (error != std::errc() || end != number.data() + number.size() || !std::isfinite(threshold.limit))
    throw fail();
  return threshold;
}

}  // namespace

std::optional<double> Change::percent() const {
  if (a == b) return 0.0;
  if (a == 0) return std::nullopt;
  return 100.0 * static_cast<double>(delta()) / static_cast<double>(a);
}

TraceDiff diff(const Trace& a, const Trace& b) {
  TraceDiff out;
  out.metrics = metrics_of(summarize(a), summarize(b));
  for (const StepPair& pair : align_steps(a, b)) out.steps.push_back(step_diff(a, b, pair));
  out.notes = notes_of(a, b);
  return out;
}

std::vector<Threshold> thresholds_from(std::string_view text) {
  std::vector<Threshold> thresholds;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    thresholds.push_back(threshold_from(text.substr(at, comma - at)));
    at = comma + 1;
  }
  return thresholds;
}

std::vector<std::string> passed(const TraceDiff& diff, const std::vector<Threshold>& thresholds) {
  std::vector<std::string> lines;
  for (const Threshold& threshold : thresholds) {
    bool known = threshold.metric == "step";
    const auto test = [&](const std::string& name, const Change& change) {
      known = true;
      if (std::optional<std::string> line = passes(name, change, threshold))
        lines.push_back(std::move(*line));
    };
    for (const Metric& metric : diff.metrics) {
      const bool in_group = metric.name.starts_with(threshold.metric + ":");
      if (metric.name == threshold.metric || in_group) test(metric.name, metric.change);
    }
    for (const StepDiff& step : diff.steps) {
      if (threshold.metric == "step" && step.pair.a && step.pair.b) test("step " + step.name, step.cycles);
    }
    if (!known) {
      throw ThresholdError(fmt::format("threshold \"{}\": these traces have no such metric, but {}",
                                       threshold.metric, known_metrics(diff)));
    }
  }
  return lines;
}

}  // namespace traces
