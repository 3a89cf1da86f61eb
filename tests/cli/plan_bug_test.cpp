// A bug in a plan, planted: two tensors lie on each other while both are needed. The network is built and
// runs as ever; the findings of its trace name both.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/files.h"
#include "engine/image.h"
#include "engine/passes.h"
#include "engine/plan.h"
#include "reference/zoo.h"
#include "sim/machine.h"
#include "traces/trace_reader.h"
#include "traces/trace_writer.h"

namespace cli {
namespace {

using engine::Buffer;
using engine::Plan;

/// A tensor that is still to be read when another one, which takes its place, is written.
struct Pair {
  std::size_t kept, shifted;
};

std::optional<Pair> overlapping_lives(const Plan& plan) {
  for (std::size_t kept = 0; kept < plan.buffers.size(); ++kept) {
    for (std::size_t shifted = 0; shifted < plan.buffers.size(); ++shifted) {
      const Buffer &a = plan.buffers[kept], &b = plan.buffers[shifted];
      const bool inside = a.first_step < b.first_step && b.last_step < a.last_step;
      const bool fits = a.offset + b.size <= plan.arena && a.offset != b.offset;
      if (inside && fits && a.tensor >= 0 && b.tensor >= 0) return Pair{kept, shifted};
    }
  }
  return std::nullopt;
}

/// Builds the plan as it is, and runs it on zeros.
traces::Trace traced(const reference::Graph& graph, const Plan& plan) {
  const memory_model::Board board = memory_model::load_board("stm32h743");
  const TemporaryFolder folder;
  const engine::Image image =
      engine::build(engine::generate(graph, plan, board), plan, board, folder.path() / "cache");
  write_file(folder.path() / "input.bin",
             std::vector<std::uint8_t>(static_cast<std::size_t>(plan.buffers[plan.inputs[0]].size.value)));
  const std::filesystem::path file = folder.path() / "a.m7t";
  {
    traces::TraceWriter writer(file, {});
    sim::Environment environment;
    environment.sandbox = folder.path();
    environment.trace = &writer;
    sim::Machine machine(board, sim::load_elf(image.elf));
    EXPECT_EQ(machine.run(environment).end, sim::RunEnd::kExit);
  }
  return traces::load_trace(file);
}

std::vector<std::string> problems(const traces::Trace& trace) {
  std::vector<std::string> texts;
  for (const traces::Finding& one : trace.findings) {
    if (one.is_problem) texts.push_back(fmt::format("{}: {}", to_string(one.kind), trace.text(one.text)));
  }
  return texts;
}

TEST(PlantedPlanBug, IsNamedWithBothTensorsAndTheirSteps) {
  const reference::Graph graph = reference::zoo_model("odd-2");
  Plan plan = engine::plan(graph, engine::lower(graph));
  EXPECT_THAT(problems(traced(graph, plan)), testing::IsEmpty());

  const std::optional<Pair> pair = overlapping_lives(plan);
  ASSERT_TRUE(pair);
  const Buffer& kept = plan.buffers[pair->kept];
  Buffer& shifted = plan.buffers[pair->shifted];
  shifted.offset = kept.offset;
  const std::int64_t lost = std::min(kept.size.value, shifted.size.value);
  const auto step_name = [&](const Buffer& buffer) {
    const engine::Step& step = plan.program.steps[buffer.first_step];
    return fmt::format("step {} {}", step.id, to_string(step.kind));
  };
  const std::string expected = fmt::format(
      "overwritten-while-needed: tensor {} ({}) lost {} bytes at arena+0x{:x} to tensor {} ({}) before step "
      "{} "
      "read them",
      kept.name, step_name(kept), lost, kept.offset.value, shifted.name, step_name(shifted), kept.last_step);
  EXPECT_THAT(problems(traced(graph, plan)), testing::Contains(expected));
}

}  // namespace
}  // namespace cli
