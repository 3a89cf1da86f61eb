#include "guest_program.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <stdexcept>

namespace sim::test {
namespace {

/// Enables the FPU, calls main, exits with its result. A program that has one of the handlers gets its
/// vector; the others are 0.
constexpr const char* kStart = R"(
  .syntax unified
  .cpu cortex-m7
  .fpu fpv5-d16
  .thumb
  .section .isr_vector, "a"
  .global __isr_vector
__isr_vector:
  .word __stack_top
  .word reset + 1
  .irp name, NMI, HardFault, MemManage, BusFault, UsageFault
  .weak \name\()_Handler
  .word \name\()_Handler
  .endr
  .word 0, 0, 0, 0
  .weak SVC_Handler
  .word SVC_Handler
  .word 0, 0
  .irp name, PendSV, SysTick, IRQ0, IRQ1, IRQ2, IRQ3, IRQ4, IRQ5, IRQ6, IRQ7
  .weak \name\()_Handler
  .word \name\()_Handler
  .endr
  .rept 24
  .word 0
  .endr
  .text
  .type reset, %function
reset:
  ldr r0, =0xe000ed88
  ldr r1, [r0]
  orr r1, r1, #0x00f00000
  str r1, [r0]
  dsb
  isb
  bl main
  sub sp, sp, #8
  str r0, [sp, #4]
  ldr r0, =0x20026
  str r0, [sp]
  mov r1, sp
  movs r0, #0x20
  bkpt 0xab
  .size reset, . - reset
  .ltorg
)";

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  if (!out) throw std::runtime_error("cannot write " + path.string());
}

std::string linker_script(const memory_model::Board& board, const std::string& symbols) {
  memory_model::Block code = board.block(board.placement.code), ram = board.block(board.placement.stack);
  return fmt::format(R"(MEMORY {{
  CODE (rx) : ORIGIN = 0x{:x}, LENGTH = 0x{:x}
  RAM (rwx) : ORIGIN = 0x{:x}, LENGTH = 0x{:x}
}}
SECTIONS {{
  .isr_vector : {{ KEEP(*(.isr_vector)) }} > CODE
  .text : {{ *(.text*) *(.rodata*) }} > CODE
  .data : {{ *(.data*) }} > RAM AT > CODE
  .bss : {{ *(.bss*) *(COMMON) }} > RAM
  .m7scope.steps 0 (INFO) : {{ KEEP(*(.m7scope.steps)) }}
  __stack_top = 0x{:x};
  {}
}}
)",
                     code.base.value, code.size.value, ram.base.value, ram.size.value,
                     ram.base.value + static_cast<std::uint32_t>(ram.size.value), symbols);
}

}  // namespace

std::filesystem::path build(const std::string& source, const Build& how) {
  std::string all =
      fmt::format("{}|{}|{}|{}|{}|{}", kStart, source, how.board, how.c, how.flags, how.symbols);
  std::filesystem::path folder =
      std::filesystem::path(testing::TempDir()) /
      fmt::format("m7scope-guest-{}-{:016x}", getuid(), std::hash<std::string>()(all));
  std::filesystem::path elf = folder / "guest.elf";
  if (std::filesystem::exists(elf)) return elf;
  std::filesystem::create_directories(folder);
  std::filesystem::path program = folder / (how.c ? "guest.c" : "guest.s");
  write(folder / "start.s", kStart);
  write(program, how.c ? source
                       : ".syntax unified\n.cpu cortex-m7\n.fpu fpv5-d16\n.thumb\n.text\n.global main\n"
                         ".type main, %function\n" +
                             source + "\n.size main, . - main\n");
  write(folder / "link.ld", linker_script(memory_model::load_board(how.board), how.symbols));
  // Linked under another name first: several tests may build the same program at once.
  std::string partial = fmt::format("{}.{}", elf.string(), getpid());
  std::string command = fmt::format(
      "cd '{}' && arm-none-eabi-gcc -mcpu=cortex-m7 -mthumb -mfloat-abi=hard -mfpu=fpv5-d16 -O2 -g -nostdlib "
      "-ffreestanding -Wl,--no-warn-rwx-segments -T link.ld {} start.s {} -o '{}' > log 2>&1 && mv '{}' '{}'",
      folder.string(), how.flags, program.filename().string(), partial, partial, elf.string());
  if (std::system(command.c_str()) != 0) {
    std::ifstream log(folder / "log");
    throw std::runtime_error("cannot build the guest: " + std::string(std::istreambuf_iterator<char>(log),
                                                                      std::istreambuf_iterator<char>()));
  }
  return elf;
}

Outcome run_elf(const std::filesystem::path& elf, const std::string& board, Environment environment,
                RunLimits limits) {
  Outcome outcome;
  if (!environment.console) environment.console = [&](std::string_view text) { outcome.console += text; };
  if (!environment.step_mark) environment.step_mark = [&](int id) { outcome.marks.push_back(id); };
  const memory_model::Board page = memory_model::load_board(board);
  if (!environment.operating_point) environment.operating_point = page.full_speed_point;
  Machine machine(page, load_elf(elf));
  outcome.result = machine.run(environment, limits);
  return outcome;
}

Outcome run(const std::string& source, const Build& how, Environment environment, RunLimits limits) {
  // A program that goes astray ends soon.
  if (limits.max_cycles == RunLimits{}.max_cycles) limits.max_cycles = 200'000'000;
  return run_elf(build(source, how), how.board, std::move(environment), limits);
}

Fault fault_of(const std::string& source, const Build& how) {
  Outcome outcome = run(source, how);
  if (outcome.result.end == RunEnd::kFault) return *outcome.result.fault;
  ADD_FAILURE() << "no fault; exit code " << outcome.result.exit_code << ", end "
                << static_cast<int>(outcome.result.end);
  return {};
}

std::filesystem::path fresh_folder(const std::string& name) {
  std::filesystem::path folder =
      std::filesystem::path(testing::TempDir()) / fmt::format("m7scope-{}-{}-{}", getuid(), getpid(), name);
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return folder;
}

}  // namespace sim::test
