#include "traces/findings.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "traces/life_findings.h"

namespace traces {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

/// Texts by number, as a writer keeps them.
struct Texts {
  std::vector<std::string> texts = {""};
  StringId intern(std::string_view text) {
    texts.emplace_back(text);
    return static_cast<StringId>(texts.size() - 1);
  }
  PlaceNames names() {
    return {[](std::uint32_t pc) { return fmt::format("f{:x}", pc); },
            [](std::uint32_t pc) { return fmt::format("main.c:{}", pc); },
            [this](std::string_view text) { return intern(text); }};
  }
};

Observation seen(FindingKind kind, std::uint32_t pc, const std::string& owner, std::uint64_t cycle) {
  Observation one;
  one.kind = kind;
  one.pc = pc;
  one.owner = owner;
  one.cycle = cycle;
  one.text = fmt::format("at {}", cycle);
  return one;
}

TEST(Findings, MakeOneRowOfEqualOnes) {
  Texts texts;
  const std::vector<Finding> rows =
      findings_of({seen(FindingKind::kPastEnd, 16, "a", 30), seen(FindingKind::kPastEnd, 16, "a", 10),
                   seen(FindingKind::kPastEnd, 16, "b", 20), seen(FindingKind::kPastEnd, 18, "a", 40),
                   seen(FindingKind::kUnaligned, 16, "a", 50)},
                  texts.names());
  ASSERT_THAT(rows, SizeIs(4));
  EXPECT_EQ(rows[0].cycle, 10u) << "the first of both";
  EXPECT_EQ(rows[0].count, 2u);
  EXPECT_EQ(texts.texts[rows[0].text], "at 10");
  EXPECT_EQ(texts.texts[rows[0].function], "f10");
  EXPECT_EQ(texts.texts[rows[0].line], "main.c:16");
  EXPECT_EQ(texts.texts[rows[0].owner], "a");
  EXPECT_EQ(rows[1].cycle, 20u);
  EXPECT_EQ(rows[2].cycle, 40u);
  EXPECT_EQ(rows[3].kind, FindingKind::kUnaligned);
}

TEST(Findings, PutProblemsFirstAndKeepABoundedNumberOfAKind) {
  std::vector<Observation> all;
  for (std::uint32_t i = 0; i < 2 * kMaxFindingsOfAKind; ++i) {
    all.push_back(seen(FindingKind::kLifetimeTooLong, 2 * i + 2, "x", i));
    all.back().is_problem = false;
  }
  all.push_back(seen(FindingKind::kLifetimeTooLong, 2, "y", 100'000));
  Texts texts;
  const std::vector<Finding> rows = findings_of(all, texts.names());
  ASSERT_THAT(rows, SizeIs(kMaxFindingsOfAKind));
  EXPECT_TRUE(rows[0].is_problem);
  EXPECT_EQ(rows[0].cycle, 100'000u);
  EXPECT_EQ(rows[1].cycle, 0u);
}

TEST(Findings, NameNoPlaceWhereThereIsNoInstruction) {
  Texts texts;
  const std::vector<Finding> rows =
      findings_of({seen(FindingKind::kArenaUntouched, 0, "m7_arena", 0)}, texts.names());
  EXPECT_EQ(rows[0].function, 0u);
  EXPECT_EQ(rows[0].line, 0u);
}

std::string stack_text(std::uint32_t used) {
  const auto one = stack_observation({0x20001000, 1000, used, 0x100, 2, 77, "main > f", "buffer"});
  return one ? fmt::format("{}{}", one->is_problem ? "problem: " : "", one->text) : "";
}

TEST(StackFindings, TellALotFromTooMuch) {
  EXPECT_EQ(stack_text(900), "");
  EXPECT_EQ(stack_text(901), "the stack used 901 of its 1000 bytes (main > f)");
  EXPECT_EQ(stack_text(999), "the stack used 999 of its 1000 bytes (main > f)");
  EXPECT_EQ(stack_text(1000), "problem: the stack reached its limit of 1000 bytes (main > f)");
  EXPECT_EQ(stack_text(1008),
            "problem: the stack ran 8 bytes past its limit of 1000, into buffer (main > f)");
  EXPECT_FALSE(stack_observation({0x20001000, 0, 100, 0, 0, 0, "", ""})) << "nobody knows its limit";
}

// --- arrays ---

constexpr StringId kTable = 1, kFlag = 2, kBlock = 3, kArenaName = 4;
const std::vector<LifeTracker::Container> kContainers = {{0x20000000, 64, kTable, LifeKind::kStatic},
                                                         {0x20000040, 8, kFlag, LifeKind::kStatic},
                                                         {0x20000100, 256, kArenaName, LifeKind::kStatic}};

ArrayWatch array_watch() {
  ArrayWatch watch(kContainers, {0x20000100, 256}, [](StringId id) {
    return std::vector<std::string>{"", "table", "flag", "heap block of f", "m7_arena"}.at(id);
  });
  watch.program_begins(100);
  return watch;
}

Life life(std::uint32_t address, std::uint32_t bytes, std::uint64_t born, std::uint64_t last_read) {
  Life one;
  one.kind = LifeKind::kStatic;
  one.address = address;
  one.bytes = bytes;
  one.born = born;
  one.last_read = last_read;
  one.writer_pc = 0x100;
  return one;
}

TEST(ArrayWatch, SeesAnArrayThatTheProgramWritesAndNothingReads) {
  ArrayWatch watch = array_watch();
  watch.see(life(0x20000000, 64, 10, kNever));
  EXPECT_THAT(watch.observations({}), IsEmpty()) << "start-up code";
  watch.see(life(0x20000020, 16, 300, kNever));
  watch.see(life(0x20000010, 16, 200, kNever));
  EXPECT_THAT(watch.observations({}, true), IsEmpty()) << "a fault ended the run";
  const std::vector<Observation> all = watch.observations({});
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].kind, FindingKind::kWriteNeverRead);
  EXPECT_FALSE(all[0].is_problem);
  EXPECT_EQ(all[0].text, "table is written and never read");
  EXPECT_EQ(all[0].address, 0x20000010u);
  EXPECT_EQ(all[0].cycle, 200u);
  EXPECT_EQ(all[0].pc, 0x100u);
}

TEST(ArrayWatch, SaysNothingOfAnArrayThatIsReadAnywhere) {
  ArrayWatch watch = array_watch();
  watch.see(life(0x20000010, 16, 200, kNever));
  watch.see(life(0x20000030, 4, 200, 250));
  EXPECT_THAT(watch.observations({}), IsEmpty());
}

TEST(ArrayWatch, SaysNothingOfScalarsStacksAndPlannedArenas) {
  ArrayWatch watch = array_watch();
  watch.see(life(0x20000040, 8, 200, kNever));
  watch.see(life(0x20000100, 64, 200, kNever));
  watch.see(life(0x20008000, 64, 200, kNever));
  const std::vector<LifeTracker::UnwrittenRead> reads = {{0x100, 0x20000040, 4, kFlag, 0, -1, 5, 4},
                                                         {0x100, 0x20000180, 4, kArenaName, 0, -1, 5, 4},
                                                         {0x100, 0x20008000, 4, 0, 0, -1, 5, 4}};
  EXPECT_THAT(watch.observations(reads), IsEmpty());
}

TEST(ArrayWatch, SeesAnArrayThatIsReadBeforeItIsWritten) {
  ArrayWatch watch = array_watch();
  const std::vector<LifeTracker::UnwrittenRead> reads = {{0x104, 0x20000008, 4, kTable, 0, 3, 500, 12}};
  const std::vector<Observation> all = watch.observations(reads);
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].kind, FindingKind::kReadBeforeWrite);
  EXPECT_TRUE(all[0].is_problem);
  EXPECT_EQ(all[0].text, "table is read where nothing has written it: 12 bytes at 0x20000008");
  EXPECT_EQ(all[0].pc, 0x104u);
  EXPECT_EQ(all[0].step, 3);
  EXPECT_EQ(all[0].cycle, 500u);
  EXPECT_EQ(all[0].bytes, 12u);
}

TEST(ArrayWatch, TakesHeapBlocksOfOnePlaceAsOne) {
  ArrayWatch watch = array_watch();
  Life block = life(0x20001000, 32, 200, kNever);
  block.kind = LifeKind::kHeap;
  block.owner = kBlock;
  watch.see(block);
  ASSERT_THAT(watch.observations({}), SizeIs(1));
  EXPECT_EQ(watch.observations({})[0].owner, "heap block of f");
  const std::vector<LifeTracker::UnwrittenRead> reads = {{0x104, 0x20001010, 4, kBlock, 0, -1, 5, 4}};
  EXPECT_THAT(watch.observations(reads), SizeIs(2));
  block.address += 64;
  block.last_read = 300;
  watch.see(block);
  EXPECT_THAT(watch.observations({}), IsEmpty());
}

}  // namespace
}  // namespace traces
