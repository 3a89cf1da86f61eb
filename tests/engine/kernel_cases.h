// Networks of one operator for the kernels' tests: corners first, then random ones.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reference/graph.h"

namespace engine {

/// One operator, and the values of the graph's inputs.
struct KernelCase {
  std::string name;  ///< says what is special about it
  reference::Graph graph;
  std::vector<reference::TensorData> inputs;
  int tile = 4;  ///< Step::tile
};

// Corners: zero points of -128 and 127, multipliers of 0 and near 1, left shifts, saturation, channels that
// are no multiple of the tile, 1xN windows, strides past the filter, uneven padding, dilation, depth
// multipliers, batches.
std::vector<KernelCase> convolution_corners();
std::vector<KernelCase> depthwise_corners();
std::vector<KernelCase> fully_connected_corners();
std::vector<KernelCase> arithmetic_corners();
std::vector<KernelCase> reduction_corners();  ///< pools, MEAN, SOFTMAX
std::vector<KernelCase> map_corners();        ///< LOGISTIC, RELU, RELU6, QUANTIZE, DEQUANTIZE
std::vector<KernelCase>
move_corners();  ///< PAD, CONCATENATION, TRANSPOSE, STRIDED_SLICE, RESIZE_NEAREST_NEIGHBOR

/// Random case `seed`: any operator, any shape.
KernelCase random_case(std::uint32_t seed);

}  // namespace engine
