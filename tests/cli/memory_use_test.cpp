#include "cli/memory_use.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cli {
namespace {

sim::Extent extent(std::uint32_t begin, std::int64_t size) {
  return {isa::Address(begin), isa::Bytes(size)};
}

const sim::Extent kArena = extent(0x20001000, 100);
const std::vector<sim::Extent> kOthers = {extent(0x20000000, 0x1000)};

MemoryUse use_of(const std::vector<sim::Extent>& touched) {
  return memory_use(touched, kArena, kOthers);
}

TEST(MemoryUse, MeasuresTheArenaUpToTheLastByteTouched) {
  EXPECT_EQ(use_of({extent(0x20001000, 16), extent(0x20001020, 8)}).arena_touched, isa::Bytes(0x28));
  EXPECT_EQ(use_of({}).arena_touched, isa::Bytes(0));
}

TEST(MemoryUse, FollowsAnExtentFromTheStackIntoTheArena) {
  const MemoryUse use = use_of({extent(0x20000ff0, 0x30)});
  EXPECT_THAT(use.unplanned, testing::IsEmpty());
  EXPECT_EQ(use.arena_touched, isa::Bytes(0x20));
}

TEST(MemoryUse, ForgivesTheOtherHalfOfTheLastGranule) {
  const MemoryUse use = use_of({extent(0x20001000, 104)});
  EXPECT_THAT(use.unplanned, testing::IsEmpty());
  EXPECT_EQ(use.arena_touched, isa::Bytes(100));
}

TEST(MemoryUse, NamesWhatLiesBehindTheArena) {
  EXPECT_THAT(use_of({extent(0x20001000, 112)}).unplanned, testing::ElementsAre(extent(0x20001064, 12)));
}

TEST(MemoryUse, NamesWhatNobodyOwns) {
  EXPECT_THAT(use_of({extent(0x20002000, 8)}).unplanned, testing::ElementsAre(extent(0x20002000, 8)));
}

}  // namespace
}  // namespace cli
