// Which PADs disappear into the windows behind them, and which RELUs into the clamps before them.
#pragma once

#include <vector>

#include "engine/passes/uses.h"
#include "engine/step.h"
#include "reference/graph.h"

namespace engine {

/// Rows and columns that a PAD or PADV2 of [N,H,W,C] puts around its input.
struct Pads {
  int top = 0, bottom = 0, left = 0, right = 0;
};

/// Per operator: true where it is a PAD or PADV2 whose every reader computes the same bytes from the unpadded
/// tensor and a wider window. That holds
///  - for CONV_2D and DEPTHWISE_CONV_2D if the pad value is the zero point, since padding counts as zero
///  there;
///  - for MAX_POOL_2D if the pad value is -128, which never wins, and every window has an element inside;
///  - never for AVERAGE_POOL_2D, which divides by the number of elements inside;
/// and for another PAD that folds itself.
std::vector<bool> foldable_pads(const reference::Graph& graph, const Uses& uses);

/// What PAD or PADV2 `op` adds; meaningful where foldable_pads is true.
Pads pads_of(const reference::Graph& graph, int op);

/// Per operator: for a RELU or RELU6 that only narrows the clamp of the operator that writes its input, that
/// operator; -1 otherwise. Scale and zero point are the same on both sides, so nothing is rounded twice.
std::vector<int> relu_producers(const reference::Graph& graph, const Uses& uses);

}  // namespace engine
