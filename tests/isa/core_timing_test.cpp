// What blocks of real code cost.
#include "isa/core_timing.h"

#include <gtest/gtest.h>

#include "tests/isa/thumb.h"

namespace isa {
namespace {

using namespace thumb;

constexpr AccessFact kEven{}, kOdd{.odd_word = true};
constexpr AccessFact kTcm{.tcm = true}, kTcmOdd{.odd_word = true, .tcm = true};
constexpr AccessFact kUnaligned{.unaligned = true, .tcm = true};

BlockCost cost(const std::vector<Instruction>& code, const std::vector<AccessFact>& accesses = {},
               Leave leave = Leave::kFallThrough, const PipelineState& entry = idle_pipeline()) {
  return TimedBlock(code).charge({entry, accesses, {}, {}, leave});
}

std::uint64_t cycles(std::initializer_list<Code> codes, const std::vector<AccessFact>& accesses = {}) {
  return cost(code(codes), accesses).causes.total().value;
}

/// Cycles of one of `times` repetitions of `codes` once things have settled.
double sustained(std::initializer_list<Code> codes, const std::vector<AccessFact>& accesses,
                 int times = 400) {
  auto run = [&](int n) {
    PipelineState state = idle_pipeline();
    std::uint64_t total = 0;
    for (int i = 0; i < n; ++i) {
      // As straight code: each copy begins on 8 bytes.
      BlockCost one = cost(code(codes, 0x1000), accesses, Leave::kFallThrough, state);
      total += one.causes.total().value;
      state = one.exit;
    }
    return static_cast<double>(total);
  };
  return (run(2 * times) - run(times)) / times;
}

// --- pairs and latencies, from the instructions' bits ---

TEST(CoreTiming, TwoPlainInstructionsShareACycle) {
  EXPECT_EQ(cycles({kNop, kNop}), 1u);
  EXPECT_EQ(cycles({eor(0, 1, 2), eor(3, 4, 5)}), 1u);
  EXPECT_EQ(cycles({eor(0, 1, 2), eor(3, 0, 5)}), 2u);
}

TEST(CoreTiming, AnOlderAdditionReachesTheYoungerOfItsPair) {
  EXPECT_EQ(cycles({add(0, 1, 2), add(0, 0, 3)}), 1u);
  EXPECT_EQ(cycles({add(0, 1, 2), eor_lsl3(3, 0, 4)}), 1u);
  EXPECT_EQ(cycles({add(0, 1, 2), eor_lsl3(3, 4, 0)}), 2u);
}

TEST(CoreTiming, FlagsAreNotForwardedWithinAPair) {
  EXPECT_EQ(cycles({adds(0, 1, 2), adc(3, 4, 5)}), 2u);
  EXPECT_EQ(cycles({add(0, 1, 2), adc(3, 4, 5)}), 1u);
}

TEST(CoreTiming, TheShifterServesOneInstructionACycle) {
  EXPECT_EQ(cycles({eor_lsl3(0, 1, 2), eor_lsl3(3, 4, 5)}), 2u);
  EXPECT_EQ(cycles({eor_lsl3(0, 1, 2), lsl3(3, 4)}), 1u);
  EXPECT_EQ(cycles({lsl3(3, 4), eor_lsl3(0, 1, 2)}), 2u);
  EXPECT_EQ(cycles({lsl3(3, 4), lsl3(0, 1)}), 1u);
}

TEST(CoreTiming, ADspInstructionIsTheOlderOfItsPair) {
  EXPECT_EQ(cycles({uadd8(0, 1, 2), eor(3, 4, 5)}), 1u);
  EXPECT_EQ(cycles({eor(3, 4, 5), uadd8(0, 1, 2)}), 2u);
  EXPECT_EQ(cycles({uxtb(0, 1), uadd8(3, 4, 5)}), 2u);
  EXPECT_EQ(cycles({mul(3, 4, 5), uadd8(0, 1, 2)}), 1u);
}

TEST(CoreTiming, AMultiplyPairsWithAllButMultipliesAndStores) {
  EXPECT_EQ(cycles({mul(0, 1, 2), mul(3, 4, 5)}), 2u);
  EXPECT_EQ(cycles({mul(0, 1, 2), str(3, 4)}, {kTcm}), 2u);
  EXPECT_EQ(cycles({str(3, 4), mul(0, 1, 2)}, {kTcm}), 2u);
  EXPECT_EQ(cycles({mul(0, 1, 2), ldr(3, 4)}, {kEven}), 1u);
}

TEST(CoreTiming, StoresTheResultOfTheInstructionBefore) {
  EXPECT_EQ(cycles({ldr(0, 1), str(0, 2)}, {kEven, kTcm}), 1u);
  EXPECT_EQ(cycles({ldrb(0, 1), str(0, 2)}, {kEven, kTcm}), 1u);
  EXPECT_EQ(cycles({mul(0, 1, 3), str(0, 2)}, {kTcm}), 2u);
}

// --- memory ---

TEST(CoreTiming, TwoLoadsOfOneBankTakeTwoCycles) {
  EXPECT_EQ(cycles({ldr(0, 1), ldr(2, 1, 4)}, {kEven, kOdd}), 1u);
  EXPECT_EQ(cycles({ldr(0, 1), ldr(2, 1, 8)}, {kEven, kEven}), 2u);
}

TEST(CoreTiming, AnUnalignedLoadCostsByItsSlot) {
  EXPECT_EQ(cycles({ldr(0, 1), kNop}, {kUnaligned}), 4u);
  EXPECT_EQ(cycles({kNop, ldr(0, 1)}, {kUnaligned}), 5u);
  AccessFact odd = kUnaligned;
  odd.odd_word = true;
  EXPECT_EQ(cycles({ldr(0, 1), ldr(2, 1, 4)}, {kUnaligned, odd}), 5u);
}

TEST(CoreTiming, ListsMoveTwoRegistersACycle) {
  for (int n = 1; n <= 8; ++n) {
    Code list = (1u << (n + 2)) - 4;  // from r2 on
    std::vector<AccessFact> even(static_cast<std::size_t>(n), kTcm), odd = even;
    odd[0] = kTcmOdd;
    unsigned pairs = static_cast<unsigned>(n + 1) / 2;
    EXPECT_EQ(cycles({ldm(1, list)}, even), pairs) << n;
    EXPECT_EQ(cycles({ldm(1, list)}, odd), pairs) << n;
    EXPECT_EQ(cycles({stm(1, list)}, even), pairs) << n;
    EXPECT_EQ(cycles({stm(1, list)}, odd), pairs + (n % 2 == 0 ? 1 : 0)) << n;
  }
}

TEST(CoreTiming, TheLastRegistersOfAListComeLast) {
  std::vector<AccessFact> four(4, kTcm);
  EXPECT_EQ(cycles({ldm(1, 0x3c), eor(0, 2, 6)}, four), 3u);
  EXPECT_EQ(cycles({ldm(1, 0x3c), eor_lsl3(0, 6, 2)}, four), 3u);  // r2 came a cycle before r5
  EXPECT_EQ(cycles({ldm(1, 0x3c), eor_lsl3(0, 6, 5)}, four), 4u);
}

TEST(CoreTiming, ADoubleLoadSharesItsCycleWithNothing) {
  EXPECT_EQ(cycles({ldrd(0, 2, 1), kNop}, {kEven, kOdd}), 2u);
  EXPECT_EQ(cycles({kNop, ldrd(0, 2, 1)}, {kEven, kOdd}), 2u);
}

TEST(CoreTiming, PartsOfAWordAreReadAndWrittenInTcm) {
  EXPECT_DOUBLE_EQ(sustained({strb(0, 1), kNop}, {kTcm}), 4);
  EXPECT_DOUBLE_EQ(sustained({strb(0, 1), strb(0, 1, 4)}, {kTcm, kTcmOdd}), 4);
  EXPECT_DOUBLE_EQ(sustained({str(0, 1), kNop}, {kTcm}), 1);
  EXPECT_DOUBLE_EQ(sustained({strb(0, 1), kNop}, {kEven}), 1) << "caches merge";
  auto eight = std::vector<AccessFact>{kTcm, kTcm, kTcm, kTcm, kTcmOdd, kTcmOdd, kTcmOdd, kTcmOdd};
  Code b = strb(0, 1);
  EXPECT_NEAR(sustained({b, b, b, b, b, b, b, b}, eight) / 8, 2.4, 0.05);
  auto four = std::vector<AccessFact>{kTcm, kTcm, kTcmOdd, kTcmOdd};
  EXPECT_DOUBLE_EQ(sustained({b, b, b, b}, four) / 4, 2);
}

TEST(CoreTiming, FiveUnalignedStoresAreFreeAndTheSixthWaits) {
  Code s = str(0, 1);
  std::vector<AccessFact> facts(5, kUnaligned);
  EXPECT_EQ(cycles({s, s, s, s, s}, facts), 5u);
  facts.push_back(kUnaligned);
  BlockCost six = cost(code({s, s, s, s, s, s}), facts);
  EXPECT_EQ(six.causes.total().value, 8u);
  EXPECT_EQ(six.causes[Cause::kDStore], 2u);
  EXPECT_DOUBLE_EQ(sustained({s, kNop}, {kUnaligned}), 4);
}

TEST(CoreTiming, ASkippedAccessDoesNothing) {
  auto block = code({kItEq, 0x7008});  // it eq; strbeq r0, [r1]
  std::uint16_t skipped[] = {1};
  TimedBlock timed(block);
  PipelineState state = idle_pipeline();
  std::uint64_t total = 0;
  for (int i = 0; i < 50; ++i) {
    BlockCost one = timed.charge({state, {}, skipped, {}, Leave::kFallThrough});
    EXPECT_TRUE(one.access_cycle.empty());
    total += one.causes.total().value;
    state = one.exit;
  }
  EXPECT_LE(total, 52u);
}

TEST(CoreTiming, TellsWhenEachAccessIsMade) {
  BlockCost cost_of =
      cost(code({kNop, kNop, ldr(0, 1), ldr(2, 1), ldm(1, 0x3c)}), std::vector<AccessFact>(6, kEven));
  EXPECT_EQ(cost_of.access_cycle, (std::vector<std::uint32_t>{1, 2, 3, 3, 4, 4}));
}

TEST(CoreTiming, ABankMattersOnlyWhereItCanChangeTheCost) {
  auto matters = [](std::initializer_list<Code> codes) {
    TimedBlock block(code(codes));
    return std::vector<int>(block.bank_matters().begin(), block.bank_matters().end());
  };
  EXPECT_EQ(matters({kNop, ldr(0, 1), kNop}), (std::vector<int>{0}));
  EXPECT_EQ(matters({kNop, ldr(0, 1), ldr(2, 1), kNop}), (std::vector<int>{1, 1}));
  EXPECT_EQ(matters({ldr(0, 1), kNop}), (std::vector<int>{1})) << "the block before may end in a load";
  EXPECT_EQ(matters({kNop, str(0, 1), kNop}), (std::vector<int>{0}));
  EXPECT_EQ(matters({kNop, strb(0, 1), kNop}), (std::vector<int>{1}));
  EXPECT_EQ(matters({ldm(1, 0xc)}), (std::vector<int>{0, 0}));
  EXPECT_EQ(matters({stm(1, 0xc)}), (std::vector<int>{1, 0}));
  EXPECT_EQ(matters({stm(1, 0x1c)}), (std::vector<int>{0, 0, 0}));
}

// --- branches and fetch ---

/// Cycles of one pass of a loop that is foreseen.
double loop(std::initializer_list<Code> codes, std::uint32_t base) {
  auto block = code(codes, base);
  PipelineState state = idle_pipeline();
  std::uint64_t total = 0;
  constexpr int kPasses = 100;
  for (int i = 0; i < 2 * kPasses; ++i) {
    BlockCost one = cost(block, {}, Leave::kTaken, state);
    if (i >= kPasses) total += one.causes.total().value;
    state = one.exit;
  }
  return static_cast<double>(total) / kPasses;
}

TEST(CoreTiming, ALoopOfTwoInstructionsTakesACycleWhereOneFetchHoldsIt) {
  EXPECT_EQ(loop({narrow_subs1(0), kNarrowBne}, 0x1000), 1);
  EXPECT_EQ(loop({narrow_subs1(0), kNarrowBne}, 0x1004), 1);
  EXPECT_EQ(loop({narrow_subs1(0), kNarrowBne}, 0x1006), 2);
  EXPECT_EQ(loop({subs1(0), kBne}, 0x1000), 1);
  EXPECT_EQ(loop({subs1(0), kBne}, 0x1004), 2);
}

TEST(CoreTiming, ABranchPairsWithItsTargetBehindTwoNarrowInstructionsOnly) {
  EXPECT_EQ(loop({kNarrowNop, narrow_subs1(0), kNarrowBne}, 0x1000), 1.5);
  EXPECT_EQ(loop({kNop, subs1(0), kBne}, 0x1000), 2);
}

TEST(CoreTiming, ABranchNotTakenPairsWithTheNextInstruction) {
  EXPECT_EQ(cost(code({kNarrowBeq}), {}).causes.total().value, 1u);
  BlockCost branch = cost(code({kNarrowBeq}), {});
  EXPECT_EQ(cost(code({kNop}, 0x1002), {}, Leave::kFallThrough, branch.exit).causes.total().value, 0u);
}

TEST(CoreTiming, AWrongGuessCostsLessWhereTheFlagsWereSetThreeCyclesBefore) {
  auto penalty = [](std::initializer_list<Code> codes) {
    return cost(code(codes), {}, Leave::kMispredicted).causes[Cause::kBranch];
  };
  EXPECT_EQ(penalty({subs1(0), kBne}), 8u);
  EXPECT_EQ(penalty({subs1(0), kNop, kNop, kNop, kNop, kBne}), 8u);
  EXPECT_EQ(penalty({subs1(0), kNop, kNop, kNop, kNop, kNop, kBne}), 6u);
}

TEST(CoreTiming, TheFlagsAgeIsCarriedIntoTheNextBlock) {
  BlockCost before = cost(code({subs1(0), kNop, kNop, kNop}));
  auto penalty = [&](std::initializer_list<Code> codes) {
    return cost(code(codes, 0x1010), {}, Leave::kMispredicted, before.exit).causes[Cause::kBranch];
  };
  EXPECT_EQ(penalty({kNop, kBne}), 8u);
  EXPECT_EQ(penalty({kNop, kNop, kBne}), 6u);
}

TEST(CoreTiming, AStraddlingInstructionWaitsForItsSecondFetch) {
  BlockCost straddles = cost(code({kNop}, 0x1006));
  EXPECT_EQ(straddles.causes[Cause::kIFetch], 1u);
  EXPECT_EQ(cost(code({kNop}, 0x1004)).causes[Cause::kIFetch], 0u);
}

TEST(CoreTiming, TheQueueRunsAheadOfASlowInstruction) {
  // vdiv holds the core for 16 cycles; after it four fetches are there at once.
  EXPECT_EQ(cycles({vdiv(0, 1, 2), kNop, kNop, kNop, kNop, kNop}), 16u + 2u);
}

// --- floating point ---

TEST(CoreTiming, ADivisionLetsOneInstructionJoin) {
  EXPECT_EQ(cycles({vdiv(0, 1, 2)}), 16u);
  EXPECT_EQ(cycles({vdiv(0, 1, 2), add(0, 1, 2)}), 16u);
  EXPECT_EQ(cycles({vdiv(0, 1, 2), add(0, 1, 2), add(3, 4, 5)}), 17u);
}

TEST(CoreTiming, AMultiplyAccumulateHoldsUpAnAddition) {
  EXPECT_EQ(cycles({vfma(0, 1, 2), vadd(3, 4, 5)}), 5u);
  EXPECT_EQ(cycles({vfma(0, 1, 2), vfma(3, 4, 5)}), 2u);
  EXPECT_EQ(cycles({vfma(0, 1, 2), vfma(0, 4, 5)}), 4u);
}

TEST(CoreTiming, DoublePrecisionDependsOnItsOperands) {
  TimedBlock block(code({kDoubleMul, kDoubleMul, kDoubleFma, kDoubleFma}));
  using enum DoubleOperands;
  auto total = [&](std::vector<DoubleOperands> doubles) {
    return block.charge({idle_pipeline(), {}, {}, doubles, Leave::kFallThrough}).causes.total().value;
  };
  // The second of the multiply-accumulates waits two cycles for the first's sum, and so begins anew.
  EXPECT_EQ(total({kZero, kSameExponent, kZero, kZero}), 4u + 5u + 6u + 2u + 6u);
  EXPECT_EQ(total({kZero, kSameExponent, kDenormal, kZero}), 4u + 5u + 10u + 2u + 6u);
  EXPECT_EQ(total({}), 5u + 5u + 8u + 2u + 8u);
}

TEST(CoreTiming, SharesOfTheInstructionsSumToTheBlock) {
  std::vector<InstructionCost> each;
  TimedBlock block(code({mul(0, 1, 2), kNop, eor(0, 0, 3), ldr(0, 0), kBne}));
  std::vector<AccessFact> one = {kEven};
  BlockCost whole = block.charge({idle_pipeline(), one, {}, {}, Leave::kMispredicted}, &each);
  ASSERT_EQ(each.size(), 5u);
  CauseCycles sum;
  for (const InstructionCost& share : each) sum += share.cycles;
  EXPECT_EQ(sum, whole.causes);
  EXPECT_TRUE(each[1].younger);
  EXPECT_EQ(each[2].issue_cycle, 2u);
  EXPECT_EQ(each[2].cycles[Cause::kDependency], 1u);
  EXPECT_EQ(each[4].cycles[Cause::kBranch], 6u);
}

TEST(Causes, HaveNames) {
  EXPECT_STREQ(to_string(Cause::kIssue), "issue");
  EXPECT_STREQ(to_string(Cause::kDevice), "device");
}

}  // namespace
}  // namespace isa
