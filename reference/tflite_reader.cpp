#include "reference/tflite_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <limits>
#include <utility>
#include <vector>

#include "reference/operator_check.h"
#include "reference/tflite_generated.h"
#include "reference/tflite_options.h"
#include "reference/validate.h"

namespace reference {
namespace {

/// What the graph may copy out of the file. A FlatBuffer can name the same bytes many times, so that a small
/// file could ask for any amount of memory.
class Budget {
 public:
  explicit Budget(std::size_t file_bytes) : x_left(kExpansion * file_bytes) {}
  bool take(std::size_t bytes) {
    if (bytes > x_left) return false;
    x_left -= bytes;
    return true;
  }
  static constexpr std::size_t kExpansion = 16;

 private:
  std::size_t x_left;
};

std::string printable(std::string text, std::size_t longest) {
  text.resize(std::min(text.size(), longest));
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return text;
}

class Reader {
 public:
  Reader(const tflite::Model& model, std::size_t file_bytes, const std::string& where)
      : x_model(model), x_where(where), x_budget(file_bytes) {}

  Graph read();

 private:
  [[noreturn]] void fail(const std::string& text) const {
    throw ModelError(fmt::format("{}: {}", x_where, text));
  }
  void charge(std::size_t bytes) {
    if (!x_budget.take(bytes))
      fail(fmt::format(
          "expands to more than {} times its size: many tensors or operators share the same bytes",
          Budget::kExpansion));
  }
  template <typename To, typename From>
  std::vector<To> copy(const flatbuffers::Vector<From>* from) {
    if (from == nullptr) return {};
    charge(from->size() * sizeof(To));
    return {from->begin(), from->end()};
  }

  const tflite::SubGraph& subgraph() const;
  void read_tensors(const tflite::SubGraph& from);
  void read_quantization(const tflite::QuantizationParameters& from, const std::string& label,
                         Tensor& tensor);
  void read_constant(std::uint32_t buffer, const std::string& label, Tensor& tensor);
  void read_operators(const tflite::SubGraph& from);
  OperatorKind read_kind(std::size_t index, const tflite::Operator& op) const;

  const tflite::Model& x_model;
  const std::string& x_where;
  Budget x_budget;
  Graph x_graph;
};

const tflite::SubGraph& Reader::subgraph() const {
  const auto* subgraphs = x_model.subgraphs();
  if (subgraphs == nullptr || subgraphs->size() == 0) fail("has no subgraph");
  for (std::uint32_t i = 1; i < subgraphs->size(); ++i) {
    const auto* operators = subgraphs->Get(i)->operators();
    if (operators != nullptr && operators->size() > 0)
      fail(fmt::format("subgraph {} has {} operators, expected operators in subgraph 0 only", i,
                       operators->size()));
  }
  return *subgraphs->Get(0);
}

void Reader::read_quantization(const tflite::QuantizationParameters& from, const std::string& label,
                               Tensor& tensor) {
  tensor.quantization.scale = copy<float>(from.scale());
  const std::size_t scales = tensor.quantization.scale.size();
  if (scales == 0) return;  // only the calibration's min and max
  const std::size_t zero_points = from.zero_point() == nullptr ? 0 : from.zero_point()->size();
  if (zero_points != scales)
    fail(fmt::format("{}: has {} scales and {} zero points, expected as many", label, scales, zero_points));
  charge(zero_points * sizeof(std::int32_t));
  const std::uint8_t* next = from.zero_point()->Data();
  for (std::size_t i = 0; i < zero_points; ++i, next += sizeof(std::int64_t)) {
    std::int64_t zero_point = 0;
    std::memcpy(&zero_point, next, sizeof(zero_point));  // the verifier aligns vectors to 4 bytes only
    if (zero_point < std::numeric_limits<std::int32_t>::min() ||
        zero_point > std::numeric_limits<std::int32_t>::max())
      fail(fmt::format("{}: zero point {} does not fit 32 bits", label, zero_point));
    tensor.quantization.zero_point.push_back(static_cast<std::int32_t>(zero_point));
  }
  tensor.quantization.quantized_dimension = from.quantized_dimension();
}

void Reader::read_constant(std::uint32_t buffer, const std::string& label, Tensor& tensor) {
  if (buffer == 0) return;  // always the empty one
  const auto* buffers = x_model.buffers();
  const std::uint32_t count = buffers == nullptr ? 0 : buffers->size();
  if (buffer >= count) fail(fmt::format("{}: its buffer is {}, expected less than {}", label, buffer, count));
  const tflite::Buffer& from = *buffers->Get(buffer);
  if (from.offset() > 1 || from.size() > 1)
    fail(fmt::format("{}: its buffer lies outside the FlatBuffer", label));
  if (from.data() == nullptr || from.data()->size() == 0) return;
  tensor.constant = copy<std::uint8_t>(from.data());
}

void Reader::read_tensors(const tflite::SubGraph& from) {
  if (from.tensors() == nullptr) return;
  for (const tflite::Tensor* source : *from.tensors()) {
    const auto index = static_cast<int>(x_graph.tensors.size());
    x_graph.tensors.emplace_back();
    Tensor& tensor = x_graph.tensors.back();
    if (source->name() != nullptr) {
      charge(source->name()->size());
      tensor.name = source->name()->str();
    }
    const std::string label = tensor_label(x_graph, index);
    switch (source->type()) {
      case tflite::TensorType_INT8:
        tensor.type = TensorType::kInt8;
        break;
      case tflite::TensorType_INT32:
        tensor.type = TensorType::kInt32;
        break;
      case tflite::TensorType_FLOAT32:
        tensor.type = TensorType::kFloat32;
        break;
      default:
        fail(fmt::format("{}: has type {} ({}), expected INT8, INT32 or FLOAT32", label,
                         static_cast<int>(source->type()), tflite::EnumNameTensorType(source->type())));
    }
    if (source->is_variable()) fail(fmt::format("{}: is a variable, which is not supported", label));
    if (source->sparsity() != nullptr) fail(fmt::format("{}: is sparse, which is not supported", label));
    if (source->shape() != nullptr && source->shape()->size() > kMaxRank)
      fail(fmt::format("{}: has {} dimensions, expected at most {}", label, source->shape()->size(),
                       kMaxRank));
    tensor.shape = copy<std::int32_t>(source->shape());
    if (source->quantization() != nullptr) read_quantization(*source->quantization(), label, tensor);
    read_constant(source->buffer(), label, tensor);
  }
}

OperatorKind Reader::read_kind(std::size_t index, const tflite::Operator& op) const {
  const auto* codes = x_model.operator_codes();
  const std::uint32_t count = codes == nullptr ? 0 : codes->size();
  if (op.opcode_index() >= count)
    fail(fmt::format("op {}: its operator code is {}, expected less than {}", index, op.opcode_index(),
                     count));
  const tflite::OperatorCode& from = *codes->Get(op.opcode_index());
  const auto code = static_cast<tflite::BuiltinOperator>(
      std::max(static_cast<int>(from.builtin_code()), static_cast<int>(from.deprecated_builtin_code())));
  if (const std::optional<OperatorKind> kind = operator_kind(code)) return *kind;
  std::string name = tflite::EnumNameBuiltinOperator(code);
  if (code == tflite::BuiltinOperator_CUSTOM && from.custom_code() != nullptr)
    name += fmt::format(" \"{}\"", printable(from.custom_code()->str(), 60));
  if (name.empty()) name = fmt::format("builtin code {}", static_cast<int>(code));
  fail(fmt::format("op {} ({}): this operator is not supported", index, name));
}

void Reader::read_operators(const tflite::SubGraph& from) {
  if (from.operators() == nullptr) return;
  for (const tflite::Operator* source : *from.operators()) {
    const std::size_t index = x_graph.operators.size();
    Operator op;
    op.kind = read_kind(index, *source);
    op.inputs = copy<int>(source->inputs());
    op.outputs = copy<int>(source->outputs());
    op.options = read_options(op.kind, *source, [&](const std::string& text) {
      fail(fmt::format("op {} ({}): {}", index, to_string(op.kind), text));
    });
    x_graph.operators.push_back(std::move(op));
  }
}

Graph Reader::read() {
  constexpr std::uint32_t kVersion = 3;
  if (x_model.version() != kVersion)
    fail(fmt::format("has schema version {}, expected {}", x_model.version(), kVersion));
  const tflite::SubGraph& from = subgraph();
  read_tensors(from);
  x_graph.inputs = copy<int>(from.inputs());
  x_graph.outputs = copy<int>(from.outputs());
  read_operators(from);
  x_graph.name = x_where.ends_with(".tflite") ? x_where.substr(0, x_where.size() - 7) : x_where;
  return std::move(x_graph);
}

}  // namespace

Graph read_tflite(std::span<const std::uint8_t> file, const std::string& where) {
  constexpr std::size_t kSmallest = 8;  // a root offset and the identifier
  const auto fail = [&](const std::string& text) { throw ModelError(fmt::format("{}: {}", where, text)); };
  if (file.size() < kSmallest)
    fail(fmt::format("truncated: has {} bytes, expected a TFLite file of at least {}", file.size(),
                     kSmallest));
  if (file.size() > kMaxModelBytes)
    fail(fmt::format("has {} bytes, expected at most {}", file.size(), kMaxModelBytes));
  const std::string identifier(file.begin() + 4, file.begin() + 8);
  if (identifier != tflite::ModelIdentifier())
    fail(fmt::format("not a TFLite file: its identifier is \"{}\", expected \"{}\"", printable(identifier, 4),
                     tflite::ModelIdentifier()));

  // FlatBuffers reads scalars in place, so the bytes must be aligned.
  constexpr std::uintptr_t kAlignment = 16;
  std::vector<std::uint8_t> aligned;
  if (reinterpret_cast<std::uintptr_t>(file.data()) % kAlignment != 0) {
    aligned.assign(file.begin(), file.end());
    file = aligned;
  }
  constexpr flatbuffers::uoffset_t kMaxDepth = 16;
  constexpr flatbuffers::uoffset_t kMaxTables = 1000000;
  flatbuffers::Verifier verifier(file.data(), file.size(), kMaxDepth, kMaxTables);
  if (!tflite::VerifyModelBuffer(verifier))
    fail(fmt::format("damaged or truncated: its {} bytes are not a complete FlatBuffer", file.size()));

  Graph graph = Reader(*tflite::GetModel(file.data()), file.size(), where).read();
  validate(graph, where);
  return graph;
}

Graph load_tflite(const std::filesystem::path& path) {
  const std::string where = path.filename().string();
  const auto fail = [&](const std::string& text) {
    throw ModelError(fmt::format("{}: {}", path.string(), text));
  };
  std::error_code error;
  if (!std::filesystem::exists(path, error)) fail("no such file");
  if (!std::filesystem::is_regular_file(path, error)) fail("not a file");
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error) fail(error.message());
  if (size > kMaxModelBytes) fail(fmt::format("has {} bytes, expected at most {}", size, kMaxModelBytes));
  std::ifstream stream(path, std::ios::binary);
  std::vector<std::uint8_t> bytes(size);
  stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  if (!stream) fail("cannot be read");
  return read_tflite(bytes, where);
}

}  // namespace reference
