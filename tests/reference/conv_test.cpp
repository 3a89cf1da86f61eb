#include <gmock/gmock.h>

#include "one_operator.h"

namespace reference {
namespace {

using testing::ElementsAre;

constexpr ActivationFunction kNone = ActivationFunction::kNone;

TEST(Conv2D, SumsProductsOverWindowAndChannels) {
  OneOperator conv(OperatorKind::kConv2D, Conv2DOptions{.padding = Padding::kValid});
  conv.input({1, 2, 2, 2}).weights({1, 2, 2, 2}, {1, -1, 2, 0, 0, 3, -2, 1}).ints({5}).output({1, 1, 1, 1});
  // 1*1 - 2*1 + 3*2 + 0 + 0 + 6*3 - 7*2 + 8 + 5
  EXPECT_THAT(conv.run({{1, 2, 3, 4, 5, 6, 7, 8}}), ElementsAre(22));
}

TEST(Conv2D, PutsTheOddPaddingElementBehindTheImage) {
  OneOperator conv(OperatorKind::kConv2D, Conv2DOptions{.padding = Padding::kSame});
  conv.input({1, 1, 3, 1}).weights({1, 1, 2, 1}, {1, 10}).output({1, 1, 3, 1});
  EXPECT_THAT(conv.run({{1, 2, 3}}), ElementsAre(21, 32, 3));
}

TEST(Conv2D, TreatsPaddingAsTheZeroPoint) {
  OneOperator conv(OperatorKind::kConv2D, Conv2DOptions{.padding = Padding::kSame});
  conv.input({1, 1, 3, 1}, 1.0F, -128).weights({1, 1, 3, 1}, {1, 1, 1}).output({1, 1, 3, 1}, 1.0F, -128);
  EXPECT_THAT(conv.run({{-127, -126, -124}}), ElementsAre(-125, -121, -122));
}

TEST(Conv2D, SkipsInputsWhenTheStrideExceedsTheKernel) {
  OneOperator conv(OperatorKind::kConv2D,
                   Conv2DOptions{.padding = Padding::kValid, .stride_w = 3, .stride_h = 2});
  conv.input({1, 3, 5, 1}).weights({1, 1, 1, 1}, {2}).output({1, 2, 2, 1});
  EXPECT_THAT(conv.run({{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}}), ElementsAre(2, 8, 22, 28));
}

TEST(Conv2D, PadsASameStrideOfThree) {
  OneOperator conv(OperatorKind::kConv2D, Conv2DOptions{.padding = Padding::kSame, .stride_w = 3});
  // Two outputs over 4 inputs: (2 - 1) * 3 + 3 - 4 = 2 elements of padding, one on each side.
  conv.input({1, 1, 4, 1}).weights({1, 1, 3, 1}, {1, 2, 4}).output({1, 1, 2, 1});
  EXPECT_THAT(conv.run({{1, 2, 3, 4}}), ElementsAre(2 + 8, 3 + 8));
}

TEST(Conv2D, ReachesOverDilatedTaps) {
  OneOperator conv(OperatorKind::kConv2D, Conv2DOptions{.padding = Padding::kValid, .dilation_w_factor = 2});
  conv.input({1, 1, 6, 1}).weights({1, 1, 3, 1}, {1, 2, 4}).output({1, 1, 2, 1});
  EXPECT_THAT(conv.run({{1, 2, 3, 4, 5, 6}}), ElementsAre(1 + 6 + 20, 2 + 8 + 24));
}

TEST(Conv2D, TakesOneByNKernels) {
  OneOperator conv(OperatorKind::kConv2D, Conv2DOptions{.padding = Padding::kSame});
  conv.input({1, 3, 2, 1}).weights({1, 3, 1, 1}, {1, 2, 3}).output({1, 3, 2, 1});
  EXPECT_THAT(conv.run({{1, 2, 3, 4, 5, 6}}), ElementsAre(11, 16, 22, 28, 13, 16));
}

TEST(Conv2D, ScalesEachOutputChannelByItsOwn) {
  OneOperator conv(OperatorKind::kConv2D, Conv2DOptions{});
  conv.input({1, 1, 1, 1})
      .weights({3, 1, 1, 1}, {4, 4, 4}, {1.0F, 0.5F, 0.125F})
      .output({1, 1, 1, 3}, 0.5F, 1);
  EXPECT_THAT(conv.run({{5}}), ElementsAre(41, 21, 6));
}

TEST(Conv2D, SplitsChannelsIntoGroups) {
  OneOperator conv(OperatorKind::kConv2D, Conv2DOptions{});
  conv.input({1, 1, 1, 4}).weights({4, 1, 1, 2}, {1, 0, 0, 1, 1, 1, 1, -1}).output({1, 1, 1, 4});
  EXPECT_THAT(conv.run({{1, 2, 3, 5}}), ElementsAre(1, 2, 8, -2));
}

TEST(Conv2D, SaturatesAtBothEnds) {
  OneOperator conv(OperatorKind::kConv2D, Conv2DOptions{});
  conv.input({1, 1, 1, 1}, 1.0F, 127).weights({2, 1, 1, 1}, {127, -127}).output({1, 1, 1, 2});
  EXPECT_THAT(conv.run({{-128}}), ElementsAre(-128, 127));
}

TEST(Conv2D, WrapsItsAccumulatorAt32Bits) {
  OneOperator conv(OperatorKind::kConv2D, Conv2DOptions{});
  conv.input({1, 1, 1, 1}).weights({1, 1, 1, 1}, {1}).ints({2147483647}).output({1, 1, 1, 1}, 16777216.0F);
  EXPECT_THAT(conv.run({{1}}), ElementsAre(-128));
}

TEST(Conv2D, ClampsToTheFusedActivation) {
  const auto run = [](ActivationFunction activation) {
    OneOperator conv(OperatorKind::kConv2D, Conv2DOptions{.fused_activation_function = activation});
    conv.input({1, 1, 4, 1}).weights({1, 1, 1, 1}, {1}).output({1, 1, 4, 1}, 1.0F, 10);
    return conv.run({{-100, -1, 3, 100}});
  };
  EXPECT_THAT(run(kNone), ElementsAre(-90, 9, 13, 110));
  EXPECT_THAT(run(ActivationFunction::kRelu), ElementsAre(10, 10, 13, 110));
  EXPECT_THAT(run(ActivationFunction::kRelu6), ElementsAre(10, 10, 13, 16));
  EXPECT_THAT(run(ActivationFunction::kReluN1To1), ElementsAre(9, 9, 11, 11));
}

TEST(Conv2D, GoesThroughTheBatch) {
  OneOperator conv(OperatorKind::kConv2D, Conv2DOptions{});
  conv.input({2, 1, 2, 1}).weights({1, 1, 1, 1}, {3}).output({2, 1, 2, 1});
  EXPECT_THAT(conv.run({{1, 2, 3, 4}}), ElementsAre(3, 6, 9, 12));
}

TEST(DepthwiseConv2D, KeepsChannelsApart) {
  OneOperator conv(OperatorKind::kDepthwiseConv2D, DepthwiseConv2DOptions{.padding = Padding::kValid});
  conv.input({1, 1, 2, 2}).weights({1, 1, 2, 2}, {1, 10, 2, 20}).ints({1, -1}).output({1, 1, 1, 2});
  EXPECT_THAT(conv.run({{1, 2, 3, 4}}), ElementsAre(1 + 6 + 1, 20 + 80 - 1));
}

TEST(DepthwiseConv2D, PutsTheProductsOfAChannelSideBySide) {
  OneOperator conv(OperatorKind::kDepthwiseConv2D, DepthwiseConv2DOptions{.depth_multiplier = 2});
  conv.input({1, 1, 1, 2}).weights({1, 1, 1, 4}, {1, 2, 3, 4}).output({1, 1, 1, 4});
  EXPECT_THAT(conv.run({{10, 20}}), ElementsAre(10, 20, 60, 80));
}

TEST(DepthwiseConv2D, ScalesAlongTheLastDimension) {
  OneOperator conv(OperatorKind::kDepthwiseConv2D, DepthwiseConv2DOptions{});
  conv.input({1, 1, 1, 2}).weights({1, 1, 1, 2}, {8, 8}, {0.5F, 0.25F}, 3).output({1, 1, 1, 2});
  EXPECT_THAT(conv.run({{3, 3}}), ElementsAre(12, 6));
}

TEST(DepthwiseConv2D, ReachesOverDilatedTapsAndPadsThem) {
  OneOperator conv(OperatorKind::kDepthwiseConv2D,
                   DepthwiseConv2DOptions{.padding = Padding::kSame, .dilation_w_factor = 2});
  conv.input({1, 1, 4, 1}, 1.0F, 127).weights({1, 1, 3, 1}, {1, 2, 4}).output({1, 1, 4, 1});
  // x - 127 = -1, -2, -3, -4 between two padded columns on each side.
  EXPECT_THAT(conv.run({{126, 125, 124, 123}}), ElementsAre(-2 - 12, -4 - 16, -1 - 6, -2 - 8));
}

TEST(FullyConnected, MultipliesByTheTransposedMatrix) {
  OneOperator fc(OperatorKind::kFullyConnected, FullyConnectedOptions{});
  fc.input({2, 3}).weights({2, 3}, {1, 2, 3, -1, 0, 1}).ints({10, -10}).output({2, 2});
  EXPECT_THAT(fc.run({{1, 2, 3, 4, 5, 6}}), ElementsAre(24, -8, 42, -8));
}

TEST(FullyConnected, FlattensItsInput) {
  OneOperator fc(OperatorKind::kFullyConnected, FullyConnectedOptions{});
  fc.input({1, 2, 1, 2}, 1.0F, 1).weights({1, 4}, {1, 1, 1, 1}).absent().output({1, 1}, 2.0F, -3);
  EXPECT_THAT(fc.run({{2, 3, 4, 5}}), ElementsAre(5 - 3));
}

TEST(FullyConnected, KeepsDimensionsWhenAsked) {
  OneOperator fc(OperatorKind::kFullyConnected, FullyConnectedOptions{.keep_num_dims = true});
  fc.input({1, 2, 2}).weights({1, 2}, {1, 2}).output({1, 2, 1});
  EXPECT_THAT(fc.run({{1, 2, 3, 4}}), ElementsAre(5, 11));
}

TEST(FullyConnected, ScalesEachOutputByItsOwn) {
  OneOperator fc(OperatorKind::kFullyConnected, FullyConnectedOptions{});
  fc.input({1, 1}).weights({2, 1}, {8, 8}, {0.5F, 0.25F}).output({1, 2});
  EXPECT_THAT(fc.run({{3}}), ElementsAre(12, 6));
}

TEST(FullyConnected, MultipliesItsScalesInFloatWhenThereIsOne) {
  const auto run = [](const std::vector<float>& scales) {
    OneOperator fc(OperatorKind::kFullyConnected, FullyConnectedOptions{});
    fc.input({1, 1}, 0.0137F)
        .weights({2, 1}, {0, 0}, scales)
        .ints({1019380832, 1019380832})
        .output({1, 2}, 9000.0F);
    return fc.run({{1}});
  };
  EXPECT_THAT(run({0.0029F}), ElementsAre(4, 4));  // 4.5 but for the last bit
  EXPECT_THAT(run({0.0029F, 0.0029F}), ElementsAre(5, 5));
}

TEST(FullyConnected, ClampsToTheFusedActivation) {
  OneOperator fc(OperatorKind::kFullyConnected,
                 FullyConnectedOptions{.fused_activation_function = ActivationFunction::kRelu6});
  fc.input({3, 1}).weights({1, 1}, {1}).output({3, 1}, 0.5F, -128);
  EXPECT_THAT(fc.run({{-5, 2, 90}}), ElementsAre(-128, -124, -116));
}

}  // namespace
}  // namespace reference
