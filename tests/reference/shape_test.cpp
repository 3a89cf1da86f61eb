// Operators that move elements, QUANTIZE and DEQUANTIZE.
#include <gmock/gmock.h>

#include <limits>

#include "one_operator.h"

namespace reference {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;

TEST(Concatenation, InterleavesAlongItsAxis) {
  OneOperator concat(OperatorKind::kConcatenation, ConcatenationOptions{.axis = -1});
  concat.input({2, 1}).input({2, 2}).int8_constant({2, 1}, {7, 8}).output({2, 4});
  EXPECT_THAT(concat.run({{1, 2}, {3, 4, 5, 6}}), ElementsAre(1, 3, 4, 7, 2, 5, 6, 8));
}

TEST(Concatenation, AppendsAlongTheFirstAxis) {
  OneOperator concat(OperatorKind::kConcatenation, ConcatenationOptions{.axis = 0});
  concat.input({1, 2}).input({2, 2}).output({3, 2});
  EXPECT_THAT(concat.run({{1, 2}, {3, 4, 5, 6}}), ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST(Pad, SurroundsWithTheZeroPoint) {
  OneOperator pad(OperatorKind::kPad);
  pad.input({1, 2, 2}, 0.5F, -128).ints({0, 0, 1, 0, 0, 2}, {3, 2}).output({1, 3, 4}, 0.5F, -128);
  EXPECT_THAT(pad.run({{1, 2, 3, 4}}),
              ElementsAre(-128, -128, -128, -128, 1, 2, -128, -128, 3, 4, -128, -128));
}

TEST(PadV2, SurroundsWithItsValue) {
  OneOperator pad(OperatorKind::kPadV2);
  pad.input({2}).ints({1, 2}, {1, 2}).int8_constant({}, {9}).output({5});
  EXPECT_THAT(pad.run({{1, 2}}), ElementsAre(9, 1, 2, 9, 9));
}

TEST(Reshape, KeepsTheBytes) {
  OneOperator reshape(OperatorKind::kReshape, ReshapeOptions{});
  reshape.input({2, 3}).ints({3, -1}).output({3, 2});
  EXPECT_THAT(reshape.run({{1, 2, 3, 4, 5, 6}}), ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST(Reshape, TakesTheShapeFromItsOptionsToo) {
  OneOperator reshape(OperatorKind::kReshape, ReshapeOptions{.new_shape = {1, -1}});
  reshape.input({2, 2}).output({1, 4});
  EXPECT_THAT(reshape.run({{1, 2, 3, 4}}), ElementsAre(1, 2, 3, 4));
}

TEST(Transpose, PermutesDimensions) {
  OneOperator transpose(OperatorKind::kTranspose);
  transpose.input({2, 3, 1}).ints({1, 2, 0}).output({3, 1, 2});
  EXPECT_THAT(transpose.run({{1, 2, 3, 4, 5, 6}}), ElementsAre(1, 4, 2, 5, 3, 6));
}

TEST(Transpose, MovesWholeFloats) {
  OneOperator transpose(OperatorKind::kTranspose);
  transpose.float_input({2, 2}).ints({1, 0}).float_output({2, 2});
  const TensorData result = transpose.run_bytes({bytes_of<float>({1.5F, 2.5F, 3.5F, 4.5F})});
  EXPECT_THAT(values_of<float>(result), ElementsAre(1.5F, 3.5F, 2.5F, 4.5F));
}

Int8s resized(std::int32_t from, std::int32_t to, ResizeNearestNeighborOptions options) {
  OneOperator resize(OperatorKind::kResizeNearestNeighbor, options);
  resize.input({1, 1, from, 1}).ints({1, to}).output({1, 1, to, 1});
  Int8s x;
  for (std::int32_t i = 0; i < from; ++i) x.push_back(static_cast<std::int8_t>(i));
  return resize.run({x});
}

TEST(ResizeNearestNeighbor, RepeatsPixels) {
  EXPECT_THAT(resized(2, 4, {}), ElementsAre(0, 0, 1, 1));
}

TEST(ResizeNearestNeighbor, DropsPixels) {
  EXPECT_THAT(resized(5, 2, {}), ElementsAre(0, 2));
}

TEST(ResizeNearestNeighbor, AlignsCornersAndRoundsHalvesUp) {
  // o * 2 / 4 = 0, 0.5, 1, 1.5, 2
  EXPECT_THAT(resized(3, 5, {.align_corners = true}), ElementsAre(0, 1, 1, 2, 2));
}

TEST(ResizeNearestNeighbor, SamplesHalfPixelCenters) {
  // (o + 0.5) * 5 / 2 = 1.25, 3.75
  EXPECT_THAT(resized(5, 2, {.half_pixel_centers = true}), ElementsAre(1, 3));
  EXPECT_THAT(resized(3, 1, {.half_pixel_centers = true}), ElementsAre(1));
}

TEST(ResizeNearestNeighbor, KeepsChannelsTogether) {
  OneOperator resize(OperatorKind::kResizeNearestNeighbor, ResizeNearestNeighborOptions{});
  resize.input({1, 1, 2, 2}).ints({2, 2}).output({1, 2, 2, 2});
  EXPECT_THAT(resize.run({{1, 2, 3, 4}}), ElementsAre(1, 2, 3, 4, 1, 2, 3, 4));
}

struct SliceCase {
  std::vector<std::int32_t> begin, end, stride;
  StridedSliceOptions options;
};

Int8s sliced(std::vector<std::int32_t> in, const SliceCase& slice, std::vector<std::int32_t> out) {
  OneOperator op(OperatorKind::kStridedSlice, slice.options);
  std::int8_t count = 1;
  for (const std::int32_t size : in) count = static_cast<std::int8_t>(count * size);
  Int8s x;
  for (std::int8_t i = 0; i < count; ++i) x.push_back(i);
  op.input(std::move(in)).ints(slice.begin).ints(slice.end).ints(slice.stride).output(std::move(out));
  return op.run({x});
}

TEST(StridedSlice, TakesARange) {
  EXPECT_THAT(sliced({3, 3}, {{1, 0}, {3, 2}, {1, 1}, {}}, {2, 2}), ElementsAre(3, 4, 6, 7));
}

TEST(StridedSlice, StepsOverElements) {
  EXPECT_THAT(sliced({7}, {{1}, {7}, {3}, {}}, {2}), ElementsAre(1, 4));
}

TEST(StridedSlice, WalksBackwards) {
  EXPECT_THAT(sliced({5}, {{-1}, {0}, {-2}, {}}, {2}), ElementsAre(4, 2));
  EXPECT_THAT(sliced({4}, {{0}, {0}, {-1}, {.begin_mask = 1, .end_mask = 1}}, {4}), ElementsAre(3, 2, 1, 0));
}

TEST(StridedSlice, ClampsRangesToTheDimension) {
  EXPECT_THAT(sliced({4}, {{-100}, {100}, {1}, {}}, {4}), ElementsAre(0, 1, 2, 3));
}

TEST(StridedSlice, TakesWholeDimensionsWhereMasked) {
  EXPECT_THAT(sliced({2, 3}, {{1, 1}, {1, 1}, {1, 1}, {.begin_mask = 1, .end_mask = 3}}, {2, 2}),
              ElementsAre(1, 2, 4, 5));
}

TEST(StridedSlice, DropsShrunkAxes) {
  EXPECT_THAT(sliced({2, 3}, {{1, 0}, {2, 3}, {1, 1}, {.shrink_axis_mask = 1}}, {3}), ElementsAre(3, 4, 5));
  EXPECT_THAT(sliced({2, 3}, {{0, -1}, {2, 0}, {1, 1}, {.shrink_axis_mask = 2}}, {2}), ElementsAre(2, 5));
}

TEST(StridedSlice, LetsAnEllipsisStandForTheMiddle) {
  EXPECT_THAT(sliced({2, 2, 2}, {{0, 1}, {0, 2}, {1, 1}, {.ellipsis_mask = 1}}, {2, 2, 1}),
              ElementsAre(1, 3, 5, 7));
}

TEST(StridedSlice, AddsNewAxes) {
  EXPECT_THAT(sliced({3}, {{0, 1}, {0, 3}, {1, 1}, {.new_axis_mask = 1}}, {1, 2}), ElementsAre(1, 2));
}

TEST(StridedSlice, TakesTrailingDimensionsWhole) {
  EXPECT_THAT(sliced({2, 2}, {{1}, {2}, {1}, {}}, {1, 2}), ElementsAre(2, 3));
}

TEST(Quantize, RoundsHalvesAwayFromZeroAndSaturates) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  OneOperator quantize(OperatorKind::kQuantize);
  quantize.float_input({8}).output({8}, 0.5F, -3);
  const TensorData result =
      quantize.run_bytes({bytes_of<float>({0.0F, 0.25F, -0.25F, 1000.0F, -1000.0F, kInfinity, -kInfinity,
                                           std::numeric_limits<float>::quiet_NaN()})});
  EXPECT_THAT(values_of<std::int8_t>(result), ElementsAre(-3, -2, -4, 127, -128, 127, -128, -3));
}

TEST(Quantize, RequantisesInt8) {
  OneOperator quantize(OperatorKind::kQuantize);
  quantize.input({4}, 0.5F, -128).output({4}, 1.0F, 0);
  EXPECT_THAT(quantize.run({{-128, -127, -125, 127}}), ElementsAre(0, 1, 2, 127));  // 0, 0.5, 1.5, 127.5
}

TEST(Quantize, KeepsBytesBetweenEqualScales) {
  OneOperator quantize(OperatorKind::kQuantize);
  quantize.input({3}, 0.3F, 5).output({3}, 0.3F, -5);
  EXPECT_THAT(quantize.run({{5, 127, -128}}), ElementsAre(-5, 117, -128));
}

TEST(Dequantize, MultipliesCentredValues) {
  OneOperator dequantize(OperatorKind::kDequantize);
  dequantize.input({3}, 0.1F, 127).float_output({3});
  const TensorData result = dequantize.run_bytes({bytes_of<std::int8_t>({127, 126, -128})});
  EXPECT_THAT(values_of<float>(result), ElementsAre(0.0F, -0.1F, 0.1F * -255.0F));
}

}  // namespace
}  // namespace reference
