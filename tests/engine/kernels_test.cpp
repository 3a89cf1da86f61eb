// Every kernel alone, against the reference: corners first, then random cases, apart and at the tightest
// overlap.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "engine/emit.h"
#include "tests/engine/kernel_runner.h"
#include "tests/engine/one_operator.h"

namespace engine {
namespace {

using testing::IsEmpty;

TEST(Kernels, ConvolutionsGiveTheReferencesBytes) {
  EXPECT_THAT(kernel_differences(convolution_corners()), IsEmpty());
}

TEST(Kernels, DepthwiseConvolutionsGiveTheReferencesBytes) {
  EXPECT_THAT(kernel_differences(depthwise_corners()), IsEmpty());
}

TEST(Kernels, FullyConnectedLayersGiveTheReferencesBytes) {
  EXPECT_THAT(kernel_differences(fully_connected_corners()), IsEmpty());
}

// Weights in chunks over several groups of pixels: whole tiles, a shorter last one, and more than there are
// pixels.
TEST(Kernels, WideTilesGiveTheReferencesBytes) {
  std::vector<KernelCase> cases = {
      conv_case("several chunks", {.input = {1, 9, 5, 64}, .channels = 70, .filter_h = 1, .filter_w = 1}),
      conv_case("chunks and an odd channel", {.input = {1, 6, 6, 24}, .channels = 41}),
      fully_connected_case("batch in chunks", {.input = {13, 100}, .channels = 38})};
  for (const KernelCase& c : convolution_corners()) cases.push_back(c);
  for (const KernelCase& c : fully_connected_corners()) cases.push_back(c);
  for (const int tile : {8, 20, 64}) {
    for (KernelCase& c : cases) c.tile = tile;
    EXPECT_THAT(kernel_differences(cases), IsEmpty()) << "tiles of " << tile;
  }
}

TEST(Kernels, ArithmeticGivesTheReferencesBytes) {
  EXPECT_THAT(kernel_differences(arithmetic_corners()), IsEmpty());
}

TEST(Kernels, ReductionsGiveTheReferencesBytes) {
  EXPECT_THAT(kernel_differences(reduction_corners()), IsEmpty());
}

TEST(Kernels, MapsGiveTheReferencesBytes) {
  EXPECT_THAT(kernel_differences(map_corners()), IsEmpty());
}

TEST(Kernels, MovesGiveTheReferencesBytes) {
  EXPECT_THAT(kernel_differences(move_corners()), IsEmpty());
}

TEST(Kernels, RandomCasesGiveTheReferencesBytes) {
  std::vector<KernelCase> cases;
  for (std::uint32_t seed = 1; seed <= 60; ++seed) cases.push_back(random_case(seed));
  EXPECT_THAT(kernel_differences(cases), IsEmpty());  // a line names its seed
}

// Otherwise memory would be given away: the last byte of a lead is one that a kernel still reads.
TEST(Kernels, NoLeadIsLongerThanTheKernelNeeds) {
  std::vector<KernelCase> cases = {
      conv_case("1x1", {.input = {1, 4, 5, 4}, .channels = 30, .filter_h = 1, .filter_w = 1}),
      conv_case("3x3", {.input = {1, 8, 8, 3}, .channels = 16}),
      depthwise_case("depth multiplier", {.input = {1, 6, 6, 3}, .multiplier = 4, .multipliers = {0.01}}),
      fully_connected_case("batch", {.input = {9, 4}, .channels = 20})};
  // One weight alone sees the byte that is lost, so a few seeds.
  for (std::uint32_t seed = 2; seed <= 6; ++seed) {
    const Convolution groups = {.input = {1, 6, 6, 4}, .channels = 12, .groups = 2, .multipliers = {0.01}};
    cases.push_back(conv_case("groups", groups, seed));
  }
  for (const KernelCase& c : move_corners()) {
    if (c.name == "image" || c.name == "twice") cases.push_back(c);
  }
  const std::vector<std::string> differences = kernel_differences(cases, Overlapping::kOneTooFar);
  for (const KernelCase& c : cases)
    EXPECT_THAT(differences, testing::Contains(testing::HasSubstr("(" + c.name + ")"))) << c.name;
}

}  // namespace
}  // namespace engine
