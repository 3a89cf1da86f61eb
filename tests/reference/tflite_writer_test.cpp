#include "reference/tflite_writer.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>

#include "reference/random_graph.h"
#include "reference/tflite_generated.h"
#include "reference/tflite_reader.h"
#include "reference/zoo.h"

namespace reference {
namespace {

/// Differences tensor by tensor and operator by operator, so that a failure does not print megabytes.
void expect_equal(const Graph& found, const Graph& expected) {
  EXPECT_EQ(found.name, expected.name);
  EXPECT_EQ(found.inputs, expected.inputs);
  EXPECT_EQ(found.outputs, expected.outputs);
  ASSERT_EQ(found.tensors.size(), expected.tensors.size());
  ASSERT_EQ(found.operators.size(), expected.operators.size());
  for (std::size_t i = 0; i < expected.tensors.size(); ++i) {
    EXPECT_TRUE(found.tensors[i] == expected.tensors[i]) << expected.name << ": tensor " << i;
  }
  for (std::size_t i = 0; i < expected.operators.size(); ++i) {
    EXPECT_TRUE(found.operators[i] == expected.operators[i]) << expected.name << ": op " << i;
  }
}

void expect_round_trip(const Graph& graph) {
  expect_equal(read_tflite(write_tflite(graph), graph.name), graph);
}

TEST(WriteTflite, EveryZooNetworkReadsBackEqual) {
  for (const std::string& name : zoo_names()) expect_round_trip(zoo_structure(name));
}

TEST(WriteTflite, ARealFileReadAndWrittenReadsBackEqual) {
  const std::filesystem::path models = std::filesystem::path(M7SCOPE_SHARED) / "models";
  if (!std::filesystem::exists(models)) GTEST_SKIP() << models << " is not beside the project";
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(models)) {
    if (entry.path().extension() != ".tflite") continue;
    expect_round_trip(load_tflite(entry.path()));
    ++files;
  }
  EXPECT_EQ(files, 6);
}

QuantizationParameters quantized(float scale, int zero_point) {
  return {{scale}, {zero_point}, 0};
}

template <class T>
TensorData bytes(const std::vector<T>& values) {
  TensorData data(values.size() * sizeof(T));
  std::memcpy(data.data(), values.data(), data.size());
  return data;
}

Tensor int8(std::vector<std::int32_t> shape, QuantizationParameters q = quantized(0.05F, 3)) {
  return {"", TensorType::kInt8, std::move(shape), std::move(q), {}};
}

Tensor int32_constant(const std::vector<std::int32_t>& values, std::vector<std::int32_t> shape) {
  return {"constant", TensorType::kInt32, std::move(shape), {}, bytes(values)};
}

Tensor filter(std::vector<std::int32_t> shape, int scales, int dimension) {
  Tensor tensor = int8(std::move(shape), {});
  tensor.constant = TensorData(static_cast<std::size_t>(tensor.elements()), 7);
  for (int i = 0; i < scales; ++i) {
    tensor.quantization.scale.push_back(0.01F + 0.001F * static_cast<float>(i));
    tensor.quantization.zero_point.push_back(0);
  }
  tensor.quantization.quantized_dimension = dimension;
  return tensor;
}

/// Tensor 0 is the input, the last the output; the ones between are constants, or -1 in `inputs`.
Graph one(OperatorKind kind, Options options, std::vector<Tensor> tensors, std::vector<int> inputs) {
  Graph graph{.name = "one", .tensors = std::move(tensors), .operators = {}, .inputs = {0}, .outputs = {}};
  const int last = static_cast<int>(graph.tensors.size()) - 1;
  graph.operators.push_back({kind, std::move(inputs), {last}, std::move(options)});
  graph.outputs = {last};
  return graph;
}

TEST(WriteTflite, EveryOptionOfAConvolutionReadsBackEqual) {
  for (const auto activation : {ActivationFunction::kNone, ActivationFunction::kRelu,
                                ActivationFunction::kReluN1To1, ActivationFunction::kRelu6}) {
    expect_round_trip(one(OperatorKind::kConv2D, Conv2DOptions{Padding::kSame, 1, 2, 4, 3, activation},
                          {int8({1, 9, 8, 2}), filter({5, 3, 2, 2}, 5, 0), int8({1, 5, 8, 5})}, {0, 1}));
    expect_round_trip(one(OperatorKind::kDepthwiseConv2D,
                          DepthwiseConv2DOptions{Padding::kValid, 3, 2, 1, 2, 3, activation},
                          {int8({1, 9, 8, 2}), filter({1, 3, 2, 6}, 6, 3),
                           int32_constant({1, -2, 3, 4, 5, 6}, {6}), int8({1, 3, 3, 6})},
                          {0, 1, 2}));
  }
}

TEST(WriteTflite, EveryOptionOfAMatrixReadsBackEqual) {
  for (const bool keep : {false, true}) {
    expect_round_trip(
        one(OperatorKind::kFullyConnected, FullyConnectedOptions{ActivationFunction::kRelu, keep},
            {int8({2, 3, 4}), filter({5, 4}, 1, 0), keep ? int8({2, 3, 5}) : int8({6, 5})}, {0, 1, -1}));
  }
}

TEST(WriteTflite, EveryOptionOfAPoolReadsBackEqual) {
  for (const OperatorKind kind : {OperatorKind::kAveragePool2D, OperatorKind::kMaxPool2D}) {
    expect_round_trip(one(kind, Pool2DOptions{Padding::kValid, 2, 1, 4, 3, ActivationFunction::kRelu6},
                          {int8({1, 9, 8, 2}), int8({1, 7, 3, 2})}, {0}));
    expect_round_trip(one(kind, Pool2DOptions{Padding::kSame, 3, 2, 1, 2, ActivationFunction::kNone},
                          {int8({1, 9, 8, 2}), int8({1, 5, 3, 2})}, {0}));
  }
}

TEST(WriteTflite, EveryArithmeticOperatorReadsBackEqual) {
  for (const OperatorKind kind : {OperatorKind::kAdd, OperatorKind::kSub, OperatorKind::kMul}) {
    for (const auto activation : {ActivationFunction::kNone, ActivationFunction::kReluN1To1}) {
      Tensor scalar = int8({});
      scalar.constant = TensorData{9};
      expect_round_trip(
          one(kind, ArithmeticOptions{activation}, {int8({1, 2, 3}), scalar, int8({1, 2, 3})}, {0, 1}));
    }
  }
}

TEST(WriteTflite, OperatorsThatMoveElementsReadBackEqual) {
  const QuantizationParameters q = quantized(0.1F, -128);
  expect_round_trip(one(OperatorKind::kConcatenation, ConcatenationOptions{-2, ActivationFunction::kNone},
                        {int8({1, 2, 3}, q), int8({1, 4, 3}, q)}, {0, 0}));
  expect_round_trip(one(OperatorKind::kPad, NoOptions{},
                        {int8({1, 2}, q), int32_constant({0, 1, 2, 0}, {2, 2}), int8({2, 4}, q)}, {0, 1}));
  Tensor fill = int8({1}, q);
  fill.constant = TensorData{0x85};
  expect_round_trip(one(OperatorKind::kPadV2, NoOptions{},
                        {int8({1, 2}, q), int32_constant({0, 1, 2, 0}, {2, 2}), fill, int8({2, 4}, q)},
                        {0, 1, 2}));
  expect_round_trip(
      one(OperatorKind::kReshape, ReshapeOptions{{3, -1}}, {int8({1, 2, 3}, q), int8({3, 2}, q)}, {0}));
  expect_round_trip(one(OperatorKind::kReshape, ReshapeOptions{},
                        {int8({1, 2, 3}, q), int32_constant({3, 2}, {2}), int8({3, 2}, q)}, {0, 1}));
  expect_round_trip(one(OperatorKind::kTranspose, NoOptions{},
                        {int8({1, 2, 3}, q), int32_constant({2, 0, 1}, {3}), int8({3, 1, 2}, q)}, {0, 1}));
  for (const auto& options :
       {ResizeNearestNeighborOptions{true, false}, ResizeNearestNeighborOptions{false, true}}) {
    expect_round_trip(one(OperatorKind::kResizeNearestNeighbor, options,
                          {int8({1, 2, 3, 1}, q), int32_constant({5, 4}, {2}), int8({1, 5, 4, 1}, q)},
                          {0, 1}));
  }
}

TEST(WriteTflite, EveryMaskOfAStridedSliceReadsBackEqual) {
  const QuantizationParameters q = quantized(0.1F, 0);
  const auto slice = [&](const StridedSliceOptions& options, std::vector<std::int32_t> shape) {
    return one(OperatorKind::kStridedSlice, options,
               {int8({2, 4, 6}, q), int32_constant({1, 1}, {2}), int32_constant({2, 3}, {2}),
                int32_constant({1, 1}, {2}), int8(std::move(shape), q)},
               {0, 1, 2, 3});
  };
  expect_round_trip(slice({.begin_mask = 1}, {2, 2, 6}));
  expect_round_trip(slice({.end_mask = 2}, {1, 3, 6}));
  expect_round_trip(slice({.ellipsis_mask = 1}, {2, 4, 2}));
  expect_round_trip(slice({.new_axis_mask = 1}, {1, 1, 4, 6}));
  expect_round_trip(slice({.shrink_axis_mask = 1}, {2, 6}));
}

TEST(WriteTflite, OperatorsOnValuesReadBackEqual) {
  const QuantizationParameters unit = quantized(1.0F / 256, -128);
  expect_round_trip(
      one(OperatorKind::kSoftmax, SoftmaxOptions{0.3F}, {int8({1, 5}), int8({1, 5}, unit)}, {0}));
  expect_round_trip(one(OperatorKind::kLogistic, NoOptions{}, {int8({1, 5}), int8({1, 5}, unit)}, {0}));
  expect_round_trip(one(OperatorKind::kRelu, NoOptions{}, {int8({7}), int8({7})}, {0}));
  expect_round_trip(one(OperatorKind::kRelu6, NoOptions{}, {int8({7}), int8({7})}, {0}));
  for (const bool keep : {false, true}) {
    expect_round_trip(one(OperatorKind::kMean, ReducerOptions{keep},
                          {int8({1, 2, 3}), int32_constant({-1}, {1}), keep ? int8({1, 2, 1}) : int8({1, 2})},
                          {0, 1}));
  }
  Tensor real{"real", TensorType::kFloat32, {7}, {}, {}};
  expect_round_trip(one(OperatorKind::kQuantize, NoOptions{}, {real, int8({7})}, {0}));
  expect_round_trip(
      one(OperatorKind::kQuantize, NoOptions{}, {int8({7}), int8({7}, quantized(0.1F, 1))}, {0}));
  expect_round_trip(one(OperatorKind::kDequantize, NoOptions{}, {int8({7}), real}, {0}));
}

TEST(WriteTflite, LaysTheFileOutAsRuntimesExpect) {
  const Graph graph = zoo_model("mlperf-kws-dscnn");
  const std::vector<std::uint8_t> file = write_tflite(graph);
  EXPECT_EQ(std::string(file.begin() + 4, file.begin() + 8), "TFL3");
  flatbuffers::Verifier verifier(file.data(), file.size());
  ASSERT_TRUE(tflite::VerifyModelBuffer(verifier));
  const tflite::Model& model = *tflite::GetModel(file.data());
  EXPECT_EQ(model.version(), 3U);
  ASSERT_GT(model.buffers()->size(), 1U);
  EXPECT_EQ(model.buffers()->Get(0)->data(), nullptr);
  for (std::uint32_t i = 1; i < model.buffers()->size(); ++i) {
    const auto* data = model.buffers()->Get(i)->data();
    EXPECT_EQ((data->Data() - file.data()) % 16, 0) << "buffer " << i;
  }
  std::vector<std::string> codes;
  for (const auto* code : *model.operator_codes()) {
    EXPECT_EQ(code->deprecated_builtin_code(), static_cast<int>(code->builtin_code()));
    codes.push_back(
        fmt::format("{} {}", tflite::EnumNameBuiltinOperator(code->builtin_code()), code->version()));
  }
  // The versions that the published file has.
  EXPECT_THAT(codes, testing::UnorderedElementsAre("CONV_2D 3", "DEPTHWISE_CONV_2D 3", "AVERAGE_POOL_2D 2",
                                                   "RESHAPE 1", "FULLY_CONNECTED 4", "SOFTMAX 2"));
}

TEST(WriteTflite, GivesTheSameBytesForTheSameGraph) {
  EXPECT_EQ(write_tflite(odd_network(1)), write_tflite(odd_network(1)));
}

TEST(WriteTflite, KeepsNamesOfAnyBytes) {
  Graph graph = one(OperatorKind::kRelu, NoOptions{}, {int8({7}), int8({7})}, {0});
  graph.tensors[0].name = std::string("a\0b\xFF\n", 5);
  expect_round_trip(graph);
}

TEST(WriteTflite, RefusesAnInvalidGraph) {
  Graph graph = odd_network(1);
  graph.operators[0].inputs[0] = 4711;
  EXPECT_THROW(write_tflite(graph), ModelError);
}

}  // namespace
}  // namespace reference
