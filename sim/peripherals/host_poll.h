// Keeps a run from asking the operating system more often than a human can tell.
#pragma once

#include <chrono>

namespace sim::peripherals {

class HostPoll {
 public:
  /// True at most every two milliseconds of wall time.
  bool now() {
    auto time = std::chrono::steady_clock::now();
    if (time < next_) return false;
    next_ = time + std::chrono::milliseconds(2);
    return true;
  }

 private:
  std::chrono::steady_clock::time_point next_{};
};

}  // namespace sim::peripherals
