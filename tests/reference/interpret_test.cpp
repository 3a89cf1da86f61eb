#include "reference/interpret.h"

#include <gmock/gmock.h>

#include "one_operator.h"
#include "reference/macs.h"

namespace reference {
namespace {

using testing::ElementsAre;

std::string error_of(const std::function<void()>& run) {
  try {
    run();
  } catch (const ModelError& error) {
    return error.what();
  }
  return "";
}

/// x -> CONV_2D -> DEPTHWISE_CONV_2D -> FULLY_CONNECTED, both convolutions with the same weights' size.
Graph small_network() {
  OneOperator conv(OperatorKind::kConv2D, Conv2DOptions{});
  conv.input({1, 2, 2, 1}).weights({2, 1, 1, 1}, {1, 2}).output({1, 2, 2, 2});
  Graph graph = conv.graph;
  OneOperator depthwise(OperatorKind::kDepthwiseConv2D, DepthwiseConv2DOptions{.padding = Padding::kValid});
  depthwise.input({1, 2, 2, 2}).weights({1, 2, 2, 2}, Int8s(8, 1)).output({1, 1, 1, 2});
  OneOperator fc(OperatorKind::kFullyConnected, FullyConnectedOptions{});
  fc.input({1, 1, 1, 2}).weights({3, 2}, Int8s(6, 1)).output({1, 3});
  for (const OneOperator* next : {&depthwise, &fc}) {
    const int base = static_cast<int>(graph.tensors.size());
    graph.tensors.insert(graph.tensors.end(), next->graph.tensors.begin() + 1, next->graph.tensors.end());
    Operator op = next->graph.operators[0];
    op.inputs = {graph.outputs[0], base};
    op.outputs = graph.outputs = {base + 1};
    graph.operators.push_back(op);
  }
  return graph;
}

TEST(Interpret, ReturnsTheBytesOfEveryTensor) {
  const Graph graph = small_network();
  const auto values = interpret(graph, std::vector<TensorData>{bytes_of<std::int8_t>({1, 2, 3, 4})});
  ASSERT_EQ(values.size(), graph.tensors.size());
  EXPECT_THAT(values_of<std::int8_t>(values[0]), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(values_of<std::int8_t>(values[1]), ElementsAre(1, 2));
  EXPECT_THAT(values_of<std::int8_t>(values[2]), ElementsAre(1, 2, 2, 4, 3, 6, 4, 8));
  EXPECT_THAT(values_of<std::int8_t>(values[4]), ElementsAre(10, 20));
  EXPECT_THAT(values_of<std::int8_t>(values[6]), ElementsAre(30, 30, 30));
}

TEST(Interpret, LeavesTensorsThatNobodyWritesEmpty) {
  Graph graph = small_network();
  graph.tensors.push_back(graph.tensors[0]);
  EXPECT_TRUE(interpret(graph, std::vector<TensorData>{TensorData(4)}).back().empty());
}

TEST(Interpret, ReportsEachOperatorInOrder) {
  std::vector<int> done;
  interpret(small_network(), std::vector<TensorData>{TensorData(4)}, [&](int op) { done.push_back(op); });
  EXPECT_THAT(done, ElementsAre(0, 1, 2));
}

TEST(Interpret, CanBeStoppedByItsObserver) {
  int seen = 0;
  const auto stop = [&](int) {
    ++seen;
    throw std::runtime_error("stop");
  };
  EXPECT_THROW(interpret(small_network(), std::vector<TensorData>{TensorData(4)}, stop), std::runtime_error);
  EXPECT_EQ(seen, 1);
}

TEST(Interpret, NamesInputsOfTheWrongSize) {
  const Graph graph = small_network();
  EXPECT_EQ(error_of([&] { interpret(graph, {}); }), "test: 0 inputs given, expected 1");
  EXPECT_EQ(error_of([&] { interpret(graph, std::vector<TensorData>{TensorData(5)}); }),
            "test: input 0 (tensor 0) has 5 bytes, expected 4");
}

TEST(Interpret, RefusesInvalidGraphs) {
  Graph graph = small_network();
  graph.operators[0].outputs = {99};
  EXPECT_EQ(error_of([&] { interpret(graph, std::vector<TensorData>{TensorData(4)}); }),
            "test: op 0 (CONV_2D): output 0 is tensor 99, expected 0 to 6");
}

TEST(Interpret, SharesAConstantBetweenOperators) {
  OneOperator add(OperatorKind::kAdd, ArithmeticOptions{});
  add.input({2}).int8_constant({2}, {5, 6}).output({2});
  Graph graph = add.graph;
  graph.tensors.push_back(graph.tensors[2]);
  graph.operators.push_back(graph.operators[0]);
  graph.operators[1].inputs = {2, 1};
  graph.operators[1].outputs = graph.outputs = {3};
  const auto values = interpret(graph, std::vector<TensorData>{bytes_of<std::int8_t>({1, 2})});
  EXPECT_THAT(values_of<std::int8_t>(values[3]), ElementsAre(11, 14));
}

TEST(SeededInputs, FollowTheGeneratorOfTheGoldenFiles) {
  // s = 1 * 1664525 + 1013904223 = 0x3c88596c, then 0x5e8885db, 0x2d99afc2 ...: the top bytes.
  OneOperator relu(OperatorKind::kRelu);
  relu.input({2}).output({2});
  const auto inputs = seeded_inputs(relu.graph, 1);
  ASSERT_EQ(inputs.size(), 1U);
  EXPECT_THAT(values_of<std::int8_t>(inputs[0]), ElementsAre(0x3c, 0x5e));
}

TEST(SeededInputs, StepTheGeneratorOnceAnElement) {
  OneOperator relu(OperatorKind::kRelu);
  relu.input({3}).output({3});
  std::uint32_t state = 1;
  Int8s expected;
  for (int i = 0; i < 3; ++i) {
    state = state * 1664525U + 1013904223U;
    expected.push_back(static_cast<std::int8_t>(state >> 24));
  }
  EXPECT_EQ(values_of<std::int8_t>(seeded_inputs(relu.graph, 1)[0]), expected);
}

TEST(SeededInputs, GoOnFromOneInputToTheNext) {
  OneOperator one(OperatorKind::kAdd, ArithmeticOptions{});
  one.input({2}).input({2}).output({2});
  OneOperator whole(OperatorKind::kRelu);
  whole.input({4}).output({4});
  const auto two = seeded_inputs(one.graph, 7);
  TensorData joined = two[0];
  joined.insert(joined.end(), two[1].begin(), two[1].end());
  EXPECT_EQ(joined, seeded_inputs(whole.graph, 7)[0]);
}

TEST(SeededInputs, GiveFloatsThatQuantiseBackToTheSameBytes) {
  OneOperator quantize(OperatorKind::kQuantize);
  quantize.float_input({256}).output({256}, 0.0173F, -37);
  OneOperator relu(OperatorKind::kRelu);
  relu.input({256}).output({256});
  const auto floats = seeded_inputs(quantize.graph, 3);
  EXPECT_EQ(quantize.run_bytes(floats), seeded_inputs(relu.graph, 3)[0]);
}

TEST(SeededInputs, RefuseFloatsWithoutAQuantisation) {
  OneOperator reshape(OperatorKind::kReshape, ReshapeOptions{});
  reshape.float_input({2}).float_output({2});
  EXPECT_EQ(error_of([&] { seeded_inputs(reshape.graph, 1); }),
            "test: input tensor 0 is float32 and no QUANTIZE reads it, so a seed cannot make its values; "
            "give the input "
            "as a file");
}

TEST(Macs, CountProductsPerOutputElement) {
  const Graph graph = small_network();
  EXPECT_EQ(macs(graph, 0), 2 * 2 * 2 * 1);
  EXPECT_EQ(macs(graph, 1), 2 * 2 * 2);
  EXPECT_EQ(macs(graph, 2), 3 * 2);
  EXPECT_EQ(macs(graph), 8 + 8 + 6);
}

TEST(Macs, CountPaddingAsWorkAndOtherOperatorsAsNone) {
  OneOperator conv(OperatorKind::kConv2D, Conv2DOptions{});
  conv.input({1, 1, 3, 1}).weights({1, 1, 3, 1}, {1, 1, 1}).output({1, 1, 3, 1});
  EXPECT_EQ(macs(conv.graph), 9);
  OneOperator relu(OperatorKind::kRelu);
  relu.input({4}).output({4});
  EXPECT_EQ(macs(relu.graph), 0);
}

TEST(Weights, CountASharedTensorOnce) {
  Graph graph = small_network();
  EXPECT_EQ(weights(graph), 2 + 8 + 6);
  graph.operators.push_back(graph.operators[2]);
  EXPECT_EQ(weights(graph), 2 + 8 + 6);
}

}  // namespace
}  // namespace reference
