#include "reference/tflite_reader.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "reference/interpret.h"
#include "reference/macs.h"
#include "tiny_file.h"

namespace reference {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

/// The error that reading `bytes` gives; empty where they are accepted.
std::string error_of(const std::vector<std::uint8_t>& bytes) {
  try {
    read_tflite(bytes, "kws.tflite");
  } catch (const ModelError& error) {
    return error.what();
  }
  return "";
}

std::string error_of(const TinyFile& file) {
  return error_of(file.bytes());
}

TEST(ReadTflite, TakesTensorsOperatorsAndOptions) {
  const Graph graph = read_tflite(conv_file().bytes(), "kws.tflite");
  EXPECT_EQ(graph.name, "kws");
  ASSERT_EQ(graph.tensors.size(), 5U);
  EXPECT_EQ(graph.tensors[0].name, "x");
  EXPECT_THAT(graph.tensors[0].shape, ElementsAre(1, 2, 2, 1));
  EXPECT_FALSE(graph.tensors[0].constant.has_value());
  EXPECT_EQ(graph.tensors[1].constant, int8_data({2, -3}));
  EXPECT_EQ(graph.tensors[2].type, TensorType::kInt32);
  ASSERT_EQ(graph.operators.size(), 2U);
  EXPECT_EQ(graph.operators[0].kind, OperatorKind::kConv2D);
  EXPECT_EQ(graph.operators[0].options, Options{Conv2DOptions{}});
  EXPECT_THAT(graph.operators[0].inputs, ElementsAre(0, 1, 2));
  EXPECT_EQ(graph.operators[1].kind, OperatorKind::kRelu);
  EXPECT_THAT(graph.inputs, ElementsAre(0));
  EXPECT_THAT(graph.outputs, ElementsAre(4));
}

TEST(ReadTflite, ReadsARunnableNetwork) {
  const Graph graph = read_tflite(conv_file().bytes(), "kws.tflite");
  const auto values = interpret(graph, std::vector<TensorData>{int8_data({1, 2, 3, -10})});
  EXPECT_EQ(values[4], int8_data({12, 0, 14, 0, 16, 0, 0, 20}));
}

TEST(ReadTflite, AcceptsEverySeedOfTheFuzzer) {
  for (const TinyFile& file : seed_files()) EXPECT_EQ(error_of(file), "");
}

TEST(ReadTflite, TakesTheLargerOfTheTwoOperatorCodes) {
  TinyFile old_file = conv_file();
  for (TinyOperator& op : old_file.operators) op.code = 0;  // written before builtin_code was
  EXPECT_EQ(error_of(old_file), "");
  TinyFile new_file = conv_file();
  for (TinyOperator& op : new_file.operators) op.deprecated_code = 0;
  EXPECT_EQ(error_of(new_file), "");
}

TEST(ReadTflite, ReadsUnalignedBytes) {
  std::vector<std::uint8_t> bytes = conv_file().bytes();
  bytes.insert(bytes.begin(), 0);
  EXPECT_EQ(read_tflite(std::span<const std::uint8_t>(bytes).subspan(1), "kws.tflite").operators.size(), 2U);
}

TEST(ReadTflite, ReadsZeroPointsThatAreNotAlignedToTheirSize) {
  for (const char* name : {"", "four", "eight ch"}) {  // moves what comes after by 4 bytes
    TinyFile file = conv_file();
    file.tensors[0].name = name;
    for (TinyTensor& tensor : file.tensors) tensor.loosely_aligned = true;
    file.tensors[0].zero_point = {-77};
    EXPECT_THAT(read_tflite(file.bytes(), "kws.tflite").tensors[0].quantization.zero_point, ElementsAre(-77));
  }
}

TEST(ReadTflite, LetsTensorsShareABuffer) {
  TinyFile file = conv_file();
  file.tensors.push_back(file.tensors[1]);
  file.tensors.back().data.clear();
  file.tensors.back().buffer = 1;
  EXPECT_EQ(error_of(file), "");
}

TEST(ReadTflite, RefusesShortAndForeignFiles) {
  EXPECT_EQ(error_of(std::vector<std::uint8_t>{}),
            "kws.tflite: truncated: has 0 bytes, expected a TFLite file of at least 8");
  EXPECT_EQ(error_of(std::vector<std::uint8_t>{1, 2, 3}),
            "kws.tflite: truncated: has 3 bytes, expected a TFLite file of at least 8");
  TinyFile file = conv_file();
  file.identifier = "ONNX";
  EXPECT_EQ(error_of(file), "kws.tflite: not a TFLite file: its identifier is \"ONNX\", expected \"TFL3\"");
  file.identifier = "\n\x01\xffZ";
  EXPECT_EQ(error_of(file),
            "kws.tflite: not a TFLite file: its identifier is \"\?\?\?Z\", expected \"TFL3\"");
}

TEST(ReadTflite, RefusesEveryTruncation) {
  for (const TinyFile& file : seed_files()) {
    const std::vector<std::uint8_t> whole = file.bytes();
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const std::string error =
          error_of(std::vector<std::uint8_t>(whole.begin(), whole.begin() + static_cast<long>(size)));
      // Padding at the end may be cut off without loss.
      if (size + 8 < whole.size()) {
        EXPECT_THAT(error, StartsWith("kws.tflite: ")) << size;
      }
    }
  }
  const std::vector<std::uint8_t> whole = conv_file().bytes();
  const std::vector<std::uint8_t> half(whole.begin(), whole.begin() + 100);
  EXPECT_EQ(error_of(half), "kws.tflite: damaged or truncated: its 100 bytes are not a complete FlatBuffer");
}

TEST(ReadTflite, RefusesOtherVersionsAndSubgraphs) {
  TinyFile file = conv_file();
  file.version = 2;
  EXPECT_EQ(error_of(file), "kws.tflite: has schema version 2, expected 3");
  file = conv_file();
  file.has_subgraph = false;
  EXPECT_EQ(error_of(file), "kws.tflite: has no subgraph");
  file = conv_file();
  file.extra_subgraphs = 1;
  EXPECT_EQ(error_of(file), "kws.tflite: subgraph 1 has 2 operators, expected operators in subgraph 0 only");
}

TEST(ReadTflite, NamesUnsupportedOperators) {
  TinyFile file = conv_file();
  file.operators[1] = tiny_operator(tflite::BuiltinOperator_RESIZE_BILINEAR, {3}, 4);
  EXPECT_EQ(error_of(file), "kws.tflite: op 1 (RESIZE_BILINEAR): this operator is not supported");
  file.operators[1] = tiny_operator(tflite::BuiltinOperator_CUSTOM, {3}, 4);
  file.operators[1].custom_code = "Detect\nPostProcess";
  EXPECT_EQ(error_of(file),
            "kws.tflite: op 1 (CUSTOM \"Detect?PostProcess\"): this operator is not supported");
  file.operators[1].code = 9999;
  EXPECT_EQ(error_of(file), "kws.tflite: op 1 (builtin code 9999): this operator is not supported");
  file.operators[1] = tiny_operator(tflite::BuiltinOperator_RELU, {3}, 4);
  file.operators[1].opcode_index = 7;
  EXPECT_EQ(error_of(file), "kws.tflite: op 1: its operator code is 7, expected less than 2");
}

TEST(ReadTflite, RefusesAbsurdDimensions) {
  TinyFile file = conv_file();
  file.tensors[0].shape = {1, 2, 0, 1};
  EXPECT_EQ(error_of(file), "kws.tflite: tensor 0 (\"x\"): dimension 2 is 0, expected at least 1");
  file.tensors[0].shape = {1, -2, 2, 1};
  EXPECT_EQ(error_of(file), "kws.tflite: tensor 0 (\"x\"): dimension 1 is -2, expected at least 1");
  file.tensors[0].shape = {2147483647, 2147483647, 2147483647, 2147483647};
  EXPECT_EQ(error_of(file),
            "kws.tflite: tensor 0 (\"x\"): shape [2147483647, 2147483647, 2147483647, 2147483647] is larger "
            "than 512 MiB");
  file.tensors[0].shape.assign(9, 1);
  EXPECT_EQ(error_of(file), "kws.tflite: tensor 0 (\"x\"): has 9 dimensions, expected at most 8");
  file.tensors[0].shape = {1, 300000000};
  file.tensors[4].shape = {1, 300000000};
  EXPECT_EQ(error_of(file), "kws.tflite: the tensors are larger than 512 MiB together");
}

TEST(ReadTflite, RefusesTensorsItCannotHold) {
  TinyFile file = conv_file();
  file.tensors[0].type = tflite::TensorType_FLOAT16;
  EXPECT_EQ(error_of(file),
            "kws.tflite: tensor 0 (\"x\"): has type 1 (FLOAT16), expected INT8, INT32 or FLOAT32");
  file = conv_file();
  file.tensors[0].is_variable = true;
  EXPECT_EQ(error_of(file), "kws.tflite: tensor 0 (\"x\"): is a variable, which is not supported");
  file = conv_file();
  file.tensors[1].is_sparse = true;
  EXPECT_EQ(error_of(file), "kws.tflite: tensor 1 (\"filter\"): is sparse, which is not supported");
  file = conv_file();
  file.tensors[1].buffer = 77;
  EXPECT_EQ(error_of(file), "kws.tflite: tensor 1 (\"filter\"): its buffer is 77, expected less than 3");
  file = conv_file();
  file.tensors[1].data.push_back(9);
  EXPECT_EQ(error_of(file),
            "kws.tflite: tensor 1 (\"filter\"): its constant has 3 bytes, expected 2 for int8 [2, 1, 1, 1]");
  file = conv_file();
  file.buffer_offset = 4096;
  EXPECT_EQ(error_of(file), "kws.tflite: tensor 1 (\"filter\"): its buffer lies outside the FlatBuffer");
}

TEST(ReadTflite, RefusesBrokenQuantisation) {
  TinyFile file = conv_file();
  file.tensors[0].zero_point = {0, 0};
  EXPECT_EQ(error_of(file), "kws.tflite: tensor 0 (\"x\"): has 1 scales and 2 zero points, expected as many");
  file.tensors[0].zero_point = {std::int64_t{1} << 40};
  EXPECT_EQ(error_of(file), "kws.tflite: tensor 0 (\"x\"): zero point 1099511627776 does not fit 32 bits");
  file.tensors[0].zero_point = {128};
  EXPECT_EQ(error_of(file), "kws.tflite: tensor 0 (\"x\"): zero point 0 is 128, expected -128 to 127");
  file = conv_file();
  file.tensors[1].scale = {1.0F, 0.0F};
  file.tensors[1].zero_point = {0, 0};
  EXPECT_EQ(error_of(file), "kws.tflite: tensor 1 (\"filter\"): scale 1 is 0, expected finite and above 0");
  file.tensors[1].quantized_dimension = 4;
  EXPECT_EQ(error_of(file), "kws.tflite: tensor 1 (\"filter\"): quantized_dimension is 4, expected 0 to 3");
  file.tensors[1].quantized_dimension = 1;
  EXPECT_EQ(error_of(file), "kws.tflite: tensor 1 (\"filter\"): has 2 scales, expected 1 or 1 (dimension 1)");
}

TEST(ReadTflite, RefusesOptionsOfAnotherKind) {
  TinyFile file = conv_file();
  file.operators[0].options_type = tflite::BuiltinOptions_NONE;
  file.operators[0].options = {};
  EXPECT_EQ(error_of(file),
            "kws.tflite: op 0 (CONV_2D): its options are of type 0, expected 1 (Conv2DOptions)");
  file.operators[0].options_type = tflite::BuiltinOptions_SoftmaxOptions;
  file.operators[0].options = [](auto& out) { return tflite::CreateSoftmaxOptions(out, 1.0F).Union(); };
  EXPECT_EQ(error_of(file),
            "kws.tflite: op 0 (CONV_2D): its options are of type 9, expected 1 (Conv2DOptions)");
}

TEST(ReadTflite, RefusesAttributesOutsideTheirRange) {
  const auto with = [](int padding, int stride_w, int stride_h, int activation, int dilation_w) {
    TinyFile file = conv_file();
    file.operators[0].options = [=](flatbuffers::FlatBufferBuilder& out) {
      return tflite::CreateConv2DOptions(out, static_cast<tflite::Padding>(padding), stride_w, stride_h,
                                         static_cast<tflite::ActivationFunctionType>(activation), dilation_w)
          .Union();
    };
    return error_of(file);
  };
  const std::string op = "kws.tflite: op 0 (CONV_2D): ";
  EXPECT_EQ(with(0, 1, 1, 0, 1), "");
  EXPECT_EQ(with(7, 1, 1, 0, 1), op + "padding is 7, expected 0 (SAME) or 1 (VALID)");
  EXPECT_EQ(with(0, 0, 1, 0, 1), op + "stride_w is 0, expected 1 to 65536");
  EXPECT_EQ(with(0, 1, -3, 0, 1), op + "stride_h is -3, expected 1 to 65536");
  EXPECT_EQ(with(0, 1, 1, 4, 1),
            op + "fused activation is 4, expected 0 to 3 (NONE, RELU, RELU_N1_TO_1, RELU6)");
  EXPECT_EQ(with(0, 1, 1, 0, 0), op + "dilation_w_factor is 0, expected 1 to 65536");
}

TEST(ReadTflite, RefusesCyclicGraphs) {
  TinyFile file = conv_file();
  file.operators[0].inputs[0] = 4;  // the RELU's output
  EXPECT_EQ(error_of(file),
            "kws.tflite: op 0 (CONV_2D): reads tensor 4 (\"\"), which op 1 writes later: cyclic graph");
}

TEST(ReadTflite, RefusesAFilterOfTheWrongRank) {
  TinyFile file = conv_file();
  file.tensors[1].shape = {2, 1, 1};
  EXPECT_EQ(error_of(file), "kws.tflite: op 0 (CONV_2D): filter has 3 dimensions, expected 4 [O,H,W,I]");
}

TEST(ReadTflite, RefusesFilesThatGrowWhenRead) {
  TinyFile file = conv_file();
  TinyTensor big = file.tensors[1];
  big.shape = {4096};
  big.data.assign(4096, 1);
  file.tensors.push_back(big);
  big.data.clear();
  big.buffer = 3;
  for (int copies = 0; copies < 40; ++copies) file.tensors.push_back(big);
  EXPECT_EQ(
      error_of(file),
      "kws.tflite: expands to more than 16 times its size: many tensors or operators share the same bytes");
}

TEST(LoadTflite, NamesFilesThatItCannotRead) {
  const auto error = [](const std::filesystem::path& path) -> std::string {
    try {
      load_tflite(path);
    } catch (const ModelError& caught) {
      return caught.what();
    }
    return "";
  };
  EXPECT_EQ(error("/nowhere/kws.tflite"), "/nowhere/kws.tflite: no such file");
  EXPECT_EQ(error("/"), "/: not a file");
}

TEST(LoadTflite, CallsTheGraphByItsFile) {
  const std::filesystem::path path = std::filesystem::path(testing::TempDir()) / "m7scope-tiny.tflite";
  const std::vector<std::uint8_t> bytes = conv_file().bytes();
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<long>(bytes.size()));
  EXPECT_EQ(load_tflite(path).name, "m7scope-tiny");
  std::filesystem::remove(path);
}

/// Small damage to valid files: a short, repeatable stand-in for the fuzzer.
TEST(ReadTflite, SurvivesRandomDamage) {
  constexpr std::uint32_t kSeed = 20240601;
  SCOPED_TRACE(testing::Message() << "seed " << kSeed);
  std::mt19937 random(kSeed);
  int accepted = 0, refused = 0;
  for (const TinyFile& file : seed_files()) {
    const std::vector<std::uint8_t> whole = file.bytes();
    for (int round = 0; round < 4000; ++round) {
      std::vector<std::uint8_t> bytes = whole;
      for (std::uint32_t changes = 1 + random() % 3; changes > 0; --changes) {
        const std::uint8_t values[] = {0, 1, 2, 127, 128, 255, static_cast<std::uint8_t>(random())};
        bytes[8 + random() % (bytes.size() - 8)] = values[random() % 7];
      }
      try {
        const Graph graph = read_tflite(bytes, "damaged.tflite");
        ++accepted;
        std::int64_t size = 0;
        for (const Tensor& tensor : graph.tensors) size += tensor.bytes();
        if (size < 4096 && macs(graph) < 100000) {
          std::vector<TensorData> inputs;
          for (const int input : graph.inputs)
            inputs.emplace_back(static_cast<std::size_t>(graph.tensor(input).bytes()), std::uint8_t{0x5a});
          interpret(graph, inputs);
        }
      } catch (const ModelError& error) {
        ++refused;
        ASSERT_THAT(error.what(), StartsWith("damaged"));
      }
    }
  }
  EXPECT_GT(accepted, 1000);
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace reference
