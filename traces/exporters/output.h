// Where an exporter writes: a stream with a size cap.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <functional>
#include <ostream>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace traces {

/// An export that cannot be made, in one line.
class ExportError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Called now and then while a file is written; may throw to end it.
using Heartbeat = std::function<void()>;

/// Writes text and counts it. What the format needs is written or is an error; detail gives way at the cap.
class Output {
 public:
  /// Kept free of detail, so that what ends a file always has room.
  static constexpr std::uint64_t kReserve = 4096;

  explicit Output(std::ostream& stream, std::uint64_t cap_bytes, Heartbeat heartbeat = {})
      : stream_(stream), cap_(cap_bytes), heartbeat_(std::move(heartbeat)) {}

  /// Throws ExportError past the cap, and where the stream does not take it.
  void write(std::string_view text);
  template <class... Args>
  void print(fmt::format_string<Args...> format, Args&&... args) {
    line_.clear();
    fmt::format_to(std::back_inserter(line_), format, std::forward<Args>(args)...);
    write({line_.data(), line_.size()});
  }

  /// Writes a piece of detail whole, or leaves it out, counts it and returns false. After the first that was
  /// left out all are: what is kept does not depend on how long the pieces are.
  bool detail(std::string_view text);

  std::uint64_t bytes() const { return bytes_; }
  std::uint64_t left_out() const { return left_out_; }

 private:
  std::ostream& stream_;
  std::uint64_t cap_ = 0, bytes_ = 0, left_out_ = 0, next_beat_ = 0;
  Heartbeat heartbeat_;
  fmt::memory_buffer line_;
};

}  // namespace traces
