// A progress line on a terminal's standard error, for work that lasts over a second.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace cli {

/// Shows "label [#####.....] 42 %  31.2 M instr/s  3 s left". Silent where standard error is not a terminal.
/// The line is wiped when the object goes.
class Progress {
 public:
  explicit Progress(std::string label);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// `done` in 0..1; `note` is shown as it is (a rate, a step's name).
  void update(double done, const std::string& note = {});
  /// "63 M instructions/s": `instructions` since the object was made.
  std::string rate(std::uint64_t instructions) const;

 private:
  using Clock = std::chrono::steady_clock;
  std::string label_;
  bool enabled_;
  bool shown_ = false;
  Clock::time_point start_ = Clock::now(), last_ = start_;
};

}  // namespace cli
