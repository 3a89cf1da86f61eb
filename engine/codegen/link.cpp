// Linker script, compiler flags and Makefile.
#include <fmt/format.h>

#include "engine/codegen/sources.h"
#include "memory_model/board.h"

namespace engine {
namespace {

std::string memory_line(const char* name, const char* access, const memory_model::Block& block) {
  return fmt::format("  {:<5} ({}) : ORIGIN = {}, LENGTH = {} /* {} */\n", name, access, block.base,
                     block.size, harmless(block.name));
}

}  // namespace

std::string linker_script(const Plan& plan, const memory_model::Board& board) {
  const bool one_block = board.placement.stack == board.placement.arena;
  std::string text = fmt::format("/* {} on {}: generated. */\nENTRY(m7_reset)\n\nMEMORY {{\n",
                                 harmless(plan.model), harmless(board.title));
  text += memory_line("CODE", "rx", board.block(board.placement.code));
  text += memory_line("RAM", "rw", board.block(board.placement.stack));
  if (!one_block) text += memory_line("ARENA", "rw", board.block(board.placement.arena));
  text += fmt::format(R"(}}

SECTIONS {{
  .vectors : ALIGN(1024) {{ KEEP(*(.vectors)) }} > CODE
  .text : {{ *(.text .text.*) }} > CODE
  .rodata : {{ *(.rodata .rodata.*) }} > CODE

  /* The stack lies at the bottom of its block, so that an overflow leaves the RAM instead of eating data. */
  .stack (NOLOAD) : ALIGN(8) {{
    __stack_bottom = .;
    . += {0};
    __stack_top = .;
  }} > RAM

  .data : ALIGN(8) {{
    __data_start = .;
    *(.data .data.*)
    . = ALIGN(4);
    __data_end = .;
  }} > RAM AT > CODE
  __data_load = LOADADDR(.data);

  .bss (NOLOAD) : ALIGN(4) {{
    __bss_start = .;
    *(.bss .bss.* COMMON)
    . = ALIGN(4);
    __bss_end = .;
  }} > RAM AT > RAM

  /* Buffers of the plan; never cleared. */
  .m7_arena (NOLOAD) : ALIGN(32) {{ *(.noinit) }} > {1} AT > {1}

  /* What the engine says about itself; not loaded. */
  .m7scope.steps 0 : {{ KEEP(*(.m7scope.steps)) }}

  /DISCARD/ : {{ *(.ARM.exidx* .ARM.extab* .eh_frame* .note* .comment) }}
}}
)",
                      kStackBytes, one_block ? "RAM" : "ARENA");
  return text;
}

std::vector<std::string> compiler_flags(const memory_model::Board& board) {
  std::vector<std::string> flags = {"-mcpu=cortex-m7", "-mthumb"};
  switch (board.fpu) {
    case memory_model::FpuPrecision::kNone:
      flags.emplace_back("-mfloat-abi=soft");
      break;
    case memory_model::FpuPrecision::kSingle:
      flags.insert(flags.end(), {"-mfloat-abi=hard", "-mfpu=fpv5-sp-d16"});
      break;
    case memory_model::FpuPrecision::kDouble:
      flags.insert(flags.end(), {"-mfloat-abi=hard", "-mfpu=fpv5-d16"});
      break;
  }
  // Freestanding: no C library. Contraction off: float results are the reference's.
  flags.insert(flags.end(), {"-O3", "-g", "-std=c11", "-ffreestanding", "-ffunction-sections",
                             "-fdata-sections", "-fno-common", "-ffp-contract=off"});
  return flags;
}

std::vector<std::string> linker_flags() {
  return {
      "-nostdlib", "-nostartfiles", "-Wl,--gc-sections", "-Wl,--build-id=none", "-Wl,--no-warn-rwx-segments",
      "-T",        "link.ld"};
}

std::string makefile(const SourceTree& tree, const memory_model::Board& board) {
  std::string objects;
  for (const auto& [name, text] : tree) {
    if (name.ends_with(".c") || name.ends_with(".S")) {
      objects += fmt::format(" {}.o", name.substr(0, name.size() - 2));
    }
  }
  return fmt::format(R"(# Builds model.elf (to flash or to simulate), model.map and model.bin for {title}.
CC = arm-none-eabi-gcc
OBJCOPY = arm-none-eabi-objcopy
CFLAGS = {flags}
LDFLAGS = {link} -Wl,-Map=model.map
OBJECTS ={objects}

all: model.elf model.bin

model.elf: $(OBJECTS) link.ld
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(OBJECTS) -lgcc

model.bin: model.elf
	$(OBJCOPY) -O binary $< $@

%.o: %.c $(wildcard *.h)
	$(CC) $(CFLAGS) -c -o $@ $<

steps.o: steps.S steps.json
	$(CC) $(CFLAGS) -c -o $@ $<

clean:
	rm -f $(OBJECTS) model.elf model.map model.bin

.PHONY: all clean
)",
                     fmt::arg("title", harmless(board.title)),
                     fmt::arg("flags", fmt::join(compiler_flags(board), " ")),
                     fmt::arg("link", fmt::join(linker_flags(), " ")), fmt::arg("objects", objects));
}

}  // namespace engine
