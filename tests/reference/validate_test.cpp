#include "reference/validate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "one_operator.h"

namespace reference {
namespace {

std::string error_of(const Graph& graph) {
  try {
    validate(graph, "m");
  } catch (const ModelError& error) {
    return error.what();
  }
  return "";
}

OneOperator conv(const Conv2DOptions& options = {}) {
  OneOperator op(OperatorKind::kConv2D, options);
  op.input({1, 4, 4, 2}).weights({3, 1, 1, 2}, Int8s(6, 1)).ints({1, 2, 3}).output({1, 4, 4, 3});
  return op;
}

TEST(Validate, AcceptsAWellFormedOperator) {
  EXPECT_EQ(error_of(conv().graph), "");
}

TEST(Validate, BoundsEveryIndex) {
  OneOperator op = conv();
  op.op().inputs[0] = 4;
  EXPECT_EQ(error_of(op.graph), "m: op 0 (CONV_2D): input 0 is tensor 4, expected 0 to 3");
  op.op().inputs[0] = -2;
  EXPECT_EQ(error_of(op.graph), "m: op 0 (CONV_2D): input 0 is tensor -2, expected 0 to 3");
  op.op().inputs[0] = -1;
  EXPECT_EQ(error_of(op.graph), "m: op 0 (CONV_2D): input 0 is absent");
  op = conv();
  op.op().outputs = {-1};
  EXPECT_EQ(error_of(op.graph), "m: op 0 (CONV_2D): output 0 is tensor -1, expected 0 to 3");
  op.op().outputs = {};
  EXPECT_EQ(error_of(op.graph), "m: op 0 (CONV_2D): has 0 outputs, expected 1");
  op = conv();
  op.graph.inputs = {9};
  EXPECT_EQ(error_of(op.graph), "m: input 0 is tensor 9, expected 0 to 3");
  op.graph.inputs = {0, 0};
  EXPECT_EQ(error_of(op.graph), "m: tensor 0 (\"x\"): is an input twice");
  op.graph.inputs = {0, 1};
  EXPECT_EQ(error_of(op.graph), "m: tensor 1 (\"w\"): is both an input and a constant");
  op = conv();
  op.graph.outputs = {-1};
  EXPECT_EQ(error_of(op.graph), "m: output 0 is tensor -1, expected 0 to 3");
  op.graph.outputs = {};
  EXPECT_EQ(error_of(op.graph), "m: the graph has no outputs");
}

/// x -> RELU -> a -> RELU -> b, all of shape [2].
Graph chain() {
  OneOperator first(OperatorKind::kRelu);
  first.input({2}).output({2});
  Graph graph = first.graph;
  graph.tensors.push_back(graph.tensors[1]);
  graph.operators.push_back(graph.operators[0]);
  graph.operators[1].inputs = {1};
  graph.operators[1].outputs = {2};
  graph.outputs = {2};
  return graph;
}

TEST(Validate, AcceptsAChain) {
  EXPECT_EQ(error_of(chain()), "");
}

TEST(Validate, TellsWrongOrderFromACycle) {
  Graph graph = chain();
  std::swap(graph.operators[0], graph.operators[1]);
  EXPECT_EQ(error_of(graph),
            "m: op 0 (RELU): reads tensor 1 (\"y\"), which op 1 writes later: operators are out of order");
  graph = chain();
  graph.operators[0].inputs = {2};
  EXPECT_EQ(error_of(graph), "m: op 0 (RELU): reads tensor 2 (\"y\"), which op 1 writes later: cyclic graph");
  graph.operators[0].inputs = {1};
  EXPECT_EQ(error_of(graph), "m: op 0 (RELU): reads tensor 1 (\"y\"), which op 0 writes later: cyclic graph");
}

TEST(Validate, WantsEachTensorWrittenOnce) {
  Graph graph = chain();
  graph.operators[1].outputs = {1};
  EXPECT_EQ(error_of(graph), "m: op 1 (RELU): writes tensor 1 (\"y\"), which op 0 writes as well");
  graph = chain();
  graph.operators[0].outputs = {0};
  EXPECT_EQ(error_of(graph), "m: op 0 (RELU): writes tensor 0 (\"x\"), an input of the graph");
  graph = chain();
  graph.tensors[1].constant = TensorData(2);
  EXPECT_EQ(error_of(graph), "m: op 0 (RELU): writes tensor 1 (\"y\"), a constant");
  graph = chain();
  graph.inputs = {};
  EXPECT_EQ(error_of(graph),
            "m: op 0 (RELU): reads tensor 0 (\"x\"), which is neither an input, nor a constant, nor written "
            "by any operator");
  graph = chain();
  graph.operators.clear();
  EXPECT_EQ(error_of(graph), "m: tensor 2 (\"y\"): is an output of the graph, but no operator writes it");
}

TEST(Validate, KeepsNamesShortAndPrintable) {
  Graph graph = chain();
  graph.tensors[0].name = "a\nb" + std::string(100, 'c');
  graph.tensors[0].shape = {0};
  EXPECT_EQ(error_of(graph),
            "m: tensor 0 (\"a?b" + std::string(57, 'c') + "...\"): dimension 0 is 0, expected at least 1");
}

TEST(Validate, WantsUsableScales) {
  OneOperator op = conv();
  op.input_tensor(0).quantization.scale = {std::numeric_limits<float>::infinity()};
  EXPECT_EQ(error_of(op.graph), "m: tensor 0 (\"x\"): scale 0 is inf, expected finite and above 0");
  op.input_tensor(0).quantization.scale = {-1.0F};
  EXPECT_EQ(error_of(op.graph), "m: tensor 0 (\"x\"): scale 0 is -1, expected finite and above 0");
  op.input_tensor(0).quantization.scale = {NAN};
  EXPECT_EQ(error_of(op.graph), "m: tensor 0 (\"x\"): scale 0 is nan, expected finite and above 0");
  op.input_tensor(0).quantization = {};
  EXPECT_EQ(error_of(op.graph), "m: op 0 (CONV_2D): input has 0 quantisation scales, expected 1");
  op = conv();
  op.input_tensor(0).quantization.scale = {1e30F};
  EXPECT_EQ(error_of(op.graph),
            "m: op 0 (CONV_2D): input scale * filter scale / output scale is 1e+30, expected less than 2^30");
}

TEST(ValidateConv2D, NamesWhatItsFilterHas) {
  OneOperator op = conv();
  op.input_tensor(1).shape = {3, 2};
  EXPECT_EQ(error_of(op.graph), "m: op 0 (CONV_2D): filter has 2 dimensions, expected 4 [O,H,W,I]");
  op = conv();
  op.input_tensor(1).shape = {2, 1, 1, 3};
  EXPECT_EQ(error_of(op.graph),
            "m: op 0 (CONV_2D): filter has 3 input channels, expected 2 or a divisor of it (groups)");
  op.input_tensor(1).shape = {3, 1, 2, 1};
  EXPECT_EQ(error_of(op.graph),
            "m: op 0 (CONV_2D): filter has 3 output channels, expected a multiple of its 2 groups");
  op = conv();
  op.input_tensor(1).constant.reset();
  op.graph.inputs.push_back(1);
  EXPECT_EQ(error_of(op.graph), "m: op 0 (CONV_2D): filter is not a constant");
  op = conv();
  op.input_tensor(1).quantization.zero_point = {1};
  EXPECT_EQ(error_of(op.graph), "m: op 0 (CONV_2D): filter has zero point 1 in channel 0, expected 0");
  op = conv();
  op.input_tensor(1).quantization = {{1.0F, 1.0F}, {0, 0}, 3};
  EXPECT_EQ(error_of(op.graph),
            "m: op 0 (CONV_2D): filter has 2 quantisation scales along dimension 3, expected 1, or 3 along "
            "dimension 0");
}

TEST(ValidateConv2D, NamesWhatItsBiasHas) {
  OneOperator op = conv();
  op.input_tensor(2).shape = {2};
  op.input_tensor(2).constant = TensorData(8);
  EXPECT_EQ(error_of(op.graph), "m: op 0 (CONV_2D): bias has 2 elements, expected 3");
  op.input_tensor(2).type = TensorType::kFloat32;
  EXPECT_EQ(error_of(op.graph), "m: op 0 (CONV_2D): bias is float32, expected int32");
  op = conv();
  op.input_tensor(2).constant.reset();
  op.graph.inputs.push_back(2);
  EXPECT_EQ(error_of(op.graph), "m: op 0 (CONV_2D): bias is not a constant");
}

TEST(ValidateConv2D, RecomputesTheOutputsShape) {
  OneOperator op = conv({.stride_w = 3, .stride_h = 2});
  EXPECT_EQ(error_of(op.graph), "m: op 0 (CONV_2D): output has shape [1, 4, 4, 3], expected [1, 2, 2, 3]");
  op = conv({.padding = Padding::kValid, .stride_w = 3});
  EXPECT_EQ(error_of(op.graph), "m: op 0 (CONV_2D): output has shape [1, 4, 4, 3], expected [1, 4, 2, 3]");
  OneOperator wide(OperatorKind::kConv2D, Conv2DOptions{.padding = Padding::kValid, .dilation_w_factor = 3});
  wide.input({1, 4, 4, 1}).weights({1, 2, 3, 1}, Int8s(6, 1)).output({1, 1, 1, 1});
  EXPECT_EQ(error_of(wide.graph), "m: op 0 (CONV_2D): a 2x7 window does not fit into 4x4 without padding");
}

TEST(ValidateConv2D, WantsItsOwnOptions) {
  OneOperator op = conv();
  op.op().options = SoftmaxOptions{};
  EXPECT_EQ(error_of(op.graph), "m: op 0 (CONV_2D): has the options of another operator");
  op.op().inputs = {0};
  op.op().options = Conv2DOptions{};
  EXPECT_EQ(error_of(op.graph), "m: op 0 (CONV_2D): has 1 inputs, expected 2 to 3");
}

TEST(ValidateDepthwiseConv2D, MatchesChannelsToTheMultiplier) {
  OneOperator op(OperatorKind::kDepthwiseConv2D, DepthwiseConv2DOptions{.depth_multiplier = 3});
  op.input({1, 1, 1, 2}).weights({1, 1, 1, 4}, Int8s(4, 1)).output({1, 1, 1, 4});
  EXPECT_EQ(error_of(op.graph),
            "m: op 0 (DEPTHWISE_CONV_2D): filter has 4 channels, expected 6 (2 input channels x depth "
            "multiplier 3)");
  op.op().options = DepthwiseConv2DOptions{.depth_multiplier = 0};
  EXPECT_EQ(error_of(op.graph), "m: op 0 (DEPTHWISE_CONV_2D): depth_multiplier is 0, expected 1 to 65536");
  op.op().options = DepthwiseConv2DOptions{.depth_multiplier = 2};
  EXPECT_EQ(error_of(op.graph), "");
  op.input_tensor(1).shape = {2, 1, 1, 2};
  EXPECT_EQ(error_of(op.graph),
            "m: op 0 (DEPTHWISE_CONV_2D): filter has shape [2, 1, 1, 2], expected [1,H,W,C]");
}

TEST(ValidateFullyConnected, MatchesInputsToTheMatrix) {
  OneOperator op(OperatorKind::kFullyConnected, FullyConnectedOptions{});
  op.input({1, 5}).weights({2, 3}, Int8s(6, 1)).output({1, 2});
  EXPECT_EQ(error_of(op.graph),
            "m: op 0 (FULLY_CONNECTED): input has 5 elements, expected a multiple of the filter's 3 inputs");
  op.input_tensor(0).shape = {3, 1};
  EXPECT_EQ(error_of(op.graph), "");
  op.op().options = FullyConnectedOptions{.keep_num_dims = true};
  EXPECT_EQ(
      error_of(op.graph),
      "m: op 0 (FULLY_CONNECTED): input has shape [3, 1], expected a last dimension of 3 (keep_num_dims)");
}

TEST(ValidateArithmetic, ChecksShapesAndScales) {
  OneOperator op(OperatorKind::kAdd, ArithmeticOptions{});
  op.input({2, 3}).input({2, 2}).output({2, 3});
  EXPECT_EQ(error_of(op.graph),
            "m: op 0 (ADD): inputs have shapes [2, 3] and [2, 2], which do not broadcast");
  op.input_tensor(1).shape = {3};
  EXPECT_EQ(error_of(op.graph), "");
  op.output_tensor().quantization.scale = {1e-6F};
  EXPECT_EQ(error_of(op.graph),
            "m: op 0 (ADD): output scale is 1e-06, too small for input scales of 1: expected above "
            "1.9073486328125e-06");
  op = OneOperator(OperatorKind::kMul, ArithmeticOptions{});
  op.input({2}, 1e20F).input({2}, 1e20F).output({2});
  EXPECT_EQ(error_of(op.graph),
            "m: op 0 (MUL): product of the input scales / output scale is 1e+40, expected less than 2^30");
}

TEST(ValidatePool, WantsTheSameQuantisationOnBothSides) {
  OneOperator op(OperatorKind::kMaxPool2D, Pool2DOptions{});
  op.input({1, 2, 2, 1}, 0.5F, 3).output({1, 2, 2, 1}, 0.5F, 4);
  EXPECT_EQ(
      error_of(op.graph),
      "m: op 0 (MAX_POOL_2D): input has scale 0.5 and zero point 3, expected those of the output: 0.5 and 4");
  op.output_tensor().quantization.zero_point = {3};
  EXPECT_EQ(error_of(op.graph), "");
  op.op().options = Pool2DOptions{.filter_width = 0};
  EXPECT_EQ(error_of(op.graph), "m: op 0 (MAX_POOL_2D): filter_width is 0, expected 1 to 65536");
}

TEST(ValidateMean, ChecksAxesAndKeepDims) {
  OneOperator op(OperatorKind::kMean, ReducerOptions{});
  op.input({2, 3}).ints({2}).output({2});
  EXPECT_EQ(error_of(op.graph), "m: op 0 (MEAN): axis 2 is outside the input's 2 dimensions");
  op.input_tensor(1).constant = bytes_of<std::int32_t>({-1});
  EXPECT_EQ(error_of(op.graph), "");
  op.op().options = ReducerOptions{.keep_dims = true};
  EXPECT_EQ(error_of(op.graph), "m: op 0 (MEAN): output has shape [2], expected [2, 1]");
}

TEST(ValidateSoftmax, WantsProbabilities) {
  OneOperator op(OperatorKind::kSoftmax, SoftmaxOptions{});
  op.input({1, 2}).output({1, 2});
  EXPECT_EQ(error_of(op.graph),
            "m: op 0 (SOFTMAX): output has scale 1 and zero point 0, expected 1/256 and -128");
  op.output_tensor().quantization = {{1.0F / 256.0F}, {-128}, 0};
  EXPECT_EQ(error_of(op.graph), "");
  op.op().options = SoftmaxOptions{.beta = -1.0F};
  EXPECT_EQ(error_of(op.graph), "m: op 0 (SOFTMAX): beta * input scale is -1, expected at least 2^-26");
}

TEST(ValidateConcatenation, ComparesEveryInputToTheOutput) {
  OneOperator op(OperatorKind::kConcatenation, ConcatenationOptions{.axis = 1});
  op.input({2, 1}).input({2, 2}, 0.5F).output({2, 3});
  EXPECT_EQ(error_of(op.graph),
            "m: op 0 (CONCATENATION): input 1 has scale 0.5 and zero point 0, expected those of the output: "
            "1 and 0");
  op.input_tensor(1).quantization.scale = {1.0F};
  EXPECT_EQ(error_of(op.graph), "");
  op.output_tensor().shape = {2, 4};
  EXPECT_EQ(error_of(op.graph),
            "m: op 0 (CONCATENATION): output has 4 elements along dimension 1, expected 3");
  op.input_tensor(1).shape = {1, 2};
  EXPECT_EQ(error_of(op.graph),
            "m: op 0 (CONCATENATION): input 1 has shape [1, 2], which differs from the output's [2, 4] in "
            "more than dimension 1");
  op.op().options = ConcatenationOptions{.axis = 2};
  EXPECT_EQ(error_of(op.graph), "m: op 0 (CONCATENATION): axis 2 is outside the output's 2 dimensions");
  op.op().options = ConcatenationOptions{.fused_activation_function = ActivationFunction::kRelu};
  EXPECT_EQ(error_of(op.graph), "m: op 0 (CONCATENATION): has a fused activation, expected none");
}

TEST(ValidatePad, ChecksPaddings) {
  OneOperator op(OperatorKind::kPad);
  op.input({2}).ints({1, -1}).output({2});
  EXPECT_EQ(error_of(op.graph), "m: op 0 (PAD): paddings of dimension 0 are 1 and -1, expected at least 0");
  op.input_tensor(1).constant = bytes_of<std::int32_t>({2147483647, 2147483647});
  EXPECT_EQ(error_of(op.graph),
            "m: op 0 (PAD): dimension 0 is padded to 4294967296, expected at most 2^31 - 1");
  op.input_tensor(1).constant = bytes_of<std::int32_t>({1, 1});
  EXPECT_EQ(error_of(op.graph), "m: op 0 (PAD): output has shape [2], expected [4]");
  OneOperator v2(OperatorKind::kPadV2);
  v2.input({2}).ints({0, 1}).int8_constant({2}, {1, 2}).output({3});
  EXPECT_EQ(error_of(v2.graph), "m: op 0 (PADV2): pad value has 2 elements, expected 1");
}

TEST(ValidateReshape, CountsElements) {
  OneOperator op(OperatorKind::kReshape, ReshapeOptions{});
  op.input({2, 3}).ints({4, -1}).output({6});
  EXPECT_EQ(error_of(op.graph), "m: op 0 (RESHAPE): shape [4, -1] does not hold the input's 6 elements");
  op.input_tensor(1).constant = bytes_of<std::int32_t>({-1, -1});
  EXPECT_EQ(error_of(op.graph), "m: op 0 (RESHAPE): shape [-1, -1] does not hold the input's 6 elements");
  op.input_tensor(1).constant = bytes_of<std::int32_t>({3, -1});
  EXPECT_EQ(error_of(op.graph), "m: op 0 (RESHAPE): output has shape [6], expected [3, 2]");
}

TEST(ValidateResize, MatchesTheSize) {
  OneOperator op(OperatorKind::kResizeNearestNeighbor, ResizeNearestNeighborOptions{});
  op.input({1, 2, 2, 1}).ints({4, 5}).output({1, 4, 4, 1});
  EXPECT_EQ(error_of(op.graph),
            "m: op 0 (RESIZE_NEAREST_NEIGHBOR): output has shape [1, 4, 4, 1], expected [1, 4, 5, 1]");
  op.op().options = ResizeNearestNeighborOptions{.align_corners = true, .half_pixel_centers = true};
  EXPECT_EQ(error_of(op.graph),
            "m: op 0 (RESIZE_NEAREST_NEIGHBOR): align_corners and half_pixel_centers are both set, expected "
            "at most one");
}

TEST(ValidateStridedSlice, RefusesWhatIsNoSlice) {
  const auto error = [](std::vector<std::int32_t> begin, std::vector<std::int32_t> end,
                        std::vector<std::int32_t> stride, StridedSliceOptions options = {}) {
    OneOperator op(OperatorKind::kStridedSlice, options);
    op.input({4}).ints(begin).ints(end).ints(stride).output({2});
    return error_of(op.graph);
  };
  const std::string op = "m: op 0 (STRIDED_SLICE): ";
  EXPECT_EQ(error({0}, {4}, {2}), "");
  EXPECT_EQ(error({0}, {4}, {0}), op + "begin [0], end [4], strides [0] is no slice of [4]");
  EXPECT_EQ(error({0, 0}, {4, 1}, {1, 1}),
            op + "begin [0, 0], end [4, 1], strides [1, 1] is no slice of [4]");
  EXPECT_EQ(error({7}, {8}, {1}, {.shrink_axis_mask = 1}),
            op + "begin [7], end [8], strides [1] is no slice of [4]");
  EXPECT_EQ(error({0, 0}, {4}, {1}),
            op + "begin, end and strides have 2, 1 and 1 elements, expected as many");
  EXPECT_EQ(error({3}, {1}, {1}), op + "slice of dimension 0 is empty");
  EXPECT_EQ(error({0}, {3}, {1}), op + "output has shape [2], expected [3]");
}

TEST(ValidateTranspose, WantsAPermutation) {
  OneOperator op(OperatorKind::kTranspose);
  op.input({2, 3}).ints({0, 0}).output({2, 2});
  EXPECT_EQ(error_of(op.graph), "m: op 0 (TRANSPOSE): permutation [0, 0] is none of 2 dimensions");
  op.input_tensor(1).constant = bytes_of<std::int32_t>({1, -1});
  EXPECT_EQ(error_of(op.graph), "m: op 0 (TRANSPOSE): permutation [1, -1] is none of 2 dimensions");
  op.input_tensor(1).constant = bytes_of<std::int32_t>({1, 0});
  EXPECT_EQ(error_of(op.graph), "m: op 0 (TRANSPOSE): output has shape [2, 2], expected [3, 2]");
}

TEST(ValidateQuantize, WantsInt8OrFloatIn) {
  OneOperator op(OperatorKind::kQuantize);
  op.ints({1, 2}).output({2});
  EXPECT_EQ(error_of(op.graph), "m: op 0 (QUANTIZE): input is int32, expected int8");
  OneOperator back(OperatorKind::kDequantize);
  back.input({2}).output({2});
  EXPECT_EQ(error_of(back.graph), "m: op 0 (DEQUANTIZE): output is int8, expected float32");
}

}  // namespace
}  // namespace reference
