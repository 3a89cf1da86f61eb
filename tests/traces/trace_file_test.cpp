// What is written is what is read: whole, in part, while it grows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "tests/traces/sample_trace.h"
#include "tests/traces/temporary_folder.h"
#include "traces/trace_reader.h"
#include "traces/trace_writer.h"

namespace traces {
namespace {

using testing::HasSubstr;

std::vector<std::uint8_t> bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string error_of(std::span<const std::uint8_t> bytes) {
  try {
    parse_trace(bytes, "a.m7t");
  } catch (const TraceError& error) {
    return error.what();
  }
  return "";
}

/// Field by field, so that a failure says where.
void expect_same(const Trace& found, const Trace& expected) {
  EXPECT_TRUE(found.about == expected.about);
  EXPECT_EQ(found.strings, expected.strings);
  EXPECT_TRUE(found.regions == expected.regions);
  EXPECT_TRUE(found.clocks == expected.clocks);
  EXPECT_TRUE(found.symbols == expected.symbols);
  EXPECT_TRUE(found.steps == expected.steps);
  EXPECT_TRUE(found.buffers == expected.buffers);
  EXPECT_TRUE(found.lives == expected.lives);
  EXPECT_TRUE(found.samples == expected.samples);
  EXPECT_TRUE(found.heat == expected.heat);
  EXPECT_TRUE(found.findings == expected.findings);
  EXPECT_TRUE(found.functions == expected.functions);
  EXPECT_TRUE(found.lines == expected.lines);
  EXPECT_TRUE(found.calls == expected.calls);
  EXPECT_TRUE(found.listings == expected.listings);
  EXPECT_TRUE(found.sources == expected.sources);
  EXPECT_EQ(found.reached, expected.reached);
  EXPECT_TRUE(found.end == expected.end);
  EXPECT_EQ(found.cut, expected.cut);
}

TEST(TraceFile, ReadsBackWhatWasWritten) {
  const TemporaryFolder folder;
  for (const std::size_t lives : {0, 5, 200, 30000}) {
    const Trace trace = sample_trace({.lives = lives});
    write_trace(trace, folder / "a.m7t");
    const Trace read = load_trace(folder / "a.m7t");
    expect_same(read, trace);
    EXPECT_TRUE(read == trace);
  }
}

TEST(TraceFile, GivesTheSameBytesForTheSameCalls) {
  const TemporaryFolder folder;
  const Trace trace = sample_trace({.lives = 5000});
  write_trace(trace, folder / "a.m7t");
  write_trace(trace, folder / "b.m7t");
  EXPECT_EQ(bytes_of(folder / "a.m7t"), bytes_of(folder / "b.m7t"));
}

TEST(TraceFile, OpensWhereverItIsCut) {
  const TemporaryFolder folder;
  const Trace trace =
      sample_trace({.steps = 3, .lives = 12, .samples = 6, .heat_samples = 512, .functions = 2});
  write_trace(trace, folder / "a.m7t");
  const std::vector<std::uint8_t> whole = bytes_of(folder / "a.m7t");
  std::size_t steps = 0, opened = 0;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::span<const std::uint8_t> bytes = std::span(whole).first(size);
    const std::string error = error_of(bytes);
    if (!error.empty()) {
      EXPECT_EQ(opened, 0U) << "opened with fewer bytes than " << size;
      EXPECT_THAT(error, size == 0 ? HasSubstr("is empty") : HasSubstr("ends inside its first chunk"));
      continue;
    }
    ++opened;
    const Trace cut = parse_trace(bytes, "a.m7t");
    ASSERT_FALSE(cut.end);
    EXPECT_EQ(cut.cut, "ends after cycle " + std::to_string(cut.reached) + ": the run was cut short");
    EXPECT_GE(cut.steps.size(), steps);
    steps = cut.steps.size();
    EXPECT_EQ(cut.reached, steps == 0 ? 0 : std::max(cut.steps.back().end, cut.reached));
    EXPECT_LE(cut.reached, trace.reached);
  }
  EXPECT_EQ(steps, 3U);
  EXPECT_GT(opened, 1000U);
}

TEST(TraceFile, HoldsWhatWasAddedAfterEachFlush) {
  const TemporaryFolder folder;
  const Trace trace = sample_trace({});
  TraceWriter writer(folder / "a.m7t", trace.about);
  TraceFollower follower(folder / "a.m7t");
  EXPECT_TRUE(follower.trace().about == trace.about);
  for (std::size_t i = 1; i < trace.strings.size(); ++i) writer.intern(trace.strings[i]);
  for (std::size_t i = 0; i < trace.steps.size(); ++i) {
    writer.add(trace.steps[i]);
    EXPECT_FALSE(follower.poll());
    writer.flush(trace.steps[i].end + 7);
    EXPECT_TRUE(follower.poll());
    EXPECT_FALSE(follower.poll());
    EXPECT_TRUE(follower.trace().steps.back() == trace.steps[i]);
    EXPECT_EQ(follower.trace().reached, trace.steps[i].end + 7);
    EXPECT_EQ(load_trace(folder / "a.m7t").steps.size(), i + 1);
    EXPECT_FALSE(follower.ended());
  }
  writer.finish(*trace.end);
  EXPECT_TRUE(follower.poll());
  EXPECT_TRUE(follower.ended());
  EXPECT_TRUE(follower.trace().end == trace.end);
  EXPECT_EQ(follower.trace().cut, "");
}

TEST(TraceFile, IsFollowedByteByByte) {
  const TemporaryFolder folder;
  const Trace trace = sample_trace({.steps = 2, .lives = 8, .samples = 4, .heat_samples = 0, .functions = 1});
  write_trace(trace, folder / "a.m7t");
  std::ofstream out(folder / "b.m7t", std::ios::binary);
  out.flush();
  TraceFollower follower(folder / "b.m7t");  // a file that has just been made
  int changes = 0;
  for (const std::uint8_t byte : bytes_of(folder / "a.m7t")) {
    EXPECT_FALSE(follower.ended());
    out.put(static_cast<char>(byte)).flush();
    changes += follower.poll() ? 1 : 0;
  }
  expect_same(follower.trace(), trace);
  EXPECT_EQ(changes, 1 + 2 + 1 + 1);  // header, steps, what comes behind them, end
}

TEST(TraceFile, TakesALifeAgainWhenItHasChanged) {
  const TemporaryFolder folder;
  const Trace trace = sample_trace({.lives = 3});
  TraceWriter writer(folder / "a.m7t", trace.about);
  for (std::size_t i = 1; i < trace.strings.size(); ++i) writer.intern(trace.strings[i]);
  writer.add(std::span(trace.regions));
  writer.set(trace.buffers);
  std::vector<Life> lives = trace.lives;
  for (Life& life : lives) life.born_step = life.died_step = -1;
  writer.add(std::span<const Life>(lives));
  writer.flush(10);
  lives[1].touched = 1;
  writer.add(std::span<const Life>(lives).subspan(1, 1));
  writer.flush(20);
  EXPECT_TRUE(load_trace(folder / "a.m7t").lives == lives);
}

TEST(TraceFile, NamesAStepOnceTheStepIsThere) {
  const TemporaryFolder folder;
  const Trace trace = sample_trace({.lives = 1});
  TraceWriter writer(folder / "a.m7t", trace.about);
  for (std::size_t i = 1; i < trace.strings.size(); ++i) writer.intern(trace.strings[i]);
  writer.add(std::span(trace.regions));
  writer.set(trace.buffers);
  Life life = trace.lives[0];
  life.born_step = life.died_step = 0;
  writer.add(std::span<const Life>(&life, 1));
  writer.flush(10);
  EXPECT_EQ(load_trace(folder / "a.m7t").lives[0].born_step, -1);
  // It changes before its step is there: what counts is the latest.
  life.touched = 1;
  writer.add(std::span<const Life>(&life, 1));
  writer.flush(20);
  writer.add(trace.steps[0]);
  writer.flush(trace.steps[0].end);
  EXPECT_TRUE(load_trace(folder / "a.m7t").lives[0] == life);
}

}  // namespace
}  // namespace traces
