#include "isa/memory_access.h"

#include <capstone/capstone.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "isa/disassemble.h"

namespace isa {
namespace {

struct Row {
  std::uint16_t first, second;
  const char* text;  ///< as the disassembler writes it, so that the row proves itself
  bool store;
  int unit, count;
  std::uint32_t address;  ///< with r[i] = 0x1000 * i, at pc 0x8002
  bool aligned;
};

constexpr Row kRows[] = {
    {0x4901, 0, "ldr r1, [pc, #4]", false, 4, 1, 0x8008, false},
    {0x50d1, 0, "str r1, [r2, r3]", true, 4, 1, 0x5000, false},
    {0x5ed1, 0, "ldrsh r1, [r2, r3]", false, 2, 1, 0x5000, false},
    {0x6891, 0, "ldr r1, [r2, #8]", false, 4, 1, 0x2008, false},
    {0x70d1, 0, "strb r1, [r2, #3]", true, 1, 1, 0x2003, false},
    {0x88d1, 0, "ldrh r1, [r2, #6]", false, 2, 1, 0x2006, false},
    {0x9102, 0, "str r1, [sp, #8]", true, 4, 1, 0xd008, false},
    {0xb530, 0, "push {r4, r5, lr}", true, 4, 3, 0xd000 - 12, true},
    {0xbd30, 0, "pop {r4, r5, pc}", false, 4, 3, 0xd000, true},
    {0xc10c, 0, "stm r1!, {r2, r3}", true, 4, 2, 0x1000, true},
    {0xc90c, 0, "ldm r1!, {r2, r3}", false, 4, 2, 0x1000, true},
    {0xe911, 0x000c, "ldmdb r1, {r2, r3}", false, 4, 2, 0x1000 - 8, true},
    {0xe8a1, 0x001c, "stm.w r1!, {r2, r3, r4}", true, 4, 3, 0x1000, true},
    {0xe9d1, 0x2304, "ldrd r2, r3, [r1, #0x10]", false, 4, 2, 0x1010, true},
    {0xe961, 0x2302, "strd r2, r3, [r1, #-0x8]!", true, 4, 2, 0x1000 - 8, true},
    {0xe8f1, 0x2302, "ldrd r2, r3, [r1], #8", false, 4, 2, 0x1000, true},
    {0xe851, 0x2f01, "ldrex r2, [r1, #4]", false, 4, 1, 0x1004, true},
    {0xe8d1, 0x2f4f, "ldrexb r2, [r1]", false, 1, 1, 0x1000, true},
    {0xe8d1, 0xf003, "tbb [r1, r3]", false, 1, 1, 0x4000, false},
    {0xe8d1, 0xf013, "tbh [r1, r3, lsl #1]", false, 2, 1, 0x7000, false},
    {0xf8d1, 0x2abc, "ldr.w r2, [r1, #0xabc]", false, 4, 1, 0x1abc, false},
    {0xf851, 0x2c04, "ldr r2, [r1, #-0x4]", false, 4, 1, 0x1000 - 4, false},
    {0xf851, 0x2b04, "ldr r2, [r1], #4", false, 4, 1, 0x1000, false},
    {0xf801, 0x2d01, "strb r2, [r1, #-0x1]!", true, 1, 1, 0x0fff, false},
    {0xf851, 0x2033, "ldr.w r2, [r1, r3, lsl #3]", false, 4, 1, 0x19000, false},
    {0xf991, 0x2003, "ldrsb.w r2, [r1, #3]", false, 1, 1, 0x1003, false},
    {0xf85f, 0x2008, "ldr.w r2, [pc, #-0x8]", false, 4, 1, 0x8004 - 8, false},
    {0xed91, 0x1a02, "vldr s2, [r1, #8]", false, 4, 1, 0x1008, true},
    {0xed01, 0x1b02, "vstr d1, [r1, #-8]", true, 8, 1, 0x1000 - 8, true},
    {0xecb1, 0x1a03, "vldmia r1!, {s2, s3, s4}", false, 4, 3, 0x1000, true},
    {0xed21, 0x1b04, "vstmdb r1!, {d1, d2}", true, 8, 2, 0x1000 - 16, true},
    {0xed2d, 0x8b04, "vpush {d8, d9}", true, 8, 2, 0xd000 - 16, true},
};

std::array<std::uint32_t, 16> registers() {
  std::array<std::uint32_t, 16> r{};
  for (std::uint32_t i = 0; i < 16; ++i) r[i] = 0x1000 * i;
  return r;
}

TEST(MemoryAccess, EveryRowSaysWhatItsDisassemblySays) {
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.text);
    const std::uint8_t code[] = {
        static_cast<std::uint8_t>(row.first), static_cast<std::uint8_t>(row.first >> 8),
        static_cast<std::uint8_t>(row.second), static_cast<std::uint8_t>(row.second >> 8)};
    EXPECT_EQ(disassemble(code, Address(0x8002)), row.text);
    auto access = memory_access(row.first, row.second);
    ASSERT_TRUE(access);
    EXPECT_EQ(access->store, row.store);
    EXPECT_EQ(access->unit, row.unit);
    EXPECT_EQ(access->count, row.count);
    EXPECT_EQ(access->aligned, row.aligned);
    EXPECT_EQ(access->address(registers(), Address(0x8002)).value, row.address);
  }
}

TEST(MemoryAccess, WhatIsNoLoadOrStoreMakesNone) {
  constexpr std::uint16_t kNone[][2] = {
      {0xbf00, 0},       // nop
      {0x1840, 0},       // adds
      {0xf891, 0xf000},  // pld [r1]
      {0xec53, 0x2b12},  // vmov r2, r3, d2
      {0xeea0, 0x1b10},  // vdup-like move to an FPU register
      {0xfb01, 0xf002},  // mul
      {0xf000, 0xf800},  // bl
  };
  for (auto& code : kNone) EXPECT_FALSE(memory_access(code[0], code[1])) << fmt::format("{:04x}", code[0]);
}

/// Capstone's idea of whether an instruction loads or stores, from its mnemonic.
bool looks_like_access(const std::string& mnemonic) {
  if (mnemonic.rfind("vld", 0) == 0 || mnemonic.rfind("vst", 0) == 0) return true;
  if (mnemonic.rfind("vpush", 0) == 0 || mnemonic.rfind("vpop", 0) == 0) return true;
  for (const char* stem : {"ldr", "str", "ldm", "stm", "push", "pop", "tbb", "tbh", "fldm", "fstm"}) {
    if (mnemonic.rfind(stem, 0) == 0) return true;
  }
  return false;
}

TEST(MemoryAccess, AgreesWithTheDisassemblerOnEvery16BitInstruction) {
  for (unsigned first = 0; first < 0xe800; ++first) {
    const std::uint8_t code[] = {static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(first >> 8)};
    std::string text = disassemble(code, Address(0x8000));
    if (text[0] == '.') continue;
    EXPECT_EQ(memory_access(static_cast<std::uint16_t>(first), 0).has_value(), looks_like_access(text))
        << text;
  }
}

TEST(MemoryAccess, AgreesWithTheDisassemblerOnRandom32BitInstructions) {
  csh handle = 0;
  ASSERT_EQ(cs_open(CS_ARCH_ARM, static_cast<cs_mode>(CS_MODE_THUMB | CS_MODE_MCLASS), &handle), CS_ERR_OK);
  constexpr std::uint64_t kSeed = 20240229;
  std::uint64_t state = kSeed;
  int compared = 0;
  for (int i = 0; i < 400000; ++i) {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    auto word = static_cast<std::uint32_t>(state >> 32);
    // Loads and stores live in these corners of the encoding space.
    auto first = static_cast<std::uint16_t>((i % 3 == 0   ? 0xe800
                                             : i % 3 == 1 ? 0xf800
                                                          : 0xec00) |
                                            (word & 0x01ff));
    auto second = static_cast<std::uint16_t>(word >> 16);
    if (i % 3 == 2) second = static_cast<std::uint16_t>((second & 0xf1ff) | 0x0a00);
    const std::uint8_t code[] = {static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(first >> 8),
                                 static_cast<std::uint8_t>(second), static_cast<std::uint8_t>(second >> 8)};
    cs_insn* instruction = nullptr;
    if (cs_disasm(handle, code, 4, 0x8000, 1, &instruction) != 1) continue;
    std::string mnemonic = instruction->mnemonic;
    std::string text = mnemonic + " " + instruction->op_str;
    cs_free(instruction, 1);
    // Capstone decodes A-profile forms too: instructions that Armv7-M leaves undefined are nobody's business
    // here.
    auto access = memory_access(first, second);
    if (!access) continue;
    EXPECT_TRUE(looks_like_access(mnemonic))
        << fmt::format("{:04x} {:04x} {} (seed {})", first, second, text, kSeed);
    bool store = mnemonic.find("st") == 0 || mnemonic.find("fst") == 0 || mnemonic.find("vst") == 0 ||
                 mnemonic.find("push") != std::string::npos;
    EXPECT_EQ(access->store, store) << text;
    ++compared;
  }
  cs_close(&handle);
  EXPECT_GT(compared, 50000);
}

}  // namespace
}  // namespace isa
