// The cap on a file's size, texts that are none, disks that are full.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/resource.h>

#include <csignal>
#include <random>

#include "tests/traces/sample_trace.h"
#include "tests/traces/temporary_folder.h"
#include "traces/trace_reader.h"
#include "traces/trace_writer.h"

namespace traces {
namespace {

using testing::HasSubstr;

std::string write_error(const std::filesystem::path& path, std::uint64_t cap = TraceWriter::kDefaultCap) {
  try {
    write_trace(sample_trace({.lives = 20000}), path, cap);
  } catch (const TraceWriteError& error) {
    return error.what();
  }
  return "";
}

TEST(TraceWriter, SaysWhyItCannotWrite) {
  const TemporaryFolder folder;
  EXPECT_EQ(write_error("/dev/full"), "/dev/full: No space left on device");
  EXPECT_THAT(write_error(folder / "none/a.m7t"), HasSubstr("none/a.m7t: No such file or directory"));
  EXPECT_THAT(write_error(folder / "."), HasSubstr("Is a directory"));
  EXPECT_THAT(write_error(folder / "a.m7t", 1000),
              HasSubstr("a cap of 1000 bytes, expected at least 262144"));
}

/// While it lives no file of this process grows past `bytes`.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

TEST(TraceWriter, LeavesAFileThatOpensWhenTheDiskFillsUp) {
  const TemporaryFolder folder;
  const Trace trace = sample_trace({.steps = 50, .lives = 5000});
  {
    const FileSizeLimit limit(20000);
    EXPECT_EQ(write_error(folder / "a.m7t"), (folder / "a.m7t").string() + ": File too large");
    TraceWriter writer(folder / "b.m7t", trace.about);
    for (std::size_t i = 1; i < trace.strings.size(); ++i) writer.intern(trace.strings[i]);
    writer.add(std::span(trace.regions));
    writer.flush(5);
    writer.set(trace.buffers);
    for (Life life : trace.lives) {
      life.born_step = life.died_step = -1;
      writer.add(std::span<const Life>(&life, 1));
    }
    EXPECT_THROW(writer.flush(10), TraceWriteError);
    EXPECT_NO_THROW(writer.flush(20));  // said once; nothing more is written
    EXPECT_NO_THROW(writer.finish(*trace.end));
  }
  EXPECT_EQ(std::filesystem::file_size(folder / "b.m7t"), 20000U);
  EXPECT_EQ(load_trace(folder / "b.m7t").cut, "ends after cycle 5: the run was cut short");
}

TEST(TraceWriter, KeepsWhatItWroteWhenTheRunIsGivenUp) {
  const TemporaryFolder folder;
  const Trace trace = sample_trace({});
  {
    TraceWriter writer(folder / "a.m7t", trace.about);
    for (std::size_t i = 1; i < trace.strings.size(); ++i) writer.intern(trace.strings[i]);
    writer.add(trace.steps[0]);
  }
  const Trace read = load_trace(folder / "a.m7t");
  EXPECT_EQ(read.steps.size(), 1U);
  EXPECT_EQ(read.cut, "ends after cycle " + std::to_string(trace.steps[0].end) + ": the run was cut short");
}

/// What of `small` is the begin of the same part of `whole`.
template <class Value>
void expect_begin(const std::vector<Value>& small, const std::vector<Value>& whole) {
  ASSERT_LE(small.size(), whole.size());
  EXPECT_TRUE(std::equal(small.begin(), small.end(), whole.begin()));
}

TEST(TraceWriter, NeverGrowsAFilePastItsCapAndCountsWhatItLeavesOut) {
  const TemporaryFolder folder;
  const Trace whole =
      sample_trace({.steps = 100, .lives = 60000, .samples = 20000, .heat_samples = 1u << 21});
  write_trace(whole, folder / "whole.m7t");
  const auto whole_bytes = std::filesystem::file_size(folder / "whole.m7t");
  std::size_t lives = 0;
  for (const std::uint64_t cap : {256u << 10, 500u << 10, 1000u << 10, 2000u << 10}) {
    ASSERT_GT(whole_bytes, cap);
    write_trace(whole, folder / "small.m7t", cap);
    const auto bytes = std::filesystem::file_size(folder / "small.m7t");
    EXPECT_LE(bytes, cap);
    EXPECT_GE(bytes, cap / 2);
    const Trace small = load_trace(folder / "small.m7t");
    EXPECT_EQ(small.cut, "");
    EXPECT_TRUE(small.steps == whole.steps);
    EXPECT_TRUE(small.functions == whole.functions);
    EXPECT_TRUE(small.findings == whole.findings);
    expect_begin(small.samples, whole.samples);
    expect_begin(small.heat, whole.heat);
    ASSERT_TRUE(small.end);
    EXPECT_EQ(small.end->lives_dropped, whole.lives.size() - small.lives.size());
    EXPECT_EQ(small.end->samples_dropped, whole.samples.size() - small.samples.size());
    std::size_t cells = 0;
    for (std::size_t i = small.heat.size(); i < whole.heat.size(); ++i) cells += whole.heat[i].reads.size();
    EXPECT_EQ(small.end->heat_dropped, cells);
    EXPECT_THAT(small.end->notes, testing::Contains(HasSubstr("detail from cycle")));
    EXPECT_GT(small.lives.size(), lives);
    lives = small.lives.size();
  }
}

TEST(TraceWriter, EndsAFileThatHasNoRoomForStepsEither) {
  const TemporaryFolder folder;
  const Trace whole = sample_trace({.steps = 20000, .lives = 20001, .step_cycles = 50});
  write_trace(whole, folder / "a.m7t", TraceWriter::kSmallestCap);
  EXPECT_LE(std::filesystem::file_size(folder / "a.m7t"), TraceWriter::kSmallestCap);
  const Trace small = load_trace(folder / "a.m7t");
  expect_begin(small.steps, whole.steps);
  EXPECT_LT(small.steps.size(), whole.steps.size());
  ASSERT_TRUE(small.end);
  EXPECT_EQ(small.end->cycles, whole.end->cycles);
  EXPECT_THAT(small.end->notes, testing::Contains(HasSubstr("all from cycle")));
}

/// Text that does not pack.
std::string noise(std::size_t length) {
  static std::mt19937_64 random(1);
  std::string text;
  while (text.size() < length) text += static_cast<char>('!' + random() % 90);
  return text;
}

TEST(TraceWriter, HasRoomForTheLongestEnd) {
  const TemporaryFolder folder;
  TraceWriter writer(folder / "a.m7t", {}, TraceWriter::kSmallestCap);
  constexpr int kNames = 20000;
  for (int i = 0; i < kNames; ++i) {
    writer.intern(noise(40));
    if (i % 4 == 0) writer.flush(static_cast<std::uint64_t>(i));  // to the last bytes of the cap
  }
  End end;
  end.reason = "exit";
  end.cycles = kNames;
  end.stack_path = kNames;
  for (int i = 0; i < 100; ++i) end.notes.push_back(noise(5000));
  writer.finish(end);
  EXPECT_LE(writer.bytes_written(), TraceWriter::kSmallestCap);
  EXPECT_EQ(writer.bytes_written(), std::filesystem::file_size(folder / "a.m7t"));
  const Trace read = load_trace(folder / "a.m7t");
  ASSERT_TRUE(read.end);
  EXPECT_EQ(read.end->stack_path, 0U);  // a text that found no room
  EXPECT_EQ(read.end->notes.size(), 17U);
  EXPECT_EQ(read.end->notes[0].size(), 1024U);
}

TEST(TraceWriter, MakesTextsThatEveryReaderCanPrint) {
  const TemporaryFolder folder;
  TraceWriter writer(folder / "a.m7t", {});
  EXPECT_EQ(writer.intern(""), 0U);
  EXPECT_EQ(writer.intern("\tna\xc3\xafve \xe2\x89\xa4 \xf0\x9f\x98\x80"), 1U);
  EXPECT_EQ(writer.intern("a\x1b[31m\x7f\n"), 2U);
  EXPECT_EQ(writer.intern("\xc3(\xa0\xe2\x82|\xed\xa0\x80\xc0\x80\xc2\x85"), 3U);
  EXPECT_EQ(writer.intern(std::string(5000, 'x')), 4U);
  EXPECT_EQ(writer.intern("\tna\xc3\xafve \xe2\x89\xa4 \xf0\x9f\x98\x80"), 1U);
  writer.flush(1);
  const Trace trace = load_trace(folder / "a.m7t");
  const std::string bad = "\xef\xbf\xbd";
  EXPECT_EQ(trace.strings[1], "\tna\xc3\xafve \xe2\x89\xa4 \xf0\x9f\x98\x80");
  EXPECT_EQ(trace.strings[2], "a" + bad + "[31m" + bad + bad);
  EXPECT_EQ(trace.strings[3], bad + "(" + bad + bad + bad + "|" + bad + bad + bad + bad + bad + bad + bad);
  EXPECT_EQ(trace.strings[4], std::string(4093, 'x') + "...");
}

TEST(TraceWriter, RefusesItsCallersMistakes) {
  const TemporaryFolder folder;
  TraceWriter writer(folder / "a.m7t", {});
  const Life life{};  // in a region that was never added
  writer.add(std::span<const Life>(&life, 1));
  EXPECT_THROW(writer.flush(1), std::logic_error);
}

}  // namespace
}  // namespace traces
