// What the emitters share: a step seen with its tensors, and a row of the table of kernels.
#pragma once

#include <string>
#include <vector>

#include "engine/emit.h"
#include "engine/emit/text.h"

namespace engine {

/// A step and the tensors it names.
struct Layer {
  const reference::Graph& graph;
  const Step& step;

  const reference::Tensor& input(std::size_t i = 0) const { return graph.tensor(step.inputs.at(i)); }
  const reference::Tensor& output() const { return graph.tensor(step.output); }
  const reference::Operator& op() const { return graph.operators.at(static_cast<std::size_t>(step.op)); }
  template <class Options>
  const Options& options() const {
    return std::get<Options>(op().options);
  }
  bool constant_input(std::size_t i) const { return graph.is_constant(step.inputs.at(i)); }
  /// The elements of a constant tensor of one-byte or int32 elements.
  std::vector<std::int32_t> values(std::size_t i) const;
  /// Input `i` as int32, or zeros where the step has none (a bias).
  std::vector<std::int32_t> bias(std::size_t i, std::size_t count) const;
};

inline std::int32_t zero_point(const reference::Tensor& t) {
  return t.quantization.zero_point.at(0);
}
inline float scale(const reference::Tensor& t) {
  return t.quantization.scale.at(0);
}

/// C expression of input `i`: its address, or the constant's symbol (emitted into `code`).
std::string input_of(const Layer& layer, const StepAddresses& addresses, std::size_t i, StepCode& code);

/// One kernel: which steps it takes, what it needs, the C that runs it.
struct Kernel {
  reference::OperatorKind kind;
  bool (*takes)(const Layer& layer);
  KernelNeeds (*needs)(const Layer& layer);
  void (*emit)(const Layer& layer, const StepAddresses& addresses, StepCode& code);
};

// The kernels, one function pair each; the table that lists them is in emit.cpp.
#define M7_DECLARE_KERNEL(name)                 \
  KernelNeeds name##_needs(const Layer& layer); \
  void emit_##name(const Layer& layer, const StepAddresses& addresses, StepCode& code)

M7_DECLARE_KERNEL(conv);
M7_DECLARE_KERNEL(grouped_conv);
M7_DECLARE_KERNEL(fully_connected);
M7_DECLARE_KERNEL(depthwise);
M7_DECLARE_KERNEL(general_depthwise);
M7_DECLARE_KERNEL(sum);
M7_DECLARE_KERNEL(product);
M7_DECLARE_KERNEL(pool);
M7_DECLARE_KERNEL(mean);
M7_DECLARE_KERNEL(table);
M7_DECLARE_KERNEL(softmax);
M7_DECLARE_KERNEL(pad);
M7_DECLARE_KERNEL(concatenation);
M7_DECLARE_KERNEL(transpose);
M7_DECLARE_KERNEL(strided_slice);
M7_DECLARE_KERNEL(resize);
M7_DECLARE_KERNEL(quantize);
M7_DECLARE_KERNEL(dequantize);

#undef M7_DECLARE_KERNEL

bool conv_has_groups(const Layer& layer);
/// Of CONV_2D without groups and of FULLY_CONNECTED: see best_tile().
int conv_best_tile(const Layer& layer, isa::Bytes room);
/// The lane kernel: no dilation, stride_w 1 or 2, one output per channel.
bool depthwise_has_lanes(const Layer& layer);

}  // namespace engine
