// Operators whose output holds exactly the bytes of their input: the two share storage and no step runs.
#pragma once

#include "reference/graph.h"

namespace engine {

/// True where output 0 of `op` equals input 0 byte for byte for every input value: RESHAPE; TRANSPOSE that
/// only moves axes of size 1; QUANTIZE, pools of 1x1, RELU and RELU6 that change nothing; PAD by nothing;
/// CONCATENATION of one tensor; STRIDED_SLICE of everything; RESIZE_NEAREST_NEIGHBOR to the same size.
bool is_view(const reference::Graph& graph, int op);

}  // namespace engine
