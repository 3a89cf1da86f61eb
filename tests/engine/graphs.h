// Small graphs for the engine's tests, built operator by operator.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reference/graph.h"

namespace engine {

/// Builds a graph forwards. Every method returns the index of the tensor it makes. Activations are int8 with
/// scale 0.05 and zero point 3 unless said otherwise; weights and biases follow from a counter, so they
/// differ.
class GraphBuilder {
 public:
  using Shape = std::vector<std::int32_t>;

  explicit GraphBuilder(const std::string& name) { graph_.name = name; }

  int input(const Shape& shape, float scale = 0.05F, int zero_point = 3);
  int activation(const Shape& shape, float scale = 0.05F, int zero_point = 3);
  int constant_int32(const std::vector<std::int32_t>& values, const Shape& shape);
  int constant_int8(int value);

  /// CONV_2D with `channels` filters of `filter` x `filter`; the output shape follows from the padding.
  int conv(int from, int channels, int filter, reference::Conv2DOptions options = {});
  int depthwise(int from, int filter, reference::DepthwiseConv2DOptions options = {});
  int add(int a, int b);
  /// PAD of rows and columns, by a zero point.
  int pad(int from, int top, int bottom, int left, int right);
  /// Any operator with the output `to` that the caller made.
  int op(reference::OperatorKind kind, const std::vector<int>& inputs, int to,
         reference::Options options = {});

  reference::Tensor& tensor(int index) { return graph_.tensors.at(static_cast<std::size_t>(index)); }
  /// The finished graph, validated.
  reference::Graph finish(const std::vector<int>& outputs);

 private:
  int weights(const Shape& shape, int channel_axis);
  int bias(int channels);
  std::int8_t next_byte();

  reference::Graph graph_;
  std::uint32_t state_ = 12345;
};

}  // namespace engine
