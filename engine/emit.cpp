// The table of kernels.
#include "engine/emit.h"

#include <fmt/format.h>

#include "engine/emit/layer.h"
#include "engine/passes.h"

namespace engine {
namespace {

using reference::OperatorKind;

bool always(const Layer&) {
  return true;
}
bool no_groups(const Layer& layer) {
  return !conv_has_groups(layer);
}
bool no_lanes(const Layer& layer) {
  return !depthwise_has_lanes(layer);
}
bool from_int8(const Layer& layer) {
  return layer.input().type == reference::TensorType::kInt8;
}
bool from_float(const Layer& layer) {
  return layer.input().type == reference::TensorType::kFloat32;
}

// Guards of one kind exclude each other, so the order of rows means nothing.
constexpr Kernel kKernels[] = {
    {OperatorKind::kAdd, always, sum_needs, emit_sum},
    {OperatorKind::kAveragePool2D, always, pool_needs, emit_pool},
    {OperatorKind::kConcatenation, always, concatenation_needs, emit_concatenation},
    {OperatorKind::kConv2D, no_groups, conv_needs, emit_conv},
    {OperatorKind::kConv2D, conv_has_groups, grouped_conv_needs, emit_grouped_conv},
    {OperatorKind::kDepthwiseConv2D, depthwise_has_lanes, depthwise_needs, emit_depthwise},
    {OperatorKind::kDepthwiseConv2D, no_lanes, general_depthwise_needs, emit_general_depthwise},
    {OperatorKind::kDequantize, always, dequantize_needs, emit_dequantize},
    {OperatorKind::kFullyConnected, always, fully_connected_needs, emit_fully_connected},
    {OperatorKind::kLogistic, always, table_needs, emit_table},
    {OperatorKind::kMaxPool2D, always, pool_needs, emit_pool},
    {OperatorKind::kMean, always, mean_needs, emit_mean},
    {OperatorKind::kMul, always, product_needs, emit_product},
    {OperatorKind::kPad, always, pad_needs, emit_pad},
    {OperatorKind::kPadV2, always, pad_needs, emit_pad},
    {OperatorKind::kQuantize, from_int8, table_needs, emit_table},
    {OperatorKind::kQuantize, from_float, quantize_needs, emit_quantize},
    {OperatorKind::kRelu, always, table_needs, emit_table},
    {OperatorKind::kRelu6, always, table_needs, emit_table},
    {OperatorKind::kResizeNearestNeighbor, always, resize_needs, emit_resize},
    {OperatorKind::kSoftmax, always, softmax_needs, emit_softmax},
    {OperatorKind::kStridedSlice, always, strided_slice_needs, emit_strided_slice},
    {OperatorKind::kSub, always, sum_needs, emit_sum},
    {OperatorKind::kTranspose, always, transpose_needs, emit_transpose},
};

const Kernel& kernel_of(const Layer& layer) {
  for (const Kernel& kernel : kKernels) {
    if (kernel.kind == layer.step.kind && kernel.takes(layer)) return kernel;
  }
  throw Unsupported(fmt::format("{}: step {} ({}): no kernel takes it", layer.graph.name, layer.step.name,
                                to_string(layer.step.kind)));
}

}  // namespace

KernelNeeds kernel_needs(const reference::Graph& graph, const Step& step) {
  const Layer layer{graph, step};
  KernelNeeds needs = kernel_of(layer).needs(layer);
  needs.scratch = isa::Bytes((needs.scratch.value + 7) / 8 * 8);
  return needs;
}

int best_tile(const reference::Graph& graph, const Step& step, isa::Bytes room) {
  const Layer layer{graph, step};
  const bool convolution = step.kind == OperatorKind::kConv2D && no_groups(layer);
  if (!convolution && step.kind != OperatorKind::kFullyConnected) return step.tile;
  return conv_best_tile(layer, room);
}

StepCode emit_step(const reference::Graph& graph, const Step& step, const StepAddresses& addresses) {
  const Layer layer{graph, step};
  StepCode code;
  kernel_of(layer).emit(layer, addresses, code);
  return code;
}

}  // namespace engine
