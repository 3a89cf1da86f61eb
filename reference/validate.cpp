// The graph as a whole: tensors, indices and order. Operators are checked in validate_*.cpp.
#include "reference/validate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "reference/operator_check.h"

namespace reference {
namespace {

class GraphCheck {
 public:
  GraphCheck(const Graph& graph, const std::string& where) : x_graph(graph), x_where(where) {}

  void tensors();
  void indices();
  void order();

 private:
  [[noreturn]] void fail(const std::string& text) const {
    throw ModelError(fmt::format("{}: {}", x_where, text));
  }
  [[noreturn]] void fail_tensor(int tensor, const std::string& text) const {
    fail(fmt::format("{}: {}", tensor_label(x_graph, tensor), text));
  }
  [[noreturn]] void fail_operator(int op, const std::string& text) const {
    OperatorCheck(x_graph, op, x_where).fail(text);
  }
  void require_index(const std::string& role, int index) const {
    if (index < 0 || static_cast<std::size_t>(index) >= x_graph.tensors.size())
      fail(fmt::format("{} is tensor {}, expected 0 to {}", role, index,
                       static_cast<std::int64_t>(x_graph.tensors.size()) - 1));
  }
  std::int64_t checked_bytes(int index) const;
  void quantization(int index) const;
  bool cyclic(const std::vector<int>& producer) const;

  const Graph& x_graph;
  const std::string& x_where;
};

std::int64_t GraphCheck::checked_bytes(int index) const {
  const Tensor& tensor = x_graph.tensor(index);
  if (tensor.shape.size() > kMaxRank)
    fail_tensor(index, fmt::format("has {} dimensions, expected at most {}", tensor.shape.size(), kMaxRank));
  std::int64_t bytes = element_size(tensor.type);
  for (std::size_t d = 0; d < tensor.shape.size(); ++d) {
    if (tensor.shape[d] < 1)
      fail_tensor(index, fmt::format("dimension {} is {}, expected at least 1", d, tensor.shape[d]));
    bytes *= tensor.shape[d];
    if (bytes > kMaxGraphBytes)
      fail_tensor(index,
                  fmt::format("shape {} is larger than {} MiB", to_text(tensor.shape), kMaxGraphBytes >> 20));
  }
  return bytes;
}

void GraphCheck::quantization(int index) const {
  const Tensor& tensor = x_graph.tensor(index);
  const QuantizationParameters& q = tensor.quantization;
  if (q.scale.size() != q.zero_point.size())
    fail_tensor(index, fmt::format("has {} scales and {} zero points, expected as many", q.scale.size(),
                                   q.zero_point.size()));
  if (q.scale.size() > 1) {
    const auto rank = static_cast<int>(tensor.shape.size());
    if (q.quantized_dimension < 0 || q.quantized_dimension >= rank)
      fail_tensor(
          index, fmt::format("quantized_dimension is {}, expected 0 to {}", q.quantized_dimension, rank - 1));
    const std::int32_t size = tensor.shape[static_cast<std::size_t>(q.quantized_dimension)];
    if (q.scale.size() != static_cast<std::size_t>(size))
      fail_tensor(index, fmt::format("has {} scales, expected 1 or {} (dimension {})", q.scale.size(), size,
                                     q.quantized_dimension));
  }
  for (std::size_t i = 0; i < q.scale.size(); ++i) {
    if (!std::isfinite(q.scale[i]) || q.scale[i] <= 0.0F)
      fail_tensor(index, fmt::format("scale {} is {}, expected finite and above 0", i, q.scale[i]));
    if (tensor.type == TensorType::kInt8 && (q.zero_point[i] < -128 || q.zero_point[i] > 127))
      fail_tensor(index, fmt::format("zero point {} is {}, expected -128 to 127", i, q.zero_point[i]));
  }
}

void GraphCheck::tensors() {
  std::int64_t total = 0;
  for (std::size_t t = 0; t < x_graph.tensors.size(); ++t) {
    const int index = static_cast<int>(t);
    const std::int64_t bytes = checked_bytes(index);
    total += bytes;
    if (total > kMaxGraphBytes)
      fail(fmt::format("the tensors are larger than {} MiB together", kMaxGraphBytes >> 20));
    quantization(index);
    const std::optional<TensorData>& constant = x_graph.tensors[t].constant;
    if (constant && static_cast<std::int64_t>(constant->size()) != bytes)
      fail_tensor(index,
                  fmt::format("its constant has {} bytes, expected {} for {} {}", constant->size(), bytes,
                              to_string(x_graph.tensors[t].type), to_text(x_graph.tensors[t].shape)));
  }
}

void GraphCheck::indices() {
  std::set<int> seen;
  for (std::size_t i = 0; i < x_graph.inputs.size(); ++i) {
    require_index(fmt::format("input {}", i), x_graph.inputs[i]);
    if (x_graph.is_constant(x_graph.inputs[i]))
      fail_tensor(x_graph.inputs[i], "is both an input and a constant");
    if (!seen.insert(x_graph.inputs[i]).second) fail_tensor(x_graph.inputs[i], "is an input twice");
  }
  if (x_graph.outputs.empty()) fail("the graph has no outputs");
  for (std::size_t i = 0; i < x_graph.outputs.size(); ++i)
    require_index(fmt::format("output {}", i), x_graph.outputs[i]);
  for (std::size_t o = 0; o < x_graph.operators.size(); ++o) {
    const Operator& op = x_graph.operators[o];
    const auto require_operand = [&](const char* role, std::size_t i, int tensor, int least) {
      const auto count = static_cast<std::int64_t>(x_graph.tensors.size());
      if (tensor < least || tensor >= count)
        fail_operator(static_cast<int>(o),
                      fmt::format("{} {} is tensor {}, expected 0 to {}", role, i, tensor, count - 1));
    };
    for (std::size_t i = 0; i < op.inputs.size(); ++i) require_operand("input", i, op.inputs[i], -1);
    for (std::size_t i = 0; i < op.outputs.size(); ++i) require_operand("output", i, op.outputs[i], 0);
    if (op.outputs.size() != 1)
      fail_operator(static_cast<int>(o), fmt::format("has {} outputs, expected 1", op.outputs.size()));
  }
}

/// Whether some operator needs its own result, whatever the order. `producer` is the operator of each tensor,
/// or -1.
bool GraphCheck::cyclic(const std::vector<int>& producer) const {
  const std::size_t count = x_graph.operators.size();
  std::vector<std::vector<int>> readers(count);
  std::vector<int> waiting(count, 0);
  for (std::size_t o = 0; o < count; ++o) {
    for (const int tensor : x_graph.operators[o].inputs) {
      const int from = tensor < 0 ? -1 : producer[static_cast<std::size_t>(tensor)];
      if (from < 0) continue;
      readers[static_cast<std::size_t>(from)].push_back(static_cast<int>(o));
      ++waiting[o];
    }
  }
  std::vector<int> ready;
  for (std::size_t o = 0; o < count; ++o) {
    if (waiting[o] == 0) ready.push_back(static_cast<int>(o));
  }
  std::size_t done = 0;
  while (!ready.empty()) {
    const int op = ready.back();
    ready.pop_back();
    ++done;
    for (const int reader : readers[static_cast<std::size_t>(op)]) {
      if (--waiting[static_cast<std::size_t>(reader)] == 0) ready.push_back(reader);
    }
  }
  return done != count;
}

void GraphCheck::order() {
  std::vector<int> producer(x_graph.tensors.size(), -1);
  for (std::size_t o = 0; o < x_graph.operators.size(); ++o) {
    const int tensor = x_graph.operators[o].outputs[0];
    int& slot = producer[static_cast<std::size_t>(tensor)];
    const int op = static_cast<int>(o);
    if (slot >= 0)
      fail_operator(
          op, fmt::format("writes {}, which op {} writes as well", tensor_label(x_graph, tensor), slot));
    if (x_graph.is_constant(tensor))
      fail_operator(op, fmt::format("writes {}, a constant", tensor_label(x_graph, tensor)));
    if (std::find(x_graph.inputs.begin(), x_graph.inputs.end(), tensor) != x_graph.inputs.end())
      fail_operator(op, fmt::format("writes {}, an input of the graph", tensor_label(x_graph, tensor)));
    slot = op;
  }
  std::vector<bool> defined(x_graph.tensors.size(), false);
  for (const int tensor : x_graph.inputs) defined[static_cast<std::size_t>(tensor)] = true;
  for (std::size_t t = 0; t < x_graph.tensors.size(); ++t) {
    if (x_graph.tensors[t].constant) defined[t] = true;
  }
  for (std::size_t o = 0; o < x_graph.operators.size(); ++o) {
    for (const int tensor : x_graph.operators[o].inputs) {
      if (tensor < 0 || defined[static_cast<std::size_t>(tensor)]) continue;
      const int from = producer[static_cast<std::size_t>(tensor)];
      const std::string label = tensor_label(x_graph, tensor);
      if (from < 0)
        fail_operator(static_cast<int>(o),
                      fmt::format("reads {}, which is neither an input, nor a constant, nor written "
                                  "by any operator",
                                  label));
      fail_operator(static_cast<int>(o),
                    fmt::format("reads {}, which op {} writes later: {}", label, from,
                                cyclic(producer) ? "cyclic graph" : "operators are out of order"));
    }
    defined[static_cast<std::size_t>(x_graph.operators[o].outputs[0])] = true;
  }
  for (const int tensor : x_graph.outputs) {
    if (!defined[static_cast<std::size_t>(tensor)])
      fail_tensor(tensor, "is an output of the graph, but no operator writes it");
  }
}

void check_operator(const OperatorCheck& check) {
  switch (check.op().kind) {
    case OperatorKind::kAdd:
    case OperatorKind::kSub:
      return check_add_or_sub(check);
    case OperatorKind::kMul:
      return check_mul(check);
    case OperatorKind::kAveragePool2D:
    case OperatorKind::kMaxPool2D:
      return check_pool(check);
    case OperatorKind::kConcatenation:
      return check_concatenation(check);
    case OperatorKind::kConv2D:
      return check_conv_2d(check);
    case OperatorKind::kDepthwiseConv2D:
      return check_depthwise_conv_2d(check);
    case OperatorKind::kDequantize:
      return check_dequantize(check);
    case OperatorKind::kFullyConnected:
      return check_fully_connected(check);
    case OperatorKind::kLogistic:
      return check_logistic(check);
    case OperatorKind::kMean:
      return check_mean(check);
    case OperatorKind::kPad:
    case OperatorKind::kPadV2:
      return check_pad(check);
    case OperatorKind::kQuantize:
      return check_quantize(check);
    case OperatorKind::kRelu:
    case OperatorKind::kRelu6:
      return check_relu(check);
    case OperatorKind::kReshape:
      return check_reshape(check);
    case OperatorKind::kResizeNearestNeighbor:
      return check_resize_nearest_neighbor(check);
    case OperatorKind::kSoftmax:
      return check_softmax(check);
    case OperatorKind::kStridedSlice:
      return check_strided_slice(check);
    case OperatorKind::kTranspose:
      return check_transpose(check);
  }
  check.fail("is not a known operator");
}

}  // namespace

void validate(const Graph& graph, const std::string& where) {
  GraphCheck check(graph, where);
  check.tensors();
  check.indices();
  check.order();
  for (std::size_t o = 0; o < graph.operators.size(); ++o)
    check_operator(OperatorCheck(graph, static_cast<int>(o), where));
}

}  // namespace reference
