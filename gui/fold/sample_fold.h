// What the core did and how deep the stack was, for any stretch of time at once.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "isa/cause.h"
#include "traces/trace.h"

namespace gui {

/// Cycles by cause and instructions of a stretch of time; fractions, because it may begin and end inside a
/// sample.
struct Activity {
  std::array<double, isa::kCauses> causes{};
  double instructions = 0;

  double cycles() const;
};

/// Largest values of stretches of a row of numbers, in logarithmic time.
class Maxima {
 public:
  Maxima() = default;
  explicit Maxima(std::vector<std::uint64_t> values);

  /// Index of the first largest value from `first` to `last`, which is not part of it. There must be one.
  std::size_t largest(std::size_t first, std::size_t last) const;
  std::uint64_t operator[](std::size_t i) const { return values_[i]; }
  std::size_t size() const { return values_.size(); }

 private:
  bool better(std::size_t a, std::size_t b) const {
    return values_[a] != values_[b] ? values_[a] > values_[b] : a < b;
  }

  std::vector<std::uint64_t> values_;
  std::vector<std::vector<std::uint32_t>> levels_;  ///< [k][i]: index of the largest of 2^(k+1) values
};

/// Samples, or where a trace has none, its steps.
class SampleFold {
 public:
  SampleFold() = default;
  explicit SampleFold(const traces::Trace& trace);

  Activity between(double begin, double end) const;
  /// Bytes of stack at the deepest.
  std::uint64_t stack_between(double begin, double end) const;
  std::uint64_t deepest_stack() const;
  std::size_t size() const { return begins_.size(); }

 private:
  Activity until(double cycle) const;
  std::size_t sample_at(double cycle) const;

  std::vector<double> begins_, ends_;
  std::vector<Activity> before_;  ///< sums of all samples before each; one more than samples
  Maxima stack_;
};

}  // namespace gui
