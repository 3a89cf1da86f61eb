// Sees a heap through the names of its functions: what malloc was asked for, and what it gave.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "sim/call_stack.h"

namespace sim {

/// Knows the C library's functions with and without newlib's reentrancy argument, C++'s operators and
/// FreeRTOS's. Calls inside a call (calloc's of malloc) are that call's own business.
class HeapWatch {
 public:
  struct Event {
    std::uint32_t released = 0;               ///< address, or 0
    std::uint32_t allocated = 0, bytes = 0;   ///< address, or 0
    std::uint32_t caller = 0, call_site = 0;  ///< function number, and address of the call
  };

  /// `argument(n)` is what register r0..r3 holds when a function begins, `argument(0)` its result when it has
  /// returned.
  HeapWatch(const FunctionTable& functions, std::function<std::uint32_t(unsigned)> argument);

  /// The last of `frames` has been called.
  void called(const std::vector<CallStack::Frame>& frames) {
    if (!kinds_.empty() && frames.back().function < kinds_.size()) enter(frames);
  }
  /// The last of `frames` is about to go.
  std::optional<Event> left(const std::vector<CallStack::Frame>& frames, bool returns) {
    if (depth_ == 0 || frames.size() != depth_) return std::nullopt;
    return leave(returns);
  }

 private:
  enum class Kind : std::uint8_t {
    kNone,
    kMalloc,
    kCalloc,
    kRealloc,
    kFree,
    kMallocR,
    kCallocR,
    kReallocR,
    kFreeR
  };
  static Kind kind_of(const std::string& name);

  void enter(const std::vector<CallStack::Frame>& frames);
  std::optional<Event> leave(bool returns);

  std::function<std::uint32_t(unsigned)> argument_;
  std::vector<Kind> kinds_;  ///< of each function; empty where none has to do with a heap
  std::size_t depth_ = 0;    ///< of the frame of the call that runs; 0: none
  bool replaced_ = false;    ///< it goes on as another function
  Event event_;
};

}  // namespace sim
