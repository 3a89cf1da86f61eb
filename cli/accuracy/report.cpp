#include "cli/accuracy/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/table.h"

namespace cli {
namespace {

using nlohmann::ordered_json;

/// Numbers in JSON keep as many digits as they mean.
double rounded(double value) {
  return std::round(value * 1e4) / 1e4;
}

std::string shortened(const std::string& text, std::size_t most) {
  return text.size() <= most ? text : text.substr(0, most - 3) + "...";
}

ordered_json to_json(const SequenceReport& report) {
  ordered_json out = {{"total", report.total},
                      {"exact", report.exact},
                      {"mean_error_percent", rounded(report.mean_error_percent)},
                      {"worst_error_percent", rounded(report.worst_error_percent)},
                      {"worst", report.worst},
                      {"misses", ordered_json::array()}};
  for (const SequenceMiss& miss : report.misses) {
    out["misses"].push_back({{"name", miss.name},
                             {"measured", miss.measured},
                             {"simulated", miss.simulated ? ordered_json(rounded(*miss.simulated)) : nullptr},
                             {"reason", miss.reason}});
  }
  return out;
}

std::string to_text(const SequenceReport& report) {
  std::string text =
      fmt::format("sequences   {} of {} exact ({:.1f} %): within 0.05 cycles and the precision measured\n",
                  report.exact, report.total, 100.0 * report.exact / std::max(report.total, 1));
  text += fmt::format("            mean error {:.2f} %", report.mean_error_percent);
  if (!report.worst.empty()) {
    text += fmt::format(", worst {:.1f} %: {}", report.worst_error_percent, shortened(report.worst, 60));
  }
  text += "\n";
  if (report.misses.empty()) return text;
  using enum Column::Align;
  Table table({{"miss", kLeft}, {"measured"}, {"simulated"}, {"reason", kLeft}});
  for (const SequenceMiss& miss : report.misses) {
    table.add({shortened(miss.name, 40), fmt::format("{:.6g}", miss.measured),
               miss.simulated ? fmt::format("{:.2f}", *miss.simulated) : "-", shortened(miss.reason, 60)});
  }
  return text + "\n" + table.to_text(stdout_is_colourful());
}

}  // namespace

SequenceReport compare(const std::vector<Sequence>& sequences, const std::vector<SequenceScore>& scores,
                       const std::vector<std::pair<std::string, std::string>>& reasons) {
  SequenceReport report;
  report.total = static_cast<int>(sequences.size());
  double errors = 0;
  int ran = 0;
  for (std::size_t i = 0; i < sequences.size(); ++i) {
    const Sequence& sequence = sequences[i];
    const SequenceScore& score = scores[i];
    if (score.simulated) {
      const double error = 100 * std::abs(*score.simulated - sequence.cycles) / sequence.cycles;
      errors += error;
      ++ran;
      if (error > report.worst_error_percent) {
        report.worst_error_percent = error;
        report.worst = sequence.name;
      }
    }
    if (exact(sequence, score)) {
      ++report.exact;
      continue;
    }
    const auto known =
        std::find_if(reasons.begin(), reasons.end(), [&](const auto& r) { return r.first == sequence.name; });
    std::string reason = !score.simulated         ? score.failure
                         : known != reasons.end() ? known->second
                                                  : "not explained";
    report.misses.push_back({sequence.name, sequence.cycles, score.simulated, std::move(reason)});
  }
  if (ran > 0) report.mean_error_percent = errors / ran;
  return report;
}

std::string to_text(const AccuracyReport& report) {
  std::string text;
  if (report.sequences) text += to_text(*report.sequences);
  return text;
}

std::string to_json(const AccuracyReport& report) {
  ordered_json out = {{"board", report.board}};
  if (report.sequences) out["sequences"] = to_json(*report.sequences);
  // Names come from the user's file, in whatever encoding.
  return out.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace cli
