// m7scope accuracy: the timing model beside measurements of real parts.
#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "cli/accuracy/csv.h"
#include "cli/accuracy/placements.h"
#include "cli/accuracy/report.h"
#include "cli/accuracy/sequences.h"
#include "cli/accuracy/walks.h"
#include "cli/commands.h"
#include "cli/embedded.h"
#include "cli/errors.h"
#include "cli/files.h"
#include "cli/progress.h"
#include "memory_model/board.h"

namespace cli {
namespace {

SequenceReport sequences(const AccuracyOptions& options, const memory_model::Board& board) {
  std::vector<Sequence> rows;
  std::vector<std::pair<std::string, std::string>> reasons;
  if (options.holdout.empty()) {
    rows = read_sequences(embedded("sequences.csv"), "isa/sequences.csv");
    for (CsvRow& row : read_csv(embedded("reasons.csv"), {"name", "reason"}, "cli/accuracy/reasons.csv")) {
      reasons.emplace_back(std::move(row.fields[0]), std::move(row.fields[1]));
    }
  } else {
    const std::vector<std::uint8_t> file = read_file(options.holdout, 16U << 20U);
    rows = read_sequences({reinterpret_cast<const char*>(file.data()), file.size()}, options.holdout);
  }
  Progress progress("sequences");
  const std::vector<SequenceScore> scores = score_sequences(rows, board, [&](std::size_t done) {
    progress.update(static_cast<double>(done) / static_cast<double>(rows.size()),
                    fmt::format("{} of {}", done, rows.size()));
  });
  return compare(rows, scores, reasons);
}

PlacementReport placements() {
  Progress progress("placements");
  return score_placements([&](std::size_t done, std::size_t rows) {
    progress.update(static_cast<double>(done) / static_cast<double>(rows),
                    fmt::format("{} of {}", done, rows));
  });
}

std::vector<Walk> walks(const memory_model::Board& board) {
  Progress progress("walks");
  return walk_memories(board, [&](std::size_t done, std::size_t all) {
    progress.update(static_cast<double>(done) / static_cast<double>(all), fmt::format("{} of {}", done, all));
  });
}

}  // namespace

int accuracy(const AccuracyOptions& options) {
  const memory_model::Board board = memory_model::load_board(options.board);
  const auto wanted = [&](std::string_view part) {
    if (!options.holdout.empty()) return part == "sequences";
    return options.only.empty() || options.only == part;
  };
  AccuracyReport report;
  report.board = board.name;
  if (wanted("sequences")) report.sequences = sequences(options, board);
  if (wanted("placements")) report.placements = placements();
  if (wanted("walks")) report.walks = walks(board);
  if (!options.picture.empty() && report.walks) {
    write_file(options.picture,
               walks_svg(*report.walks, fmt::format("{}: cycles a line of 32 bytes, by bytes "
                                                    "walked over",
                                                    board.name)));
  }
  fmt::print("{}", options.json ? to_json(report) : to_text(report));
  return kOk;
}

}  // namespace cli
