// Every operator of real models equal, byte for byte, to TFLM's reference kernels.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "reference/interpret.h"
#include "reference/tflite_reader.h"

namespace reference {
namespace {

const std::filesystem::path kShared = M7SCOPE_SHARED;

std::string crc32_of(const TensorData& data) {
  return fmt::format("{:08x}", crc32(0, data.data(), static_cast<uInt>(data.size())));
}

/// First operator that differs, as text; empty where all are equal. Counts what it compared.
std::string first_difference(const Graph& graph, const nlohmann::json& golden,
                             const std::vector<TensorData>& values, int& compared) {
  for (const auto& row : golden.at("ops")) {
    const int op = row.at("op"), tensor = row.at("tensor");
    if (graph.operators.at(static_cast<std::size_t>(op)).outputs.at(0) != tensor)
      return fmt::format("op {}: golden writes tensor {}", op, tensor);
    ++compared;
    const std::string found = crc32_of(values.at(static_cast<std::size_t>(tensor)));
    if (found != row.at("crc32"))
      return fmt::format("op {} ({}): CRC-32 {}, golden {}", op, row.at("kind").get<std::string>(), found,
                         row.at("crc32").get<std::string>());
  }
  return "";
}

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, EveryOperatorEqualsTheReferenceKernelsOfTflm) {
  const std::filesystem::path model = kShared / "models" / (GetParam() + ".tflite");
  if (!std::filesystem::exists(model)) GTEST_SKIP() << model << " is not beside the project";
  const Graph graph = load_tflite(model);
  for (const std::uint32_t seed : {1U, 2U, 3U}) {
    std::ifstream file(kShared / "golden" / fmt::format("{}.seed{}.json", GetParam(), seed));
    ASSERT_TRUE(file) << "golden of seed " << seed;
    const auto golden = nlohmann::json::parse(file);
    const std::vector<TensorData> inputs = seeded_inputs(graph, seed);
    int compared = 0;
    EXPECT_EQ(first_difference(graph, golden, interpret(graph, inputs), compared), "") << "seed " << seed;
    EXPECT_EQ(compared, static_cast<int>(golden.at("ops").size()));
    EXPECT_EQ(compared, static_cast<int>(graph.operators.size()));
    EXPECT_GT(compared, 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Models, Golden,
                         testing::Values("mcunet-vww1", "mcunet-person-det", "mlperf-resnet8",
                                         "mlperf-vww-mbv1", "mlperf-kws-dscnn", "mlperf-ad-fc"),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace reference
