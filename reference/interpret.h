// The oracle: what every tensor of a network holds, byte for byte.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "reference/graph.h"

namespace reference {

/// Called after each operator with its index in `Graph::operators` (progress, early stop by throwing).
using OperatorDone = std::function<void(int op)>;

/// Runs `graph` on `inputs` (one per Graph::inputs, TFLite layout and the tensor's own type) with the naive
/// kernels. Returns one entry per tensor of the graph: its bytes, constants included; empty if never
/// produced. Throws ModelError where an input has the wrong size.
std::vector<TensorData> interpret(const Graph& graph, std::span<const TensorData> inputs,
                                  const OperatorDone& done = {});

/// The input that golden files are made with: s = s * 1664525 + 1013904223 (mod 2^32), x[k] = int8(s >> 24),
/// from s = seed. For a float32 input the value is (x - zero_point) * scale of the QUANTIZE operator that
/// reads it. One stream runs through all inputs in order.
std::vector<TensorData> seeded_inputs(const Graph& graph, std::uint32_t seed);

}  // namespace reference
