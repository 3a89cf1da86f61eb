#include "sim/profile.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "sim/firmware.h"

namespace sim {
namespace {

using isa::Address;
using isa::Cause;

InstructionProfile instruction(std::uint32_t address, std::uint64_t executions, std::uint64_t issue,
                               std::uint64_t stalled) {
  InstructionProfile in;
  in.address = Address(address);
  in.executions = executions;
  in.younger = executions / 2;
  in.cycles[Cause::kIssue] = issue;
  in.cycles[Cause::kDLoad] = stalled;
  return in;
}

/// Two functions, the second called twice, and an instruction in neither.
struct Example : testing::Test {
  Example() {
    firmware.symbols = {{"slow", Address(0x100), isa::Bytes(8), true},
                        {"fast", Address(0x108), isa::Bytes(4), true},
                        {"table", Address(0x110), isa::Bytes(4), false}};
    profile.instructions = {instruction(0x100, 1, 1, 0), instruction(0x104, 10, 10, 70),
                            instruction(0x108, 2, 2, 0), instruction(0x10a, 2, 2, 1),
                            instruction(0x200, 4, 4, 4)};
    profile.overhead[Cause::kStructural] = 12;
  }
  Firmware firmware;
  Profile profile;
};

TEST_F(Example, FunctionsAndOverheadSumToTheRun) {
  isa::CauseCycles sum = profile.overhead;
  std::uint64_t executions = 0;
  for (const ProfileRow& row : by_function(profile, firmware)) {
    sum += row.cycles;
    executions += row.executions;
  }
  EXPECT_EQ(sum, profile.total());
  EXPECT_EQ(sum.total(), isa::Cycles(106));
  EXPECT_EQ(executions, 19U);
}

TEST_F(Example, MostCyclesComeFirstAndEntriesAreThoseOfTheFirstInstruction) {
  const std::vector<ProfileRow> rows = by_function(profile, firmware);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].name, "slow");
  EXPECT_EQ(rows[0].cycles.total(), isa::Cycles(81));
  EXPECT_EQ(rows[0].cycles[Cause::kDLoad], 70U);
  EXPECT_EQ(rows[0].entries, 1U);
  EXPECT_EQ(rows[1].name, "");
  EXPECT_EQ(rows[1].address, Address(0x200));
  EXPECT_EQ(rows[2].name, "fast");
  EXPECT_EQ(rows[2].entries, 2U);
  EXPECT_EQ(rows[2].younger, 2U);
}

TEST_F(Example, LinesGatherInstructionsThatLieApart) {
  const auto line_of = [](Address pc) { return pc == Address(0x104) ? "b.c:7" : "a.c:1"; };
  const std::vector<ProfileRow> rows = by_line(profile, line_of);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].name, "b.c:7");
  EXPECT_EQ(rows[0].cycles.total(), isa::Cycles(80));
  EXPECT_EQ(rows[1].name, "a.c:1");
  EXPECT_EQ(rows[1].executions, 9U);
  EXPECT_EQ(rows[1].cycles.total(), isa::Cycles(14));
}

TEST(Profile, RowsOfEqualCyclesStayInOrderOfAddress) {
  Profile profile;
  profile.instructions = {instruction(0x100, 1, 1, 0), instruction(0x102, 1, 1, 0),
                          instruction(0x104, 1, 1, 0)};
  const auto rows = by_line(profile, [](Address pc) { return fmt::format("{}", pc); });
  EXPECT_EQ(rows[0].address, Address(0x100));
  EXPECT_EQ(rows[2].address, Address(0x104));
}

}  // namespace
}  // namespace sim
