// A graph of one operator, for tests: inputs and constants in the operator's order, then its output.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "reference/interpret.h"

namespace reference {

using Int8s = std::vector<std::int8_t>;
using Dimensions = std::vector<std::int32_t>;

template <typename T>
TensorData bytes_of(const std::vector<T>& values) {
  TensorData data(values.size() * sizeof(T));
  if (!data.empty()) std::memcpy(data.data(), values.data(), data.size());
  return data;
}

template <typename T>
std::vector<T> values_of(const TensorData& data) {
  std::vector<T> values(data.size() / sizeof(T));
  if (!data.empty()) std::memcpy(values.data(), data.data(), data.size());
  return values;
}

class OneOperator {
 public:
  explicit OneOperator(OperatorKind kind, const Options& options = NoOptions{});

  OneOperator& input(const Dimensions& shape, float scale = 1.0F, std::int32_t zero_point = 0);
  OneOperator& float_input(const Dimensions& shape);
  /// int8 constant; one scale, or one for each index of `dimension`.
  OneOperator& weights(const Dimensions& shape, const Int8s& values,
                       const std::vector<float>& scales = {1.0F}, int dimension = 0);
  OneOperator& ints(const std::vector<std::int32_t>& values);
  OneOperator& ints(const std::vector<std::int32_t>& values, const Dimensions& shape);
  OneOperator& int8_constant(const Dimensions& shape, const Int8s& values, float scale = 1.0F,
                             std::int32_t zero_point = 0);
  OneOperator& absent();
  OneOperator& output(const Dimensions& shape, float scale = 1.0F, std::int32_t zero_point = 0);
  OneOperator& float_output(const Dimensions& shape);

  Operator& op() { return graph.operators[0]; }
  Tensor& input_tensor(std::size_t i) { return graph.tensors[static_cast<std::size_t>(op().inputs[i])]; }
  Tensor& output_tensor() { return graph.tensors[static_cast<std::size_t>(op().outputs[0])]; }

  TensorData run_bytes(const std::vector<TensorData>& inputs) const;
  Int8s run(const std::vector<Int8s>& inputs) const;

  Graph graph;

 private:
  Tensor& add_tensor(const std::string& name, TensorType type, const Dimensions& shape);
  Tensor& add_input(const std::string& name, TensorType type, const Dimensions& shape);
};

}  // namespace reference
