#include "traces/plan_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace traces {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

constexpr std::uint32_t kArena = 0x20000000;

/// in (0..63) -> CONV a (64..127), scratch of 16 at 128 -> ADD a + in -> b, in place of a -> POOL b -> out
/// (0..7).
StepTable three_steps() {
  StepTable table;
  table.model = "three";
  table.arena_bytes = 160;
  table.buffers = {{"in", BufferKind::kInput, 0, 0, 64, 0, 1},
                   {"a", BufferKind::kActivation, 1, 64, 64, 0, 1},
                   {"scratch of step 0", BufferKind::kScratch, -1, 128, 16, 0, 0},
                   {"b", BufferKind::kActivation, 2, 64, 64, 1, 2},
                   {"out", BufferKind::kOutput, 3, 0, 8, 2, 2}};
  table.steps = {{0, "CONV_2D", "a", 0, 1, 64, 64, 0, 144, {0}, 1},
                 {1, "ADD", "b", 1, 2, 64, 64, 0, 128, {1, 0}, 3},
                 {2, "POOL", "out", 2, 3, 0, 8, 0, 72, {3}, 4}};
  table.inputs = {0};
  table.outputs = {4};
  return table;
}

/// Steps as the table has them, words of four bytes, a cycle an access.
struct Player {
  explicit Player(StepTable steps) : table(std::move(steps)), watch(table, kArena) {}

  void load(std::uint32_t offset, std::uint32_t bytes = 4, std::uint32_t pc = 0x100) {
    watch.at(++cycle);
    watch.load(kArena + offset, bytes, pc);
  }
  void store(std::uint32_t offset, std::uint32_t bytes = 4, std::uint32_t pc = 0x200) {
    watch.at(++cycle);
    watch.store(kArena + offset, bytes, pc);
  }
  void loads(std::uint32_t from, std::uint32_t bytes) {
    for (std::uint32_t at = from; at < from + bytes; at += 4) load(at);
  }
  void stores(std::uint32_t from, std::uint32_t bytes) {
    for (std::uint32_t at = from; at < from + bytes; at += 4) store(at);
  }
  void conv() {
    watch.step(0, 0);
    loads(0, 64);
    stores(128, 16);
    loads(128, 16);
    stores(64, 64);
  }
  void add() {
    watch.step(1, 1);
    for (std::uint32_t at = 0; at < 64; at += 4) {
      load(64 + at);
      load(at);
      store(64 + at);
    }
  }
  void pool() {
    watch.step(2, 2);
    loads(64, 64);
    stores(0, 8);
  }
  void all() {
    watch.host_wrote(kArena, 64);
    conv();
    add();
    pool();
    watch.step(-1, -1);
    watch.host_read(kArena, 8);
  }
  std::vector<std::string> texts() const {
    std::vector<std::string> result;
    for (const Observation& one : watch.problems()) result.push_back(one.text);
    return result;
  }

  StepTable table;
  PlanWatch watch;
  std::uint64_t cycle = 0;
};

TEST(PlanWatch, FindsNothingWrongWhereStepsDoAsPlanned) {
  Player play(three_steps());
  play.all();
  EXPECT_THAT(play.texts(), IsEmpty());
  // A second round, with new inputs.
  play.all();
  EXPECT_THAT(play.texts(), IsEmpty());
}

TEST(PlanWatch, ObservesWhenEachBufferIsUsedAndHowMuchOfIt) {
  Player play(three_steps());
  play.all();
  std::vector<Buffer> buffers(5);
  play.watch.fill(buffers);
  // conv: 16 loads, 4 stores, 4 loads, 16 stores; add: 16 times load, load, store; pool: 16 loads, 2 stores.
  const Buffer& a = buffers[1];
  EXPECT_EQ(a.first_write, 25u);
  EXPECT_EQ(a.last_write, 40u);
  EXPECT_EQ(a.first_read, 41u);
  EXPECT_EQ(a.last_read, 41u + 45);
  EXPECT_EQ(a.bytes_written, 64u);
  EXPECT_EQ(a.bytes_read, 64u);
  const Buffer& b = buffers[3];
  EXPECT_EQ(b.first_write, 43u);
  EXPECT_EQ(b.last_read, 88u + 16);
  EXPECT_EQ(buffers[4].bytes_written, 8u);
  EXPECT_EQ(buffers[4].last_read, 106u) << "by the outside world";
  EXPECT_TRUE(play.watch.complete());
  EXPECT_THAT(play.watch.untouched(), ElementsAre(Pair(144u, 16u)));
}

TEST(PlanWatch, KnowsInWhichStepsEachByteIsNeeded) {
  Player play(three_steps());
  play.watch.host_wrote(kArena, 64);
  play.watch.step(0, 0);
  play.loads(0, 64);
  play.stores(64, 64);
  EXPECT_FALSE(play.watch.complete());
  play.watch.step(1, 1);
  play.loads(0, 32);  // not the second half of the input
  play.stores(64, 64);
  play.pool();
  EXPECT_FALSE(play.watch.complete());
  play.watch.step(-1, -1);
  EXPECT_TRUE(play.watch.complete());
  const auto range = [&](std::size_t buffer, std::uint32_t byte) {
    const PlanWatch::StepRange needed = play.watch.needed(buffer, byte);
    return std::pair(needed.first, needed.last);
  };
  EXPECT_EQ(range(0, 31), std::pair(0, 1));
  EXPECT_EQ(range(0, 32), std::pair(0, 0));
  EXPECT_EQ(range(1, 0), std::pair(0, 0)) << "written, and never read";
  EXPECT_EQ(range(2, 0), std::pair(-1, -1)) << "never touched";
  EXPECT_EQ(range(3, 5), std::pair(1, 2));
  EXPECT_EQ(range(4, 7), std::pair(2, 2)) << "an output is needed although nothing reads it here";
  const auto bytes_in = [&](std::int32_t id) {
    const std::vector<std::uint8_t> bytes = play.watch.needed_in(id);
    return std::count(bytes.begin(), bytes.end(), 1);
  };
  EXPECT_EQ(bytes_in(0), 128);
  EXPECT_EQ(bytes_in(1), 96);
  EXPECT_EQ(bytes_in(2), 72);
}

TEST(PlanWatch, CountsAByteOnceHoweverOftenItIsUsed) {
  Player play(three_steps());
  play.watch.host_wrote(kArena, 64);
  play.watch.step(0, 0);
  for (int i = 0; i < 3; ++i) play.load(8, 2);
  play.load(8, 4);
  play.load(9, 1);
  std::vector<Buffer> buffers(5);
  play.watch.fill(buffers);
  EXPECT_EQ(buffers[0].bytes_read, 4u);
  EXPECT_EQ(buffers[0].first_read, 1u);
  EXPECT_EQ(buffers[0].last_read, 5u);
}

TEST(PlanWatch, NamesTheTensorThatIsLostAndTheOneThatTookItsPlace) {
  StepTable table = three_steps();
  table.buffers[1].offset = 32;  // a, over the second half of the input, which step 1 reads too
  Player play(std::move(table));
  play.watch.host_wrote(kArena, 64);
  play.watch.step(0, 0);
  play.loads(0, 64);
  play.stores(32, 64);
  EXPECT_THAT(play.texts(), IsEmpty());
  play.watch.step(1, 1);
  play.loads(0, 64);
  EXPECT_THAT(play.texts(),
              ElementsAre("input in lost 32 bytes at arena+0x20 to tensor a (step 0 CONV_2D) before step "
                          "1 read them"));
}

TEST(PlanWatch, SeesAnInputThatAnEarlierStepWroteOver) {
  StepTable table = three_steps();
  table.steps.push_back({3, "ADD", "c", 3, 4, 96, 32, 0, 0, {1}, 5});
  table.buffers.push_back({"c", BufferKind::kActivation, 4, 128, 16, 3, 3});
  table.buffers[1].last_step = 3;  // step 3 reads a again, and b lies on it
  Player play(std::move(table));
  play.all();
  play.watch.step(3, 3);
  play.load(80, 4, 0x804);
  play.load(84, 4, 0x808);
  play.load(84, 4, 0x808);
  play.stores(128, 16);
  const std::vector<Observation> problems = play.watch.problems();
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].kind, FindingKind::kOverwritten);
  EXPECT_EQ(problems[0].text,
            "tensor a (step 0 CONV_2D) lost 8 bytes at arena+0x50 to tensor b (step 1 ADD) before step 3 "
            "read them");
  EXPECT_EQ(problems[0].owner, "a");
  EXPECT_EQ(problems[0].pc, 0x804u);
  EXPECT_EQ(problems[0].address, kArena + 80);
  EXPECT_EQ(problems[0].bytes, 8u);
  EXPECT_EQ(problems[0].step, 3);
  EXPECT_EQ(problems[0].count, 2u) << "the third load reads nothing that is not known to be lost";
}

TEST(PlanWatch, SeesAnInputThatTheStepItselfWritesOverTooEarly) {
  Player play(three_steps());
  play.watch.host_wrote(kArena, 64);
  play.conv();
  play.watch.step(1, 1);
  play.store(64);  // b's first word, in place of a's, which was not read
  play.load(64);
  play.load(0);
  EXPECT_THAT(play.texts(),
              ElementsAre("tensor a (step 0 CONV_2D) lost 4 bytes at arena+0x40 to tensor b (step 1 "
                          "ADD) before step 1 read them"));
}

TEST(PlanWatch, LetsAStepReadBackItsOwnOutput) {
  Player play(three_steps());
  play.watch.host_wrote(kArena, 64);
  play.conv();
  play.watch.step(1, 1);
  for (int i = 0; i < 3; ++i) {
    play.load(64);
    play.store(64);
  }
  EXPECT_THAT(play.texts(), IsEmpty());
}

TEST(PlanWatch, SeesScratchThatLiesOnAnInput) {
  StepTable table = three_steps();
  table.buffers[2].offset = 16;
  Player play(std::move(table));
  play.watch.host_wrote(kArena, 64);
  play.watch.step(0, 0);
  play.loads(0, 64);
  play.stores(16, 16);
  play.load(16);
  EXPECT_THAT(
      play.texts(),
      ElementsAre("input in lost 4 bytes at arena+0x10 to scratch of step 0 before step 0 read them"));
}

TEST(PlanWatch, SeesAccessesWhereNoBufferLives) {
  Player play(three_steps());
  play.watch.host_wrote(kArena, 64);
  play.conv();
  play.add();
  play.watch.step(2, 2);
  play.store(128);  // the scratch of step 0 is no more
  play.load(140, 1);
  play.load(141, 1);
  EXPECT_THAT(play.texts(),
              ElementsAre("step 2 POOL writes 4 bytes at arena+0x80, where no planned buffer lives",
                          "step 2 POOL reads 2 bytes at arena+0x8c, where no planned buffer lives"));
  EXPECT_EQ(play.watch.problems()[0].kind, FindingKind::kOutsidePlannedLife);
  EXPECT_EQ(play.watch.problems()[0].owner, "m7_arena");
}

TEST(PlanWatch, SeesAStoreIntoATensorThatTheStepHasNoPartIn) {
  Player play(three_steps());
  play.watch.host_wrote(kArena, 64);
  play.conv();
  play.add();
  play.watch.step(2, 2);
  play.store(64);
  EXPECT_THAT(play.texts(),
              ElementsAre("step 2 POOL writes 4 bytes at arena+0x40 of tensor b (step 1 ADD), which it "
                          "has no part in"));
}

TEST(PlanWatch, SeesAnInputThatThePlanNoLongerKeeps) {
  StepTable table = three_steps();
  table.buffers[0].last_step = 0;  // but step 1 reads it
  Player play(std::move(table));
  play.watch.host_wrote(kArena, 64);
  play.conv();
  play.add();
  EXPECT_THAT(play.texts(),
              ElementsAre("step 1 ADD reads 64 bytes at arena+0x0 of input in, which the plan keeps from "
                          "step 0 to step 0"));
}

TEST(PlanWatch, SeesBytesThatNoStepHasWritten) {
  Player play(three_steps());
  play.watch.host_wrote(kArena, 64);
  play.watch.step(0, 0);
  play.stores(64, 60);
  play.add();
  const std::vector<Observation> problems = play.watch.problems();
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].kind, FindingKind::kReadBeforeWrite);
  EXPECT_EQ(problems[0].text,
            "step 1 ADD reads 4 bytes at arena+0x7c of tensor a (step 0 CONV_2D), which no step has written "
            "for it");
}

TEST(PlanWatch, SeesAnInputThatNobodyBrought) {
  Player play(three_steps());
  play.conv();
  EXPECT_THAT(play.texts(),
              ElementsAre("step 0 CONV_2D reads 64 bytes at arena+0x0 of input in, which no step has "
                          "written for it"));
}

TEST(PlanWatch, SeesScratchThatIsReadBeforeTheStepWritesIt) {
  Player play(three_steps());
  play.watch.host_wrote(kArena, 64);
  play.watch.step(0, 0);
  play.load(128);
  EXPECT_THAT(play.texts(),
              ElementsAre(HasSubstr("4 bytes at arena+0x80 of scratch of step 0, which no step")));
}

TEST(PlanWatch, LetsVectorCodeReadTheRestOfAWord) {
  StepTable table = three_steps();
  table.buffers[0].bytes = 62;
  Player play(std::move(table));
  play.watch.host_wrote(kArena, 62);
  play.watch.step(0, 0);
  play.load(60);
  play.load(60);
  EXPECT_THAT(play.texts(), IsEmpty());
  play.load(62, 2);
  EXPECT_THAT(play.texts(),
              ElementsAre(HasSubstr("reads 2 bytes at arena+0x3e, where no planned buffer lives")));
}

TEST(PlanWatch, SeesAResultThatAnotherStepWroteOver) {
  Player play(three_steps());
  play.all();
  play.watch.step(3, 0);
  play.watch.step(-1, -1);
  EXPECT_THAT(play.texts(), IsEmpty());
  StepTable table = three_steps();
  table.steps.push_back({3, "RELU", "late", 3, 4, 0, 4, 0, 0, {3}, 5});
  table.buffers.push_back({"late", BufferKind::kActivation, 4, 0, 4, 3, 3});
  Player again(std::move(table));
  again.watch.host_wrote(kArena, 64);
  again.conv();
  again.add();
  again.pool();
  again.watch.step(3, 3);
  again.store(0);
  again.watch.step(-1, -1);
  again.watch.host_read(kArena, 8);
  EXPECT_THAT(again.texts(),
              ElementsAre("tensor out (step 2 POOL) lost 4 bytes at arena+0x0 to tensor late (step 3 "
                          "RELU) before the program read them"));
}

TEST(PlanWatch, TakesWhateverLivesWhereTheTableDoesNotSayWhatAStepUses) {
  StepTable table = three_steps();
  for (StepRow& row : table.steps) {
    row.reads.clear();
    row.writes = -1;
  }
  Player play(std::move(table));
  play.all();
  EXPECT_THAT(play.texts(), IsEmpty());
  std::vector<Buffer> buffers(5);
  play.watch.fill(buffers);
  EXPECT_EQ(buffers[1].bytes_written, 64u);
  EXPECT_EQ(buffers[1].bytes_read, 64u);
  EXPECT_EQ(buffers[3].bytes_written, 64u);
  EXPECT_EQ(buffers[3].bytes_read, 64u);
  play.watch.step(6, 2);
  play.store(140);
  EXPECT_THAT(play.texts(), ElementsAre(HasSubstr("where no planned buffer lives")));
}

TEST(PlanWatch, LooksAtNothingOutsideTheArena) {
  Player play(three_steps());
  play.watch.step(0, 0);
  play.watch.store(kArena - 4, 4, 0);
  play.watch.store(kArena + 160, 8, 0);
  play.watch.load(kArena + 160, 1, 0);
  play.watch.host_wrote(kArena - 100, 100);
  play.watch.host_wrote(kArena + 160, 100);
  EXPECT_THAT(play.texts(), IsEmpty());
  play.watch.store(kArena + 156, 8, 0);
  EXPECT_THAT(play.texts(), ElementsAre(HasSubstr("writes 4 bytes at arena+0x9c,")));
}

TEST(PlanWatch, KeepsABoundedNumberOfProblems) {
  StepTable table;
  table.arena_bytes = 16;
  for (int i = 0; i < 2000; ++i) table.steps.push_back({i, "ADD", "x", 0, 0, 0, 0, 0, 0, {}, -1});
  PlanWatch watch(table, kArena);
  for (int i = 0; i < 2000; ++i) {
    watch.step(i, i);
    watch.store(kArena, 4, 0x100);
  }
  EXPECT_EQ(watch.problems().size(), PlanWatch::kMaxProblems);
}

}  // namespace
}  // namespace traces
