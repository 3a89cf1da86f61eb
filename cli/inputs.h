// What `--input` accepts, turned into the bytes of a network's inputs.
#pragma once

#include <string>
#include <vector>

#include "reference/graph.h"

namespace cli {

/// One TensorData per Graph::inputs, in the tensor's own type. `spec` is
/// - "seed:N": reference::seeded_inputs;
/// - a .npy file of float32 (real values), int8 (quantised values) or uint8 (pixels), one input;
/// - a .png file, one input [1,H,W,1 or 3]: resized to H x W, pixel p becomes the quantised value p - 128;
/// - any other file: raw bytes of all inputs in order, in the tensors' own types, or (where an input is
/// float32 and
///   read by QUANTIZE) quantised int8 values.
/// Throws InputError.
std::vector<reference::TensorData> load_inputs(const reference::Graph& graph, const std::string& spec);

}  // namespace cli
