#include <gmock/gmock.h>

#include <cmath>

#include "one_operator.h"

namespace reference {
namespace {

using testing::ElementsAre;

ArithmeticOptions fused(ActivationFunction activation) {
  return {.fused_activation_function = activation};
}

TEST(Add, BringsBothInputsToTheOutputsScale) {
  OneOperator add(OperatorKind::kAdd, ArithmeticOptions{});
  add.input({1, 3}, 0.5F, 1).input({1, 3}, 0.25F, -2).output({1, 3}, 0.125F, 5);
  // (x - 1) / 2 + (z + 2) / 4, times 8, plus 5
  EXPECT_THAT(add.run({{3, -1, 1}, {2, 6, -10}}), ElementsAre(8 + 8 + 5, -8 + 16 + 5, 0 - 16 + 5));
}

TEST(Add, SaturatesAtTheExtremeZeroPoints) {
  OneOperator add(OperatorKind::kAdd, ArithmeticOptions{});
  add.input({1, 2}, 1.0F, -128).input({1, 2}, 1.0F, 127).output({1, 2});
  EXPECT_THAT(add.run({{127, -128}, {127, -128}}), ElementsAre(127, -128));
}

TEST(Add, RoundsHalvesAwayFromZero) {
  OneOperator add(OperatorKind::kAdd, ArithmeticOptions{});
  add.input({1, 4}).input({1, 4}).output({1, 4}, 2.0F);
  EXPECT_THAT(add.run({{1, -1, 2, -3}, {0, 0, 1, 0}}), ElementsAre(1, -1, 2, -2));
}

TEST(Add, KeepsTwentyBitsOfHeadroom) {
  OneOperator add(OperatorKind::kAdd, ArithmeticOptions{});
  add.input({1}, 0.369F).input({1}, 0.264F).output({1}, 0.614F);
  EXPECT_THAT(add.run({{-75}, {-101}}), ElementsAre(-88));  // -88.5 in the reals; 18 bits would give -89
}

TEST(Add, RepeatsDimensionsOfOne) {
  OneOperator add(OperatorKind::kAdd, ArithmeticOptions{});
  add.input({2, 1, 2}).int8_constant({3, 1}, {10, 20, 30}).output({2, 3, 2});
  EXPECT_THAT(add.run({{1, 2, 3, 4}}), ElementsAre(11, 12, 21, 22, 31, 32, 13, 14, 23, 24, 33, 34));
}

TEST(Add, TakesAScalar) {
  OneOperator add(OperatorKind::kAdd, ArithmeticOptions{});
  add.int8_constant({}, {7}).input({2, 1}).output({2, 1});
  EXPECT_THAT(add.run({{1, 2}}), ElementsAre(8, 9));
}

TEST(Add, AddsATensorToItself) {
  OneOperator add(OperatorKind::kAdd, ArithmeticOptions{});
  add.input({1, 2}).output({1, 2});
  add.op().inputs.push_back(add.op().inputs[0]);
  EXPECT_THAT(add.run({{3, -40}}), ElementsAre(6, -80));
}

TEST(Add, ClampsToTheFusedActivation) {
  OneOperator add(OperatorKind::kAdd, fused(ActivationFunction::kRelu6));
  add.input({1, 3}).input({1, 3}).output({1, 3}, 0.5F, -10);
  EXPECT_THAT(add.run({{-5, 1, 5}, {1, 1, 5}}), ElementsAre(-10, -6, 2));
}

TEST(Sub, SubtractsTheSecondFromTheFirst) {
  OneOperator sub(OperatorKind::kSub, ArithmeticOptions{});
  sub.input({1, 3}, 1.0F, 2).input({1, 3}, 0.5F).output({1, 3}, 0.5F, 1);
  EXPECT_THAT(sub.run({{3, 2, 0}, {4, -4, 100}}), ElementsAre(2 - 4 + 1, 0 + 4 + 1, -4 - 100 + 1));
}

TEST(Sub, DividesItsScalesInFloat) {
  OneOperator sub(OperatorKind::kSub, ArithmeticOptions{});
  sub.input({1}, 0.494F).input({1}, 0.347F).output({1}, 0.504F);
  EXPECT_THAT(sub.run({{-89}, {-110}}), ElementsAre(-11));  // -11.5 in the reals; in double it would be -12
}

TEST(Sub, ClampsToTheFusedActivation) {
  OneOperator sub(OperatorKind::kSub, fused(ActivationFunction::kRelu));
  sub.input({1, 2}).int8_constant({1}, {5}).output({1, 2});
  EXPECT_THAT(sub.run({{3, 9}}), ElementsAre(0, 4));
}

TEST(Mul, MultipliesCentredValues) {
  OneOperator mul(OperatorKind::kMul, ArithmeticOptions{});
  mul.input({1, 3}, 0.5F, 1).input({1, 3}, 0.5F, -1).output({1, 3}, 0.25F, 3);
  EXPECT_THAT(mul.run({{3, -1, 100}, {4, 4, 100}}), ElementsAre(10 + 3, -10 + 3, 127));
}

TEST(Mul, BroadcastsAGatePerChannel) {
  OneOperator mul(OperatorKind::kMul, ArithmeticOptions{});
  mul.input({1, 1, 2, 2}).input({1, 1, 1, 2}).output({1, 1, 2, 2});
  EXPECT_THAT(mul.run({{1, 2, 3, 4}, {10, -1}}), ElementsAre(10, -2, 30, -4));
}

TEST(Mul, HoldsTheLargestProduct) {
  OneOperator mul(OperatorKind::kMul, ArithmeticOptions{});
  mul.input({1, 1}, 1.0F, 127).input({1, 1}, 1.0F, 127).output({1, 1}, 512.0F);
  EXPECT_THAT(mul.run({{-128}, {-128}}), ElementsAre(127));  // 255 * 255 / 512 = 127.002
}

TEST(Mul, ClampsToTheFusedActivation) {
  OneOperator mul(OperatorKind::kMul, fused(ActivationFunction::kReluN1To1));
  mul.input({1, 3}).input({1, 3}).output({1, 3}, 0.25F);
  EXPECT_THAT(mul.run({{2, -2, 0}, {2, 2, 2}}), ElementsAre(4, -4, 0));
}

TEST(Relu, RequantisesWhatItKeeps) {
  OneOperator relu(OperatorKind::kRelu);
  relu.input({1, 4}, 0.5F, 10).output({1, 4}, 0.25F, -20);
  EXPECT_THAT(relu.run({{9, 10, 13, 127}}), ElementsAre(-20, -20, -14, 127));
}

TEST(Relu6, StopsAtSix) {
  OneOperator relu(OperatorKind::kRelu6);
  relu.input({1, 4}, 0.5F, -3).output({1, 4}, 0.1F, -128);
  EXPECT_THAT(relu.run({{-10, -3, 1, 100}}), ElementsAre(-128, -128, -108, -68));
}

TEST(Relu6, LeavesBytesAloneBetweenEqualQuantisations) {
  OneOperator relu(OperatorKind::kRelu6);
  relu.input({1, 3}, 0.1F, 0).output({1, 3}, 0.1F, 0);
  EXPECT_THAT(relu.run({{-1, 59, 61}}), ElementsAre(0, 59, 60));
}

TEST(Softmax, GivesEqualSharesToEqualInputs) {
  OneOperator softmax(OperatorKind::kSoftmax, SoftmaxOptions{});
  softmax.input({2, 4}, 0.1F, 3).output({2, 4}, 1.0F / 256.0F, -128);
  EXPECT_THAT(softmax.run({{5, 5, 5, 5, -128, -128, -128, -128}}),
              ElementsAre(-64, -64, -64, -64, -64, -64, -64, -64));
}

TEST(Softmax, SaturatesAtCertainty) {
  OneOperator softmax(OperatorKind::kSoftmax, SoftmaxOptions{});
  softmax.input({1, 3}, 1.0F).output({1, 3}, 1.0F / 256.0F, -128);
  EXPECT_THAT(softmax.run({{127, -128, 0}}), ElementsAre(127, -128, -128));
}

TEST(Softmax, HoldsForAThousandEqualInputs) {
  OneOperator softmax(OperatorKind::kSoftmax, SoftmaxOptions{});
  softmax.input({1, 1001}, 0.05F).output({1, 1001}, 1.0F / 256.0F, -128);
  EXPECT_THAT(softmax.run({Int8s(1001, -7)}), testing::Each(-128));  // 256 / 1001 rounds to 0
}

/// Softmax in double of quantised values, in units of 1/256.
double exact_share(const Int8s& x, std::size_t i, double scale, double beta) {
  double sum = 0;
  for (const std::int8_t value : x) sum += std::exp((value - x[i]) * scale * beta);
  return 256.0 / sum - 128.0;
}

TEST(Softmax, StaysWithinOneStepOfTheRealFunction) {
  for (const float scale : {0.003F, 0.05F, 0.4F, 2.0F}) {
    for (const float beta : {0.5F, 1.0F}) {
      OneOperator softmax(OperatorKind::kSoftmax, SoftmaxOptions{.beta = beta});
      const Int8s x = {-128, -100, -50, -3, 0, 1, 2, 40, 90, 127};
      softmax.input({1, 10}, scale, -5).output({1, 10}, 1.0F / 256.0F, -128);
      const Int8s y = softmax.run({x});
      for (std::size_t i = 0; i < x.size(); ++i)
        EXPECT_NEAR(y[i], exact_share(x, i, scale, beta), 1.0)
            << "scale " << scale << " beta " << beta << " at " << i;
    }
  }
}

TEST(Logistic, IsHalfAtZeroAndSaturates) {
  OneOperator logistic(OperatorKind::kLogistic);
  logistic.input({1, 5}, 0.25F, 10).output({1, 5}, 1.0F / 256.0F, -128);
  EXPECT_THAT(logistic.run({{10, -128, 127, 14, 6}}), ElementsAre(0, -128, 127, 59, -59));
}

TEST(Logistic, KeepsOnlyTheSignOfCoarseInputs) {
  for (const float scale : {5.0F, 40.0F, 1e9F}) {
    OneOperator logistic(OperatorKind::kLogistic);
    logistic.input({2}, scale, 3).output({2}, 1.0F / 256.0F, -128);
    EXPECT_THAT(logistic.run({{2, 4}}), ElementsAre(-128, 127)) << scale;
  }
}

TEST(Logistic, StaysWithinOneStepOfTheRealFunction) {
  for (const float scale : {1e-6F, 0.004F, 0.03F, 0.1F, 0.7F}) {
    for (const int zero_point : {-128, 0, 127}) {
      Int8s x;
      for (int value = -128; value <= 127; ++value) x.push_back(static_cast<std::int8_t>(value));
      OneOperator logistic(OperatorKind::kLogistic);
      logistic.input({256}, scale, zero_point).output({256}, 1.0F / 256.0F, -128);
      const Int8s y = logistic.run({x});
      for (std::size_t i = 0; i < x.size(); ++i) {
        const double real =
            256.0 / (1.0 + std::exp(-(x[i] - zero_point) * static_cast<double>(scale))) - 128.0;
        EXPECT_NEAR(y[i], std::min(real, 127.0), 1.0) << "scale " << scale << " x " << int{x[i]};
      }
    }
  }
}

}  // namespace
}  // namespace reference
