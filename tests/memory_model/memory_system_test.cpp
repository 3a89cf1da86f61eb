#include "memory_model/memory_system.h"

#include <gtest/gtest.h>

#include <string>

namespace memory_model {
namespace {

using isa::Address;
using isa::Cycles;

Stall load(MemorySystem& memory, std::uint32_t address, std::uint64_t now) {
  return memory.load(Address(address), 4, Cycles(now));
}

TEST(MemorySystem, ATcmAnswersAtOnceAndForEverAfter) {
  const Board board = load_board("stm32h743");
  MemorySystem memory(board);
  EXPECT_FALSE(memory.quick_load(0x20000000));
  EXPECT_EQ(load(memory, 0x20000000, 10).total(), 0u);
  EXPECT_TRUE(memory.quick_load(0x2000001f));
  EXPECT_FALSE(memory.quick_load(0x20000020));
  EXPECT_FALSE(memory.quick_store(0x20000000));
  EXPECT_EQ(memory.store(Address(0x20000000), 4, Cycles(11)).total(), 0u);
  EXPECT_TRUE(memory.quick_store(0x20000000));
  const Stall fetched = memory.fetch(Address(0x00000000), 64, true, Cycles(12));
  EXPECT_EQ(fetched.total(), 0u);
  EXPECT_TRUE(fetched.settled);
}

TEST(MemorySystem, ALineIsFetchedOnceAndThenHits) {
  for (const char* name : {"stm32h743", "stm32f746"}) {
    const Board board = load_board(name);
    MemorySystem memory(board);
    memory.set_operating_point(board.full_speed_point);
    const std::uint32_t ram = board.region("SRAM1")->base.value;
    const Stall miss = load(memory, ram + 8, 1000);
    EXPECT_GT(miss.total(), 5u) << name;
    EXPECT_LT(miss.total(), 60u) << name;
    EXPECT_EQ(load(memory, ram, 2000).total(), 0u);
    EXPECT_TRUE(memory.quick_load(ram));
    EXPECT_EQ(memory.counts().dcache.line_fills, 1u);
    const Stall fetch = memory.fetch(Address(0x08000000), 16, true, Cycles(3000));
    EXPECT_GT(fetch.total(), 10u);
    EXPECT_FALSE(fetch.settled);
    const std::uint64_t epoch = memory.fetch_epoch();
    EXPECT_TRUE(memory.fetch(Address(0x08000000), 16, true, Cycles(4000)).settled);
    EXPECT_EQ(memory.fetch_epoch(), epoch);
  }
}

}  // namespace
}  // namespace memory_model
