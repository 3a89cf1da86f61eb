#include <gmock/gmock.h>

#include "one_operator.h"

namespace reference {
namespace {

using testing::ElementsAre;

TEST(AveragePool2D, RoundsHalvesAwayFromZero) {
  OneOperator pool(OperatorKind::kAveragePool2D, Pool2DOptions{.stride_w = 2, .filter_width = 2});
  pool.input({1, 1, 6, 1}).output({1, 1, 3, 1});
  EXPECT_THAT(pool.run({{1, 2, -1, -2, 4, 4}}), ElementsAre(2, -2, 4));
}

TEST(AveragePool2D, DoesNotCountPadding) {
  OneOperator pool(OperatorKind::kAveragePool2D,
                   Pool2DOptions{.padding = Padding::kSame, .filter_width = 3, .filter_height = 3});
  pool.input({1, 2, 2, 1}, 1.0F, 50).output({1, 2, 2, 1}, 1.0F, 50);
  EXPECT_THAT(pool.run({{10, 20, 30, 40}}), ElementsAre(25, 25, 25, 25));
}

TEST(AveragePool2D, ClampsToTheFusedActivation) {
  OneOperator pool(OperatorKind::kAveragePool2D,
                   Pool2DOptions{.fused_activation_function = ActivationFunction::kRelu6});
  pool.input({1, 1, 3, 1}, 0.5F, 1).output({1, 1, 3, 1}, 0.5F, 1);
  EXPECT_THAT(pool.run({{-9, 5, 90}}), ElementsAre(1, 5, 13));
}

TEST(AveragePool2D, SkipsInputsWhenTheStrideExceedsTheFilter) {
  OneOperator pool(OperatorKind::kAveragePool2D, Pool2DOptions{.stride_w = 3, .stride_h = 2});
  pool.input({1, 3, 4, 1}).output({1, 2, 2, 1});
  EXPECT_THAT(pool.run({{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}}), ElementsAre(1, 4, 9, 12));
}

TEST(MaxPool2D, TakesTheLargestOfEachChannel) {
  OneOperator pool(OperatorKind::kMaxPool2D,
                   Pool2DOptions{.stride_w = 2, .stride_h = 2, .filter_width = 2, .filter_height = 2});
  pool.input({1, 2, 2, 2}).output({1, 1, 1, 2});
  EXPECT_THAT(pool.run({{1, -5, 3, -6, 2, -4, 0, -7}}), ElementsAre(3, -4));
}

TEST(MaxPool2D, IgnoresPaddingEvenWhereAllIsNegative) {
  OneOperator pool(OperatorKind::kMaxPool2D,
                   Pool2DOptions{.padding = Padding::kSame, .stride_w = 2, .filter_width = 2});
  pool.input({1, 1, 3, 1}).output({1, 1, 2, 1});
  EXPECT_THAT(pool.run({{-5, -6, -128}}), ElementsAre(-5, -128));
}

TEST(MaxPool2D, ClampsToTheFusedActivation) {
  OneOperator pool(OperatorKind::kMaxPool2D,
                   Pool2DOptions{.fused_activation_function = ActivationFunction::kRelu});
  pool.input({1, 1, 2, 1}, 1.0F, -3).output({1, 1, 2, 1}, 1.0F, -3);
  EXPECT_THAT(pool.run({{-5, 5}}), ElementsAre(-3, 5));
}

TEST(Mean, AveragesOverTheImage) {
  OneOperator mean(OperatorKind::kMean, ReducerOptions{.keep_dims = false});
  mean.input({1, 2, 2, 2}).ints({1, 2}).output({1, 2});
  EXPECT_THAT(mean.run({{1, 10, 2, 20, 3, 30, 4, 42}}), ElementsAre(3, 26));  // 2.5 and 25.5
}

TEST(Mean, KeepsDimensionsOfOneWhenAsked) {
  OneOperator mean(OperatorKind::kMean, ReducerOptions{.keep_dims = true});
  mean.input({1, 2, 3, 1}).ints({2}, {1}).output({1, 2, 1, 1});
  EXPECT_THAT(mean.run({{1, 2, 3, 10, 20, 30}}), ElementsAre(2, 20));
}

TEST(Mean, RequantisesTheSum) {
  OneOperator mean(OperatorKind::kMean, ReducerOptions{});
  mean.input({2, 3}, 0.5F, -128).ints({1}).output({2}, 0.25F, -100);
  // Means above the zero point: (128+129+130)/3 = 129, doubled: 258 - 100 saturates; (1+2+3)/3 = 2 -> 4 -
  // 100.
  EXPECT_THAT(mean.run({{0, 1, 2, -127, -126, -125}}), ElementsAre(127, -96));
}

TEST(Mean, KeepsThePrecisionOfItsMultiplier) {
  OneOperator mean(OperatorKind::kMean, ReducerOptions{});
  mean.input({42}, 0.447F).ints({0}).output({}, 1.0F);
  Int8s x(27, -126);
  x.resize(42, -127);
  EXPECT_THAT(mean.run({x}), ElementsAre(-56));  // -56.48; a multiplier divided without a shift gives -57
}

TEST(Mean, TakesNegativeAndRepeatedAxes) {
  OneOperator mean(OperatorKind::kMean, ReducerOptions{});
  mean.input({2, 2}).ints({-1, 1}).output({2});
  EXPECT_THAT(mean.run({{1, 3, 10, 20}}), ElementsAre(2, 15));
}

TEST(Mean, ReducesOuterAxes) {
  OneOperator mean(OperatorKind::kMean, ReducerOptions{});
  mean.input({3, 2}).ints({0}, {1}).output({2});
  EXPECT_THAT(mean.run({{1, 10, 2, 20, 3, 60}}), ElementsAre(2, 30));
}

TEST(Mean, ReducesEverythingToAScalar) {
  OneOperator mean(OperatorKind::kMean, ReducerOptions{});
  mean.input({2, 2}).ints({0, 1}).output({});
  EXPECT_THAT(mean.run({{1, 2, 3, 6}}), ElementsAre(3));
}

}  // namespace
}  // namespace reference
