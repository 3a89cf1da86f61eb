// Every kernel alone, against the reference: corners first, then random cases, apart and at the tightest
// overlap.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "engine/emit.h"
#include "tests/engine/kernel_runner.h"

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

}  // namespace
}  // namespace engine
