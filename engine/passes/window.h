// Sliding windows with explicit padding, and the clamp of a fused activation.
#pragma once

#include "engine/step.h"
#include "reference/graph.h"

namespace engine {

/// The window of CONV_2D, DEPTHWISE_CONV_2D, AVERAGE_POOL_2D and MAX_POOL_2D, TFLite's SAME padding made
/// explicit (the odd element goes behind); a plain 1x1 window for every other operator.
Window window_of(const reference::Graph& graph, int op);

/// An int8 clamp, both ends included.
struct ActivationRange {
  int min = -128, max = 127;
};

/// The clamp of `function` on an int8 tensor quantised like `output`, as TFLite computes it:
/// zero_point + round(bound / scale), rounded half away from zero in float32, within [-128, 127].
ActivationRange activation_range(reference::ActivationFunction function, const reference::Tensor& output);

/// The clamp that `op` puts on its output: its fused activation, or itself if it is RELU or RELU6.
ActivationRange activation_range(const reference::Graph& graph, int op);

}  // namespace engine
