// The naive kernels: one function an operator, from input bytes to output bytes. They rely on `validate`.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "reference/graph.h"

namespace reference::kernels {

/// One operator of a validated graph, and the bytes of all tensors so far (one entry per tensor of the
/// graph).
struct Call {
  const Graph& graph;
  const Operator& op;
  const std::vector<TensorData>& values;

  /// Whether input `i` is given: a bias may be left out, or be -1.
  bool has_input(std::size_t i) const { return i < op.inputs.size() && op.inputs[i] >= 0; }
  const Tensor& input(std::size_t i) const { return graph.tensor(op.inputs.at(i)); }
  const Tensor& output() const { return graph.tensor(op.outputs.at(0)); }
  const TensorData& bytes(std::size_t i) const {
    return values.at(static_cast<std::size_t>(op.inputs.at(i)));
  }

  std::span<const std::int8_t> int8(std::size_t i) const;
  std::vector<std::int32_t> int32(std::size_t i) const;
  std::vector<float> float32(std::size_t i) const;
  /// int32 input `i`, or `count` zeros where it is absent.
  std::vector<std::int32_t> bias(std::size_t i, std::int64_t count) const;
  TensorData new_output() const { return TensorData(static_cast<std::size_t>(output().bytes())); }
};

/// The int8 elements of `data`.
std::span<std::int8_t> as_int8(TensorData& data);

/// The one zero point of a tensor that is quantised as a whole.
inline std::int32_t zero_point(const Tensor& tensor) {
  return tensor.quantization.zero_point.at(0);
}
inline float scale(const Tensor& tensor) {
  return tensor.quantization.scale.at(0);
}

// int8 accumulators are 32 bits wide and wrap.
TensorData conv_2d(const Call& call);            ///< int8 [N,H,W,C] x [O,KH,KW,C/groups] -> int8 [N,OH,OW,O]
TensorData depthwise_conv_2d(const Call& call);  ///< int8 [N,H,W,C] x [1,KH,KW,C*M] -> int8 [N,OH,OW,C*M]
TensorData fully_connected(const Call& call);    ///< int8 [..] seen as [B,I] x [O,I] -> int8 [B,O]

TensorData add(const Call& call);  ///< int8 with int8, broadcast
TensorData sub(const Call& call);
TensorData mul(const Call& call);
TensorData relu(const Call& call);      ///< RELU and RELU6: int8, requantised
TensorData logistic(const Call& call);  ///< int8 -> int8 of scale 1/256, zero point -128

TensorData average_pool_2d(const Call& call);  ///< int8 [N,H,W,C]; padding is not counted
TensorData max_pool_2d(const Call& call);
TensorData mean(const Call& call);  ///< int8, over constant axes
TensorData softmax(
    const Call& call);  ///< int8 over the last dimension -> int8 of scale 1/256, zero point -128

// Any element type: bytes move unchanged.
TensorData concatenation(const Call& call);
TensorData pad(const Call& call);  ///< PAD (pads with the zero point) and PADV2 (with its third input)
TensorData reshape(const Call& call);
TensorData resize_nearest_neighbor(const Call& call);  ///< [N,H,W,C]
TensorData strided_slice(const Call& call);
TensorData transpose(const Call& call);

TensorData quantize(const Call& call);    ///< float32 -> int8, int8 -> int8
TensorData dequantize(const Call& call);  ///< int8 -> float32

}  // namespace reference::kernels
