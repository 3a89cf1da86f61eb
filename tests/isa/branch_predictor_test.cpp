#include "isa/branch_predictor.h"

#include <gtest/gtest.h>

#include "tests/isa/thumb.h"

namespace isa {
namespace {

/// What `predictor` says of the branch at `at`, whose bits say that it goes to `target`, where they do.
bool foresaw(BranchPredictor& predictor, Address at, BranchKind kind, Address next, Address went,
             std::optional<Address> target = {}) {
  bool guessed_taken = target && (kind != BranchKind::kConditional || *target <= at);
  return predictor.foresaw({kind, at, next, guessed_taken ? *target : next, BranchPredictor::set_of(at)},
                           went);
}

constexpr Address kBranch(0x1010), kNext(0x1014), kBack(0x1000), kOn(0x1040);

TEST(BranchPredictor, ForeseesABackwardBranchTakenAndAForwardOneNotTaken) {
  BranchPredictor predictor;
  EXPECT_TRUE(foresaw(predictor, kBranch, BranchKind::kConditional, kNext, kBack, kBack));
  predictor.reset();
  EXPECT_FALSE(foresaw(predictor, kBranch, BranchKind::kConditional, kNext, kNext, kBack));
  predictor.reset();
  EXPECT_TRUE(foresaw(predictor, kBranch, BranchKind::kConditional, kNext, kNext, kOn));
  EXPECT_FALSE(foresaw(predictor, kBranch, BranchKind::kConditional, kNext, kOn, kOn));
}

TEST(BranchPredictor, RemembersATakenForwardBranch) {
  BranchPredictor predictor;
  EXPECT_FALSE(foresaw(predictor, kBranch, BranchKind::kConditional, kNext, kOn, kOn));
  EXPECT_TRUE(foresaw(predictor, kBranch, BranchKind::kConditional, kNext, kOn, kOn));
}

TEST(BranchPredictor, OneLoopExitDoesNotUnlearnTheLoop) {
  BranchPredictor predictor;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 5; ++i) {
      EXPECT_TRUE(foresaw(predictor, kBranch, BranchKind::kConditional, kNext, kBack, kBack));
    }
    EXPECT_FALSE(foresaw(predictor, kBranch, BranchKind::kConditional, kNext, kNext, kBack));
  }
}

TEST(BranchPredictor, LearnsABranchThatIsNoLongerTaken) {
  BranchPredictor predictor;
  for (int i = 0; i < 9; ++i) foresaw(predictor, kBranch, BranchKind::kConditional, kNext, kBack, kBack);
  EXPECT_FALSE(foresaw(predictor, kBranch, BranchKind::kConditional, kNext, kNext, kBack));
  EXPECT_FALSE(foresaw(predictor, kBranch, BranchKind::kConditional, kNext, kNext, kBack));
  EXPECT_TRUE(foresaw(predictor, kBranch, BranchKind::kConditional, kNext, kNext, kBack));
}

TEST(BranchPredictor, ForeseesDirectBranchesAndCallsAtOnce) {
  BranchPredictor predictor;
  EXPECT_TRUE(foresaw(predictor, kBranch, BranchKind::kDirect, kNext, kOn, kOn));
  EXPECT_TRUE(foresaw(predictor, Address(0x2000), BranchKind::kCall, Address(0x2004), kOn, kOn));
}

TEST(BranchPredictor, ForeseesReturnsFromNestedCalls) {
  BranchPredictor predictor;
  Address outer(0x2004), inner(0x3004);
  foresaw(predictor, Address(0x2000), BranchKind::kCall, outer, Address(0x3000), Address(0x3000));
  foresaw(predictor, Address(0x3000), BranchKind::kCall, inner, Address(0x4000), Address(0x4000));
  EXPECT_TRUE(foresaw(predictor, Address(0x4000), BranchKind::kReturn, Address(0x4002), inner));
  EXPECT_TRUE(foresaw(predictor, Address(0x3010), BranchKind::kReturn, Address(0x3012), outer));
  EXPECT_FALSE(foresaw(predictor, Address(0x2010), BranchKind::kReturn, Address(0x2012), Address(0x9000)));
}

TEST(BranchPredictor, ForeseesAnIndirectBranchToWhereItWentLast) {
  BranchPredictor predictor;
  EXPECT_FALSE(foresaw(predictor, kBranch, BranchKind::kIndirect, kNext, kOn));
  EXPECT_TRUE(foresaw(predictor, kBranch, BranchKind::kIndirect, kNext, kOn));
  EXPECT_FALSE(foresaw(predictor, kBranch, BranchKind::kIndirect, kNext, kBack));
  EXPECT_TRUE(foresaw(predictor, kBranch, BranchKind::kIndirect, kNext, kBack));
}

TEST(BranchPredictor, ForgetsTheOldestOfASetAndNothingElse) {
  BranchPredictor predictor;
  constexpr std::uint32_t kMany = 1000;
  for (std::uint32_t i = 0; i < kMany; ++i) {
    foresaw(predictor, Address(0x1000 + 8 * i), BranchKind::kIndirect, Address(0x1004 + 8 * i), kOn);
  }
  std::size_t held = 0;
  for (std::uint32_t i = kMany; i-- > 0;) {
    // Looking must not teach: a copy is asked.
    BranchPredictor copy = predictor;
    held += foresaw(copy, Address(0x1000 + 8 * i), BranchKind::kIndirect, Address(0x1004 + 8 * i), kOn);
  }
  EXPECT_EQ(held, BranchPredictor::kSets * BranchPredictor::kWays);
}

TEST(BranchKinds, AreReadOffTheInstruction) {
  struct {
    thumb::Code code;
    const char* text;
    BranchKind kind;
    std::optional<std::uint32_t> target;
  } const rows[] = {
      {0xd1fc, "bne back", BranchKind::kConditional, 0xffc},
      {0xe7fe, "b to itself", BranchKind::kDirect, 0x1000},
      {0xb108, "cbz r0", BranchKind::kConditional, 0x1006},
      {0x4770, "bx lr", BranchKind::kReturn, {}},
      {0x4718, "bx r3", BranchKind::kIndirect, {}},
      {0x4798, "blx r3", BranchKind::kCall, {}},
      {0xbd10, "pop {r4, pc}", BranchKind::kReturn, {}},
      {0x46f7, "mov pc, lr", BranchKind::kReturn, {}},
      {0xf47faffe, "bne.w to itself", BranchKind::kConditional, 0x1000},
      {0xf000b801, "b.w", BranchKind::kDirect, 0x1006},
      {0xf7fffffe, "bl to itself", BranchKind::kCall, 0x1000},
      {0xe8dff000, "tbb", BranchKind::kTable, {}},
      {0xe8bd8010, "ldmia sp!, {r4, pc}", BranchKind::kReturn, {}},
      {0xf85dfb04, "ldr pc, [sp], #4", BranchKind::kReturn, {}},
      {0xf8d3f000, "ldr pc, [r3]", BranchKind::kIndirect, {}},
      {0xf8d30000, "ldr r0, [r3]", BranchKind::kNone, {}},
      {0xf3bf8f6f, "isb", BranchKind::kNone, {}},
      {0xdf00, "svc", BranchKind::kNone, {}},
      {0xbf00, "nop", BranchKind::kNone, {}},
  };
  for (const auto& row : rows) {
    Instruction in = thumb::code({row.code})[0];
    EXPECT_EQ(branch_kind(in), row.kind) << row.text;
    auto target = branch_target(in);
    ASSERT_EQ(target.has_value(), row.target.has_value()) << row.text;
    EXPECT_EQ(target.value_or(Address()).value, row.target.value_or(0)) << row.text;
  }
}

TEST(BranchKinds, StaticPredictionGuessesBackwardAndDirectBranchesTaken) {
  auto guess = [](thumb::Code code) { return branch_of(thumb::code({code})[0]).static_guess; };
  EXPECT_EQ(guess(0xd1fc), Address(0xffc));
  EXPECT_EQ(guess(0xd000), Address(0x1002)) << "forward";
  EXPECT_EQ(guess(0xe000), Address(0x1004));
  EXPECT_EQ(guess(0x4718), Address(0x1002));
}

TEST(BranchKinds, ABranchInAnItBlockIsConditional) {
  auto code = thumb::code({thumb::kItEq, 0xe7fe});
  EXPECT_EQ(branch_kind(code[1]), BranchKind::kConditional);
}

}  // namespace
}  // namespace isa
