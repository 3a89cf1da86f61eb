// What a trace holds of small programs that ran.
#include "sim/recorder.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "guest_program.h"
#include "traces/trace_reader.h"

namespace sim {
namespace {

using ::testing::Contains;
using ::testing::Field;
using ::testing::HasSubstr;
using traces::Trace;

struct Traced {
  RunResult result;
  Trace trace;
  std::string bytes;  ///< of the file
};

Traced traced(const std::string& source, const test::Build& how = {.c = true}, RunLimits limits = {}) {
  const std::filesystem::path file = test::fresh_folder("trace") / "a.m7t";
  Traced out;
  {
    traces::TraceWriter writer(file, {});
    Environment environment;
    environment.trace = &writer;
    out.result = test::run(source, how, environment, limits).result;
  }
  std::ifstream in(file, std::ios::binary);
  out.bytes.assign(std::istreambuf_iterator<char>(in), {});
  out.trace = traces::load_trace(file);
  EXPECT_EQ(out.trace.cut, "");
  return out;
}

/// A program that works for some ten thousands of cycles in two steps.
constexpr const char* kTwoSteps = R"(
  #include <stdint.h>
  static void mark(uint32_t id) { *(volatile uint32_t*)0xe0000004 = id; }
  static uint8_t in[256], out[256];
  __attribute__((noinline)) void fill(int n) { for (int i = 0; i < 256; ++i) in[i] = (uint8_t)(i * n); }
  __attribute__((noinline)) void sum(void) { for (int i = 0; i < 256; ++i) out[i] += in[255 - i]; }
  int main(void) {
    mark(0);
    for (int i = 0; i < 20; ++i) fill(i);
    mark(1);
    for (int i = 0; i < 20; ++i) sum();
    mark(2);
    return out[3] == 255 ? 1 : 0;
  }
)";

isa::CauseCycles causes_of_samples(const Trace& trace) {
  isa::CauseCycles causes;
  for (const traces::Sample& sample : trace.samples) causes += sample.causes;
  return causes;
}

TEST(Recorder, SamplesFollowEachOtherAndSumToTheRun) {
  const Traced run = traced(kTwoSteps);
  ASSERT_GT(run.trace.samples.size(), 5u);
  EXPECT_EQ(run.trace.samples.front().begin, 0u);
  std::uint64_t instructions = 0;
  for (const traces::Sample& sample : run.trace.samples) {
    instructions += sample.instructions;
    EXPECT_EQ(sample.causes.total().value, sample.end - sample.begin);
  }
  EXPECT_EQ(causes_of_samples(run.trace), run.result.total.causes);
  EXPECT_EQ(instructions, run.result.total.instructions);
  EXPECT_EQ(run.trace.samples.back().end, run.result.cycles().value);
}

TEST(Recorder, StepsCountWhatTheRunCounted) {
  const Traced run = traced(kTwoSteps);
  ASSERT_EQ(run.trace.steps.size(), run.result.steps.size());
  for (std::size_t i = 0; i < run.trace.steps.size(); ++i) {
    const traces::Step& step = run.trace.steps[i];
    const StepCounts& counted = run.result.steps[i];
    EXPECT_EQ(step.id, counted.id);
    EXPECT_EQ(step.counts.instructions, counted.counts.instructions);
    EXPECT_EQ(step.counts.loads, counted.counts.loads);
    EXPECT_EQ(step.counts.store_bytes, counted.counts.store_bytes);
    EXPECT_EQ(step.counts.causes, counted.counts.causes);
    EXPECT_EQ(step.end - step.begin, counted.counts.causes.total().value);
  }
  EXPECT_EQ(run.trace.steps[0].end, run.trace.steps[1].begin);
}

TEST(Recorder, TheEndSaysWhatTheRunSaid) {
  const Traced run = traced(kTwoSteps);
  ASSERT_TRUE(run.trace.end);
  EXPECT_EQ(run.trace.end->reason, "exit");
  EXPECT_EQ(run.trace.end->cycles, run.result.cycles().value);
  EXPECT_EQ(run.trace.end->total.causes, run.result.total.causes);
  EXPECT_EQ(run.trace.end->stack_bytes, run.result.stack_used.value);
  EXPECT_THAT(run.trace.text(run.trace.end->stack_path), HasSubstr("reset"));
}

TEST(Recorder, TheCallingContextTreeSumsToTheRun) {
  const Traced run = traced(kTwoSteps);
  std::uint64_t cycles = 0, instructions = 0;
  const traces::CallNode* fill = nullptr;
  for (const traces::CallNode& node : run.trace.calls) {
    cycles += node.self_cycles;
    instructions += node.self_instructions;
    if (run.trace.text(node.function) == "fill") fill = &node;
  }
  EXPECT_EQ(cycles, run.result.cycles().value);
  EXPECT_EQ(instructions, run.result.total.instructions);
  ASSERT_NE(fill, nullptr);
  EXPECT_EQ(fill->calls, 20u);
  EXPECT_EQ(run.trace.text(run.trace.calls[fill->parent].function), "main");
}

TEST(Recorder, FunctionsAndLinesSumToTheRun) {
  const Traced run = traced(kTwoSteps);
  isa::CauseCycles functions;
  for (const traces::FunctionCost& f : run.trace.functions) functions += f.causes;
  EXPECT_EQ(functions, run.result.total.causes);
  isa::CauseCycles lines;
  for (const traces::LineCost& line : run.trace.lines) lines += line.causes;
  EXPECT_EQ(lines, run.result.total.causes);
}

TEST(Recorder, ListingsComeWithTheirSource) {
  const Traced run = traced(kTwoSteps);
  const auto name = [&](const traces::Listing& listing) { return run.trace.text(listing.function); };
  const auto sum = std::ranges::find(run.trace.listings, "sum", name);
  ASSERT_NE(sum, run.trace.listings.end());
  bool seen = false;
  for (const traces::SourceText& text : run.trace.sources) {
    for (traces::StringId line : text.lines) {
      seen |= run.trace.text(line).find("out[i] += in[255 - i]") != std::string_view::npos;
    }
  }
  EXPECT_TRUE(seen);
  EXPECT_THAT(sum->rows, Contains(Field(&traces::ListingRow::executions, 20u * 256)));
}

TEST(Recorder, LivesAreNamedByWhoWroteAndRead) {
  const Traced run = traced(kTwoSteps);
  const auto is_in = [&](const traces::Life& life) { return run.trace.text(life.owner) == "in"; };
  const auto life = std::ranges::find_if(run.trace.lives, is_in);
  ASSERT_NE(life, run.trace.lives.end());
  EXPECT_EQ(run.trace.text(life->writer), "fill");
  EXPECT_THAT(std::string(run.trace.text(life->writer_line)), HasSubstr("guest.c:"));
}

TEST(Recorder, HeatCountsEveryAccessToAnArray) {
  const Traced run = traced(kTwoSteps);
  const Symbol in = *load_elf(test::build(kTwoSteps, {.c = true})).symbol("in");
  std::uint64_t writes = 0, reads = 0;
  for (const traces::Heat& heat : run.trace.heat) {
    for (std::uint32_t column = 0; column < heat.columns; ++column) {
      for (std::uint32_t row = 0; row < heat.rows; ++row) {
        const std::uint32_t address = heat.base + row * heat.row_bytes;
        if (address + heat.row_bytes <= in.address.value || address >= (in.address + in.size).value) continue;
        writes += heat.writes[column * heat.rows + row] > 0;
        reads += heat.reads[column * heat.rows + row] > 0;
      }
    }
  }
  EXPECT_GT(writes, 4u);
  EXPECT_GT(reads, 4u);
}

TEST(Recorder, EqualRunsGiveEqualBytes) {
  EXPECT_EQ(traced(kTwoSteps).bytes, traced(kTwoSteps).bytes);
}

TEST(Recorder, ATraceDoesNotChangeTheRun) {
  const Traced run = traced(kTwoSteps);
  const RunResult plain = test::run(kTwoSteps, {.c = true}).result;
  EXPECT_EQ(run.result.total.causes, plain.total.causes);
  EXPECT_EQ(run.result.memory, plain.memory);
  EXPECT_FALSE(run.result.profile);
}

TEST(Recorder, AFaultEndsTheTraceAndNotTheFile) {
  const Traced run = traced("int main(void) { *(volatile int*)0x90000000 = 1; return 0; }");
  EXPECT_EQ(run.result.end, RunEnd::kFault);
  ASSERT_TRUE(run.trace.end);
  EXPECT_EQ(run.trace.end->reason, "fault");
  EXPECT_EQ(causes_of_samples(run.trace), run.result.total.causes);
}

TEST(Recorder, ALimitEndsTheTraceInOrder) {
  const Traced run =
      traced("int main(void) { for (volatile int i = 0;; ++i) {} }", {.c = true}, {.max_cycles = 500'000});
  ASSERT_TRUE(run.trace.end);
  EXPECT_EQ(run.trace.end->reason, "limit");
  EXPECT_EQ(causes_of_samples(run.trace), run.result.total.causes);
}

TEST(Recorder, HandlersAndThreadsAreCallsToo) {
  const Traced run = traced(R"(
    volatile int seen;
    void SVC_Handler(void) { ++seen; }
    __attribute__((noinline)) void asks(void) { __asm__ volatile("svc 0" ::: "memory"); }
    int main(void) {
      for (int i = 0; i < 5; ++i) asks();
      return seen == 5 ? 0 : 1;
    }
  )");
  EXPECT_EQ(run.result.exit_code, 0);
  const auto name = [&](const traces::CallNode& node) { return run.trace.text(node.function); };
  const auto handler = std::ranges::find(run.trace.calls, "SVC_Handler", name);
  ASSERT_NE(handler, run.trace.calls.end());
  EXPECT_EQ(handler->calls, 5u);
  EXPECT_EQ(name(run.trace.calls[handler->parent]), "asks");
}

TEST(Recorder, HeapBlocksAreNamedByWhoAskedForThem) {
  const Traced run = traced(R"(
    static unsigned char heap[4096];
    static unsigned used;
    __attribute__((noinline)) void* malloc(unsigned bytes) {
      void* block = heap + used;
      used += (bytes + 7) & ~7u;
      __asm__ volatile("" ::: "memory");
      return block;
    }
    __attribute__((noinline)) void free(void* block) { __asm__ volatile("" ::"r"(block) : "memory"); }
    __attribute__((noinline)) int user(void) {
      volatile unsigned char* block = malloc(300);
      int sum = 0;
      for (int i = 0; i < 300; ++i) block[i] = (unsigned char)i;
      for (int i = 0; i < 300; ++i) sum += block[i];
      free((void*)block);
      return sum;
    }
    int main(void) { return user() == 0; }
  )",
                            {.c = true, .flags = "-fno-builtin"});
  EXPECT_EQ(run.result.exit_code, 0);
  const auto is_heap = [](const traces::Life& life) { return life.kind == traces::LifeKind::kHeap; };
  const auto life = std::ranges::find_if(run.trace.lives, is_heap);
  ASSERT_NE(life, run.trace.lives.end());
  EXPECT_EQ(life->bytes, 300u);
  EXPECT_THAT(std::string(run.trace.text(life->owner)), HasSubstr("heap block of user at guest.c:"));
  EXPECT_NE(life->released, traces::kNever);
}

TEST(Recorder, StackDepthReachesItsDeepestInASample) {
  const Traced run = traced(kTwoSteps);
  std::uint32_t deepest = 0;
  for (const traces::Sample& sample : run.trace.samples) deepest = std::max(deepest, sample.stack_bytes);
  EXPECT_EQ(deepest, run.trace.end->stack_bytes);
}

TEST(Recorder, AFullDiskEndsTheRunWithItsName) {
  const auto run = [] {
    traces::TraceWriter writer("/dev/full", {});
    Environment environment;
    environment.trace = &writer;
    test::run(kTwoSteps, {.c = true}, environment);
  };
  EXPECT_THROW(run(), traces::TraceWriteError);
}

}  // namespace
}  // namespace sim
