// Reads a trace file, whole or while it is being written.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>

#include "traces/trace.h"

namespace traces {

/// A file that cannot be used, in one line: "a.m7t: is no m7scope trace: begins with 7f454c46, expected ...".
class TraceError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What a file may unpack to, in bytes: a small file cannot ask for all memory.
inline constexpr std::uint64_t kMaxUnpackedBytes = std::uint64_t{2} << 30;

/// Reads a file. One that ends early (a run that was killed, a cut file) gives what is whole, and
/// `Trace::cut` says so. Every number in it was checked: indices are in range, times in order. Throws
/// TraceError.
Trace load_trace(const std::filesystem::path& path);
/// The same from bytes; `where` names the file in errors.
Trace parse_trace(std::span<const std::uint8_t> bytes, const std::string& where,
                  std::uint64_t max_unpacked_bytes = kMaxUnpackedBytes);

/// A file that grows.
class TraceFollower {
 public:
  /// Throws TraceError.
  explicit TraceFollower(const std::filesystem::path& path);
  ~TraceFollower();

  /// Reads what has been added. Returns whether the trace has changed. Throws TraceError.
  bool poll();
  const Trace& trace() const;
  bool ended() const;  ///< the run has ended: nothing more will come

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace traces
