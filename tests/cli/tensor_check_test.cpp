#include "cli/tensor_check.h"

#include <gtest/gtest.h>

#include <cstring>

namespace cli {
namespace {

/// One step that writes an int8 [1,2,3,4] tensor at arena offset 8.
struct Scene {
  reference::Graph graph;
  traces::StepTable table;
  std::vector<std::uint8_t> arena = std::vector<std::uint8_t>(64, 0);
  std::vector<reference::TensorData> expected;

  Scene() {
    graph.tensors.push_back({"out", reference::TensorType::kInt8, {1, 2, 3, 4}, {}, std::nullopt});
    traces::StepRow step;
    step.op = "ADD";
    step.name = "out";
    step.output_offset = 8;
    step.output_bytes = 24;
    table.steps.push_back(step);
    reference::TensorData data(24);
    for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::uint8_t>(i + 100);
    std::memcpy(arena.data() + 8, data.data(), data.size());
    expected.push_back(data);
  }

  TensorCheck check() {
    return {graph, table, expected, [this](std::int64_t offset, std::span<std::uint8_t> out) {
              std::memcpy(out.data(), arena.data() + offset, out.size());
            }};
  }
};

TEST(TensorCheck, CountsAnEqualStep) {
  Scene scene;
  TensorCheck check = scene.check();
  check.step_ended(0);
  EXPECT_TRUE(check.all_equal());
  EXPECT_EQ(check.steps(), 1);
  EXPECT_FALSE(check.first_divergence());
}

TEST(TensorCheck, NamesTheFirstElementThatDiffers) {
  Scene scene;
  scene.arena[8 + 18] = 5;  // element 18 = row 1, column 1, channel 2
  scene.arena[8 + 20] = 5;
  TensorCheck check = scene.check();
  check.step_ended(0);
  EXPECT_FALSE(check.all_equal());
  EXPECT_EQ(check.equal(), 0);
  EXPECT_EQ(check.first_divergence()->text,
            "step 0 (ADD, out): row 1, column 1, channel 2: got 5, expected 118 (2 of 24 elements differ)");
}

TEST(TensorCheck, IsNotAllEqualBeforeEveryStepRan) {
  Scene scene;
  EXPECT_FALSE(scene.check().all_equal());
}

}  // namespace
}  // namespace cli
