// Compares what the simulated binary wrote at each step with the reference, byte for byte.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "reference/graph.h"
#include "traces/step_table.h"

namespace cli {

/// The first element, in step order, where binary and reference differ.
struct Divergence {
  int step = 0;
  std::string text;  ///< "step 7 (CONV_2D, conv7): row 3, column 0, channel 12: got -3, expected 5 (...)"
};

class TensorCheck {
 public:
  /// Copies `out.size()` bytes at `offset` of the arena.
  using ReadArena = std::function<void(std::int64_t offset, std::span<std::uint8_t> out)>;

  /// `expected` has one entry per tensor of the graph (reference::interpret).
  TensorCheck(const reference::Graph& graph, const traces::StepTable& table,
              std::vector<reference::TensorData> expected, ReadArena read_arena);

  /// Call when step `id` is over and nothing has run since.
  void step_ended(int id);

  int steps() const { return steps_; }  ///< compared so far
  int equal() const { return equal_; }
  bool all_equal() const { return steps_ == static_cast<int>(table_.steps.size()) && equal_ == steps_; }
  const std::optional<Divergence>& first_divergence() const { return first_; }

 private:
  const reference::Graph& graph_;
  const traces::StepTable& table_;
  std::vector<reference::TensorData> expected_;
  ReadArena read_arena_;
  int steps_ = 0, equal_ = 0;
  std::optional<Divergence> first_;
};

}  // namespace cli
