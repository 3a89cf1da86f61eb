// What a network means: tensors, operators and constants, in TFLite's terms.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

namespace reference {

/// Outside data that is not a network we can take. The text names thing, place, found and expected:
/// "kws.tflite: op 7 (CONV_2D): filter has 3 dimensions, expected 4 [O,H,W,I]".
class ModelError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

enum class TensorType { kInt8, kInt32, kFloat32 };

/// Bytes of one element.
int element_size(TensorType type);
/// "int8", "int32", "float32".
const char* to_string(TensorType type);

/// real = scale[c] * (q - zero_point[c]). One entry, or one for each index of `quantized_dimension`; empty
/// where the tensor is not quantised.
struct QuantizationParameters {
  std::vector<float> scale;
  std::vector<std::int32_t> zero_point;
  int quantized_dimension = 0;

  bool operator==(const QuantizationParameters&) const = default;
};

/// Raw little-endian bytes, row-major (TFLite layout: NHWC activations, OHWI / 1HWC weights).
using TensorData = std::vector<std::uint8_t>;

struct Tensor {
  std::string name;
  TensorType type = TensorType::kInt8;
  std::vector<std::int32_t> shape;  ///< every dimension >= 1; empty for a scalar
  QuantizationParameters quantization;
  std::optional<TensorData> constant;  ///< the value, where the file holds one

  bool operator==(const Tensor&) const = default;

  std::int64_t elements() const;
  std::int64_t bytes() const { return elements() * element_size(type); }
};

// Operator options carry TFLite's names. Strides, dilations and filter sizes are >= 1.
enum class Padding { kSame, kValid };
enum class ActivationFunction { kNone, kRelu, kReluN1To1, kRelu6 };

struct Conv2DOptions {
  Padding padding = Padding::kSame;
  int stride_w = 1, stride_h = 1;
  int dilation_w_factor = 1, dilation_h_factor = 1;
  ActivationFunction fused_activation_function = ActivationFunction::kNone;
  bool operator==(const Conv2DOptions&) const = default;
};
struct DepthwiseConv2DOptions {
  Padding padding = Padding::kSame;
  int stride_w = 1, stride_h = 1;
  int dilation_w_factor = 1, dilation_h_factor = 1;
  int depth_multiplier = 1;
  ActivationFunction fused_activation_function = ActivationFunction::kNone;
  bool operator==(const DepthwiseConv2DOptions&) const = default;
};
struct Pool2DOptions {  // AVERAGE_POOL_2D, MAX_POOL_2D
  Padding padding = Padding::kValid;
  int stride_w = 1, stride_h = 1;
  int filter_width = 1, filter_height = 1;
  ActivationFunction fused_activation_function = ActivationFunction::kNone;
  bool operator==(const Pool2DOptions&) const = default;
};
struct FullyConnectedOptions {
  ActivationFunction fused_activation_function = ActivationFunction::kNone;
  bool keep_num_dims = false;
  bool operator==(const FullyConnectedOptions&) const = default;
};
struct ArithmeticOptions {  // ADD, SUB, MUL
  ActivationFunction fused_activation_function = ActivationFunction::kNone;
  bool operator==(const ArithmeticOptions&) const = default;
};
struct ConcatenationOptions {
  int axis = 0;  ///< negative counts from the back
  ActivationFunction fused_activation_function = ActivationFunction::kNone;
  bool operator==(const ConcatenationOptions&) const = default;
};
struct ReducerOptions {  // MEAN
  bool keep_dims = false;
  bool operator==(const ReducerOptions&) const = default;
};
struct SoftmaxOptions {
  float beta = 1.0F;
  bool operator==(const SoftmaxOptions&) const = default;
};
struct ReshapeOptions {
  std::vector<std::int32_t> new_shape;
  bool operator==(const ReshapeOptions&) const = default;
};
struct ResizeNearestNeighborOptions {
  bool align_corners = false, half_pixel_centers = false;
  bool operator==(const ResizeNearestNeighborOptions&) const = default;
};
struct StridedSliceOptions {
  int begin_mask = 0, end_mask = 0, ellipsis_mask = 0, new_axis_mask = 0, shrink_axis_mask = 0;
  bool operator==(const StridedSliceOptions&) const = default;
};
/// PAD, PADV2, TRANSPOSE, LOGISTIC, RELU, RELU6, QUANTIZE, DEQUANTIZE.
struct NoOptions {
  bool operator==(const NoOptions&) const = default;
};

using Options =
    std::variant<NoOptions, Conv2DOptions, DepthwiseConv2DOptions, Pool2DOptions, FullyConnectedOptions,
                 ArithmeticOptions, ConcatenationOptions, ReducerOptions, SoftmaxOptions, ReshapeOptions,
                 ResizeNearestNeighborOptions, StridedSliceOptions>;

enum class OperatorKind {
  kAdd,
  kAveragePool2D,
  kConcatenation,
  kConv2D,
  kDepthwiseConv2D,
  kDequantize,
  kFullyConnected,
  kLogistic,
  kMaxPool2D,
  kMean,
  kMul,
  kPad,
  kPadV2,
  kQuantize,
  kRelu,
  kRelu6,
  kReshape,
  kResizeNearestNeighbor,
  kSoftmax,
  kStridedSlice,
  kSub,
  kTranspose,
};

/// TFLite's name: "CONV_2D".
const char* to_string(OperatorKind kind);

/// A tensor index of -1 in `inputs` is an optional input that is absent (a bias).
struct Operator {
  OperatorKind kind = OperatorKind::kAdd;
  std::vector<int> inputs;
  std::vector<int> outputs;
  Options options;

  bool operator==(const Operator&) const = default;
};

/// A network. `operators` is in execution order; every index is valid and every shape consistent once
/// `validate` (reference/validate.h) has accepted it.
struct Graph {
  std::string name;
  std::vector<Tensor> tensors;
  std::vector<Operator> operators;
  std::vector<int> inputs;
  std::vector<int> outputs;

  bool operator==(const Graph&) const = default;

  const Tensor& tensor(int index) const { return tensors.at(static_cast<std::size_t>(index)); }
  bool is_constant(int index) const { return index >= 0 && tensor(index).constant.has_value(); }
};

}  // namespace reference
