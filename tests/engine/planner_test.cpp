// Whole plans: of published networks, of random ones, and with bugs planted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <map>

#include "engine/emit.h"
#include "engine/passes.h"
#include "engine/plan.h"
#include "engine/planner/verify.h"
#include "reference/random_graph.h"
#include "reference/tflite_reader.h"
#include "reference/zoo.h"
#include "tests/engine/graphs.h"

namespace engine {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Plan plan_of(const reference::Graph& graph, const PlanOptions& options = {}) {
  return plan(graph, lower(graph), options);
}

struct Published {
  const char* model;
  std::int64_t most;  // bytes that the arena may have: below TinyEngine's own buffer, or 0.9 x TFLM's arena
};

class PublishedPlans : public testing::TestWithParam<Published> {};

TEST_P(PublishedPlans, NeedNoMoreThanTheBestKnownEngine) {
  const auto path =
      std::filesystem::path(M7SCOPE_SHARED) / "models" / (std::string(GetParam().model) + ".tflite");
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not here";
  const Plan plan = plan_of(reference::load_tflite(path));
  EXPECT_LE(plan.arena.value, GetParam().most);
  // Kernels stream in one direction, so in-place steps in a row cannot always reach the bound of each single
  // step.
  EXPECT_LE(plan.arena.value, plan.lower_bound.value * 21 / 20);
}

INSTANTIATE_TEST_SUITE_P(
    Models, PublishedPlans,
    testing::Values(Published{"mcunet-vww1", 93'992}, Published{"mcunet-person-det", 347'428},
                    Published{"mlperf-resnet8", 50'140}, Published{"mlperf-vww-mbv1", 93'052},
                    Published{"mlperf-kws-dscnn", 21'600}, Published{"mlperf-ad-fc", 3'081}),
    [](const auto& info) {
      std::string name = info.param.model;
      for (char& c : name) c = c == '-' ? '_' : c;
      return name;
    });

TEST(Plans, KeepEveryRuleOnRandomGraphs) {
  for (std::uint32_t seed = 0; seed < 150; ++seed) {
    const reference::Graph graph = reference::random_graph(seed);
    for (const bool in_place : {true, false}) {
      const Plan plan = plan_of(graph, {true, in_place});
      EXPECT_THAT(plan_faults(graph, plan), IsEmpty()) << "seed " << seed;
      EXPECT_GE(plan.arena, plan.lower_bound) << "seed " << seed;
      // Far from the bound means that the search has become worse.
      EXPECT_LE(plan.arena.value, plan.lower_bound.value * 4 / 3 + 64) << "seed " << seed;
      isa::Bytes most(0);
      for (int s = 0; s < static_cast<int>(plan.program.steps.size()); ++s)
        most = std::max(most, plan.live_bytes(s));
      EXPECT_LE(most, plan.arena);
      EXPECT_GE(most, plan.lower_bound) << "seed " << seed;
    }
  }
}

TEST(Plans, AreTheSameEveryTimeAndQuicklyMade) {
  for (const char* name : {"mcunet-vww2", "mcunet-512kb-2mb-int4"}) {
    const reference::Graph graph = reference::zoo_model(name);
    const auto start = std::chrono::steady_clock::now();
    const std::string json = plan_of(graph).to_json();
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
    EXPECT_EQ(plan_of(graph).to_json(), json);
  }
}

TEST(Plans, AreQuicklyMadeForLongBranchyNetworks) {
  for (std::uint32_t seed = 1; seed <= 5; ++seed) {
    GraphBuilder b("branchy");
    std::uint32_t state = seed;
    const auto pick = [&state](std::size_t n) {
      state = state * 1664525U + 1013904223U;
      return (state >> 16U) % n;
    };
    std::vector<int> made = {b.input({1, 8, 8, 8})};
    for (int s = 0; s < 160; ++s) {
      const std::size_t recent = std::min<std::size_t>(made.size(), 12);
      const int from = made[made.size() - 1 - pick(recent)];
      const int other = made[made.size() - 1 - pick(recent)];
      const bool joins = b.tensor(from).shape == b.tensor(other).shape && pick(2) == 0;
      made.push_back(joins ? b.add(from, other) : b.conv(from, static_cast<int>(4 + pick(3) * 4), 1));
    }
    // Every value that nobody reads is an output.
    std::vector<int> outputs;
    const reference::Graph all = b.finish(made);
    for (const int t : made) {
      const bool is_read =
          std::any_of(all.operators.begin(), all.operators.end(), [t](const reference::Operator& op) {
            return std::count(op.inputs.begin(), op.inputs.end(), t) != 0;
          });
      if (!is_read) outputs.push_back(t);
    }
    const reference::Graph graph = b.finish(outputs);
    const auto start = std::chrono::steady_clock::now();
    const Plan plan = plan_of(graph);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10)) << "seed " << seed;
    EXPECT_THAT(plan_faults(graph, plan), IsEmpty());
    EXPECT_LE(plan.arena.value, plan.lower_bound.value * 5 / 4) << "seed " << seed;
  }
}

TEST(Plans, KeepInputsFromTheStartAndOutputsToTheEnd) {
  GraphBuilder b("edges");
  const int first = b.input({1, 4, 4, 2}), late = b.input({1, 4, 4, 3});
  const int early_output = b.conv(first, 2, 3);
  const int out = b.add(b.conv(early_output, 3, 3), late);
  const reference::Graph graph = b.finish({early_output, out});
  const Plan plan = plan_of(graph);
  const Buffer& late_buffer = plan.buffers.at(static_cast<std::size_t>(plan.inputs.at(1)));
  EXPECT_EQ(late_buffer.tensor, late);
  EXPECT_EQ(late_buffer.kind, traces::BufferKind::kInput);
  EXPECT_EQ(late_buffer.first_step, 0);
  EXPECT_EQ(late_buffer.last_step, 2);
  const Buffer& output_buffer = plan.buffers.at(static_cast<std::size_t>(plan.outputs.at(0)));
  EXPECT_EQ(output_buffer.tensor, early_output);
  EXPECT_EQ(output_buffer.last_step, 2);
}

TEST(Plans, KeepAPlaceForAnInputThatNobodyReads) {
  GraphBuilder b("unread");
  const int used = b.input({1, 4, 4, 2}), unread = b.input({1, 3, 3, 5});
  const reference::Graph graph = b.finish({b.conv(used, 2, 3)});
  const Plan plan = plan_of(graph);
  ASSERT_EQ(plan.inputs.size(), 2U);
  EXPECT_EQ(plan.buffers.at(static_cast<std::size_t>(plan.inputs[1])).tensor, unread);
}

TEST(Plans, RunTheCheaperBranchFirst) {
  // Two branches from one small input: a fat intermediate each, a thin and a fat result. Whichever order the
  // file has, the thin result must be the one that waits.
  const auto build = [](bool fat_first) {
    GraphBuilder b("branches");
    const int in = b.input({1, 8, 8, 1});
    const auto branch = [&](int channels) { return b.conv(b.conv(in, 64, 3), channels, 3); };
    const int left = branch(fat_first ? 32 : 1), right = branch(fat_first ? 1 : 32);
    const int fat = fat_first ? left : right, thin = fat_first ? right : left;
    return b.finish({b.add(fat, b.conv(thin, 32, 1))});
  };
  const Plan good = plan_of(build(false)), bad = plan_of(build(true), {false, true});
  EXPECT_LT(good.arena, bad.arena);
  EXPECT_EQ(plan_of(build(true)).arena, good.arena);
}

TEST(Plans, KeepTheFilesOrderWhereItIsAsGood) {
  for (const char* name : {"mcunet-in0", "mlperf-resnet8"}) {
    const reference::Graph graph = reference::zoo_model(name);
    const Plan plan = plan_of(graph);
    for (std::size_t s = 1; s < plan.program.steps.size(); ++s) {
      EXPECT_LT(plan.program.steps[s - 1].op, plan.program.steps[s].op) << name;
    }
  }
}

// A plan with room for mistakes: residual, in-place steps, scratch.
struct Planted {
  reference::Graph graph;
  Plan plan;
  std::size_t buffer(int tensor) const {
    for (std::size_t i = 0; i < plan.buffers.size(); ++i) {
      if (plan.buffers[i].tensor == tensor) return i;
    }
    throw std::out_of_range("no buffer");
  }
};

Planted planted() {
  GraphBuilder b("planted");
  const int in = b.input({1, 6, 6, 8});
  const int a = b.conv(in, 8, 1), c = b.depthwise(a, 3), d = b.conv(c, 8, 3);
  const reference::Graph graph = b.finish({b.add(a, d)});
  return {graph, plan_of(graph)};
}

TEST(PlanFaults, AreNoneInASoundPlan) {
  const Planted p = planted();
  EXPECT_THAT(plan_faults(p.graph, p.plan), IsEmpty());
}

TEST(PlanFaults, SeeLiveBuffersThatShareBytes) {
  const Planted sound = planted();
  int seen = 0, moved = 0;
  for (std::size_t i = 0; i < sound.plan.buffers.size(); ++i) {
    for (std::size_t j = 0; j < sound.plan.buffers.size(); ++j) {
      const Buffer &a = sound.plan.buffers[i], &b = sound.plan.buffers[j];
      // Two buffers alive together in more than the one step in which they might be allowed to share.
      if (i == j || std::min(a.last_step, b.last_step) <= std::max(a.first_step, b.first_step)) continue;
      Planted p = sound;
      p.plan.buffers[i].offset = b.offset;
      p.plan.arena = isa::Bytes(100'000);
      ++moved;
      seen += plan_faults(p.graph, p.plan).empty() ? 0 : 1;
    }
  }
  EXPECT_GT(moved, 0);
  EXPECT_EQ(seen, moved);
}

TEST(Tiles, TakeTheMemoryThatThePeakLeavesOver) {
  GraphBuilder b("tiles");
  int x = b.conv(b.input({1, 48, 48, 8}), 16, 3);  // the peak
  for (int i = 0; i < 3; ++i) x = b.conv(x, 32, 3, {reference::Padding::kSame, 2, 2});
  const int late = b.conv(x, 128, 1);
  const reference::Graph graph = b.finish({late});
  const Plan plan = plan_of(graph);
  const Step& first = plan.program.steps.front();
  const Step& last = plan.program.steps.back();
  EXPECT_EQ(first.tile, 4) << "at the peak";
  EXPECT_EQ(last.tile, 36) << "6 x 6 pixels in one tile";
  // Wide tiles cost nothing: the arena is that of narrow ones.
  Program narrow = plan.program;
  for (Step& step : narrow.steps) step.tile = 4;
  std::int64_t most = 0;
  for (const Step& step : narrow.steps) {
    const KernelNeeds needs = kernel_needs(graph, step);
    most = std::max(
        most, graph.tensor(step.inputs[0]).bytes() + graph.tensor(step.output).bytes() + needs.scratch.value);
  }
  EXPECT_LE(plan.arena.value, most);
  EXPECT_EQ(plan.arena, plan.lower_bound);
}

TEST(Tiles, AreNoWiderThanTheRoomAndNoMoreThanTheyMustBe) {
  GraphBuilder b("one");
  const reference::Graph graph = b.finish({b.conv(b.input({1, 6, 6, 64}), 64, 1)});
  const Step step = lower(graph).steps.at(0);
  const auto tile_in = [&](std::int64_t bytes) { return best_tile(graph, step, isa::Bytes(bytes)); };
  EXPECT_EQ(tile_in(0), 4);
  EXPECT_EQ(tile_in(8 * 128 - 1), 4);
  EXPECT_EQ(tile_in(8 * 128), 8);
  EXPECT_EQ(tile_in(35 * 128), 20) << "two tiles of 20 and 16, as two of 32 and 4 would be";
  EXPECT_EQ(tile_in(36 * 128), 36);
  EXPECT_EQ(tile_in(1 << 20), 36);
  // What the data cache keeps all the same, and what is no convolution, stays as it is.
  GraphBuilder few("few weights");
  const reference::Graph small = few.finish({few.conv(few.input({1, 12, 12, 16}), 16, 1)});
  EXPECT_EQ(best_tile(small, lower(small).steps.at(0), isa::Bytes(1 << 20)), 4);
}

TEST(PlanFaults, SeeAnOutputTooFarInsideItsDyingInput) {
  GraphBuilder b("lead");
  const int in = b.input({1, 8, 8, 8});
  const int out = b.depthwise(in, 3);
  const reference::Graph graph = b.finish({out});
  Plan plan = plan_of(graph);
  const KernelNeeds needs = kernel_needs(graph, plan.program.steps[0]);
  ASSERT_EQ(needs.overlaps.size(), 1U);
  Buffer* input = &plan.buffers.at(static_cast<std::size_t>(plan.inputs[0]));
  Buffer* output = &plan.buffers.at(static_cast<std::size_t>(plan.outputs[0]));
  plan.arena = isa::Bytes(100'000);
  for (Buffer& buffer : plan.buffers) {
    if (buffer.tensor < 0) buffer.offset = isa::Bytes(50'000);
  }
  output->offset = isa::Bytes(0);
  input->offset = isa::Bytes((needs.overlaps[0].lead.value + 3) / 4 * 4);
  EXPECT_THAT(plan_faults(graph, plan), IsEmpty());
  if (needs.overlaps[0].lead.value > 0) {
    input->offset = isa::Bytes(needs.overlaps[0].lead.value / 4 * 4 - 4);
  } else {
    output->offset = isa::Bytes(4);
    input->offset = isa::Bytes(0);
  }
  EXPECT_THAT(plan_faults(graph, plan), Contains(HasSubstr("share bytes in steps 0 to 0")));
}

TEST(PlanFaults, SeeWrongLifetimesPlacesAndOrders) {
  const Planted sound = planted();
  Planted p = sound;
  p.plan.buffers[p.buffer(sound.graph.outputs[0])].offset = p.plan.arena;
  EXPECT_THAT(plan_faults(p.graph, p.plan), Contains(HasSubstr("outside the arena")));

  p = sound;
  const int residual = p.graph.operators[0].outputs[0];
  p.plan.buffers[p.buffer(residual)].last_step = 1;
  EXPECT_THAT(plan_faults(p.graph, p.plan), Contains(HasSubstr("step 3 uses")));

  p = sound;
  std::swap(p.plan.program.steps[1], p.plan.program.steps[2]);
  p.plan.program.steps[1].id = 1;
  p.plan.program.steps[2].id = 2;
  EXPECT_THAT(plan_faults(p.graph, p.plan), Contains(HasSubstr("before it is written")));

  p = sound;
  p.plan.arena = p.plan.lower_bound - isa::Bytes(1);
  EXPECT_THAT(plan_faults(p.graph, p.plan), Contains(HasSubstr("below the lower bound")));

  p = sound;
  std::erase_if(p.plan.buffers, [](const Buffer& b) { return b.tensor < 0; });
  EXPECT_THAT(plan_faults(p.graph, p.plan), Contains(HasSubstr("bytes of scratch, needs")));

  p = sound;
  p.plan.buffers[p.buffer(residual)].offset += isa::Bytes(1);
  EXPECT_THAT(plan_faults(p.graph, p.plan), Contains(HasSubstr("is not 4-byte aligned")));

  p = sound;
  p.plan.outputs[0] = static_cast<int>(p.buffer(residual));
  EXPECT_THAT(plan_faults(p.graph, p.plan), Contains(HasSubstr("output 0 is")));
}

TEST(Plan, LiveBytesCountsSharedBytesOnce) {
  Plan plan;
  plan.buffers = {{0, "a", traces::BufferKind::kInput, isa::Bytes(100), isa::Bytes(0), 0, 1},
                  {1, "b", traces::BufferKind::kActivation, isa::Bytes(50), isa::Bytes(80), 1, 2},
                  {2, "c", traces::BufferKind::kOutput, isa::Bytes(10), isa::Bytes(200), 1, 2}};
  EXPECT_EQ(plan.live_bytes(0), isa::Bytes(100));
  EXPECT_EQ(plan.live_bytes(1), isa::Bytes(140));
  EXPECT_EQ(plan.live_bytes(2), isa::Bytes(60));
}

TEST(StepTable, SaysWhereEveryBufferOfThePlanLies) {
  const reference::Graph graph = reference::zoo_model("mlperf-kws-dscnn");
  const Plan plan = plan_of(graph);
  const traces::StepTable table = step_table(graph, plan);
  EXPECT_EQ(traces::step_table_from_json(traces::to_json(table)), table);
  EXPECT_EQ(table.steps.size(), plan.program.steps.size());
  EXPECT_EQ(table.arena_bytes, plan.arena.value);
  EXPECT_EQ(table.arena_lower_bound_bytes, plan.lower_bound.value);
  for (const traces::StepRow& row : table.steps) {
    EXPECT_EQ(row.arena_live_bytes, plan.live_bytes(row.id).value);
    EXPECT_EQ(row.output_bytes, graph.tensor(row.output_tensor).bytes());
    EXPECT_THAT(graph.operators[static_cast<std::size_t>(row.op_index)].outputs,
                ElementsAre(row.output_tensor));
    const Step& step = plan.program.steps[row.id];
    EXPECT_EQ(table.buffers.at(row.writes).tensor, plan.program.storage[step.output]);
    EXPECT_EQ(table.buffers.at(row.writes).offset, row.output_offset);
    for (const int read : row.reads) EXPECT_LE(table.buffers[read].first_step, row.id);
  }
  EXPECT_EQ(table.steps.front().reads, table.inputs);
  EXPECT_EQ(table.steps.back().writes, table.outputs.front());
}

TEST(StepTable, NamesABufferOnceThatAStepReadsTwice) {
  GraphBuilder b("twice");
  const int conv = b.conv(b.input({1, 5, 5, 3}), 4, 3);
  const reference::Graph graph = b.finish({b.add(conv, conv)});
  const traces::StepTable table = step_table(graph, plan_of(graph));
  ASSERT_EQ(table.steps.size(), 2U);
  EXPECT_THAT(table.steps[1].reads, ElementsAre(table.steps[0].writes));
}

}  // namespace
}  // namespace engine
