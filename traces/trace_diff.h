// What changed from one run to another: totals, memory, steps; and which changes are too large.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "traces/step_alignment.h"
#include "traces/trace.h"

namespace traces {

struct Change {
  std::uint64_t a = 0, b = 0;

  std::int64_t delta() const { return static_cast<std::int64_t>(b - a); }
  /// Of a; none where a is 0 and b is not.
  std::optional<double> percent() const;
  bool operator==(const Change&) const = default;
};

/// A number that both runs have: "cycles", "peak:SRAM1", "d-load". What stands before a colon is its group.
struct Metric {
  std::string name;
  Change change;
  bool operator==(const Metric&) const = default;
};

struct StepDiff {
  StepPair pair;
  std::string name;  ///< of a's step, else of b's
  Change cycles, instructions;
  /// Signed cycles, b's minus a's, by cause.
  std::array<std::int64_t, isa::kCauses> causes{};
};

struct TraceDiff {
  std::vector<Metric> metrics;
  std::vector<StepDiff> steps;  ///< all, changed or not
  std::vector<std::string>
      notes;  ///< why the comparison may say less than it seems: other models, boards, ...
};
TraceDiff diff(const Trace& a, const Trace& b);

/// "cycles>2%": how much more b may have. `metric` is a metric's name, or a group: then each of it counts.
struct Threshold {
  std::string metric;
  double limit = 0;
  bool percent = false;
};

/// An expression that cannot be understood, or names what the traces do not have.
class ThresholdError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// "cycles>2%,peak>0" -> two thresholds. Throws ThresholdError.
std::vector<Threshold> thresholds_from(std::string_view text);
/// One line for each metric that passed a threshold: "cycles changed by +3 % (100 to 103), allowed at
/// most +2 %". The group "step" is the cycles of each step that both runs have. Throws ThresholdError.
std::vector<std::string> passed(const TraceDiff& diff, const std::vector<Threshold>& thresholds);

/// Members `a`, `b`, `metrics`, `steps`, `notes`, `failed`.
std::string diff_json(const Trace& a, const Trace& b, const TraceDiff& diff,
                      const std::vector<std::string>& failed);

}  // namespace traces
