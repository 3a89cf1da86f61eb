#include "reference/zoo.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "reference/macs.h"
#include "reference/random_graph.h"
#include "reference/tflite_reader.h"
#include "reference/validate.h"
#include "reference/zoo/architecture.h"
#include "tests/reference/alive.h"

namespace reference {
namespace {

std::int64_t biases(const Graph& graph, bool with_matrices) {
  std::int64_t count = 0;
  for (const Operator& op : graph.operators) {
    const bool convolution = op.kind == OperatorKind::kConv2D || op.kind == OperatorKind::kDepthwiseConv2D;
    if (convolution || (with_matrices && op.kind == OperatorKind::kFullyConnected)) {
      count += graph.tensor(op.inputs.at(2)).elements();
    }
  }
  return count;
}

int find(const Graph& graph, OperatorKind kind) {
  for (std::size_t i = 0; i < graph.operators.size(); ++i) {
    if (graph.operators[i].kind == kind) return static_cast<int>(i);
  }
  return -1;
}

/// Parameters as PyTorch counts them: weights, gamma and beta of each convolution's batch norm, classifier
/// bias.
std::int64_t pytorch_parameters(const Graph& graph) {
  return weights(graph) + 2 * biases(graph, false) + graph.tensor(graph.outputs[0]).elements();
}

TEST(Zoo, EveryNameBuildsAValidNetworkOfInt8Edges) {
  for (const std::string& name : zoo_names()) {
    if (name == "odd-3") continue;  // float32 edges on purpose
    const Graph graph = zoo_model(name);
    EXPECT_NO_THROW(validate(graph, name));
    EXPECT_EQ(graph.name, name);
    EXPECT_EQ(graph.tensor(graph.inputs.at(0)).type, TensorType::kInt8) << name;
    EXPECT_EQ(graph.tensor(graph.outputs.at(0)).type, TensorType::kInt8) << name;
  }
}

TEST(Zoo, MacsAndParametersEqualThePublishedOnes) {
  int compared = 0;
  for (const zoo::Architecture& row : zoo::architectures()) {
    if (row.published_mmacs == 0) continue;
    const Graph graph = zoo_structure(row.name);
    const bool whole = row.count == zoo::Count::kWhole;
    const int matrix = find(graph, OperatorKind::kFullyConnected);
    const std::int64_t classifier = macs(graph, matrix);  // of one pixel, so also its weights
    const double mmacs = static_cast<double>(macs(graph) - (whole ? 0 : classifier)) / 1e6;
    const double mparameters =
        static_cast<double>(whole ? pytorch_parameters(graph) : weights(graph) - classifier) / 1e6;
    EXPECT_NEAR(mmacs, row.published_mmacs, whole ? 0.05 : 0.005) << row.name;
    EXPECT_NEAR(mparameters, row.published_mparameters, 0.00051) << row.name;
    ++compared;
  }
  EXPECT_EQ(compared, 18);
}

TEST(Zoo, ActivationPeaksEqualThePublishedOnes) {
  for (const zoo::Architecture& row : zoo::architectures()) {
    if (row.published_activation_kib == 0) continue;
    const Graph graph = zoo_structure(row.name);
    std::vector<std::size_t> last_read(graph.tensors.size());
    std::vector<int> padded_from(graph.tensors.size(), -1);  // papers fold the padding into the convolution
    for (std::size_t i = 0; i < graph.operators.size(); ++i) {
      const Operator& op = graph.operators[i];
      if (op.kind == OperatorKind::kPad) padded_from[static_cast<std::size_t>(op.outputs[0])] = op.inputs[0];
      for (const int t : op.inputs) last_read[static_cast<std::size_t>(t)] = i;
    }
    const auto unpadded = [&](int t) {
      return std::max(t, 0) == t && padded_from[static_cast<std::size_t>(t)] >= 0
                 ? padded_from[static_cast<std::size_t>(t)]
                 : t;
    };
    std::int64_t peak = 0;
    int skip = -1;
    for (std::size_t i = 0; i < graph.operators.size(); ++i) {
      const Operator& op = graph.operators[i];
      if (op.kind == OperatorKind::kPad) continue;
      const int x = unpadded(op.inputs[0]);
      std::int64_t live = graph.tensor(x).elements() + graph.tensor(op.outputs[0]).elements();
      // A block's input waits for its ADD; the ADD itself writes over one of its inputs.
      if (last_read[static_cast<std::size_t>(x)] > i + 1 && op.kind == OperatorKind::kConv2D) skip = x;
      if (op.kind != OperatorKind::kAdd && skip >= 0 && skip != x) live += graph.tensor(skip).elements();
      if (op.kind == OperatorKind::kAdd) skip = -1;
      peak = std::max(peak, live);
    }
    EXPECT_NEAR(static_cast<double>(peak) / 1024, row.published_activation_kib, 0.0501) << row.name;
  }
}

TEST(Zoo, MobileNetV2OfAnyWidthHasThePublishedMacsAndParameters) {
  struct Published {
    const char* name;
    double mmacs, mparameters;  // arXiv 1801.04381 and its reference code; parameters without batch norm
  };
  for (const Published& p :
       {Published{"mbv2-w1.0-r224", 300, 3.47}, Published{"mbv2-w1.0-r128", 99, 3.47},
        Published{"mbv2-w0.75-r224", 209, 2.61}, Published{"mbv2-w0.5-r224", 97, 1.95},
        Published{"mbv2-w0.35-r224", 59, 1.66}, Published{"mbv2-w1.4-r224", 582, 6.06}}) {
    const Graph graph = zoo_structure(p.name);
    EXPECT_NEAR(static_cast<double>(macs(graph)) / 1e6, p.mmacs, 1.0) << p.name;
    const std::int64_t parameters = weights(graph) + graph.tensor(graph.outputs[0]).elements();
    EXPECT_NEAR(static_cast<double>(parameters) / 1e6, p.mparameters, 0.02) << p.name;
  }
  EXPECT_EQ(pytorch_parameters(zoo_structure("mbv2-w1.0-r224")), 3504872);  // torchvision's mobilenet_v2
}

TEST(Zoo, ARowWinsOverTheMobileNetOfThatWidthAndResolution) {
  // The published mbv2-w0.35-r144 scales its last convolution (448 channels); the paper's would have 1280.
  const auto last_channels = [](const std::string& name) {
    const Graph graph = zoo_structure(name);
    return graph.tensor(graph.operators.back().inputs[0]).shape.back();
  };
  EXPECT_EQ(last_channels("mbv2-w0.35-r144"), 448);
  EXPECT_EQ(last_channels("mbv2-w0.35-r160"), 1280);
}

TEST(Zoo, RoundsChannelsToEightsButNeverBelowNineTenths) {
  // 32 x 0.35 = 11.2 is nearest to 8, which would be 71 % of it.
  EXPECT_EQ(zoo::mobilenet_v2("m", 0.35, 96).stem_channels, 16);
  EXPECT_EQ(zoo::mobilenet_v2("m", 1.4, 96).mix_channels, 1792);
  EXPECT_EQ(zoo::mobilenet_v2("m", 0.75, 96).blocks[1].output_channels, 24);  // 18 rounds to 16, 89 %
}

TEST(Zoo, AnUnknownNameGetsTheNearestOnes) {
  try {
    zoo_model("mcunet-vw1");
    FAIL() << "accepted";
  } catch (const ModelError& error) {
    EXPECT_THAT(error.what(), testing::StartsWith("zoo: no network \"mcunet-vw1\"; nearest are mcunet-vww1"));
  }
  for (const char* name : {"", "mbv2-w-r224", "mbv2-w1.0-r", "mbv2-w1.0-r224x", "mbv2-w1.0", "zoo"}) {
    EXPECT_THROW(zoo_model(name), ModelError) << name;
  }
  EXPECT_THROW(zoo_model(std::string(1 << 20, 'm')), ModelError);
}

TEST(Zoo, WidthsAndResolutionsOutsideTheRangeAreNamed) {
  const auto message = [](const char* name) -> std::string {
    try {
      zoo_model(name);
      return "accepted";
    } catch (const ModelError& error) {
      return error.what();
    }
  };
  EXPECT_EQ(message("mbv2-w1.0-r16"), "zoo: mbv2-w1.0-r16: resolution 16, expected 32 to 512");
  EXPECT_EQ(message("mbv2-w3-r96"), "zoo: mbv2-w3-r96: width 3, expected 0.1 to 2");
  EXPECT_EQ(message("mbv2-wnan-r96"), "zoo: mbv2-wnan-r96: width nan, expected 0.1 to 2");
  EXPECT_NE(message("mbv2-w1.0-r99999999999"), "accepted");
}

TEST(Zoo, ABlockThatCannotBeReadIsQuoted) {
  EXPECT_EQ(zoo::parse_blocks("k5e6(48)->16/2 k3e4(64)->16+"),
            (std::vector<zoo::Block>{{5, 6, 48, 16, 2, false}, {3, 4, 64, 16, 1, true}}));
  EXPECT_THROW(zoo::parse_blocks("k3e4(64)->16*"), ModelError);
  EXPECT_THROW(zoo::parse_blocks("k3(64)->16"), ModelError);
}

TEST(Zoo, TheStructureAloneDiffersOnlyInQuantisationAndBiases) {
  const Graph structure = zoo_structure("mcunet-vww0");
  Graph graph = zoo_model("mcunet-vww0");
  EXPECT_NO_THROW(validate(structure, "structure"));
  EXPECT_EQ(structure.operators, graph.operators);
  ASSERT_EQ(structure.tensors.size(), graph.tensors.size());
  for (std::size_t i = 0; i < graph.tensors.size(); ++i) {
    EXPECT_EQ(structure.tensors[i].shape, graph.tensors[i].shape) << i;
    if (graph.tensors[i].type == TensorType::kInt8) {
      EXPECT_TRUE(structure.tensors[i].constant == graph.tensors[i].constant) << i;
    }
  }
}

TEST(Zoo, ARandomNetworkIsCalledByItsSeed) {
  EXPECT_EQ(zoo_model("random-7"), random_graph(7));
  EXPECT_EQ(zoo_model("random-7").name, "random-7");
  EXPECT_THROW(zoo_model("random-"), ModelError);
  EXPECT_THROW(zoo_model("random-4294967296"), ModelError);
}

TEST(Zoo, BuildsTheSameNetworkEveryTime) {
  for (const char* name : {"mcunet-in0", "mlperf-kws-dscnn", "odd-2"})
    EXPECT_EQ(zoo_model(name), zoo_model(name));
}

class ZooValues : public testing::TestWithParam<const char*> {};

TEST_P(ZooValues, StayAliveForAnySeed) {
  const Graph graph = zoo_model(GetParam());
  for (const std::uint32_t seed : {1U, 2U, 3U, 12345U, 4000000000U}) {
    EXPECT_EQ(dead_tensor(graph, seed, 1, 4), "");
  }
}

TEST_P(ZooValues, DependOnTheInput) {
  const Graph graph = zoo_model(GetParam());
  const auto output = static_cast<std::size_t>(graph.outputs[0]);
  EXPECT_NE(interpret(graph, seeded_inputs(graph, 1))[output],
            interpret(graph, seeded_inputs(graph, 2))[output]);
}

INSTANTIATE_TEST_SUITE_P(Networks, ZooValues,
                         testing::Values("mcunet-vww0", "mcunet-vww1", "mcunet-in0", "mcunet-in1",
                                         "mcunet-5fps-r128", "proxyless-w0.25-r112", "proxyless-w0.3-r64",
                                         "mbv2-w0.35-r128", "mbv2-w0.3-r80", "mbv2-w1.0-r32",
                                         "mlperf-resnet8", "mlperf-kws-dscnn", "mlperf-vww-mbv1",
                                         "mlperf-ad-fc", "odd-1", "odd-2", "odd-3"));

/// Kinds, options and shapes of activations and constants; not their values, quantisation or order of
/// tensors.
std::vector<std::string> structure(const Graph& graph) {
  std::vector<std::string> rows;
  for (const Operator& op : graph.operators) {
    std::string row = to_string(op.kind);
    for (const int t : op.inputs)
      row += t < 0 ? " -" : fmt::format(" {}", testing::PrintToString(graph.tensor(t).shape));
    row += " -> " + testing::PrintToString(graph.tensor(op.outputs[0]).shape);
    rows.push_back(row);
  }
  return rows;
}

class MlperfTiny : public testing::TestWithParam<const char*> {};

TEST_P(MlperfTiny, HasTheOperatorsOfThePublishedFile) {
  const std::filesystem::path file =
      std::filesystem::path(M7SCOPE_SHARED) / "models" / (std::string(GetParam()) + ".tflite");
  if (!std::filesystem::exists(file)) GTEST_SKIP() << file << " is not beside the project";
  const Graph published = load_tflite(file);
  const Graph ours = zoo_model(GetParam());
  EXPECT_EQ(structure(ours), structure(published));
  for (std::size_t i = 0; i < published.operators.size(); ++i) {
    EXPECT_EQ(ours.operators.at(i).options, published.operators[i].options) << "op " << i;
    const auto scales = [&](const Graph& graph) {
      const Operator& op = graph.operators[i];
      return op.inputs.size() < 2 ? 0 : graph.tensor(op.inputs[1]).quantization.scale.size();
    };
    EXPECT_EQ(scales(ours), scales(published)) << "op " << i;
  }
  EXPECT_EQ(macs(ours), macs(published));
  EXPECT_EQ(weights(ours), weights(published));
  EXPECT_EQ(biases(ours, true), biases(published, true));
}

INSTANTIATE_TEST_SUITE_P(Networks, MlperfTiny,
                         testing::Values("mlperf-resnet8", "mlperf-kws-dscnn", "mlperf-vww-mbv1",
                                         "mlperf-ad-fc"));

TEST(Zoo, LaysOutMcunetAsItsPublishedFileDoes) {
  const std::filesystem::path file = std::filesystem::path(M7SCOPE_SHARED) / "models/mcunet-vww1.tflite";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << file << " is not beside the project";
  const Graph published = load_tflite(file);
  const Graph ours = zoo_model("mcunet-vww1");
  // From the first PAD to the last convolution; then the file pools with TRANSPOSE and two MEANs, the zoo
  // with one.
  std::vector<std::string> theirs = structure(published);
  theirs.erase(theirs.begin());
  theirs.resize(57);
  std::vector<std::string> built = structure(ours);
  ASSERT_EQ(built.size(), theirs.size() + 2);
  built.resize(theirs.size());
  EXPECT_EQ(built, theirs);
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    EXPECT_EQ(ours.operators[i].options, published.operators[i + 1].options) << "op " << i;
  }
  EXPECT_EQ(macs(ours), 11578816);
  EXPECT_EQ(weights(ours), 420520);
  EXPECT_EQ(biases(ours, true), 6114);
}

TEST(OddNetworks, TogetherHoldEveryOddity) {
  bool thin = false, doubled = false, odd_channels = false, thirds = false, lopsided = false, low = false,
       high = false, unbiased = false, dilated = false;
  for (const int which : {1, 2, 3}) {
    const Graph graph = odd_network(which);
    for (const Operator& op : graph.operators) {
      const Tensor& out = graph.tensor(op.outputs[0]);
      if (out.type == TensorType::kInt8) {
        low |= op.kind == OperatorKind::kConv2D && out.quantization.zero_point[0] == -128;
        high |= out.quantization.zero_point[0] == 127;
      }
      if (op.kind == OperatorKind::kConv2D) {
        const auto& options = std::get<Conv2DOptions>(op.options);
        const std::vector<std::int32_t>& filter = graph.tensor(op.inputs[1]).shape;
        thin |= (filter[1] == 1) != (filter[2] == 1);
        odd_channels |= filter[0] % 2 == 1 && filter[3] % 2 == 1;
        thirds |= options.stride_h == 3 || options.stride_w == 3;
        unbiased |= op.inputs.size() < 3;
      }
      if (op.kind == OperatorKind::kDepthwiseConv2D) {
        const auto& options = std::get<DepthwiseConv2DOptions>(op.options);
        doubled |= options.depth_multiplier == 2;
        dilated |= options.dilation_h_factor != options.dilation_w_factor;
      }
      if (op.kind == OperatorKind::kPad) {
        const TensorData& bytes = *graph.tensor(op.inputs[1]).constant;
        lopsided |= bytes[8] != bytes[12] && bytes[16] != bytes[20];
      }
    }
  }
  EXPECT_TRUE(thin && doubled && odd_channels && thirds && lopsided && low && high && unbiased && dilated);
  EXPECT_THROW(odd_network(4), ModelError);
}

}  // namespace
}  // namespace reference
