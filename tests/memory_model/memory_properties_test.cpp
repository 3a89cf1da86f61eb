// What must hold for any program: made up traces, the seed printed with what fails.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "memory_model/memory_system.h"
#include "toy_board.h"

namespace memory_model {
namespace {

using isa::Address;
using isa::Cycles;
using namespace test;

struct Access {
  AccessKind kind = AccessKind::kLoad;
  std::uint32_t offset = 0;
  std::uint64_t compute = 0;  ///< cycles before it
};

/// Walks, jumps and repeats, as programs do.
std::vector<Access> trace_of(unsigned seed, int length) {
  std::mt19937 random(seed);
  std::vector<Access> trace;
  std::uint32_t at = 0;
  for (int n = 0; n < length; ++n) {
    at = random() % 8 ? at + 4 : random() % 0x8000 & ~3u;
    const unsigned kind = random() % 4;
    trace.push_back({kind == 0   ? AccessKind::kStore
                     : kind == 1 ? AccessKind::kFetch
                                 : AccessKind::kLoad,
                     at & 0x7ffc, random() % 6});
  }
  return trace;
}

/// The core cycles that the trace takes with its data at `data` and its code at `code`.
std::uint64_t run(MemorySystem& memory, const std::vector<Access>& trace, std::uint32_t data,
                  std::uint32_t code) {
  std::uint64_t now = 1000;
  for (const Access& access : trace) {
    now += access.compute;
    const Address at((access.kind == AccessKind::kFetch ? code : data) + access.offset);
    Stall stall;
    if (access.kind == AccessKind::kFetch) {
      stall = memory.fetch(at, 4, access.offset % 32 == 0, Cycles(now));
    } else if (access.kind == AccessKind::kLoad) {
      if (!memory.quick_load(at.value)) stall = memory.load(at, 4, Cycles(now));
    } else {
      if (!memory.quick_store(at.value)) stall = memory.store(at, 4, Cycles(now));
    }
    now += 1 + stall.total();
  }
  return now + memory.drain(Cycles(now)).total();
}

std::uint64_t run(const Board& board, const OperatingPoint& point, const std::vector<Access>& trace,
                  std::uint32_t data, std::uint32_t code) {
  MemorySystem memory(board);
  memory.set_operating_point(point);
  return run(memory, trace, data, code);
}

class MemoryProperties : public ::testing::TestWithParam<unsigned> {
 protected:
  std::vector<Access> trace_ = trace_of(GetParam(), 4000);
};

INSTANTIATE_TEST_SUITE_P(Seeds, MemoryProperties, ::testing::Range(1u, 13u));

TEST_P(MemoryProperties, MoreWaitStatesAreNeverFaster) {
  for (const char* name : {"stm32f746", "stm32h743"}) {
    const Board board = load_board(name);
    std::uint64_t before = 0;
    for (int wait_states = 0; wait_states <= 10; ++wait_states) {
      OperatingPoint point = board.full_speed_point;
      point.flash_wait_states = wait_states;
      const std::uint64_t now = run(board, point, trace_, board.region("SRAM1")->base.value, kFlash);
      EXPECT_GE(now, before) << name << ", " << wait_states << " wait states, seed " << GetParam();
      before = now;
    }
  }
}

TEST_P(MemoryProperties, ATcmIsNeverSlowerThanCachedMemory) {
  const Board board = load_board("stm32h743");
  const std::uint64_t tcm = run(board, board.full_speed_point, trace_, kDtcm, 0);
  for (std::uint32_t data : {kAxiSram, 0x30000000u, 0x38000000u}) {
    EXPECT_LE(tcm, run(board, board.full_speed_point, trace_, data, 0)) << "seed " << GetParam();
  }
  EXPECT_LE(tcm, run(board, board.full_speed_point, trace_, kDtcm, kFlash)) << "seed " << GetParam();
}

TEST_P(MemoryProperties, ASlowerSdramIsNeverFaster) {
  Board board = load_board("stm32h743i-eval");
  Region& sdram = *std::find_if(board.regions.begin(), board.regions.end(),
                                [](const Region& r) { return r.sdram.has_value(); });
  std::uint64_t before = 0;
  for (double hz : {120e6, 100e6, 66.7e6}) {
    sdram.sdram->clock_hz = hz;
    const std::uint64_t now = run(board, board.full_speed_point, trace_, kSdram, 0);
    EXPECT_GE(now, before) << hz << ", seed " << GetParam();
    before = now;
  }
}

TEST_P(MemoryProperties, TheSameTraceTakesTheSameTimeAgainAndAfterAReset) {
  const Board board = load_board("stm32f767");
  MemorySystem memory(board);
  std::uint64_t first = 0;
  for (int round = 0; round < 3; ++round) {
    memory.reset();
    memory.set_operating_point(board.full_speed_point);
    const std::uint64_t now = run(memory, trace_, board.region("SRAM1")->base.value, kFlash);
    if (round == 0) first = now;
    EXPECT_EQ(now, first) << "seed " << GetParam();
  }
  EXPECT_EQ(first, run(board, board.full_speed_point, trace_, board.region("SRAM1")->base.value, kFlash));
}

TEST_P(MemoryProperties, TheQuickPathChangesNothingButTheTimeItTakesTheHost) {
  for (Replacement replacement : {Replacement::kLru, Replacement::kPseudoRandom}) {
    Board board = toy_board();
    board.dcache.replacement = replacement;
    MemorySystem quick(board), slow(board);
    quick.set_operating_point(toy_point(4));
    slow.set_operating_point(toy_point(4));
    std::uint64_t now = 1000;
    for (const Access& access : trace_) {
      now += access.compute;
      const Address at(kAxiSram + access.offset);
      const bool store = access.kind == AccessKind::kStore;
      auto ask = [&](MemorySystem& memory) {
        return store ? memory.store(at, 4, Cycles(now)) : memory.load(at, 4, Cycles(now));
      };
      const bool free = store ? quick.quick_store(at.value) : quick.quick_load(at.value);
      const std::uint64_t stall = free ? 0 : ask(quick).total();
      ASSERT_EQ(stall, ask(slow).total()) << "seed " << GetParam() << ", address " << at.value;
      now += 1 + stall;
    }
    EXPECT_EQ(quick.counts(), slow.counts());
  }
}

TEST_P(MemoryProperties, EveryDirtyLineIsWrittenBackOnce) {
  const Board board = toy_board();
  MemorySystem memory(board);
  memory.set_operating_point(toy_point(4));
  std::uint64_t now = run(memory, trace_, kAxiSram, kFlash);
  const CacheCounts before = memory.counts().dcache;
  EXPECT_LE(before.write_backs, before.line_fills);
  for (std::uint32_t line = 0; line < 0x8000; line += 32) {
    memory.maintain(MemorySystem::Maintenance::kDccmvac, kAxiSram + line, Cycles(now += 100));
  }
  const std::uint64_t cleaned = memory.counts().dcache.write_backs;
  EXPECT_LE(cleaned - before.write_backs, 4096u / 32);
  for (std::uint32_t line = 0; line < 0x8000; line += 32) {
    memory.maintain(MemorySystem::Maintenance::kDccimvac, kAxiSram + line, Cycles(now += 100));
  }
  EXPECT_EQ(memory.counts().dcache.write_backs, cleaned) << "all were clean";
}

}  // namespace
}  // namespace memory_model
