#include "reference/random_graph.h"

#include <gtest/gtest.h>

#include <set>

#include "reference/macs.h"
#include "reference/tflite_reader.h"
#include "reference/tflite_writer.h"
#include "reference/validate.h"
#include "tests/reference/alive.h"

namespace reference {
namespace {

constexpr std::uint32_t kSeeds = 200;

TEST(RandomGraph, IsValidAndAliveAndReadsBackEqualForEverySeed) {
  for (std::uint32_t seed = 0; seed < kSeeds; ++seed) {
    SCOPED_TRACE(fmt::format("random_graph({})", seed));
    const Graph graph = random_graph(seed);
    ASSERT_NO_THROW(validate(graph, graph.name));
    // Statistics of a handful of values mean nothing.
    for (const std::uint32_t input : {1U, 77U}) EXPECT_EQ(dead_tensor(graph, input, 48, 2), "");
    EXPECT_EQ(read_tflite(write_tflite(graph), graph.name), graph);
  }
}

TEST(RandomGraph, IsTheSameForTheSameSeedOnly) {
  EXPECT_EQ(random_graph(5), random_graph(5));
  EXPECT_NE(random_graph(5).operators, random_graph(6).operators);
}

TEST(RandomGraph, IsSmall) {
  for (std::uint32_t seed = 0; seed < kSeeds; ++seed) {
    const Graph graph = random_graph(seed);
    EXPECT_LE(graph.operators.size(), 40U) << seed;
    EXPECT_LT(macs(graph), 5'000'000) << seed;
  }
}

TEST(RandomGraph, MeetsEveryOperatorAndOddityWithinAFewSeeds) {
  std::set<std::string> seen;
  for (std::uint32_t seed = 0; seed < kSeeds; ++seed) {
    const Graph graph = random_graph(seed);
    std::set<int> filters;
    if (graph.outputs.size() > 1) seen.insert("several outputs");
    if (graph.inputs.size() > 1) seen.insert("several inputs");
    for (const Operator& op : graph.operators) {
      seen.insert(to_string(op.kind));
      const Tensor& out = graph.tensor(op.outputs[0]);
      if (out.type == TensorType::kInt8) {
        seen.insert(fmt::format("zero point {}", out.quantization.zero_point[0]));
      }
      if (const auto* conv = std::get_if<Conv2DOptions>(&op.options)) {
        if (conv->stride_h == 3) seen.insert("stride 3");
        if (conv->dilation_w_factor > 1) seen.insert("dilation");
        seen.insert(fmt::format("activation {}", static_cast<int>(conv->fused_activation_function)));
        if (op.inputs.size() < 3) seen.insert("no bias");
        if (graph.tensor(op.inputs[1]).quantization.scale.size() == 1) seen.insert("one weight scale");
        if (!filters.insert(op.inputs[1]).second) seen.insert("shared filter");
      }
      if (const auto* depthwise = std::get_if<DepthwiseConv2DOptions>(&op.options)) {
        seen.insert(fmt::format("multiplier {}", depthwise->depth_multiplier));
      }
      if (op.kind == OperatorKind::kAdd || op.kind == OperatorKind::kMul) {
        if (graph.tensor(op.inputs[0]).shape != graph.tensor(op.inputs[1]).shape) seen.insert("broadcast");
        if (graph.is_constant(op.inputs[0]) || graph.is_constant(op.inputs[1]))
          seen.insert("constant operand");
      }
    }
  }
  for (int kind = 0; kind <= static_cast<int>(OperatorKind::kTranspose); ++kind) {
    const char* name = to_string(static_cast<OperatorKind>(kind));
    EXPECT_TRUE(seen.contains(name)) << name;
  }
  for (const char* oddity :
       {"several outputs", "several inputs", "zero point -128", "zero point 127", "stride 3", "dilation",
        "activation 0", "activation 1", "activation 2", "activation 3", "no bias", "one weight scale",
        "shared filter", "multiplier 2", "multiplier 3", "broadcast", "constant operand"}) {
    EXPECT_TRUE(seen.contains(oddity)) << oddity;
  }
}

}  // namespace
}  // namespace reference
