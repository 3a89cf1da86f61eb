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

ordered_json to_json(const PlacementReport& report) {
  ordered_json out = {{"rows", report.compared},
                      {"within_2_points", report.within_2_points},
                      {"mean_points", rounded(report.mean_points)},
                      {"worst_points", rounded(report.worst_points)},
                      {"worst", report.worst},
                      {"wait_states", ordered_json::array()},
                      {"all", ordered_json::array()}};
  for (const WaitStateSlope& slope : report.slopes) {
    out["wait_states"].push_back({{"core_mhz", slope.core_mhz},
                                  {"axi_mhz", slope.axi_mhz},
                                  {"measured", rounded(slope.measured)},
                                  {"simulated", rounded(slope.simulated)},
                                  {"error_percent", rounded(slope.error_percent())}});
  }
  for (const PlacementRow& row : report.rows) {
    ordered_json out_row = {{"code", row.code},
                            {"data", row.data},
                            {"core_mhz", row.core_mhz},
                            {"axi_mhz", row.axi_mhz},
                            {"flash_wait_states", row.flash_wait_states},
                            {"measured_cycles", row.measured_cycles},
                            {"measured_ratio", rounded(row.measured_ratio)}};
    if (row.failure.empty()) {
      out_row["simulated_cycles"] = row.simulated_cycles;
      out_row["simulated_ratio"] = rounded(row.simulated_ratio);
      out_row["points"] = rounded(row.points());
    } else {
      out_row["failure"] = row.failure;
    }
    out["all"].push_back(std::move(out_row));
  }
  return out;
}

std::string to_text(const PlacementReport& report) {
  std::string text = fmt::format(
      "placements  {} of {} within 2 percentage points of the measured ratio to the run from TCMs\n"
      "            mean {:.2f} points, worst {:.2f}: {}\n",
      report.within_2_points, report.compared, report.mean_points, report.worst_points, report.worst);
  for (const WaitStateSlope& slope : report.slopes) {
    text += fmt::format(
        "            {:.0f}/{:.0f} MHz: {:.0f} cycles a flash wait state, measured {:.0f} ({:+.1f} %)\n",
        slope.core_mhz, slope.axi_mhz, slope.simulated, slope.measured, slope.error_percent());
  }
  std::string failures;
  using enum Column::Align;
  Table table({{"code and constants", kLeft},
               {"data and stack", kLeft},
               {"MHz"},
               {"WS"},
               {"measured"},
               {"simulated"},
               {"ratio"},
               {"ratio"},
               {"points"}});
  for (const PlacementRow& row : report.rows) {
    const bool ran = row.failure.empty();
    table.add(
        {shortened(row.code, 30), shortened(row.data, 26),
         fmt::format("{:.0f}/{:.0f}", row.core_mhz, row.axi_mhz), fmt::format("{}", row.flash_wait_states),
         fmt::format("{:.0f}", row.measured_cycles), ran ? fmt::format("{:.0f}", row.simulated_cycles) : "-",
         fmt::format("{:.3f}", row.measured_ratio), ran ? fmt::format("{:.3f}", row.simulated_ratio) : "-",
         ran ? fmt::format("{:+.1f}", row.points()) : "-"});
    if (!ran) failures += fmt::format("did not run: {}: {}\n", row.name(), row.failure);
  }
  return fmt::format("{}\n{}{}", text, table.to_text(stdout_is_colourful()), failures);
}

ordered_json to_json(const std::vector<Walk>& walks) {
  ordered_json out = ordered_json::array();
  for (const Walk& walk : walks) {
    const std::optional<int> knee = walk.knee();
    ordered_json row = {{"region", walk.region},
                        {"kind", to_string(walk.kind)},
                        {"knee_bytes", knee ? ordered_json(*knee) : nullptr},
                        {"points", ordered_json::array()}};
    for (const WalkPoint& point : walk.points) {
      row["points"].push_back({{"bytes", point.bytes}, {"cycles_per_line", rounded(point.cycles_per_line)}});
    }
    if (!walk.failure.empty()) row["failure"] = walk.failure;
    out.push_back(std::move(row));
  }
  return out;
}

std::string to_text(const std::vector<Walk>& walks) {
  using enum Column::Align;
  std::size_t most = 0;
  for (const Walk& walk : walks) most = std::max(most, walk.points.size());
  std::vector<Column> heads = {{"walk", kLeft}, {"region", kLeft}, {"knee"}};
  for (std::size_t i = 0; i < most; ++i) heads.push_back({fmt::format("{}K", 1 << i)});
  Table table(std::move(heads));
  std::string failures;
  for (const Walk& walk : walks) {
    const std::optional<int> knee = walk.knee();
    std::vector<std::string> cells = {to_string(walk.kind), walk.region,
                                      knee ? fmt::format("{}K", *knee >> 10) : "-"};
    for (const WalkPoint& point : walk.points) cells.push_back(fmt::format("{:.1f}", point.cycles_per_line));
    table.add(std::move(cells));
    if (!walk.failure.empty()) {
      failures += fmt::format("did not run: {} in {}: {}\n", to_string(walk.kind), walk.region, walk.failure);
    }
  }
  return fmt::format(
      "walks       cycles a line of 32 bytes, by how much memory is walked over and over\n\n{}{}",
      table.to_text(stdout_is_colourful()), failures);
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
  if (report.placements) text += fmt::format("{}{}", text.empty() ? "" : "\n", to_text(*report.placements));
  if (report.walks) text += fmt::format("{}{}", text.empty() ? "" : "\n", to_text(*report.walks));
  return text;
}

std::string to_json(const AccuracyReport& report) {
  ordered_json out = {{"board", report.board}};
  if (report.sequences) out["sequences"] = to_json(*report.sequences);
  if (report.placements) out["placements"] = to_json(*report.placements);
  if (report.walks) out["walks"] = to_json(*report.walks);
  // Names come from the user's file, in whatever encoding.
  return out.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace cli
