// Whole networks through the generated C, compiled for this machine with sanitizers, against the reference.
#include <gtest/gtest.h>

#include <filesystem>

#include "reference/random_graph.h"
#include "reference/tflite_reader.h"
#include "reference/zoo.h"
#include "tests/engine/host_engine.h"

namespace engine {
namespace {

class HostEngineModels : public testing::TestWithParam<const char*> {};

TEST_P(HostEngineModels, GivesTheReferencesBytesInEveryStep) {
  const std::filesystem::path path =
      std::filesystem::path(M7SCOPE_SHARED) / "models" / (std::string(GetParam()) + ".tflite");
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not here";
  EXPECT_EQ(host_difference(reference::load_tflite(path), 1), "");
}

INSTANTIATE_TEST_SUITE_P(Published, HostEngineModels,
                         testing::Values("mlperf-ad-fc", "mlperf-resnet8", "mlperf-kws-dscnn",
                                         "mlperf-vww-mbv1", "mcunet-vww1", "mcunet-person-det"),
                         [](const auto& info) {
                           std::string name = info.param;
                           for (char& c : name) c = c == '-' ? '_' : c;
                           return name;
                         });

TEST(HostEngine, GivesTheReferencesBytesOnOddShapes) {
  for (const int which : {1, 2, 3}) EXPECT_EQ(host_difference(reference::odd_network(which), 7), "");
}

TEST(HostEngine, GivesTheReferencesBytesOnRandomGraphs) {
  for (std::uint32_t seed = 1; seed <= 6; ++seed) {
    EXPECT_EQ(host_difference(reference::random_graph(seed), seed), "") << "seed " << seed;
  }
}

TEST(HostEngine, PlacementNeverChangesAResult) {
  for (std::uint32_t seed = 100; seed < 102; ++seed) {
    const reference::Graph graph = reference::random_graph(seed);
    for (const bool reorder : {false, true}) {
      for (const bool in_place : {false, true}) {
        EXPECT_EQ(host_difference(graph, seed, {reorder, in_place}), "") << "seed " << seed;
      }
    }
  }
}

}  // namespace
}  // namespace engine
