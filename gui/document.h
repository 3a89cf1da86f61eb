// An open trace, and what was folded from it for the panels.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "gui/fold/folded.h"
#include "traces/summary.h"
#include "traces/trace.h"
#include "traces/trace_reader.h"

namespace gui {

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

  /// Memory at its fullest: the arena where there is one, then `used_regions`.
  struct Fullest {
    std::string name;
    std::uint64_t capacity = 0;
    traces::Peak peak;
    std::vector<traces::Owner> owners;  ///< then; most bytes first
  };
  const std::vector<Fullest>& fullest() const { return fullest_; }

  const Folded& folded() const { return *folded_; }
  const traces::Summary& summary() const { return summary_; }
  /// Writable regions that somebody used, the one with most bytes at its peak first: indices.
  const std::vector<std::size_t>& used_regions() const { return used_regions_; }
  /// A short name for titles: the model, else the firmware, else the file.
  std::string title() const;

  /// A function's instructions; null where the trace has none.
  const traces::Listing* listing_of(traces::StringId function) const;
  /// A line of source; empty where the trace has none.
  std::string_view source_line(traces::StringId file, std::int32_t line) const;

 private:
  void fold_anew();
  void find_fullest();

  std::filesystem::path path_;
  traces::Trace trace_;
  std::unique_ptr<traces::TraceFollower> follower_;
  std::unique_ptr<Folded> folded_;
  traces::Summary summary_;
  std::vector<std::size_t> used_regions_;
  std::vector<Fullest> fullest_;
};

}  // namespace gui
