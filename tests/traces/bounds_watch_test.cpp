#include "traces/bounds_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace traces {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::uint32_t kA = 0x20000000, kB = kA + 40, kC = kB + 24;
constexpr std::uint32_t kPc = 0x08000100;

/// a (40 bytes), b (24 bytes, right behind it), a gap of 8, c (16 bytes), a gap.
std::vector<BoundsWatch::Object> objects() {
  return {{kC + 8, 16, "c"}, {kA, 40, "a"}, {kB, 24, "b"}};
}

struct Player {
  explicit Player(std::vector<std::uint32_t> bounds = {}) : watch(objects(), std::move(bounds)) {
    watch.block(1);
  }

  /// A loop of one block: an access every `stride` bytes.
  void loop(std::uint32_t from, std::uint32_t count, std::uint32_t stride = 4, std::uint32_t bytes = 4,
            std::uint32_t pc = kPc) {
    for (std::uint32_t i = 0; i < count; ++i) {
      watch.at(++cycle);
      watch.block(call);
      watch.access(from + i * stride, bytes, pc, true);
    }
  }
  /// Blocks of other code.
  void elsewhere(int blocks = 2) {
    for (int i = 0; i < blocks; ++i) watch.block(call);
  }
  std::vector<std::string> texts() const {
    std::vector<std::string> result;
    for (const Observation& one : watch.problems()) result.push_back(one.text);
    return result;
  }

  BoundsWatch watch;
  std::uint64_t cycle = 0;
  std::uint32_t call = 1;
};

TEST(BoundsWatch, SaysNothingOfALoopThatStopsAtTheEnd) {
  Player play;
  play.loop(kA, 10);
  play.elsewhere();
  play.loop(kA, 40, 1, 1, kPc + 2);
  EXPECT_THAT(play.texts(), IsEmpty());
}

TEST(BoundsWatch, SeesALoopThatGoesOnBehindTheEnd) {
  Player play;
  play.watch.step(3);
  play.loop(kA, 12);
  const std::vector<Observation> problems = play.watch.problems();
  ASSERT_THAT(problems, SizeIs(1));
  EXPECT_EQ(problems[0].kind, FindingKind::kPastEnd);
  EXPECT_EQ(problems[0].text, "a loop writes past the end of a: 8 bytes behind it, into b");
  EXPECT_EQ(problems[0].owner, "a");
  EXPECT_EQ(problems[0].pc, kPc);
  EXPECT_EQ(problems[0].address, kB);
  EXPECT_EQ(problems[0].bytes, 8u);
  EXPECT_EQ(problems[0].count, 2u);
  EXPECT_EQ(problems[0].cycle, 11u);
  EXPECT_EQ(problems[0].step, 3);
  EXPECT_TRUE(problems[0].is_problem);
}

TEST(BoundsWatch, SeesASingleElementTooMany) {
  Player play;
  play.loop(kA, 41, 1, 1);
  EXPECT_THAT(play.texts(), ElementsAre("a loop writes past the end of a: 1 byte behind it, into b"));
}

TEST(BoundsWatch, SeesALoopThatRunsIntoAGap) {
  Player play;
  play.watch.block(1);
  for (std::uint32_t i = 0; i < 7; ++i) {
    play.watch.block(1);
    play.watch.access(kB + 4 * i, 4, kPc, false);
  }
  EXPECT_THAT(play.texts(), ElementsAre("a loop reads past the end of b: 4 bytes behind it"));
}

TEST(BoundsWatch, CountsTheSameLoopOnceHoweverOftenItIsCalled) {
  Player play;
  for (int i = 0; i < 3; ++i) {
    ++play.call;
    play.loop(kA, 11);
  }
  ASSERT_THAT(play.watch.problems(), SizeIs(1));
  EXPECT_EQ(play.watch.problems()[0].count, 3u);
}

TEST(BoundsWatch, NeedsAFewStepsOfTheSameStrideInside) {
  Player three;
  three.loop(kA + 28, 4);  // two steps inside, one out
  EXPECT_THAT(three.texts(), IsEmpty());
  Player four;
  four.loop(kA + 24, 5);
  EXPECT_THAT(four.texts(), SizeIs(1));
  Player uneven;
  uneven.loop(kA, 2);
  uneven.loop(kA + 32, 3);
  EXPECT_THAT(uneven.texts(), IsEmpty());
}

TEST(BoundsWatch, SaysNothingOfTheNextArrayOfAnOuterLoop) {
  Player play;
  play.loop(kA, 10);
  play.elsewhere(1);  // the outer loop's block: one more than between two accesses
  play.loop(kB, 6);
  EXPECT_THAT(play.texts(), IsEmpty());
}

TEST(BoundsWatch, SeesAnOverrunOfALoopWhosePassesTakeSeveralBlocks) {
  Player play;
  for (std::uint32_t i = 0; i < 11; ++i) {
    play.elsewhere(i % 3 == 1 ? 4 : 2);
    play.loop(kA + 4 * i, 1);
  }
  EXPECT_THAT(play.texts(), SizeIs(1));
}

TEST(BoundsWatch, SaysNothingOfAnotherCallForTheNextArray) {
  Player play;
  play.loop(kA, 10);
  ++play.call;
  play.loop(kB, 6);
  EXPECT_THAT(play.texts(), IsEmpty());
}

TEST(BoundsWatch, SaysNothingOfAWordThatBeginsInsideAndEndsBehind) {
  Player play;
  play.loop(kA + 2, 10);
  EXPECT_THAT(play.texts(), IsEmpty());
}

TEST(BoundsWatch, SaysNothingOfAJumpBackToTheBeginning) {
  Player play;
  play.loop(kB, 6);
  play.loop(kA, 10);
  EXPECT_THAT(play.texts(), IsEmpty()) << "a follows b in time, but not in memory";
}

TEST(BoundsWatch, SaysNothingOfStartUpCodeThatFillsASection) {
  Player play({kA, kC + 24});
  play.loop(kA, 22);
  EXPECT_THAT(play.texts(), IsEmpty());
}

TEST(BoundsWatch, SaysNothingOfAnUnrolledLoopThatFillsASection) {
  Player play({kA, kC + 24});
  for (std::uint32_t i = 0; i < 11; ++i) {
    play.watch.block(1);
    play.watch.access(kA + 8 * i, 4, kPc, true);
    play.watch.access(kA + 8 * i + 4, 4, kPc + 2, true);
  }
  EXPECT_THAT(play.texts(), IsEmpty());
}

TEST(BoundsWatch, SaysNothingOfAChecksumOverWholeObjects) {
  Player play({kA});
  play.loop(kA, 4);
  ++play.call;
  play.loop(kA, 24);  // a, b, c and what is behind
  EXPECT_THAT(play.texts(), IsEmpty());
}

TEST(BoundsWatch, SeesTheFirstArrayOfASectionOverrunLater) {
  Player play({kA, kB + 8});
  play.loop(kA, 12);  // start-up
  EXPECT_THAT(play.texts(), IsEmpty());
  ++play.call;
  play.loop(kA, 12, 4, 4, kPc + 2);
  EXPECT_THAT(play.texts(), ElementsAre("a loop writes past the end of a: 8 bytes behind it, into b"));
}

TEST(BoundsWatch, SeesTheEndOfAHeapBlockWhileItLives) {
  Player play;
  play.watch.allocate({kA + 0x1000, 32, "heap block of f"});
  play.loop(kA + 0x1000, 9);
  EXPECT_THAT(play.texts(), ElementsAre("a loop writes past the end of heap block of f: 4 bytes behind it"));
  Player later;
  later.watch.allocate({kA + 0x1000, 32, "heap block of f"});
  later.loop(kA + 0x1000, 2);
  later.watch.release(kA + 0x1000);
  later.loop(kA + 0x1008, 8);
  EXPECT_THAT(later.texts(), IsEmpty());
  later.watch.allocate({kA + 0x1010, 32, "another"});
  later.watch.allocate({kA + 0x1000, 32, "in its place"});
  later.loop(kA + 0x1000, 9, 4, 4, kPc + 4);
  EXPECT_THAT(later.texts(), ElementsAre("a loop writes past the end of in its place: 4 bytes behind it"));
}

TEST(BoundsWatch, TakesOverlappingSymbolsAsOneObject) {
  BoundsWatch watch({{kA, 40, "whole"}, {kA, 8, "first"}, {kA + 32, 16, "tail"}}, {});
  for (std::uint32_t i = 0; i < 12; ++i) {
    watch.block(1);
    watch.access(kA + 4 * i, 4, kPc, true);
  }
  EXPECT_THAT(watch.problems(), IsEmpty());
  watch.block(1);
  watch.access(kA + 48, 4, kPc, true);
  ASSERT_THAT(watch.problems(), SizeIs(1));
  EXPECT_EQ(watch.problems()[0].owner, "whole");
}

TEST(BoundsWatch, SeesLoadMultiplesThatRunBehindTheEnd) {
  Player play;
  for (std::uint32_t i = 0; i < 3; ++i) {
    play.watch.block(1);
    for (std::uint32_t word = 0; word < 4; ++word) play.watch.access(kA + 16 * i + 4 * word, 4, kPc, false);
  }
  EXPECT_THAT(play.texts(), ElementsAre("a loop reads past the end of a: 8 bytes behind it, into b"));
}

}  // namespace
}  // namespace traces
