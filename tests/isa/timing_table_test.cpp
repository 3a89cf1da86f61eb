// The encodings of the timing tables.
#include "isa/timing_table.h"

#include <capstone/capstone.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "isa/disassemble.h"
#include "isa/timed_op.h"

namespace isa::timing {
namespace {

constexpr unsigned kSeed = 7;

std::string text_of(std::uint32_t code, bool wide) {
  auto byte = [](std::uint32_t v) { return static_cast<std::uint8_t>(v); };
  std::vector<std::uint8_t> bytes;
  if (wide) bytes = {byte(code >> 16), byte(code >> 24)};
  bytes.push_back(byte(code));
  bytes.push_back(byte(code >> 8));
  return disassemble(bytes, Address(0));
}

TEST(Patterns, EachRowDescribesSomeCodeAndNoneThatItsFixedBitsExclude) {
  std::mt19937 random(kSeed);
  SCOPED_TRACE(testing::Message() << "seed " << kSeed);
  for (const PatternRow& row : patterns()) {
    Fixed fixed = fixed_bits(row);
    int own = 0;
    for (int i = 0; i < 200; ++i) {
      std::uint32_t code = (random() & ~fixed.mask) | fixed.value;
      if (!fixed.wide) code &= 0xffff;
      const PatternRow* found = match(code, fixed.wide);
      own += found == &row;
      if (!found || found == &row) continue;
      // Another row may say more of this code, never less.
      Fixed other = fixed_bits(*found);
      bool guarded = row.unless[0] != 0;
      EXPECT_TRUE(guarded || (other.mask & fixed.mask) == fixed.mask) << row.name << " | " << found->name;
    }
    EXPECT_GT(own, 0) << row.name;
  }
}

TEST(Patterns, NameEveryNarrowInstructionThatTheDisassemblerKnows) {
  for (std::uint32_t code = 0; code < 0xe800; ++code) {
    std::string text = text_of(code, false);
    bool armv8 = text.starts_with("hlt");
    if (text.starts_with(".short") || armv8) continue;
    EXPECT_TRUE(match(code, false)) << text;
  }
}

/// What a Cortex-M7 does not have: Advanced SIMD, and coprocessors other than the FPU.
bool is_foreign(std::uint32_t code, std::string_view mnemonic) {
  for (std::string_view generic : {"cdp", "ldc", "stc", "mcr", "mrc", "mrrc"}) {
    if (mnemonic.starts_with(generic)) return true;
  }
  bool simd = (code & 0xef000000) == 0xef000000 || (code & 0xff100000) == 0xf9000000;
  bool part_of_a_double = (code & 0xff000f10) == 0xee000b10 && (code & 0x00c00060) != 0;
  return simd || part_of_a_double;
}

TEST(Patterns, NameEveryWideInstructionThatTheDisassemblerKnows) {
  std::mt19937 random(kSeed);
  SCOPED_TRACE(testing::Message() << "seed " << kSeed);
  int known = 0;
  csh handle = 0;
  ASSERT_EQ(cs_open(CS_ARCH_ARM, static_cast<cs_mode>(CS_MODE_THUMB | CS_MODE_MCLASS), &handle), CS_ERR_OK);
  cs_insn* in = cs_malloc(handle);
  for (int i = 0; i < 400'000; ++i) {
    std::uint32_t code = random() | 0xe8000000;
    if (code >> 27 == 0x1c) continue;
    const std::uint8_t bytes[] = {static_cast<std::uint8_t>(code >> 16),
                                  static_cast<std::uint8_t>(code >> 24), static_cast<std::uint8_t>(code),
                                  static_cast<std::uint8_t>(code >> 8)};
    const std::uint8_t* at = bytes;
    std::size_t left = sizeof(bytes);
    std::uint64_t pc = 0;
    if (!cs_disasm_iter(handle, &at, &left, &pc, in) || is_foreign(code, in->mnemonic)) continue;
    ++known;
    EXPECT_TRUE(match(code, true)) << fmt::format("{:08x} {} {}", code, in->mnemonic, in->op_str);
  }
  cs_free(in, 1);
  cs_close(&handle);
  EXPECT_GT(known, 50'000);
}

TEST(Patterns, GiveInstructionsTheClassThatTheMeasurementsNameThemIn) {
  struct {
    std::uint32_t code;
    const char* text;
    Class timing;
  } const rows[] = {
      {0x1888, "adds r0, r1, r2", Class::AluEarly},
      {0x4048, "eors r0, r1", Class::Alu},
      {0x4148, "adcs r0, r1", Class::Alu},
      {0x00c8, "lsls r0, r1, #3", Class::ShiftMov},
      {0x0008, "movs r0, r1", Class::AluEarly},
      {0xb2c8, "uxtb r0, r1", Class::Bitfield},
      {0xba08, "rev r0, r1", Class::Reverse},
      {0x4348, "muls r0, r1, r0", Class::Mac},
      {0x7808, "ldrb r0, [r1]", Class::LoadPart},
      {0x6808, "ldr r0, [r1]", Class::Load},
      {0x7008, "strb r0, [r1]", Class::Store},
      {0xb510, "push {r4, lr}", Class::Multiple},
      {0xb100, "cbz r0, #4", Class::Branch},
      {0xbf08, "it eq", Class::It},
      {0xbf00, "nop", Class::Nop},
      {0xeb010002, "add.w r0, r1, r2", Class::AluEarly},
      {0xeb0100c2, "add.w r0, r1, r2, lsl #3", Class::AluShifted},
      {0xea4f00f2, "ror.w r0, r2, #3", Class::ShiftMov},
      {0xea4f0032, "rrx r0, r2", Class::Rrx},
      {0xf1010055, "add.w r0, r1, #0x55", Class::AluEarly},
      {0xf0810055, "eor r0, r1, #0x55", Class::Alu},
      {0xf0811055, "eor r0, r1, #0x550055", Class::Alu},
      {0xf48140aa, "eor r0, r1, #0x5500", Class::AluShifted},
      {0xf2400001, "movw r0, #1", Class::AluEarly},
      {0xf2c00001, "movt r0, #1", Class::Alu},
      {0xf3c100c4, "ubfx r0, r1, #3, #5", Class::Extract},
      {0xf36100c7, "bfi r0, r1, #3, #5", Class::Bitfield},
      {0xf3010007, "ssat r0, #8, r1", Class::Dsp},
      {0xf3810107, "usat r0, #7, r1, lsl #4", Class::Unknown},
      {0xeac10002, "pkhbt r0, r1, r2", Class::Bitfield},
      {0xfa51f082, "uxtab r0, r1, r2", Class::Bitfield},
      {0xfa81f042, "uadd8 r0, r1, r2", Class::Dsp},
      {0xfa81f082, "qadd r0, r2, r1", Class::Dsp},
      {0xfab1f081, "clz r0, r1", Class::Dsp},
      {0xfaa1f082, "sel r0, r1, r2", Class::Dsp},
      {0xfba12302, "umull r2, r3, r1, r2", Class::Mac},
      {0xfb51f002, "smmul r0, r1, r2", Class::Mac},
      {0xfb91f0f2, "sdiv r0, r1, r2", Class::Divide},
      {0xf8110b01, "ldrb r0, [r1], #1", Class::LoadPart},
      {0xe9d10100, "ldrd r0, r1, [r1]", Class::Dual},
      {0xeea00a81, "vfma.f32 s0, s1, s2", Class::FpFma},
      {0xee000a81, "vmla.f32 s0, s1, s2", Class::FpMla},
      {0xeeb00ac0, "vabs.f32 s0, s0", Class::FpMove},
      {0xeeb10ac0, "vsqrt.f32 s0, s0", Class::FpSqrt},
      {0xeeb80ac0, "vcvt.f32.s32 s0, s0", Class::FpAdd},
      {0xeeb40a60, "vcmp.f32 s0, s1", Class::FpAdd},
      {0xeef1fa10, "vmrs apsr_nzcv, fpscr", Class::FpStatus},
      {0xed910a00, "vldr s0, [r1]", Class::FpLoad},
      {0xed910b00, "vldr d0, [r1]", Class::FpWide},
      {0xee210b02, "vmul.f64 d0, d1, d2", Class::DoubleMul},
  };
  for (const auto& row : rows) {
    bool wide = row.code > 0xffff;
    if (row.timing == Class::Unknown) continue;
    EXPECT_EQ(text_of(row.code, wide), row.text);
    const PatternRow* found = match(row.code, wide);
    ASSERT_TRUE(found) << row.text;
    EXPECT_EQ(found->timing, row.timing) << row.text << " is " << row_of(found->timing).name;
  }
}

Instruction instruction(std::uint32_t code) {
  Instruction in;
  in.bytes = code > 0xffff ? 4 : 2;
  in.first = static_cast<std::uint16_t>(in.bytes == 4 ? code >> 16 : code);
  in.second = static_cast<std::uint16_t>(in.bytes == 4 ? code : 0);
  return in;
}

TEST(Operands, AreReadOffTheFieldsOfTheRow) {
  TimedOp op = timed_op(instruction(0xfb0412f3 & ~0xf0u));  // mla r2, r4, r3, r1
  ASSERT_EQ(op.reads.size(), 3u);
  EXPECT_EQ(op.reads[0].resource, 4);
  EXPECT_EQ(op.reads[1].resource, 3);
  EXPECT_EQ(op.reads[2].resource, 1);
  EXPECT_EQ(op.reads[2].role, Role::Accumulator);
  ASSERT_EQ(op.writes.size(), 1u);
  EXPECT_EQ(op.writes[0].resource, 2);
}

TEST(Operands, OfSinglesAndDoublesOverlap) {
  TimedOp single = timed_op(instruction(0xee710a81));  // vadd.f32 s1, s3, s2
  ASSERT_EQ(single.writes.size(), 1u);
  EXPECT_EQ(single.writes[0].resource, kFirstSingle + 1);
  EXPECT_EQ(single.reads[0].resource, kFirstSingle + 3);
  TimedOp wide = timed_op(instruction(0xee310b02));  // vadd.f64 d0, d1, d2
  ASSERT_EQ(wide.writes.size(), 2u);
  EXPECT_EQ(wide.writes[1].resource, kFirstSingle + 1);
  EXPECT_EQ(wide.reads.size(), 4u);
}

TEST(Operands, ABaseIsWrittenOnlyWithWriteBack) {
  EXPECT_EQ(timed_op(instruction(0xf8510c04)).writes.size(), 1u);  // ldr r0, [r1, #-4]
  TimedOp post = timed_op(instruction(0xf8510b04));                // ldr r0, [r1], #4
  ASSERT_EQ(post.writes.size(), 2u);
  EXPECT_EQ(post.writes[0].kind, Kind::BaseUpdate);
}

TEST(Operands, NarrowArithmeticSetsFlagsOutsideItBlocksOnly) {
  Instruction in = instruction(0x1888);  // adds r0, r1, r2
  EXPECT_TRUE(timed_op(in).sets_flags);
  in.it = Address(0);
  in.condition = 0;
  EXPECT_FALSE(timed_op(in).sets_flags);
}

}  // namespace
}  // namespace isa::timing
