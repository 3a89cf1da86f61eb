#include "tiny_file.h"

#include <cstring>
#include <utility>

namespace reference {
namespace {

using Builder = flatbuffers::FlatBufferBuilder;

using ZeroPoints = flatbuffers::Offset<flatbuffers::Vector<std::int64_t>>;

/// A vector that starts at a multiple of 4 bytes: wrong for 8-byte elements, but no verifier minds.
ZeroPoints loosely_aligned(Builder& out, const std::vector<std::int64_t>& values) {
  out.StartVector(2 * values.size(), sizeof(std::uint32_t));
  for (std::size_t i = values.size(); i-- > 0;) {
    out.PushElement(static_cast<std::uint32_t>(values[i] >> 32));
    out.PushElement(static_cast<std::uint32_t>(values[i]));
  }
  return {out.EndVector(values.size())};
}

flatbuffers::Offset<tflite::Tensor> write_tensor(Builder& out, const TinyTensor& tensor,
                                                 std::uint32_t buffer) {
  const ZeroPoints zero_point =
      tensor.loosely_aligned ? loosely_aligned(out, tensor.zero_point) : out.CreateVector(tensor.zero_point);
  const auto quantization = tflite::CreateQuantizationParameters(
      out, 0, 0, out.CreateVector(tensor.scale), zero_point, 0, 0, tensor.quantized_dimension);
  flatbuffers::Offset<tflite::SparsityParameters> sparsity;
  if (tensor.is_sparse) sparsity = tflite::CreateSparsityParameters(out);
  return tflite::CreateTensor(out, out.CreateVector(tensor.shape), tensor.type, buffer,
                              out.CreateString(tensor.name), quantization, tensor.is_variable, sparsity);
}

TinyTensor activation(std::vector<std::int32_t> shape, float scale = 1.0F, std::int64_t zero_point = 0) {
  TinyTensor tensor;
  tensor.shape = std::move(shape);
  tensor.scale = {scale};
  tensor.zero_point = {zero_point};
  return tensor;
}

TinyTensor constant(std::vector<std::int32_t> shape, std::vector<std::uint8_t> data) {
  TinyTensor tensor = activation(std::move(shape));
  tensor.data = std::move(data);
  return tensor;
}

TinyTensor ints(const std::vector<std::int32_t>& values, std::vector<std::int32_t> shape) {
  TinyTensor tensor = constant(std::move(shape), int32_data(values));
  tensor.type = tflite::TensorType_INT32;
  tensor.scale.clear();
  tensor.zero_point.clear();
  return tensor;
}

TinyTensor floats(std::vector<std::int32_t> shape) {
  TinyTensor tensor;
  tensor.shape = std::move(shape);
  tensor.type = tflite::TensorType_FLOAT32;
  tensor.scale.clear();
  tensor.zero_point.clear();
  return tensor;
}

TinyOperator with_options(tflite::BuiltinOperator code, std::vector<std::int32_t> inputs, std::int32_t output,
                          tflite::BuiltinOptions type, TinyOptions options) {
  TinyOperator op = tiny_operator(code, std::move(inputs), output);
  op.options_type = type;
  op.options = std::move(options);
  return op;
}

/// FULLY_CONNECTED, SOFTMAX and the float edges.
TinyFile matrix_file() {
  TinyFile file;
  file.tensors = {floats({1, 2}),
                  activation({1, 2}, 0.5F, -3),
                  constant({3, 2}, int8_data({1, 2, 3, 4, 5, 6})),
                  activation({1, 3}),
                  activation({1, 3}, 1.0F / 256.0F, -128),
                  floats({1, 3})};
  file.operators = {
      tiny_operator(tflite::BuiltinOperator_QUANTIZE, {0}, 1),
      with_options(tflite::BuiltinOperator_FULLY_CONNECTED, {1, 2, -1}, 3,
                   tflite::BuiltinOptions_FullyConnectedOptions,
                   [](Builder& out) { return tflite::CreateFullyConnectedOptions(out).Union(); }),
      with_options(tflite::BuiltinOperator_SOFTMAX, {3}, 4, tflite::BuiltinOptions_SoftmaxOptions,
                   [](Builder& out) { return tflite::CreateSoftmaxOptions(out, 1.0F).Union(); }),
      tiny_operator(tflite::BuiltinOperator_DEQUANTIZE, {4}, 5)};
  file.inputs = {0};
  file.outputs = {5};
  return file;
}

/// ADD, MUL, AVERAGE_POOL_2D, MEAN and LOGISTIC.
TinyFile arithmetic_file() {
  TinyFile file;
  file.tensors = {activation({1, 2, 2, 2}),
                  activation({1, 2, 2, 2}, 0.5F, 7),
                  activation({1, 2, 2, 2}),
                  activation({1, 1, 1, 2}),
                  ints({1, 2}, {2}),
                  activation({1, 2}),
                  activation({1, 2}, 1.0F / 256.0F, -128)};
  file.operators = {
      with_options(tflite::BuiltinOperator_ADD, {0, 0}, 1, tflite::BuiltinOptions_AddOptions,
                   [](Builder& out) {
                     return tflite::CreateAddOptions(out, tflite::ActivationFunctionType_RELU6).Union();
                   }),
      with_options(tflite::BuiltinOperator_MUL, {1, 0}, 2, tflite::BuiltinOptions_MulOptions,
                   [](Builder& out) { return tflite::CreateMulOptions(out).Union(); }),
      with_options(tflite::BuiltinOperator_AVERAGE_POOL_2D, {2}, 3, tflite::BuiltinOptions_Pool2DOptions,
                   [](Builder& out) {
                     return tflite::CreatePool2DOptions(out, tflite::Padding_VALID, 2, 2, 2, 2).Union();
                   }),
      with_options(tflite::BuiltinOperator_MEAN, {3, 4}, 5, tflite::BuiltinOptions_ReducerOptions,
                   [](Builder& out) { return tflite::CreateReducerOptions(out, false).Union(); }),
      tiny_operator(tflite::BuiltinOperator_LOGISTIC, {5}, 6)};
  file.inputs = {0};
  file.outputs = {6};
  return file;
}

/// PAD, TRANSPOSE, STRIDED_SLICE, CONCATENATION, RESIZE_NEAREST_NEIGHBOR and RESHAPE.
TinyFile shape_file() {
  TinyFile file;
  file.tensors = {activation({1, 2, 2, 1}), ints({0, 0, 1, 0, 0, 1, 0, 0}, {4, 2}),
                  activation({1, 3, 3, 1}), ints({0, 2, 1, 3}, {4}),
                  activation({1, 3, 3, 1}), ints({0, 0, 0, 0}, {4}),
                  ints({1, 2, 3, 1}, {4}),  ints({1, 1, 2, 1}, {4}),
                  activation({1, 2, 2, 1}), activation({1, 2, 2, 2}),
                  ints({3, 4}, {2}),        activation({1, 3, 4, 2}),
                  ints({2, -1}, {2}),       activation({2, 12})};
  file.operators = {
      tiny_operator(tflite::BuiltinOperator_PAD, {0, 1}, 2),
      tiny_operator(tflite::BuiltinOperator_TRANSPOSE, {2, 3}, 4),
      with_options(tflite::BuiltinOperator_STRIDED_SLICE, {4, 5, 6, 7}, 8,
                   tflite::BuiltinOptions_StridedSliceOptions,
                   [](Builder& out) { return tflite::CreateStridedSliceOptions(out, 1, 1).Union(); }),
      with_options(tflite::BuiltinOperator_CONCATENATION, {8, 0}, 9,
                   tflite::BuiltinOptions_ConcatenationOptions,
                   [](Builder& out) { return tflite::CreateConcatenationOptions(out, 3).Union(); }),
      with_options(
          tflite::BuiltinOperator_RESIZE_NEAREST_NEIGHBOR, {9, 10}, 11,
          tflite::BuiltinOptions_ResizeNearestNeighborOptions,
          [](Builder& out) { return tflite::CreateResizeNearestNeighborOptions(out, true).Union(); }),
      tiny_operator(tflite::BuiltinOperator_RESHAPE, {11, 12}, 13)};
  file.inputs = {0};
  file.outputs = {13};
  return file;
}

/// DEPTHWISE_CONV_2D with a multiplier of 2 and a scale for each channel.
TinyFile depthwise_file() {
  TinyFile file;
  TinyTensor filter = constant({1, 1, 2, 4}, int8_data({1, 2, 3, 4, 5, 6, 7, 8}));
  filter.scale = {1.0F, 0.5F, 0.25F, 0.125F};
  filter.zero_point = {0, 0, 0, 0};
  filter.quantized_dimension = 3;
  file.tensors = {activation({1, 1, 3, 2}), filter, activation({1, 1, 3, 4})};
  file.operators = {
      with_options(tflite::BuiltinOperator_DEPTHWISE_CONV_2D, {0, 1}, 2,
                   tflite::BuiltinOptions_DepthwiseConv2DOptions, [](Builder& out) {
                     return tflite::CreateDepthwiseConv2DOptions(out, tflite::Padding_SAME, 1, 1, 2).Union();
                   })};
  file.inputs = {0};
  file.outputs = {2};
  return file;
}

}  // namespace

std::vector<std::uint8_t> int8_data(const std::vector<int>& values) {
  std::vector<std::uint8_t> data;
  for (const int value : values) data.push_back(static_cast<std::uint8_t>(value));
  return data;
}

std::vector<std::uint8_t> int32_data(const std::vector<std::int32_t>& values) {
  std::vector<std::uint8_t> data(values.size() * sizeof(values[0]));
  if (!data.empty()) std::memcpy(data.data(), values.data(), data.size());
  return data;
}

TinyOperator tiny_operator(tflite::BuiltinOperator code, std::vector<std::int32_t> inputs,
                           std::int32_t output) {
  TinyOperator op;
  op.code = code;
  op.deprecated_code = code;
  op.inputs = std::move(inputs);
  op.outputs = {output};
  return op;
}

TinyOperator tiny_conv_2d(std::vector<std::int32_t> inputs, std::int32_t output) {
  return with_options(
      tflite::BuiltinOperator_CONV_2D, std::move(inputs), output, tflite::BuiltinOptions_Conv2DOptions,
      [](Builder& out) { return tflite::CreateConv2DOptions(out, tflite::Padding_SAME, 1, 1).Union(); });
}

std::vector<std::uint8_t> TinyFile::bytes() const {
  Builder out;
  std::vector<flatbuffers::Offset<tflite::Buffer>> buffers = {tflite::CreateBuffer(out)};
  std::vector<flatbuffers::Offset<tflite::Tensor>> written;
  for (const TinyTensor& tensor : tensors) {
    std::uint32_t buffer = 0;
    if (!tensor.data.empty()) {
      buffer = static_cast<std::uint32_t>(buffers.size());
      buffers.push_back(
          tflite::CreateBuffer(out, out.CreateVector(tensor.data), buffer_offset, buffer_offset));
    }
    if (tensor.buffer >= 0) buffer = static_cast<std::uint32_t>(tensor.buffer);
    written.push_back(write_tensor(out, tensor, buffer));
  }
  std::vector<flatbuffers::Offset<tflite::OperatorCode>> codes;
  std::vector<flatbuffers::Offset<tflite::Operator>> written_operators;
  for (const TinyOperator& op : operators) {
    const auto index = op.opcode_index >= 0 ? op.opcode_index : static_cast<std::int64_t>(codes.size());
    codes.push_back(tflite::CreateOperatorCode(out, static_cast<std::int8_t>(op.deprecated_code),
                                               out.CreateString(op.custom_code), 1,
                                               static_cast<tflite::BuiltinOperator>(op.code)));
    flatbuffers::Offset<void> options;
    if (op.options) options = op.options(out);
    written_operators.push_back(
        tflite::CreateOperator(out, static_cast<std::uint32_t>(index), out.CreateVector(op.inputs),
                               out.CreateVector(op.outputs), op.options_type, options));
  }
  const auto subgraph = tflite::CreateSubGraph(out, out.CreateVector(written), out.CreateVector(inputs),
                                               out.CreateVector(outputs), out.CreateVector(written_operators),
                                               out.CreateString("main"));
  std::vector<flatbuffers::Offset<tflite::SubGraph>> subgraphs;
  if (has_subgraph) subgraphs.assign(1 + static_cast<std::size_t>(extra_subgraphs), subgraph);
  const auto model = tflite::CreateModel(out, version, out.CreateVector(codes), out.CreateVector(subgraphs),
                                         out.CreateString("tiny"), out.CreateVector(buffers));
  out.Finish(model, identifier);
  return {out.GetBufferPointer(), out.GetBufferPointer() + out.GetSize()};
}

TinyFile conv_file() {
  TinyFile file;
  TinyTensor bias = ints({10, -10}, {2});
  file.tensors = {activation({1, 2, 2, 1}), constant({2, 1, 1, 1}, int8_data({2, -3})), bias,
                  activation({1, 2, 2, 2}), activation({1, 2, 2, 2})};
  file.tensors[0].name = "x";
  file.tensors[1].name = "filter";
  file.operators = {tiny_conv_2d({0, 1, 2}, 3), tiny_operator(tflite::BuiltinOperator_RELU, {3}, 4)};
  file.inputs = {0};
  file.outputs = {4};
  return file;
}

std::vector<TinyFile> seed_files() {
  return {conv_file(), matrix_file(), arithmetic_file(), shape_file(), depthwise_file()};
}

}  // namespace reference
