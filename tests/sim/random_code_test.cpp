// Random code: the machine survives it, and names the same faulting instruction as the emulator stepping
// through it.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unicorn/unicorn.h>

#include <cstring>
#include <random>

#include "guest_program.h"
#include "isa/disassemble.h"
#include "sim/machine.h"

namespace sim {
namespace {

constexpr std::uint32_t kFlash = 0x08000000, kRam = 0x20000000, kStack = 0x20010000, kImageBytes = 4096;

/// Assembles halfwords behind a vector table.
class Image {
 public:
  Image() : bytes_(kImageBytes, 0) {
    word(kStack);
    word(kFlash + 9);
  }
  void half(unsigned h) {
    bytes_[at_++] = static_cast<std::uint8_t>(h);
    bytes_[at_++] = static_cast<std::uint8_t>(h >> 8);
  }
  void word(std::uint32_t w) {
    half(w & 0xffff);
    half(w >> 16);
  }
  void wide(unsigned first, unsigned second) {
    half(first);
    half(second);
  }
  /// MOVW and MOVT of a low register.
  void load(unsigned r, std::uint32_t value) {
    move_half(0xf240, r, value & 0xffff);
    move_half(0xf2c0, r, value >> 16);
  }
  bool room() const { return at_ + 64 < bytes_.size(); }

  Firmware firmware() const {
    Firmware firmware;
    firmware.path = "random";
    firmware.vector_table = isa::Address(kFlash);
    firmware.segments.push_back({firmware.vector_table, bytes_});
    return firmware;
  }
  const std::vector<std::uint8_t>& bytes() const { return bytes_; }

 private:
  void move_half(unsigned opcode, unsigned r, unsigned value) {
    wide(opcode | value >> 12 | (value >> 1 & 0x400), (value << 4 & 0x7000) | r << 8 | (value & 0xff));
  }
  std::vector<std::uint8_t> bytes_;
  std::size_t at_ = 0;
};

/// One load or store: r0 to r3 point into RAM, r4 where nothing is; data goes to r5, r6 and r7.
void random_access(Image& image, std::mt19937& random) {
  auto pick = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
  unsigned base = pick(25) == 0 ? 4 : pick(4), data = 5 + pick(3), load = pick(2), offset = pick(16);
  switch (pick(10)) {
    case 0:
      return image.half(0x6000 | load << 11 | offset << 6 | base << 3 | data);  // LDR, STR
    case 1:
      return image.half(0x7000 | load << 11 | offset << 6 | base << 3 | data);  // bytes
    case 2:
      return image.half(0x8000 | load << 11 | offset << 6 | base << 3 | data);  // halfwords
    case 3:
      return image.half(0xc000 | load << 11 | base << 8 |
                        (0xe0 & (0x20 << pick(3))));  // LDM, STM, one register
    case 4:
      return image.wide(0xf840 | load << 4 | base, data << 12 | 0xb04);  // post-indexed by 4
    case 5:
      return image.wide(0xf840 | load << 4 | base, data << 12 | 0xd04 | pick(2) << 9);  // pre-indexed by 4
    case 6:
      return image.wide(0xe940 | load << 4 | base | 0x80, 0x5600 | offset);  // LDRD, STRD
    case 7:
      return image.wide(0xe8a0 | load << 4 | base, 0x00e0);  // three at once, written back
    case 8:
      return image.wide(0xed80 | load << 4 | base, 0x0a00 | pick(2) << 8 | offset);  // VLDR, VSTR
    default:
      return image.wide(0xe920 | load << 4 | base, 0x0060);  // LDMDB, STMDB
  }
}

Image random_accesses(std::uint32_t seed) {
  std::mt19937 random(seed);
  Image image;
  image.load(5, 0xe000ed88);  // CPACR
  image.load(6, 0x00f00000);
  image.half(0x602e);          // str r6, [r5]
  image.wide(0xf3bf, 0x8f6f);  // isb
  for (unsigned r = 0; r < 4; ++r) image.load(r, kRam + 0x2000 * (r + 1));
  image.load(4, 0x60001000);
  while (image.room()) {
    switch (random() % 6) {
      case 0:
        image.half(0x2d00 | (random() & 0xff));
        break;   // cmp r5, #
      case 1: {  // IT, up to four accesses
        unsigned mask = 1 + random() % 15;
        image.half(0xbf00 | (random() % 14) << 4 | mask);
        unsigned count = mask & 1 ? 4 : mask & 2 ? 3 : mask & 4 ? 2 : 1;
        for (unsigned i = 0; i < count; ++i) random_access(image, random);
        break;
      }
      default:
        random_access(image, random);
    }
  }
  return image;
}

struct Stepped {
  std::uint32_t now = 0;          ///< the instruction that executes
  std::uint32_t pc = 0, bad = 0;  ///< the first that faulted, and the address it wanted
};

/// The same image, stepped through by a hook on every instruction: slow, and exact.
Stepped step_through(const Image& image) {
  Stepped stepped;
  uc_engine* engine = nullptr;
  EXPECT_EQ(uc_open(UC_ARCH_ARM, UC_MODE_THUMB, &engine), UC_ERR_OK);
  uc_ctl_set_cpu_model(engine, UC_CPU_ARM_CORTEX_M7);
  uc_mem_map(engine, kFlash, kImageBytes, UC_PROT_ALL);
  uc_mem_map(engine, kRam, 0x10000, UC_PROT_ALL);
  uc_mem_map(engine, 0xe0000000, 0x100000, UC_PROT_ALL);
  uc_mem_write(engine, kFlash, image.bytes().data(), image.bytes().size());
  auto on_code = +[](uc_engine*, std::uint64_t address, std::uint32_t, void* to) {
    static_cast<Stepped*>(to)->now = static_cast<std::uint32_t>(address);
  };
  auto on_bad = +[](uc_engine*, uc_mem_type, std::uint64_t address, int, std::int64_t, void* to) {
    // After a store that failed, the emulator goes on for a few instructions.
    auto& stepped = *static_cast<Stepped*>(to);
    if (stepped.pc == 0) {
      stepped.pc = stepped.now;
      stepped.bad = static_cast<std::uint32_t>(address);
    }
    return false;
  };
  uc_hook hook;
  uc_hook_add(engine, &hook, UC_HOOK_CODE, reinterpret_cast<void*>(on_code), &stepped, 1, 0);
  uc_hook_add(engine, &hook, UC_HOOK_MEM_INVALID, reinterpret_cast<void*>(on_bad), &stepped, 1, 0);
  std::uint32_t sp = kStack;
  uc_reg_write(engine, UC_ARM_REG_SP, &sp);
  uc_emu_start(engine, (kFlash + 8) | 1, 0xfffffffe, 0, 0);
  uc_close(engine);
  return stepped;
}

TEST(RandomCode, AFaultIsNamedAtTheInstructionThatSteppingFinds) {
  const memory_model::Board board = memory_model::load_board("stm32h743");
  int compared = 0;
  for (std::uint32_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Image image = random_accesses(seed);
    Machine machine(board, image.firmware());
    RunResult result = machine.run({}, {.max_cycles = 100'000});
    ASSERT_TRUE(result.fault);
    if (result.fault->kind != "BusFault") continue;
    Stepped stepped = step_through(image);
    EXPECT_EQ(fmt::format("{}", result.fault->pc), fmt::format("0x{:08x}", stepped.pc))
        << result.fault->to_text();
    EXPECT_NE(result.fault->reason.find(fmt::format("0x{:08x}", stepped.bad)), std::string::npos)
        << result.fault->reason;
    ++compared;
  }
  EXPECT_GT(compared, 250);
}

TEST(RandomCode, TheMachineSurvivesIt) {
  const memory_model::Board board = memory_model::load_board("stm32f746");
  std::uint64_t executed = 0;
  for (std::uint32_t seed = 1; seed <= 200; ++seed) {
    std::mt19937 random(seed);
    Image image;
    for (unsigned r = 0; r < 8; ++r) image.load(r, (random() % 2 ? kRam : kFlash) + random() % 0xffff);
    while (image.room()) {
      unsigned first = random() % 3 ? random() & 0xffff : 0xe800 | (random() & 0x17ff),
               second = random() & 0xffff;
      if ((first & 0xff00) == 0xbe00) first = 0xbeab;
      const std::uint8_t code[] = {static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(first >> 8),
                                   static_cast<std::uint8_t>(second), static_cast<std::uint8_t>(second >> 8)};
      std::string text = isa::disassemble(code, isa::Address(kFlash));
      // Mostly what means something; undefined instructions would end every program at once.
      if (text.empty() || (text[0] == '.' && random() % 64)) continue;
      image.half(first);
      if (isa::is_32_bit(static_cast<std::uint16_t>(first))) image.half(second);
    }
    Machine machine(board, image.firmware());
    RunResult result = machine.run({}, {.max_cycles = 20'000});
    executed += result.total.instructions;
    if (result.fault) {
      EXPECT_FALSE(result.fault->to_text().empty());
    }
    EXPECT_LE(result.total.instructions, 2 * 20'000u + 360) << "seed " << seed;
  }
  EXPECT_GT(executed, 2000u);
}

}  // namespace
}  // namespace sim
