#include "engine/passes/window.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/passes.h"
#include "engine/passes/uses.h"

namespace engine {
namespace {

using reference::ActivationFunction;
using reference::OperatorKind;
using reference::Padding;

struct Side {
  int before = 0, after = 0;
};

// TFLite: out = ceil(in / stride); what the windows of that many outputs lack is padding, the smaller half
// first.
Side same_padding(const reference::Graph& graph, int op, int in, int filter, int stride, int dilation) {
  const std::int64_t extent = (std::int64_t{filter} - 1) * dilation + 1;
  const std::int64_t out = (std::int64_t{in} + stride - 1) / stride;
  const std::int64_t total = std::max<std::int64_t>(0, (out - 1) * stride + extent - in);
  if (total > std::numeric_limits<std::int16_t>::max()) {
    throw Unsupported(fmt::format("{}: SAME padding adds {} elements, the engine takes at most {}",
                                  place_of(graph, op), total, std::numeric_limits<std::int16_t>::max()));
  }
  return {static_cast<int>(total / 2), static_cast<int>(total - total / 2)};
}

// Conv2DOptions and DepthwiseConv2DOptions have the same fields for this.
template <class Options>
Window conv_window(const reference::Operator& oper, const reference::Graph& graph) {
  const auto& options = std::get<Options>(oper.options);
  const reference::Tensor& filter = graph.tensor(oper.inputs.at(1));
  return {.filter_h = filter.shape.at(1),
          .filter_w = filter.shape.at(2),
          .stride_h = options.stride_h,
          .stride_w = options.stride_w,
          .dilation_h = options.dilation_h_factor,
          .dilation_w = options.dilation_w_factor};
}

int bound(float value, const reference::Tensor& tensor) {
  const float steps = std::round(value / tensor.quantization.scale.at(0));
  const double q = double{steps} + tensor.quantization.zero_point.at(0);
  return static_cast<int>(std::clamp(q, -128.0, 127.0));
}

}  // namespace

Window window_of(const reference::Graph& graph, int op) {
  const reference::Operator& oper = graph.operators[op];
  Window window;
  Padding padding = Padding::kValid;
  switch (oper.kind) {
    case OperatorKind::kConv2D:
      window = conv_window<reference::Conv2DOptions>(oper, graph);
      padding = std::get<reference::Conv2DOptions>(oper.options).padding;
      break;
    case OperatorKind::kDepthwiseConv2D:
      window = conv_window<reference::DepthwiseConv2DOptions>(oper, graph);
      padding = std::get<reference::DepthwiseConv2DOptions>(oper.options).padding;
      break;
    case OperatorKind::kAveragePool2D:
    case OperatorKind::kMaxPool2D: {
      const auto& options = std::get<reference::Pool2DOptions>(oper.options);
      window.filter_h = options.filter_height;
      window.filter_w = options.filter_width;
      window.stride_h = options.stride_h;
      window.stride_w = options.stride_w;
      padding = options.padding;
      break;
    }
    default:
      return window;
  }
  if (padding == Padding::kValid) return window;
  const reference::Tensor& input = graph.tensor(oper.inputs.at(0));
  const Side rows =
      same_padding(graph, op, input.shape.at(1), window.filter_h, window.stride_h, window.dilation_h);
  const Side columns =
      same_padding(graph, op, input.shape.at(2), window.filter_w, window.stride_w, window.dilation_w);
  window.pad_top = rows.before;
  window.pad_bottom = rows.after;
  window.pad_left = columns.before;
  window.pad_right = columns.after;
  return window;
}

ActivationRange activation_range(ActivationFunction function, const reference::Tensor& output) {
  switch (function) {
    case ActivationFunction::kNone:
      break;
    case ActivationFunction::kRelu:
      return {bound(0.0F, output), 127};
    case ActivationFunction::kReluN1To1:
      return {bound(-1.0F, output), bound(1.0F, output)};
    case ActivationFunction::kRelu6:
      return {bound(0.0F, output), bound(6.0F, output)};
  }
  return {};
}

ActivationRange activation_range(const reference::Graph& graph, int op) {
  const reference::Operator& oper = graph.operators[op];
  const reference::Tensor& output = graph.tensor(oper.outputs.at(0));
  if (oper.kind == OperatorKind::kRelu) return activation_range(ActivationFunction::kRelu, output);
  if (oper.kind == OperatorKind::kRelu6) return activation_range(ActivationFunction::kRelu6, output);
  const auto fused = [](const auto& options) {
    if constexpr (requires { options.fused_activation_function; }) return options.fused_activation_function;
    return ActivationFunction::kNone;
  };
  return activation_range(std::visit(fused, oper.options), output);
}

}  // namespace engine
