// The tables of `m7scope trace summary`: each is the twin in text of a panel of the viewer.
#pragma once

#include <cstdint>
#include <optional>
#include <regex>
#include <string>

#include "traces/summary.h"
#include "traces/trace.h"

namespace cli {

class TraceTables {
 public:
  struct Rows {
    std::optional<std::regex> match;  ///< only rows in which it is found
    std::size_t most = 20;            ///< 0: all
  };
  /// `trace` and `summary` must outlive it.
  TraceTables(const traces::Trace& trace, const traces::Summary& summary, Rows rows)
      : trace_(trace), summary_(summary), rows_(std::move(rows)) {}

  /// Who holds the bytes of each used region: at a cycle, else at the region's peak.
  std::string owners(std::optional<std::uint64_t> at) const;
  /// Cycles beside the core's limit, and what the memory system did.
  std::string steps() const;
  /// What the cycles of each step went to.
  std::string causes() const;
  std::string functions() const;
  /// Lives in the order of their birth; with a cycle those alive then, the largest first.
  std::string lives(std::optional<std::uint64_t> at) const;
  /// What was planned, beside what the binary did.
  std::string buffers() const;
  std::string findings() const;

 private:
  class Body;

  std::string place(traces::StringId function, traces::StringId line) const;
  std::string step_at(std::uint64_t cycle) const;

  const traces::Trace& trace_;
  const traces::Summary& summary_;
  Rows rows_;
};

/// Indices of the lives that are alive at a cycle, the largest first; without a cycle all, by birth.
std::vector<std::size_t> lives_at(const traces::Trace& trace, std::optional<std::uint64_t> at);

}  // namespace cli
