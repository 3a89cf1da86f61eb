// Writes .tflite files (TFLite schema version 3).
#pragma once

#include <cstdint>
#include <vector>

#include "reference/graph.h"

namespace reference {

/// `graph` as a .tflite file that any TFLite runtime reads; tensors keep their indices and constants lie at
/// multiples of 16 bytes. The same graph gives the same bytes. `read_tflite(write_tflite(graph), graph.name)`
/// equals `graph`. Throws ModelError where `validate` rejects it, or where the reader would find the file too
/// large.
std::vector<std::uint8_t> write_tflite(const Graph& graph);

}  // namespace reference
