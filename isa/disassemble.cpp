// Machine code as text.
#include "isa/disassemble.h"

#include <capstone/capstone.h>
#include <fmt/format.h>

namespace isa {
namespace {

/// Opened once for many instructions.
struct Disassembler {
  explicit Disassembler(int mode) { cs_open(CS_ARCH_ARM, static_cast<cs_mode>(mode), &handle); }
  ~Disassembler() {
    if (handle != 0) cs_close(&handle);
  }
  Disassembler(const Disassembler&) = delete;
  Disassembler& operator=(const Disassembler&) = delete;

  csh handle = 0;  ///< 0: Capstone would not
};

std::string with_capstone(std::span<const std::uint8_t> code, Address pc, csh handle) {
  if (handle == 0) return "";
  cs_insn* instruction = nullptr;
  std::string text;
  if (cs_disasm(handle, code.data(), code.size(), pc.value, 1, &instruction) == 1) {
    text = instruction->mnemonic;
    if (instruction->op_str[0]) text += std::string(" ") + instruction->op_str;
    cs_free(instruction, 1);
  }
  return text;
}

}  // namespace

std::string disassemble(std::span<const std::uint8_t> code, Address pc) {
  if (code.size() < 2) return "";
  auto first = static_cast<std::uint16_t>(code[0] | code[1] << 8);
  std::size_t length = is_32_bit(first) ? 4 : 2;
  if (code.size() < length) return "";
  code = code.first(length);
  thread_local const Disassembler kPlain(CS_MODE_THUMB | CS_MODE_MCLASS),
      kWithV8(CS_MODE_THUMB | CS_MODE_MCLASS | CS_MODE_V8);
  std::string text = with_capstone(code, pc, kPlain.handle);
  // VSEL, VMAXNM, VRINTA and their like came with FPv5; Capstone files them under v8.
  if (text.empty()) text = with_capstone(code, pc, kWithV8.handle);
  if (!text.empty()) return text;
  if (length == 2) return fmt::format(".short 0x{:04x}", first);
  auto second = static_cast<std::uint16_t>(code[2] | code[3] << 8);
  return fmt::format(".inst.w 0x{:04x}{:04x}", first, second);
}

}  // namespace isa
