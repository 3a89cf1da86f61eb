#include "isa/block.h"

#include <gtest/gtest.h>

#include <vector>

#include "isa/disassemble.h"

namespace isa {
namespace {

std::vector<std::uint8_t> bytes_of(std::initializer_list<std::uint16_t> halfwords) {
  std::vector<std::uint8_t> bytes;
  for (std::uint16_t h : halfwords) {
    bytes.push_back(static_cast<std::uint8_t>(h));
    bytes.push_back(static_cast<std::uint8_t>(h >> 8));
  }
  return bytes;
}

TEST(Block, SplitsCodeIntoInstructionsOfTwoAndFourBytes) {
  auto code = instructions_of(bytes_of({0xbf00, 0xf8d1, 0x2abc, 0x4770}), Address(0x100));
  ASSERT_EQ(code.size(), 3u);
  EXPECT_EQ(code[1].address, Address(0x102));
  EXPECT_EQ(code[1].bytes, 4);
  EXPECT_EQ(code[2].address, Address(0x106));
}

TEST(Block, LeavesOutAnInstructionThatIsCutOff) {
  EXPECT_EQ(instructions_of(bytes_of({0xbf00, 0xf8d1}), Address(0)).size(), 1u);
  EXPECT_TRUE(instructions_of({}, Address(0)).empty());
}

TEST(Block, GivesEachInstructionOfAnItBlockItsCondition) {
  // ittee ne; four moves; a fifth behind it
  auto code = instructions_of(bytes_of({0xbf19, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005}), Address(0x100));
  ASSERT_EQ(code.size(), 6u);
  constexpr std::uint8_t kNe = 1, kEq = 0;
  EXPECT_EQ(code[0].condition, kAlways);
  EXPECT_EQ(code[1].condition, kNe);
  EXPECT_EQ(code[2].condition, kNe);
  EXPECT_EQ(code[3].condition, kEq);
  EXPECT_EQ(code[4].condition, kEq);
  EXPECT_EQ(code[4].it, Address(0x100));
  EXPECT_EQ(code[5].condition, kAlways);
  EXPECT_FALSE(code[5].it);
}

TEST(Block, ConditionsReadTheFlags) {
  constexpr std::uint32_t n = 1u << 31, z = 1u << 30, c = 1u << 29, v = 1u << 28;
  struct {
    std::uint8_t code;
    std::uint32_t yes, no;
  } const cases[] = {{0, z, 0},      {1, 0, z},  {2, c, 0},  {3, 0, c},     {4, n, 0},
                     {5, 0, n},      {6, v, 0},  {7, 0, v},  {8, c, c | z}, {9, z, c},
                     {10, n | v, n}, {11, v, 0}, {12, 0, z}, {13, n, n | v}};
  for (const auto& row : cases) {
    EXPECT_TRUE(condition_holds(row.code, row.yes)) << int{row.code};
    EXPECT_FALSE(condition_holds(row.code, row.no)) << int{row.code};
  }
  EXPECT_TRUE(condition_holds(14, 0));
}

TEST(Block, KnowsTheInstructionsOfTheFpuAndThoseOfItsDoublePrecision) {
  struct {
    std::uint16_t first, second;
    const char* text;
    bool fpu, twice;
  } const rows[] = {
      {0xee31, 0x0a20, "vadd.f32 s0, s2, s1", true, false},
      {0xee31, 0x0b02, "vadd.f64 d0, d1, d2", true, true},
      {0xee21, 0x0b02, "vmul.f64 d0, d1, d2", true, true},
      {0xeeb7, 0x0ae0, "vcvt.f64.f32 d0, s1", true, true},
      {0xeeb7, 0x0bc1, "vcvt.f32.f64 s0, d1", true, true},
      {0xeeb8, 0x0bc0, "vcvt.f64.s32 d0, s0", true, true},
      {0xeebd, 0x0bc0, "vcvt.s32.f64 s0, d0", true, true},
      {0xeeb4, 0x0b41, "vcmp.f64 d0, d1", true, true},
      {0xeeb7, 0x0b00, "vmov.f64 d0, #1.000000e+00", true, true},
      {0xeeb7, 0x0a00, "vmov.f32 s0, #1.000000e+00", true, false},
      {0xeeb8, 0x0ac0, "vcvt.f32.s32 s0, s0", true, false},
      {0xfe01, 0x0b02, "vseleq.f64 d0, d1, d2", true, true},
      {0xfe80, 0x0a20, "vmaxnm.f32 s0, s0, s1", true, false},
      {0xed90, 0x0b00, "vldr d0, [r0]", true, false},
      {0xec51, 0x0b10, "vmov r0, r1, d0", true, false},
      {0xee10, 0x0a10, "vmov r0, s0", true, false},
      {0xee10, 0x0b10, "vmov.32 r0, d0[0]", true, false},
      {0xeef1, 0xfa10, "vmrs apsr_nzcv, fpscr", true, false},
      {0xfb00, 0xf001, "mul r0, r0, r1", false, false},
      {0xfbc0, 0x0a01, "smlal r0, sl, r0, r1", false, false},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(disassemble(bytes_of({row.first, row.second}), Address(0)), row.text);
    EXPECT_EQ(is_fpu(row.first, row.second), row.fpu) << row.text;
    EXPECT_EQ(is_double_precision(row.first, row.second), row.twice) << row.text;
  }
}

TEST(Disassemble, WritesWhatItDoesNotKnowAsData) {
  EXPECT_EQ(disassemble(bytes_of({0xffff, 0xffff}), Address(0)), ".inst.w 0xffffffff");
  EXPECT_EQ(disassemble(bytes_of({0xf8d1}), Address(0)), "");
  EXPECT_EQ(disassemble({}, Address(0)), "");
}

}  // namespace
}  // namespace isa
