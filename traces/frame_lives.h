// Stack frames over time: calls of some length, and rows of short ones as one.
#pragma once

#include <cstdint>
#include <vector>

#include "traces/trace.h"

namespace traces {

/// Follows the lowest stack address that each call stores to. The lives it makes have address, bytes, times,
/// functions, generations and pc; the rest is the caller's.
class FrameLives {
 public:
  explicit FrameLives(std::uint32_t top) : frames_(1, Frame{.high = top, .low = top}) {}

  void store(std::uint32_t address, std::uint32_t pc) {
    Frame& frame = frames_.back();
    if (address >= frame.low) return;
    frame.low = address;
    frame.pc = pc;
  }
  void call(std::uint32_t function, std::uint64_t cycle);
  /// What has ended for good is added to `out`.
  void leave(std::uint64_t cycle, std::vector<Life>& out);
  /// The frames that are there now, and those that may still be joined by others.
  void running(std::uint64_t cycle, std::vector<Life>& out) const;

 private:
  /// Calls of one function, one soon after the other.
  struct Row {
    std::uint32_t function = 0, high = 0, low = 0, pc = 0, calls = 0;
    std::uint64_t begin = 0, end = 0;
  };
  struct Frame {
    std::uint32_t function = 0, high = 0, low = 0, pc = 0;
    std::uint32_t deepest = ~std::uint32_t{0};  ///< of the short calls that are drawn as part of it
    std::uint64_t entered = 0;
    std::vector<Row> rows{};  ///< of the calls it makes, the newest last
  };

  static Life life_of(const Row& row, const Frame& caller);
  /// Nothing joins it any more.
  static void finish(const Row& row, Frame& caller, std::vector<Life>& out);

  std::vector<Frame> frames_;
  std::size_t folded_ = 0;
};

}  // namespace traces
