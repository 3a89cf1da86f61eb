// Linker script, compiler flags and Makefile.
#include <fmt/format.h>

#include <stdexcept>

#include "engine/codegen/sources.h"
#include "memory_model/board.h"

namespace engine {
namespace {

// m7_vectors of m7_startup.c: 256 vectors of 4 bytes.
constexpr std::int64_t kVectorBytes = 1024;

std::string memory_line(const char* name, const char* access, const memory_model::Block& block) {
  return fmt::format("  {:<5} ({}) : ORIGIN = {}, LENGTH = {} /* {} */\n", name, access, block.base,
                     block.size, harmless(block.name));
}

// Where code executes, seen from where the constants lie.
enum class CodePlace {
  kWithConstants,  // the same memory
  kAlias,          // the same bytes at another address: the STM32F7's flash on the ITCM interface
  kCopied,         // other memory; start-up copies the code there
};

CodePlace code_place(const memory_model::Board& board) {
  const memory_model::Placement& at = board.placement;
  if (at.code == at.constants) return CodePlace::kWithConstants;
  const memory_model::Region* code = board.region(at.code.front());
  const memory_model::Region* constants = board.region(at.constants.front());
  const bool same = code->alias_of == constants->name || constants->alias_of == code->name;
  return same ? CodePlace::kAlias : CodePlace::kCopied;
}

std::string memory_lines(const memory_model::Board& board) {
  const memory_model::Placement& at = board.placement;
  std::string text = memory_line("FLASH", "rx", board.block(at.constants));
  memory_model::Block code = board.block(at.code);
  if (code_place(board) == CodePlace::kAlias) {
    // Code follows the vector table, whose bytes are here too.
    code.base = code.base + isa::Bytes(kVectorBytes);
    code.size -= isa::Bytes(kVectorBytes);
  }
  if (code_place(board) != CodePlace::kWithConstants) text += memory_line("CODE", "rx", code);
  text += memory_line("RAM", "rw", board.block(at.stack));
  if (at.stack != at.arena) text += memory_line("ARENA", "rw", board.block(at.arena));
  return text;
}

std::string code_sections(CodePlace place) {
  switch (place) {
    case CodePlace::kWithConstants:
      return R"(  .text : { *(.text .text.*) } > FLASH
  __code_start = 0; /* nothing to copy */
  __code_end = 0;
  __code_load = 0;
)";
    case CodePlace::kAlias:
      return R"(  .text : { *(.text .text.*) } > CODE AT > FLASH
  __code_start = 0; /* nothing to copy: the same bytes */
  __code_end = 0;
  __code_load = 0;
)";
    case CodePlace::kCopied:
      return R"(  /* The network; start-up copies it. What calls it stays in FLASH. */
  .fast_text : ALIGN(8) {
    __code_start = .;
    *model.o(.text .text.*)
    *m7_itm.o(.text .text.*)
    *m7_string.o(.text .text.*)
    *libgcc.a:*(.text .text.*)
    . = ALIGN(4);
    __code_end = .;
  } > CODE AT > FLASH
  __code_load = LOADADDR(.fast_text);
  .text : { *(.text .text.*) } > FLASH
)";
  }
  throw std::logic_error("linker_script: no such place");
}

}  // namespace

std::string linker_script(const Plan& plan, const memory_model::Board& board) {
  const bool one_block = board.placement.stack == board.placement.arena;
  std::string text = fmt::format("/* {} on {}: generated. */\nENTRY(m7_reset)\n\nMEMORY {{\n",
                                 harmless(plan.model), harmless(board.title));
  text += memory_lines(board);
  text += "}\n\nSECTIONS {\n  .vectors : ALIGN(1024) { KEEP(*(.vectors)) } > FLASH\n";
  text += code_sections(code_place(board));
  text += fmt::format(R"(  .rodata : {{ *(.rodata .rodata.*) }} > FLASH

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
  }} > RAM AT > FLASH
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
