// Helpers of graph.h.
#include "reference/graph.h"

namespace reference {

int element_size(TensorType type) {
  return type == TensorType::kInt8 ? 1 : 4;
}

const char* to_string(TensorType type) {
  switch (type) {
    case TensorType::kInt8:
      return "int8";
    case TensorType::kInt32:
      return "int32";
    case TensorType::kFloat32:
      return "float32";
  }
  return "?";
}

std::int64_t Tensor::elements() const {
  std::int64_t product = 1;
  for (const std::int32_t dimension : shape) product *= dimension;
  return product;
}

const char* to_string(OperatorKind kind) {
  switch (kind) {
    case OperatorKind::kAdd:
      return "ADD";
    case OperatorKind::kAveragePool2D:
      return "AVERAGE_POOL_2D";
    case OperatorKind::kConcatenation:
      return "CONCATENATION";
    case OperatorKind::kConv2D:
      return "CONV_2D";
    case OperatorKind::kDepthwiseConv2D:
      return "DEPTHWISE_CONV_2D";
    case OperatorKind::kDequantize:
      return "DEQUANTIZE";
    case OperatorKind::kFullyConnected:
      return "FULLY_CONNECTED";
    case OperatorKind::kLogistic:
      return "LOGISTIC";
    case OperatorKind::kMaxPool2D:
      return "MAX_POOL_2D";
    case OperatorKind::kMean:
      return "MEAN";
    case OperatorKind::kMul:
      return "MUL";
    case OperatorKind::kPad:
      return "PAD";
    case OperatorKind::kPadV2:
      return "PADV2";
    case OperatorKind::kQuantize:
      return "QUANTIZE";
    case OperatorKind::kRelu:
      return "RELU";
    case OperatorKind::kRelu6:
      return "RELU6";
    case OperatorKind::kReshape:
      return "RESHAPE";
    case OperatorKind::kResizeNearestNeighbor:
      return "RESIZE_NEAREST_NEIGHBOR";
    case OperatorKind::kSoftmax:
      return "SOFTMAX";
    case OperatorKind::kStridedSlice:
      return "STRIDED_SLICE";
    case OperatorKind::kSub:
      return "SUB";
    case OperatorKind::kTranspose:
      return "TRANSPOSE";
  }
  return "?";
}

}  // namespace reference
