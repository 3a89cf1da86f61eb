// Multiply-accumulates and parameters of a network, as papers count them.
#pragma once

#include <cstdint>

#include "reference/graph.h"

namespace reference {

/// Multiply-accumulates of operator `op`: output elements x products for CONV_2D, DEPTHWISE_CONV_2D and
/// FULLY_CONNECTED (padding counted as work, as papers do); 0 for every other operator.
std::int64_t macs(const Graph& graph, int op);
/// Sum over all operators.
std::int64_t macs(const Graph& graph);
/// Elements of all weight tensors (filters and FC matrices; biases not counted; a shared tensor counts once).
std::int64_t weights(const Graph& graph);

}  // namespace reference
