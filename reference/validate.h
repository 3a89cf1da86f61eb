// Whether a graph means something: the contract that the kernels, the planner and the engine rely on.
#pragma once

#include <cstdint>
#include <string>

#include "reference/graph.h"

namespace reference {

/// Bytes that all tensors of a graph together may have: far above any microcontroller, far below any
/// computer.
inline constexpr std::int64_t kMaxGraphBytes = std::int64_t{1} << 29;

/// Accepts `graph` or throws ModelError with one line that begins with `where` ("kws.tflite: op 7 (CONV_2D):
/// ..."). Accepted means: every index is in range; every tensor has 0 to 8 dimensions >= 1 and consistent
/// quantisation, constants have the size of their shape; operators come in an order in which each reads only
/// inputs, constants and earlier outputs, and each tensor is produced once; each operator has the inputs,
/// types, quantisation, options and shapes that its kernel needs.
void validate(const Graph& graph, const std::string& where);

}  // namespace reference
