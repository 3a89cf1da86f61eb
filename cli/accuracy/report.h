// What `m7scope accuracy` found, and how it is told.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/accuracy/placements.h"
#include "cli/accuracy/sequences.h"
#include "cli/accuracy/walks.h"

namespace cli {

struct SequenceMiss {
  std::string name;
  double measured = 0;
  std::optional<double> simulated;
  std::string reason;
};

struct SequenceReport {
  int total = 0, exact = 0;
  double mean_error_percent = 0, worst_error_percent = 0;  ///< over the rows that ran
  std::string worst;                                       ///< name of the row with the largest error
  std::vector<SequenceMiss> misses;
};

/// `reasons`: why a row is known to differ, by name.
SequenceReport compare(const std::vector<Sequence>& sequences, const std::vector<SequenceScore>& scores,
                       const std::vector<std::pair<std::string, std::string>>& reasons);

struct AccuracyReport {
  std::string board;
  std::optional<SequenceReport> sequences;
  std::optional<PlacementReport> placements;
  std::optional<std::vector<Walk>> walks;
};

std::string to_text(const AccuracyReport& report);
std::string to_json(const AccuracyReport& report);

}  // namespace cli
