#include "reference/tflite_options.h"

#include <fmt/format.h>

namespace reference {
namespace {

Padding read_padding(tflite::Padding padding, const Fail& fail) {
  if (padding == tflite::Padding_SAME) return Padding::kSame;
  if (padding != tflite::Padding_VALID)
    fail(fmt::format("padding is {}, expected 0 (SAME) or 1 (VALID)", static_cast<int>(padding)));
  return Padding::kValid;
}

ActivationFunction read_activation(tflite::ActivationFunctionType activation, const Fail& fail) {
  switch (activation) {
    case tflite::ActivationFunctionType_RELU:
      return ActivationFunction::kRelu;
    case tflite::ActivationFunctionType_RELU_N1_TO_1:
      return ActivationFunction::kReluN1To1;
    case tflite::ActivationFunctionType_RELU6:
      return ActivationFunction::kRelu6;
    case tflite::ActivationFunctionType_NONE:
      break;
    default:
      fail(fmt::format("fused activation is {}, expected 0 to 3 (NONE, RELU, RELU_N1_TO_1, RELU6)",
                       static_cast<int>(activation)));
  }
  return ActivationFunction::kNone;
}

/// The options table of type `Table`; fails where the operator has none or another.
template <typename Table>
const Table& table(const tflite::Operator& op, const Fail& fail) {
  const tflite::BuiltinOptions wanted = tflite::BuiltinOptionsTraits<Table>::enum_value;
  const auto* options = static_cast<const Table*>(op.builtin_options());
  if (op.builtin_options_type() != wanted || options == nullptr)
    fail(fmt::format("its options are of type {}, expected {} ({})",
                     static_cast<int>(op.builtin_options_type()), static_cast<int>(wanted),
                     tflite::EnumNameBuiltinOptions(wanted)));
  return *options;
}

Pool2DOptions read_pool(const tflite::Operator& op, const Fail& fail) {
  const auto& from = table<tflite::Pool2DOptions>(op, fail);
  return {.padding = read_padding(from.padding(), fail),
          .stride_w = from.stride_w(),
          .stride_h = from.stride_h(),
          .filter_width = from.filter_width(),
          .filter_height = from.filter_height(),
          .fused_activation_function = read_activation(from.fused_activation_function(), fail)};
}

template <typename Table>
ArithmeticOptions read_arithmetic(const tflite::Operator& op, const Fail& fail) {
  return {.fused_activation_function =
              read_activation(table<Table>(op, fail).fused_activation_function(), fail)};
}

Conv2DOptions read_conv_2d(const tflite::Operator& op, const Fail& fail) {
  const auto& from = table<tflite::Conv2DOptions>(op, fail);
  return {.padding = read_padding(from.padding(), fail),
          .stride_w = from.stride_w(),
          .stride_h = from.stride_h(),
          .dilation_w_factor = from.dilation_w_factor(),
          .dilation_h_factor = from.dilation_h_factor(),
          .fused_activation_function = read_activation(from.fused_activation_function(), fail)};
}

DepthwiseConv2DOptions read_depthwise_conv_2d(const tflite::Operator& op, const Fail& fail) {
  const auto& from = table<tflite::DepthwiseConv2DOptions>(op, fail);
  return {.padding = read_padding(from.padding(), fail),
          .stride_w = from.stride_w(),
          .stride_h = from.stride_h(),
          .dilation_w_factor = from.dilation_w_factor(),
          .dilation_h_factor = from.dilation_h_factor(),
          .depth_multiplier = from.depth_multiplier(),
          .fused_activation_function = read_activation(from.fused_activation_function(), fail)};
}

FullyConnectedOptions read_fully_connected(const tflite::Operator& op, const Fail& fail) {
  const auto& from = table<tflite::FullyConnectedOptions>(op, fail);
  if (from.weights_format() != tflite::FullyConnectedOptionsWeightsFormat_DEFAULT)
    fail(fmt::format("weights_format is {}, expected 0 (DEFAULT)", static_cast<int>(from.weights_format())));
  return {.fused_activation_function = read_activation(from.fused_activation_function(), fail),
          .keep_num_dims = from.keep_num_dims()};
}

/// RESHAPE may come without options: then its second input has the shape.
ReshapeOptions read_reshape(const tflite::Operator& op, const Fail& fail) {
  if (op.builtin_options_type() == tflite::BuiltinOptions_NONE) return {};
  const auto* new_shape = table<tflite::ReshapeOptions>(op, fail).new_shape();
  if (new_shape == nullptr) return {};
  constexpr std::uint32_t kMostDimensions = 8;
  if (new_shape->size() > kMostDimensions)
    fail(fmt::format("new_shape has {} dimensions, expected at most {}", new_shape->size(), kMostDimensions));
  return {.new_shape = {new_shape->begin(), new_shape->end()}};
}

StridedSliceOptions read_strided_slice(const tflite::Operator& op, const Fail& fail) {
  const auto& from = table<tflite::StridedSliceOptions>(op, fail);
  if (from.offset()) fail("offset is set, expected an absolute end");
  return {.begin_mask = from.begin_mask(),
          .end_mask = from.end_mask(),
          .ellipsis_mask = from.ellipsis_mask(),
          .new_axis_mask = from.new_axis_mask(),
          .shrink_axis_mask = from.shrink_axis_mask()};
}

}  // namespace

std::optional<OperatorKind> operator_kind(tflite::BuiltinOperator code) {
  switch (code) {
    case tflite::BuiltinOperator_ADD:
      return OperatorKind::kAdd;
    case tflite::BuiltinOperator_AVERAGE_POOL_2D:
      return OperatorKind::kAveragePool2D;
    case tflite::BuiltinOperator_CONCATENATION:
      return OperatorKind::kConcatenation;
    case tflite::BuiltinOperator_CONV_2D:
      return OperatorKind::kConv2D;
    case tflite::BuiltinOperator_DEPTHWISE_CONV_2D:
      return OperatorKind::kDepthwiseConv2D;
    case tflite::BuiltinOperator_DEQUANTIZE:
      return OperatorKind::kDequantize;
    case tflite::BuiltinOperator_FULLY_CONNECTED:
      return OperatorKind::kFullyConnected;
    case tflite::BuiltinOperator_LOGISTIC:
      return OperatorKind::kLogistic;
    case tflite::BuiltinOperator_MAX_POOL_2D:
      return OperatorKind::kMaxPool2D;
    case tflite::BuiltinOperator_MEAN:
      return OperatorKind::kMean;
    case tflite::BuiltinOperator_MUL:
      return OperatorKind::kMul;
    case tflite::BuiltinOperator_PAD:
      return OperatorKind::kPad;
    case tflite::BuiltinOperator_PADV2:
      return OperatorKind::kPadV2;
    case tflite::BuiltinOperator_QUANTIZE:
      return OperatorKind::kQuantize;
    case tflite::BuiltinOperator_RELU:
      return OperatorKind::kRelu;
    case tflite::BuiltinOperator_RELU6:
      return OperatorKind::kRelu6;
    case tflite::BuiltinOperator_RESHAPE:
      return OperatorKind::kReshape;
    case tflite::BuiltinOperator_RESIZE_NEAREST_NEIGHBOR:
      return OperatorKind::kResizeNearestNeighbor;
    case tflite::BuiltinOperator_SOFTMAX:
      return OperatorKind::kSoftmax;
    case tflite::BuiltinOperator_STRIDED_SLICE:
      return OperatorKind::kStridedSlice;
    case tflite::BuiltinOperator_SUB:
      return OperatorKind::kSub;
    case tflite::BuiltinOperator_TRANSPOSE:
      return OperatorKind::kTranspose;
    default:
      return std::nullopt;
  }
}

Options read_options(OperatorKind kind, const tflite::Operator& op, const Fail& fail) {
  switch (kind) {
    case OperatorKind::kAdd:
      return read_arithmetic<tflite::AddOptions>(op, fail);
    case OperatorKind::kSub:
      return read_arithmetic<tflite::SubOptions>(op, fail);
    case OperatorKind::kMul:
      return read_arithmetic<tflite::MulOptions>(op, fail);
    case OperatorKind::kAveragePool2D:
    case OperatorKind::kMaxPool2D:
      return read_pool(op, fail);
    case OperatorKind::kConcatenation: {
      const auto& from = table<tflite::ConcatenationOptions>(op, fail);
      return ConcatenationOptions{
          .axis = from.axis(),
          .fused_activation_function = read_activation(from.fused_activation_function(), fail)};
    }
    case OperatorKind::kConv2D:
      return read_conv_2d(op, fail);
    case OperatorKind::kDepthwiseConv2D:
      return read_depthwise_conv_2d(op, fail);
    case OperatorKind::kFullyConnected:
      return read_fully_connected(op, fail);
    case OperatorKind::kMean:
      return ReducerOptions{.keep_dims = table<tflite::ReducerOptions>(op, fail).keep_dims()};
    case OperatorKind::kReshape:
      return read_reshape(op, fail);
    case OperatorKind::kResizeNearestNeighbor: {
      const auto& from = table<tflite::ResizeNearestNeighborOptions>(op, fail);
      return ResizeNearestNeighborOptions{.align_corners = from.align_corners(),
                                          .half_pixel_centers = from.half_pixel_centers()};
    }
    case OperatorKind::kSoftmax:
      return SoftmaxOptions{.beta = table<tflite::SoftmaxOptions>(op, fail).beta()};
    case OperatorKind::kStridedSlice:
      return read_strided_slice(op, fail);
    case OperatorKind::kDequantize:
    case OperatorKind::kLogistic:
    case OperatorKind::kPad:
    case OperatorKind::kPadV2:
    case OperatorKind::kQuantize:
    case OperatorKind::kRelu:
    case OperatorKind::kRelu6:
    case OperatorKind::kTranspose:
      break;
  }
  return NoOptions{};
}

}  // namespace reference
