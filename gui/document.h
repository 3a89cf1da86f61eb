// An open trace, and what was folded from it for the panels.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "traces/peak.h"
#include "traces/trace.h"
#include "traces/trace_reader.h"

namespace gui {

/// A region at its fullest.
struct RegionPeak {
  std::size_t region = 0;  ///< index into Trace::regions
  traces::Peak peak;
  std::vector<traces::Owner> owners;  ///< then; most bytes first
};

class Document {
 public:
  /// Reads a file; `follow`: one that is still being written. Throws traces::TraceError.
  Document(const std::filesystem::path& path, bool follow);
  /// A trace that is no file (tests, benchmarks).
  Document(traces::Trace trace, const std::filesystem::path& name);
  ~Document();
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  const std::filesystem::path& path() const { return path_; }
  const traces::Trace& trace() const { return follower_ ? follower_->trace() : trace_; }
  bool is_live() const { return follower_ && !follower_->ended(); }
  /// Reads what was added to a live file. Returns whether there was any. Throws traces::TraceError.
  bool poll();

  /// Of writable regions that somebody used, the one with most bytes first.
  const std::vector<RegionPeak>& peaks() const { return peaks_; }
  /// A short name for titles: the model, else the firmware, else the file.
  std::string title() const;

  /// The step that runs at a cycle: an index into Trace::steps.
  std::optional<std::size_t> step_at(double cycle) const;
  /// A function's instructions; null where the trace has none.
  const traces::Listing* listing_of(traces::StringId function) const;
  /// A line of source; empty where the trace has none.
  std::string_view source_line(traces::StringId file, std::int32_t line) const;

 private:
  void fold();

  std::filesystem::path path_;
  traces::Trace trace_;
  std::unique_ptr<traces::TraceFollower> follower_;
  std::vector<RegionPeak> peaks_;
};

}  // namespace gui
