#include "one_operator.h"

namespace reference {

OneOperator::OneOperator(OperatorKind kind, const Options& options) {
  graph.name = "test";
  graph.operators.emplace_back();
  op().kind = kind;
  op().options = options;
}

Tensor& OneOperator::add_tensor(const std::string& name, TensorType type, const Dimensions& shape) {
  Tensor& tensor = graph.tensors.emplace_back();
  tensor.name = name;
  tensor.type = type;
  tensor.shape = shape;
  return tensor;
}

Tensor& OneOperator::add_input(const std::string& name, TensorType type, const Dimensions& shape) {
  op().inputs.push_back(static_cast<int>(graph.tensors.size()));
  return add_tensor(name, type, shape);
}

OneOperator& OneOperator::input(const Dimensions& shape, float scale, std::int32_t zero_point) {
  add_input("x", TensorType::kInt8, shape).quantization = {{scale}, {zero_point}, 0};
  graph.inputs.push_back(op().inputs.back());
  return *this;
}

OneOperator& OneOperator::float_input(const Dimensions& shape) {
  add_input("x", TensorType::kFloat32, shape);
  graph.inputs.push_back(op().inputs.back());
  return *this;
}

OneOperator& OneOperator::weights(const Dimensions& shape, const Int8s& values,
                                  const std::vector<float>& scales, int dimension) {
  Tensor& tensor = add_input("w", TensorType::kInt8, shape);
  tensor.quantization = {scales, std::vector<std::int32_t>(scales.size(), 0), dimension};
  tensor.constant = bytes_of(values);
  return *this;
}

OneOperator& OneOperator::ints(const std::vector<std::int32_t>& values) {
  return ints(values, {static_cast<std::int32_t>(values.size())});
}

OneOperator& OneOperator::ints(const std::vector<std::int32_t>& values, const Dimensions& shape) {
  add_input("ints", TensorType::kInt32, shape).constant = bytes_of(values);
  return *this;
}

OneOperator& OneOperator::int8_constant(const Dimensions& shape, const Int8s& values, float scale,
                                        std::int32_t zero_point) {
  Tensor& tensor = add_input("constant", TensorType::kInt8, shape);
  tensor.quantization = {{scale}, {zero_point}, 0};
  tensor.constant = bytes_of(values);
  return *this;
}

OneOperator& OneOperator::absent() {
  op().inputs.push_back(-1);
  return *this;
}

OneOperator& OneOperator::output(const Dimensions& shape, float scale, std::int32_t zero_point) {
  const int index = static_cast<int>(graph.tensors.size());
  add_tensor("y", TensorType::kInt8, shape).quantization = {{scale}, {zero_point}, 0};
  op().outputs = graph.outputs = {index};
  return *this;
}

OneOperator& OneOperator::float_output(const Dimensions& shape) {
  const int index = static_cast<int>(graph.tensors.size());
  add_tensor("y", TensorType::kFloat32, shape);
  op().outputs = graph.outputs = {index};
  return *this;
}

TensorData OneOperator::run_bytes(const std::vector<TensorData>& inputs) const {
  return interpret(graph, inputs)[static_cast<std::size_t>(graph.outputs[0])];
}

Int8s OneOperator::run(const std::vector<Int8s>& inputs) const {
  std::vector<TensorData> data;
  for (const Int8s& input : inputs) data.push_back(bytes_of(input));
  return values_of<std::int8_t>(run_bytes(data));
}

}  // namespace reference
