// Writes a trace file as a stream: what was written so far can always be read.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "traces/trace.h"

namespace traces {

/// The file cannot be written: "out.m7t: No space left on device".
class TraceWriteError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What is added is gathered and written a chunk at a time, at the latest by `flush`. Same calls, same bytes.
class TraceWriter {
 public:
  static constexpr std::uint64_t kDefaultCap = 256u << 20;
  static constexpr std::uint64_t kSmallestCap = 256u << 10;

  /// Makes the file, or empties it. It never grows past `cap_bytes` (at least kSmallestCap): near it detail
  /// is dropped (lives, heat, samples) and counted; what tells how the run ended always has room. Throws
  /// TraceWriteError, as every call that writes.
  TraceWriter(const std::filesystem::path& path, const About& about, std::uint64_t cap_bytes = kDefaultCap);
  ~TraceWriter();
  TraceWriter(const TraceWriter&) = delete;
  TraceWriter& operator=(const TraceWriter&) = delete;

  /// The number of a text; equal texts have equal numbers. What is no UTF-8, or a control character, becomes
  /// U+FFFD; very long texts are cut.
  StringId intern(std::string_view text);

  void add(std::span<const Region> regions);
  void add(const Clock& clock);
  void add(std::span<const Symbol> symbols);
  /// Buffers are added once before the run, and again with what was observed: the later ones replace the
  /// first.
  void set(std::span<const Buffer> buffers);
  void add(const Step& step);
  /// A life with a number that was written before takes its place. Numbers begin at 0 and leave no gap. A
  /// step that is not added yet may be named: the file says so once it is.
  void add(std::span<const Life> lives);
  void add(std::span<const Sample> samples);
  void add(const Heat& heat);
  /// All findings so far: replaces those written before. A step that is not added yet is left out.
  void set(std::span<const Finding> findings);
  /// Written once, at the end.
  void add(std::span<const FunctionCost> functions);
  void add(std::span<const LineCost> lines);
  void add(std::span<const CallNode> calls);
  void add(const Listing& listing);
  void add(const SourceText& source);

  /// The run has come this far: everything added so far reaches the file.
  void flush(std::uint64_t reached);
  /// Ends the file. What the cap dropped is added to what `end` counts.
  void finish(const End& end);

  std::uint64_t bytes_written() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace traces
