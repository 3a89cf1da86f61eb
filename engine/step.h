// One step of an engine: what one kernel call computes once the passes have folded what can be folded.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "isa/units.h"
#include "reference/graph.h"

namespace engine {

/// The sliding window of CONV_2D, DEPTHWISE_CONV_2D and the pools, padding explicit (a folded PAD is in it, so the
/// four sides are independent). Output size: (in + pads - ((filter - 1) * dilation + 1)) / stride + 1.
struct Window {
  int filter_h = 1, filter_w = 1;
  int stride_h = 1, stride_w = 1;
  int dilation_h = 1, dilation_w = 1;
  int pad_top = 0, pad_bottom = 0, pad_left = 0, pad_right = 0;
};

struct Step {
  int id = 0;
  reference::OperatorKind kind = reference::OperatorKind::kAdd;
  int op = 0;                   ///< operator of the graph whose output tensor this step writes
  std::vector<int> folded_ops;  ///< operators that became part of this step (PAD before, RELU behind)
  std::string name;
  std::vector<int> inputs;  ///< tensors of the graph, in the operator's order; constants included; -1 if absent
  int output = 0;           ///< tensor of the graph
  Window window;
  int activation_min = -128, activation_max = 127;  ///< int8 clamp of the output
  std::int64_t macs = 0;
  /// CONV_2D and FULLY_CONNECTED: output pixels whose inputs are gathered before they are computed, a multiple of 4.
  /// Each tile reads the weights from flash once; the planner widens tiles where memory is left.
  int tile = 4;
};

/// How far a step's output may share bytes with one of its inputs (which must die in this step).
struct Overlap {
  enum class Kind {
    kExact,  ///< output offset == input offset (a depth-wise kernel rewriting each channel's own lane)
    kLead,   ///< any output offset <= input offset - lead (a kernel that streams forward and gathers before it writes)
  };
  int input = 0;  ///< position in Step::inputs
  Kind kind = Kind::kLead;
  isa::Bytes lead;  ///< >= 0; kLead only
};

/// A network after the passes: steps in an order that respects the data flow, and which tensors share storage.
struct Program {
  std::vector<Step> steps;
  /// For each tensor of the graph, the tensor whose storage holds it (itself, or what a RESHAPE views); -1 where it
  /// never exists at run time (constants, folded away).
  std::vector<int> storage;
  std::vector<int> inputs, outputs;  ///< tensors at the program's edges (behind QUANTIZE / before DEQUANTIZE)
};

}  // namespace engine
