#include "reference/operator_check.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace reference {

std::string to_text(const Shape& shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

std::string tensor_label(const Graph& graph, int index) {
  constexpr std::size_t kLongest = 60;
  const std::string& name = graph.tensor(index).name;
  std::string shown = name.substr(0, kLongest);
  for (char& c : shown) {
    if (c < ' ' || c > '~') c = '?';
  }
  return fmt::format("tensor {} (\"{}{}\")", index, shown, name.size() > kLongest ? "..." : "");
}

void OperatorCheck::fail(const std::string& text) const {
  throw ModelError(fmt::format("{}: op {} ({}): {}", x_where, x_index, to_string(op().kind), text));
}

void OperatorCheck::require_range(const char* attribute, std::int64_t value, std::int64_t low,
                                  std::int64_t high) const {
  if (value < low || value > high)
    fail(fmt::format("{} is {}, expected {} to {}", attribute, value, low, high));
}

void OperatorCheck::require_inputs(std::size_t least, std::size_t most) const {
  const std::size_t count = op().inputs.size();
  if (count < least || count > most) {
    const std::string expected =
        least == most ? fmt::format("{}", least) : fmt::format("{} to {}", least, most);
    fail(fmt::format("has {} inputs, expected {}", count, expected));
  }
  for (std::size_t i = 0; i < least; ++i) {
    if (op().inputs[i] < 0) fail(fmt::format("input {} is absent", i));
  }
}

void OperatorCheck::require_type(const Tensor& tensor, const char* role, TensorType type) const {
  if (tensor.type != type)
    fail(fmt::format("{} is {}, expected {}", role, to_string(tensor.type), to_string(type)));
}

void OperatorCheck::require_rank(const Tensor& tensor, const char* role, std::size_t rank,
                                 const char* layout) const {
  if (tensor.shape.size() != rank) {
    fail(fmt::format("{} has {} dimension{}, expected {} {}", role, tensor.shape.size(),
                     tensor.shape.size() == 1 ? "" : "s", rank, layout));
  }
}

void OperatorCheck::require_int8(const Tensor& tensor, const char* role) const {
  require_type(tensor, role, TensorType::kInt8);
  const std::size_t scales = tensor.quantization.scale.size();
  if (scales != 1) fail(fmt::format("{} has {} quantisation scales, expected 1", role, scales));
}

void OperatorCheck::require_same_quantization(const Tensor& a, const char* role_a, const Tensor& b,
                                              const char* role_b) const {
  const QuantizationParameters &p = a.quantization, &q = b.quantization;
  if (p.scale == q.scale && p.zero_point == q.zero_point) return;
  if (p.scale.size() != 1 || q.scale.size() != 1)
    fail(fmt::format("{} and {} are quantised differently", role_a, role_b));
  fail(fmt::format("{} has scale {} and zero point {}, expected those of the {}: {} and {}", role_a,
                   p.scale[0], p.zero_point[0], role_b, q.scale[0], q.zero_point[0]));
}

void OperatorCheck::require_same_elements(const Tensor& in, const char* role, const Tensor& out) const {
  require_type(in, role, out.type);
  if (out.type != TensorType::kInt8) return;
  require_int8(in, role);
  require_int8(out, "output");
  require_same_quantization(in, role, out, "output");
}

void OperatorCheck::require_output_shape(const Shape& expected) const {
  if (output().shape != expected)
    fail(fmt::format("output has shape {}, expected {}", to_text(output().shape), to_text(expected)));
}

void OperatorCheck::require_multiplier(double real, const char* what) const {
  if (!(real >= 0.0 && real < kMaxMultiplier))
    fail(fmt::format("{} is {:.6g}, expected less than 2^30", what, real));
}

std::vector<std::int32_t> OperatorCheck::constant_int32(std::size_t i, const char* role) const {
  require_type(input(i), role, TensorType::kInt32);
  if (!input(i).constant) fail(fmt::format("{} is not a constant", role));
  return int32_values(input(i));
}

}  // namespace reference
