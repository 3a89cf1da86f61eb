#include "engine/passes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "engine/passes/window.h"
#include "tests/engine/graphs.h"
#include "tests/engine/host_engine.h"

namespace engine {
namespace {

using reference::ActivationFunction;
using reference::Graph;
using reference::OperatorKind;
using reference::Padding;
using reference::Pool2DOptions;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<OperatorKind> kinds(const Program& program) {
  std::vector<OperatorKind> result;
  for (const Step& step : program.steps) result.push_back(step.kind);
  return result;
}

std::vector<int> pads(const Step& step) {
  return {step.window.pad_top, step.window.pad_bottom, step.window.pad_left, step.window.pad_right};
}

std::string refusal(const Graph& graph) {
  try {
    lower(graph);
  } catch (const Unsupported& e) {
    return e.what();
  }
  return "";
}

// A pool of `filter` x `filter` with stride `stride` and the given padding.
int pool(GraphBuilder& b, OperatorKind kind, int from, const GraphBuilder::Shape& to, int filter, int stride,
         Padding padding = Padding::kValid) {
  const auto& q = b.tensor(from).quantization;
  const int out = b.activation(to, q.scale[0], q.zero_point[0]);
  return b.op(kind, {from}, out,
              Pool2DOptions{padding, stride, stride, filter, filter, ActivationFunction::kNone});
}

int relu(GraphBuilder& b, OperatorKind kind, int from, float scale = 0.05F, int zero_point = 3) {
  return b.op(kind, {from}, b.activation(b.tensor(from).shape, scale, zero_point));
}

TEST(Windows, MakeSamePaddingExplicitWithTheOddElementBehind) {
  struct Case {
    int in, filter, stride, dilation, before, after;
  };
  for (const Case& c :
       {Case{6, 3, 1, 1, 1, 1}, Case{6, 3, 2, 1, 0, 1}, Case{7, 3, 2, 1, 1, 1}, Case{6, 2, 1, 1, 0, 1},
        Case{9, 3, 1, 2, 2, 2}, Case{5, 1, 3, 1, 0, 0}, Case{8, 5, 3, 1, 1, 2}, Case{10, 4, 3, 1, 1, 2}}) {
    GraphBuilder b("same");
    reference::Conv2DOptions options;
    options.stride_h = options.stride_w = c.stride;
    options.dilation_h_factor = options.dilation_w_factor = c.dilation;
    const int out = b.conv(b.input({1, c.in, c.in, 2}), 3, c.filter, options);
    const Graph graph = b.finish({out});
    const Window w = window_of(graph, 0);
    EXPECT_THAT(pads(lower(graph).steps[0]), ElementsAre(c.before, c.after, c.before, c.after)) << c.in;
    const int total = c.in + w.pad_top + w.pad_bottom;
    EXPECT_EQ((total - ((c.filter - 1) * c.dilation + 1)) / c.stride + 1, graph.tensor(out).shape[1]) << c.in;
  }
}

TEST(Windows, HaveNoPaddingWhereValid) {
  GraphBuilder b("valid");
  const int out = b.conv(b.input({1, 7, 7, 2}), 3, 3, {.padding = Padding::kValid});
  EXPECT_THAT(pads(lower(b.finish({out})).steps[0]), ElementsAre(0, 0, 0, 0));
}

TEST(ActivationRange, IsTheZeroPointPlusTheRoundedBound) {
  reference::Tensor t;
  t.quantization = {{0.05F}, {3}, 0};
  const auto range = [&t](ActivationFunction f) {
    const ActivationRange r = activation_range(f, t);
    return std::pair(r.min, r.max);
  };
  EXPECT_EQ(range(ActivationFunction::kNone), std::pair(-128, 127));
  EXPECT_EQ(range(ActivationFunction::kRelu), std::pair(3, 127));
  EXPECT_EQ(range(ActivationFunction::kRelu6), std::pair(3, 123));
  EXPECT_EQ(range(ActivationFunction::kReluN1To1), std::pair(-17, 23));
  t.quantization = {{4.0F}, {-128}, 0};  // 6 / 4 = 1.5 rounds away from zero
  EXPECT_EQ(range(ActivationFunction::kRelu6), std::pair(-128, -126));
  t.quantization = {{1e-30F}, {5}, 0};  // far outside int8
  EXPECT_EQ(range(ActivationFunction::kReluN1To1), std::pair(-128, 127));
}

TEST(FoldedPads, BecomePartOfTheWindowsBehindThem) {
  GraphBuilder b("pads");
  const int in = b.input({1, 7, 6, 4});
  const int padded = b.pad(in, 2, 0, 1, 3);
  const int a = b.conv(padded, 5, 3, {.padding = Padding::kValid, .stride_w = 2, .stride_h = 2});
  const int c = b.depthwise(padded, 3, {.padding = Padding::kSame});
  const int twice = b.pad(b.pad(c, 0, 1, 0, 0), 1, 0, 2, 1);
  const int d = b.depthwise(
      twice, 3, {.padding = Padding::kValid, .stride_w = 2, .stride_h = 1, .depth_multiplier = 2});
  const Graph graph = b.finish({a, d});
  const Program program = lower(graph);
  EXPECT_THAT(kinds(program), ElementsAre(OperatorKind::kConv2D, OperatorKind::kDepthwiseConv2D,
                                          OperatorKind::kDepthwiseConv2D));
  EXPECT_THAT(pads(program.steps[0]), ElementsAre(2, 0, 1, 3));
  EXPECT_THAT(pads(program.steps[1]), ElementsAre(3, 1, 2, 4));
  EXPECT_THAT(pads(program.steps[2]), ElementsAre(1, 1, 2, 1));
  EXPECT_THAT(program.steps[0].folded_ops, ElementsAre(0));
  EXPECT_THAT(program.steps[2].folded_ops, ElementsAre(3, 4));
  EXPECT_EQ(program.steps[0].inputs[0], in);
  EXPECT_EQ(program.storage[static_cast<std::size_t>(padded)], -1);
  EXPECT_EQ(host_difference(graph, 1), "");
}

TEST(FoldedPads, StayWhereAReaderCannotTakeThem) {
  const auto pads_left = [](const Graph& graph) {
    const std::vector<OperatorKind> left = kinds(lower(graph));
    return std::count(left.begin(), left.end(), OperatorKind::kPad);
  };
  {
    GraphBuilder b("another reader");
    const int padded = b.pad(b.input({1, 5, 5, 3}), 1, 1, 1, 1);
    const int conv = b.conv(padded, 3, 3);
    EXPECT_EQ(pads_left(b.finish({b.add(padded, conv)})), 1);
  }
  {
    GraphBuilder b("an output");
    const int padded = b.pad(b.input({1, 5, 5, 3}), 1, 1, 1, 1);
    EXPECT_EQ(pads_left(b.finish({padded, b.conv(padded, 3, 3)})), 1);
  }
  {
    GraphBuilder b("average pool");
    const int padded = b.pad(b.input({1, 5, 5, 3}), 1, 1, 1, 1);
    EXPECT_EQ(pads_left(b.finish({pool(b, OperatorKind::kAveragePool2D, padded, {1, 3, 3, 3}, 3, 2)})), 1);
  }
  {
    GraphBuilder b("channels");
    const int in = b.input({1, 5, 5, 3});
    const int amounts = b.constant_int32({0, 0, 1, 1, 1, 1, 0, 1}, {4, 2});
    const int padded = b.op(OperatorKind::kPad, {in, amounts}, b.activation({1, 7, 7, 4}));
    EXPECT_EQ(pads_left(b.finish({b.conv(padded, 3, 3)})), 1);
  }
}

TEST(FoldedPads, StayWhereTheValueIsNotTheZeroPoint) {
  for (const int value : {3, 4}) {
    GraphBuilder b("value");
    const int in = b.input({1, 5, 5, 3});
    const int amounts = b.constant_int32({0, 0, 1, 1, 1, 1, 0, 0}, {4, 2});
    const int padded =
        b.op(OperatorKind::kPadV2, {in, amounts, b.constant_int8(value)}, b.activation({1, 7, 7, 3}));
    const Graph graph = b.finish({b.conv(padded, 2, 3, {.padding = Padding::kValid})});
    EXPECT_EQ(lower(graph).steps.size(), value == 3 ? 1U : 2U);
    EXPECT_EQ(host_difference(graph, 2), "");
  }
}

TEST(FoldedPads, GoIntoMaxPoolsOnlyAsTheSmallestValue) {
  for (const int zero_point : {-128, 0}) {
    GraphBuilder b("max pool");
    const int in = b.input({1, 6, 6, 3}, 0.05F, zero_point);
    const int padded = b.pad(in, 1, 1, 1, 2);
    const Graph graph = b.finish({pool(b, OperatorKind::kMaxPool2D, padded, {1, 3, 4, 3}, 3, 2)});
    EXPECT_EQ(lower(graph).steps.size(), zero_point == -128 ? 1U : 2U);
    EXPECT_EQ(host_difference(graph, 3), "");
  }
  GraphBuilder b("a window in the padding");
  const int padded = b.pad(b.input({1, 4, 4, 2}, 0.05F, -128), 3, 0, 0, 0);
  EXPECT_EQ(lower(b.finish({pool(b, OperatorKind::kMaxPool2D, padded, {1, 3, 2, 2}, 2, 2)})).steps.size(),
            2U);
}

TEST(FoldedActivations, NarrowTheClampOfTheirProducer) {
  GraphBuilder b("relu");
  const int conv = b.conv(b.input({1, 5, 5, 3}), 4, 3);
  const int first = relu(b, OperatorKind::kRelu, conv);
  const int second = relu(b, OperatorKind::kRelu6, first);
  const int sum = b.add(second, second);
  const Graph graph = b.finish({relu(b, OperatorKind::kRelu, sum)});
  const Program program = lower(graph);
  ASSERT_THAT(kinds(program), ElementsAre(OperatorKind::kConv2D, OperatorKind::kAdd));
  EXPECT_EQ(program.steps[0].op, 2);
  EXPECT_EQ(program.steps[0].output, second);
  EXPECT_THAT(program.steps[0].folded_ops, ElementsAre(0, 1));
  EXPECT_EQ(program.steps[0].activation_min, 3);
  EXPECT_EQ(program.steps[0].activation_max, 123);
  EXPECT_GT(program.steps[0].macs, 0);
  EXPECT_EQ(program.steps[1].activation_min, 3);
  EXPECT_EQ(program.storage[static_cast<std::size_t>(conv)], -1);
  EXPECT_EQ(host_difference(graph, 4), "");
}

TEST(FoldedActivations, StayWhereTheyRequantise) {
  GraphBuilder b("requantise");
  const int conv = b.conv(b.input({1, 4, 4, 3}), 4, 1);
  const Graph graph = b.finish({relu(b, OperatorKind::kRelu, conv, 0.04F, -128)});
  EXPECT_THAT(kinds(lower(graph)), ElementsAre(OperatorKind::kConv2D, OperatorKind::kRelu));
  EXPECT_EQ(host_difference(graph, 5), "");
}

TEST(FoldedActivations, StayWhereTheUnclampedValueIsWantedToo) {
  for (const bool as_output : {false, true}) {
    GraphBuilder b("wanted");
    const int conv = b.conv(b.input({1, 4, 4, 3}), 4, 1);
    const int clamped = relu(b, OperatorKind::kRelu, conv);
    const Graph graph = as_output ? b.finish({conv, clamped}) : b.finish({b.add(conv, clamped)});
    EXPECT_EQ(kinds(lower(graph))[1], OperatorKind::kRelu);
  }
}

TEST(Views, ShareTheStorageOfTheirInput) {
  GraphBuilder b("views");
  const int in = b.input({1, 4, 1, 6});
  const int conv = b.conv(in, 6, 1);
  const int reshaped = b.op(OperatorKind::kReshape, {conv, b.constant_int32({1, 1, 4, 6}, {4})},
                            b.activation({1, 1, 4, 6}), reference::ReshapeOptions{{1, 1, 4, 6}});
  const int moved = b.op(OperatorKind::kTranspose, {reshaped, b.constant_int32({2, 0, 1, 3}, {4})},
                         b.activation({4, 1, 1, 6}));
  const int quantized = b.op(OperatorKind::kQuantize, {moved}, b.activation({4, 1, 1, 6}));
  const int unpadded = b.pad(quantized, 0, 0, 0, 0);
  const int pooled = pool(b, OperatorKind::kMaxPool2D, unpadded, {4, 1, 1, 6}, 1, 1);
  const int averaged = pool(b, OperatorKind::kAveragePool2D, pooled, {4, 1, 1, 6}, 1, 1);
  const int alone = b.op(OperatorKind::kConcatenation, {averaged}, b.activation({4, 1, 1, 6}),
                         reference::ConcatenationOptions{});
  const int resized = b.op(OperatorKind::kResizeNearestNeighbor, {alone, b.constant_int32({1, 1}, {2})},
                           b.activation({4, 1, 1, 6}), reference::ResizeNearestNeighborOptions{});
  const int sliced = b.op(OperatorKind::kStridedSlice,
                          {resized, b.constant_int32({0, 0, 0, 0}, {4}), b.constant_int32({4, 1, 1, 6}, {4}),
                           b.constant_int32({1, 1, 1, 1}, {4})},
                          b.activation({4, 1, 1, 6}), reference::StridedSliceOptions{});
  const Graph graph = b.finish({b.add(sliced, sliced)});
  const Program program = lower(graph);
  EXPECT_THAT(kinds(program), ElementsAre(OperatorKind::kConv2D, OperatorKind::kAdd));
  for (const int view : {reshaped, moved, quantized, unpadded, pooled, averaged, alone, resized, sliced}) {
    EXPECT_EQ(program.storage[static_cast<std::size_t>(view)], conv) << view;
  }
  EXPECT_EQ(host_difference(graph, 6), "");
}

TEST(Views, AreNotMadeOfOperatorsThatMoveBytes) {
  GraphBuilder b("moves");
  const int in = b.input({1, 2, 3, 2});
  const int moved =
      b.op(OperatorKind::kTranspose, {in, b.constant_int32({0, 2, 1, 3}, {4})}, b.activation({1, 3, 2, 2}));
  const int quantized = b.op(OperatorKind::kQuantize, {moved}, b.activation({1, 3, 2, 2}, 0.05F, 4));
  const int reversed = b.op(OperatorKind::kStridedSlice,
                            {quantized, b.constant_int32({0, 2, 0, 0}, {4}),
                             b.constant_int32({1, -4, 2, 2}, {4}), b.constant_int32({1, -1, 1, 1}, {4})},
                            b.activation({1, 3, 2, 2}, 0.05F, 4), reference::StridedSliceOptions{});
  const Graph graph = b.finish({reversed});
  EXPECT_THAT(kinds(lower(graph)),
              ElementsAre(OperatorKind::kTranspose, OperatorKind::kQuantize, OperatorKind::kStridedSlice));
  EXPECT_EQ(host_difference(graph, 7), "");
}

TEST(Edges, DropQuantizeAtTheInputAndDequantizeAtTheOutput) {
  GraphBuilder b("edges");
  const int real = b.input({1, 3, 3, 2});
  b.tensor(real).type = reference::TensorType::kFloat32;
  b.tensor(real).quantization = {};
  const int quantized = b.op(OperatorKind::kQuantize, {real}, b.activation({1, 3, 3, 2}));
  const int again = b.op(OperatorKind::kQuantize, {real}, b.activation({1, 3, 3, 2}));
  const int sum = b.add(quantized, again);
  const int out = b.op(OperatorKind::kDequantize, {sum}, b.activation({1, 3, 3, 2}));
  b.tensor(out).type = reference::TensorType::kFloat32;
  b.tensor(out).quantization = {};
  const Program program = lower(b.finish({out, sum}));
  EXPECT_THAT(kinds(program), ElementsAre(OperatorKind::kAdd));
  EXPECT_THAT(program.inputs, ElementsAre(quantized));
  EXPECT_THAT(program.outputs, ElementsAre(sum, sum));
  EXPECT_EQ(program.storage[static_cast<std::size_t>(again)], quantized);
  EXPECT_EQ(program.storage[static_cast<std::size_t>(real)], -1);
  EXPECT_EQ(program.storage[static_cast<std::size_t>(out)], -1);
}

TEST(Edges, RefuseFloatThatTheEngineWouldHaveToCompute) {
  GraphBuilder b("float");
  const int real = b.input({1, 3, 3, 2});
  b.tensor(real).type = reference::TensorType::kFloat32;
  b.tensor(real).quantization = {};
  const int a = b.op(OperatorKind::kQuantize, {real}, b.activation({1, 3, 3, 2}));
  const int c = b.op(OperatorKind::kQuantize, {real}, b.activation({1, 3, 3, 2}, 0.06F));
  EXPECT_EQ(refusal(b.finish({b.add(a, c)})),
            "float: input 0 (t0) is float32 and read by two QUANTIZE operators with different scales; the "
            "engine takes "
            "int8 inputs, or float32 read by one QUANTIZE");

  GraphBuilder d("middle");
  const int in = d.input({1, 3, 3, 2});
  const int middle = d.op(OperatorKind::kDequantize, {in}, d.activation({1, 3, 3, 2}));
  d.tensor(middle).type = reference::TensorType::kFloat32;
  d.tensor(middle).quantization = {};
  const int back = d.op(OperatorKind::kQuantize, {middle}, d.activation({1, 3, 3, 2}));
  EXPECT_EQ(refusal(d.finish({back})),
            "middle: op 0 (DEQUANTIZE): its float32 output is read by middle: op 1 (QUANTIZE), expected "
            "DEQUANTIZE only "
            "at the graph's outputs");
}

TEST(Lowering, RefusesOperatorsOfConstantsOnly) {
  GraphBuilder b("constants");
  const int in = b.input({1});
  const int sum = b.add(b.constant_int8(4), b.constant_int8(5));
  EXPECT_THAT(refusal(b.finish({b.add(in, sum)})),
              HasSubstr("constants: op 0 (ADD): every input is a constant"));
}

TEST(Lowering, RefusesANetworkThatComputesNothing) {
  GraphBuilder b("nothing");
  const int in = b.input({1, 2});
  const int out = b.op(OperatorKind::kReshape, {in, b.constant_int32({2, 1}, {2})}, b.activation({2, 1}),
                       reference::ReshapeOptions{{2, 1}});
  EXPECT_EQ(refusal(b.finish({out})), "nothing: nothing to run: no operator computes anything");
}

TEST(Lowering, LeavesOutWhatNoOutputDependsOn) {
  GraphBuilder b("dead");
  const int in = b.input({1, 4, 4, 3});
  const int used = b.conv(in, 2, 1);
  b.conv(b.conv(in, 8, 3), 8, 3);
  EXPECT_EQ(lower(b.finish({used})).steps.size(), 1U);
}

}  // namespace
}  // namespace engine
