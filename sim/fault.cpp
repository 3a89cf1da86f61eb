// The text of faults.
#include "sim/fault.h"

#include <fmt/format.h>

#include "isa/disassemble.h"
#include "sim/debug_info.h"
#include "sim/system_space.h"

namespace sim {
namespace {

/// What there is at an address of no region.
std::string place(const memory_model::Board& board, isa::Address address) {
  if (address.value >= SystemSpace::kBase) return "in the core's system space, at no register";
  if (address.value >= 0x40000000 && address.value < 0x60000000) {
    return fmt::format("in the peripheral space of {}, where the model has no peripheral", board.name);
  }
  return fmt::format("outside every region of {}", board.name);
}

}  // namespace

std::string describe_access(const memory_model::Board& board, bool store, unsigned bytes,
                            isa::Address address) {
  std::string access = fmt::format("{} of {} byte{} {} {}", store ? "store" : "load", bytes,
                                   bytes == 1 ? "" : "s", store ? "to" : "from", address);
  const memory_model::Region* region = board.region_at(address);
  if (!region) return fmt::format("{}, which is {}", access, place(board, address));
  if (store && !region->writable())
    return fmt::format("{}, which is in {}: it cannot be written", access, region->name);
  return access;
}

std::string describe_fetch(const memory_model::Board& board, isa::Address address) {
  if ((address.value & 0xfffffff0) == 0xfffffff0 || (address.value & 0xffffffe0) == 0xffffffe0) {
    return fmt::format("branch to {}, a return from an exception, but none is active", address);
  }
  if (const memory_model::Region* region = board.region_at(address)) {
    return fmt::format(
        "instruction fetch from {}, which is in {}: the default memory map forbids it (execute never)",
        address, region->name);
  }
  return fmt::format("instruction fetch from {}, which is {}", address, place(board, address));
}

Fault explain(const FaultFacts& facts, const GuestMemory& memory, const Firmware& firmware) {
  Fault fault;
  fault.kind = facts.kind;
  fault.reason = facts.reason;
  fault.pc = facts.pc;
  fault.step = facts.step;
  fault.registers = facts.registers;
  fault.registers.r[15] = facts.pc.value;
  fault.instruction = isa::disassemble(memory.from(facts.pc), facts.pc);
  if (const Symbol* function = firmware.function_at(facts.pc)) fault.function = function->name;
  fault.source = source_line(firmware.path, facts.pc);
  return fault;
}

std::string Fault::to_text() const {
  std::string text = fmt::format("{}: {}\n  at {}", kind, reason, pc);
  if (!instruction.empty()) text += fmt::format(": {}", instruction);
  if (!function.empty()) text += fmt::format("\n  in {}", function);
  if (!source.empty()) text += fmt::format("{}({})", function.empty() ? "\n  " : " ", source);
  if (step) text += fmt::format("\n  during step {}", *step);
  for (std::size_t i = 0; i < registers.r.size(); ++i) {
    constexpr const char* kNames[] = {"r0", "r1", "r2",  "r3",  "r4",  "r5", "r6", "r7",
                                      "r8", "r9", "r10", "r11", "r12", "sp", "lr", "pc"};
    text += fmt::format("{}{:>3} {:08x}", i % 4 == 0 ? "\n  " : "  ", kNames[i], registers.r[i]);
  }
  text += fmt::format("\n  xpsr {:08x}\n", registers.xpsr);
  return text;
}

}  // namespace sim
