// What holds of any code: random instructions, random facts.
#include <gtest/gtest.h>

#include <random>
#include <set>
#include <vector>

#include "isa/core_timing.h"
#include "isa/double_operands.h"
#include "isa/timing_table.h"
#include "tests/isa/thumb.h"

namespace isa {
namespace {

struct Program {
  std::vector<Instruction> code;
  std::vector<AccessFact> accesses;      // of all instructions, in order
  std::vector<std::size_t> accesses_of;  // how many each instruction makes
  std::vector<DoubleOperands> doubles;   // likewise
  std::vector<std::size_t> doubles_of;
};

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  std::uint32_t below(std::size_t n) { return static_cast<std::uint32_t>(engine_() % n); }

  /// Code that some row describes; registers few, so that instructions depend on each other.
  thumb::Code instruction() {
    while (true) {
      const timing::PatternRow& row = timing::patterns()[below(timing::patterns().size())];
      timing::Fixed fixed = timing::fixed_bits(row);
      std::uint32_t code = (engine_() & ~fixed.mask) | fixed.value;
      if (!fixed.wide) code &= 0xffff;
      // Most register fields: r0 to r3 and s0 to s7.
      if (fixed.wide && below(4) != 0) code &= ~(0x000c4c0c & ~fixed.mask);
      bool it = (code & 0xff00) == 0xbf00 && !fixed.wide;
      if (!it && timing::match(code, fixed.wide)) return code;
    }
  }

  Program program(std::size_t n) {
    std::vector<std::uint8_t> bytes;
    auto halfword = [&](std::uint32_t h) {
      bytes.push_back(static_cast<std::uint8_t>(h));
      bytes.push_back(static_cast<std::uint8_t>(h >> 8));
    };
    for (std::size_t i = 0; i < n; ++i) {
      std::uint32_t code = instruction();
      if (code >> 16) halfword(code >> 16);
      halfword(code & 0xffff);
    }
    Program p;
    p.code = instructions_of(bytes, Address(0x1000 + 2 * below(4)));
    for (const Instruction& in : p.code) {
      auto access = memory_access(in.first, in.second);
      p.accesses_of.push_back(access ? access->count : 0);
      for (std::size_t i = 0; i < p.accesses_of.back(); ++i) {
        p.accesses.push_back({below(2) == 0, below(4) == 0 && p.accesses_of.back() == 1, below(2) == 0});
      }
      p.doubles_of.push_back(in.bytes == 4 && double_operands(in.first, in.second) ? 1 : 0);
      if (p.doubles_of.back()) p.doubles.push_back(static_cast<DoubleOperands>(below(4)));
    }
    return p;
  }

 private:
  std::mt19937 engine_;
};

/// Charges instructions [begin, end) of `p`.
BlockCost charge(const Program& p, std::size_t begin, std::size_t end, const PipelineState& entry,
                 Leave leave, std::vector<InstructionCost>* each = nullptr) {
  auto before = [&](const std::vector<std::size_t>& of, std::size_t n) {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += of[i];
    return sum;
  };
  std::span<const AccessFact> accesses = p.accesses;
  std::span<const DoubleOperands> doubles = p.doubles;
  std::size_t a = before(p.accesses_of, begin), d = before(p.doubles_of, begin);
  TimedBlock block(std::span(p.code).subspan(begin, end - begin));
  return block.charge({entry,
                       accesses.subspan(a, before(p.accesses_of, end) - a),
                       {},
                       doubles.subspan(d, before(p.doubles_of, end) - d),
                       leave},
                      each);
}

TEST(CoreTimingProperty, WhereverABlockIsSplitTheCostIsTheSame) {
  for (unsigned seed = 1; seed <= 400; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Random random(seed);
    Program p = random.program(2 + random.below(14));
    Leave leave = static_cast<Leave>(random.below(3));
    std::size_t n = p.code.size();
    BlockCost whole = charge(p, 0, n, idle_pipeline(), leave);
    for (std::size_t at = 1; at < n; ++at) {
      BlockCost head = charge(p, 0, at, idle_pipeline(), Leave::kFallThrough);
      BlockCost tail = charge(p, at, n, head.exit, leave);
      CauseCycles sum = head.causes;
      sum += tail.causes;
      ASSERT_EQ(sum, whole.causes) << "split at " << at << " of " << n;
      ASSERT_EQ(tail.exit, whole.exit) << "split at " << at << " of " << n;
    }
  }
}

TEST(CoreTimingProperty, SharesSumToTheBlockAndIssueIsInOrder) {
  for (unsigned seed = 1; seed <= 400; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Random random(seed);
    Program p = random.program(1 + random.below(30));
    std::vector<InstructionCost> each;
    BlockCost whole =
        charge(p, 0, p.code.size(), idle_pipeline(), static_cast<Leave>(random.below(3)), &each);
    CauseCycles sum;
    std::uint32_t last = 0;
    for (const InstructionCost& share : each) {
      sum += share.cycles;
      EXPECT_GE(share.issue_cycle, last);
      last = share.issue_cycle;
    }
    EXPECT_EQ(sum, whole.causes);
    EXPECT_GE(2 * whole.causes.total().value, p.code.size()) << "no more than two a cycle";
    EXPECT_EQ(whole.access_cycle.size(), p.accesses.size());
    EXPECT_TRUE(std::is_sorted(whole.access_cycle.begin(), whole.access_cycle.end()));
  }
}

TEST(CoreTimingProperty, ABankThatDoesNotMatterChangesNothing) {
  for (unsigned seed = 1; seed <= 400; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Random random(seed);
    Program p = random.program(1 + random.below(10));
    TimedBlock block(p.code);
    auto matters = block.bank_matters();
    ASSERT_EQ(matters.size(), p.accesses.size());
    PipelineState entry = charge(random.program(6), 0, 6, idle_pipeline(), Leave::kFallThrough).exit;
    BlockCost as_it_is = charge(p, 0, p.code.size(), entry, Leave::kTaken);
    for (std::size_t i = 0; i < matters.size(); ++i) {
      if (!matters[i]) p.accesses[i].odd_word = !p.accesses[i].odd_word;
    }
    BlockCost turned = charge(p, 0, p.code.size(), entry, Leave::kTaken);
    EXPECT_EQ(turned.causes, as_it_is.causes);
    EXPECT_EQ(turned.exit, as_it_is.exit);
  }
}

TEST(CoreTimingProperty, AWrongGuessIsNeverFaster) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Random random(seed);
    Program p = random.program(1 + random.below(10));
    auto total = [&](Leave leave) {
      return charge(p, 0, p.code.size(), idle_pipeline(), leave).causes.total().value;
    };
    std::uint64_t right = total(Leave::kTaken), wrong = total(Leave::kMispredicted);
    EXPECT_TRUE(wrong == right + timing::kMispredict || wrong == right + timing::kMispredictEarlyFlags);
  }
}

TEST(CoreTimingProperty, AnUnalignedLoadIsNeverFaster) {
  for (unsigned seed = 1; seed <= 400; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Random random(seed);
    Program p = random.program(1 + random.below(10));
    auto total = [&] {
      return charge(p, 0, p.code.size(), idle_pipeline(), Leave::kFallThrough).causes.total().value;
    };
    for (AccessFact& fact : p.accesses) fact.tcm = false;  // where stores do not wait for each other
    std::uint64_t with = total();
    for (AccessFact& fact : p.accesses) fact.unaligned = false;
    EXPECT_GE(with, total());
  }
}

TEST(CoreTimingProperty, LoopsReachFewStates) {
  using namespace thumb;
  // An int8 dot product, a CRC step, a float dot product and a list walk, as a compiler writes them.
  const std::vector<std::vector<Instruction>> loops = {
      code({0xf9113b01, 0xf9124b01, 0xfb030004 | 4, 0x4291, 0xd1f7}),
      code({0xf0100501, 0x0840, eor(0, 0, 5), eor_lsl3(4, 0, 5), 0x3901, 0xd1f5}),
      code({0xecb10a01, 0xecf20a01, vfma(2, 0, 1), 0x4291, 0xd1f7}),
      code({0x6843, 0xf9b33000, 0x4293, 0xd003, 0x6800, 0x2800, 0xd1f7}),
      code({strb(0, 1), 0x3101, 0x4291, 0xd1f9}),
  };
  for (unsigned seed = 1; seed <= 20; ++seed) {
    for (std::size_t which = 0; which < loops.size(); ++which) {
      SCOPED_TRACE(testing::Message() << "loop " << which << " seed " << seed);
      Random random(seed);
      TimedBlock block(loops[which]);
      std::set<std::array<std::uint8_t, sizeof(PipelineState)>> states;
      PipelineState state = idle_pipeline();
      for (std::uint32_t pass = 0; pass < 2000; ++pass) {
        states.insert(state.bytes);
        std::vector<AccessFact> facts(block.bank_matters().size());
        // Byte by byte through memory, each access at its own place.
        for (std::size_t i = 0; i < facts.size(); ++i)
          facts[i] = {((pass + 4 * i + seed) & 4) != 0, false, true};
        state = block.charge({state, facts, {}, {}, Leave::kTaken}).exit;
      }
      // A store buffer that is always full has more to remember: where in the word the loop is.
      EXPECT_LT(states.size(), which == 4 ? 24u : 9u);
    }
  }
}

}  // namespace
}  // namespace isa
