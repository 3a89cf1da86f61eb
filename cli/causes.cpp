#include "cli/causes.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace cli {
namespace {

using isa::Cause;

/// Causes that took less of everything have no column.
constexpr double kLeastShare = 0.001;

constexpr std::array<const char*, isa::kCauses> kShort = {"issue", "dep",   "struct", "branch", "fetch",
                                                          "load",  "store", "bus",    "device"};

const char* short_name(Cause cause) {
  return kShort[static_cast<std::size_t>(cause)];
}

/// In percent.
double share_of(Cause cause, const isa::CauseCycles& cycles) {
  return 100 * static_cast<double>(cycles[cause]) / static_cast<double>(cycles.total().value);
}

/// The causes that took any cycles.
std::vector<Cause> most_first(const isa::CauseCycles& cycles) {
  std::vector<Cause> causes;
  for (std::size_t i = 0; i < isa::kCauses; ++i) {
    if (cycles.by[i] > 0) causes.push_back(static_cast<Cause>(i));
  }
  std::stable_sort(causes.begin(), causes.end(), [&](Cause a, Cause b) { return cycles[a] > cycles[b]; });
  return causes;
}

}  // namespace

nlohmann::ordered_json causes_json(const isa::CauseCycles& cycles) {
  nlohmann::ordered_json out = nlohmann::ordered_json::object();
  for (std::size_t i = 0; i < isa::kCauses; ++i) {
    out[isa::to_string(static_cast<Cause>(i))] = cycles.by[i];
  }
  return out;
}

CauseColumns::CauseColumns(const isa::CauseCycles& total) {
  for (std::size_t i = 0; i < isa::kCauses; ++i) {
    if (static_cast<double>(total.by[i]) >= kLeastShare * static_cast<double>(total.total().value) &&
        total.by[i] > 0) {
      causes_.push_back(static_cast<Cause>(i));
    }
  }
}

void CauseColumns::append_heads(std::vector<Column>& columns) const {
  for (const Cause cause : causes_) columns.push_back({short_name(cause)});
}

void CauseColumns::append_cells(const isa::CauseCycles& cycles, std::vector<std::string>& cells) const {
  for (const Cause cause : causes_) {
    const double share = share_of(cause, cycles);
    cells.push_back(cycles[cause] == 0 ? "-" : share < 1 ? "<1" : fmt::format("{:.0f}", share));
  }
}

std::string stalls(const isa::CauseCycles& cycles) {
  std::string text;
  for (const Cause cause : most_first(cycles)) {
    if (cause == Cause::kIssue) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : " ", short_name(cause),
                        grouped(static_cast<std::int64_t>(cycles[cause])));
  }
  return text;
}

std::string shares(const isa::CauseCycles& cycles) {
  std::string text;
  for (const Cause cause : most_first(cycles)) {
    const double share = share_of(cause, cycles);
    if (share < 1) break;
    text += fmt::format("{}{} {:.0f} %", text.empty() ? "" : ", ", short_name(cause), share);
  }
  return text;
}

std::string percent(isa::Cycles part, isa::Cycles whole) {
  if (whole.value == 0) return "-";
  return fmt::format("{:.1f}", 100.0 * static_cast<double>(part.value) / static_cast<double>(whole.value));
}

}  // namespace cli
