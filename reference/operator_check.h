// The words that operator checks are written in; used by validate*.cpp only.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reference/geometry.h"
#include "reference/graph.h"
#include "reference/requantize.h"

namespace reference {

/// "[1, 49, 10, 8]".
std::string to_text(const Shape& shape);
/// `tensor 12 ("conv1/weights")`; the name is cut short and made printable.
std::string tensor_label(const Graph& graph, int index);

/// One operator under check. Every `require` throws ModelError naming the operator, what was found and
/// expected.
class OperatorCheck {
 public:
  OperatorCheck(const Graph& graph, int index, const std::string& where)
      : x_graph(graph), x_index(index), x_where(where) {}

  const Operator& op() const { return x_graph.operators[static_cast<std::size_t>(x_index)]; }
  const Tensor& input(std::size_t i) const { return x_graph.tensor(op().inputs.at(i)); }
  const Tensor& output() const { return x_graph.tensor(op().outputs.at(0)); }
  bool has_input(std::size_t i) const { return i < op().inputs.size() && op().inputs[i] >= 0; }

  [[noreturn]] void fail(const std::string& text) const;

  /// The options of this kind of operator.
  template <typename Wanted>
  const Wanted& options() const {
    if (!std::holds_alternative<Wanted>(op().options)) fail("has the options of another operator");
    return std::get<Wanted>(op().options);
  }

  void require_range(const char* attribute, std::int64_t value, std::int64_t low, std::int64_t high) const;
  void require_inputs(std::size_t least, std::size_t most) const;
  void require_type(const Tensor& tensor, const char* role, TensorType type) const;
  void require_rank(const Tensor& tensor, const char* role, std::size_t rank, const char* layout) const;
  /// int8 with one scale and one zero point.
  void require_int8(const Tensor& tensor, const char* role) const;
  void require_same_quantization(const Tensor& a, const char* role_a, const Tensor& b,
                                 const char* role_b) const;
  /// Same type, and for int8 the same quantisation: what an operator that only moves elements needs.
  void require_same_elements(const Tensor& in, const char* role, const Tensor& out) const;
  void require_output_shape(const Shape& expected) const;
  /// An effective scale must become a fixed-point multiplier.
  void require_multiplier(double real, const char* what) const;
  /// A constant int32 tensor; returns its elements.
  std::vector<std::int32_t> constant_int32(std::size_t i, const char* role) const;

 private:
  const Graph& x_graph;
  int x_index;
  const std::string& x_where;
};

// validate_arithmetic.cpp: operators that compute.
void check_conv_2d(const OperatorCheck& check);
void check_depthwise_conv_2d(const OperatorCheck& check);
void check_fully_connected(const OperatorCheck& check);
void check_add_or_sub(const OperatorCheck& check);
void check_mul(const OperatorCheck& check);
void check_relu(const OperatorCheck& check);
void check_pool(const OperatorCheck& check);
void check_mean(const OperatorCheck& check);
void check_softmax(const OperatorCheck& check);
void check_logistic(const OperatorCheck& check);
void check_quantize(const OperatorCheck& check);
void check_dequantize(const OperatorCheck& check);
// validate_shapes.cpp: operators that move elements.
void check_concatenation(const OperatorCheck& check);
void check_pad(const OperatorCheck& check);
void check_reshape(const OperatorCheck& check);
void check_resize_nearest_neighbor(const OperatorCheck& check);
void check_strided_slice(const OperatorCheck& check);
void check_transpose(const OperatorCheck& check);

}  // namespace reference
