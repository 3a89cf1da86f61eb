#include "cli/guest_program.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "cli/errors.h"
#include "engine/toolchain/process.h"

namespace cli {
namespace {

constexpr const char* kCompiler = "arm-none-eabi-gcc";

/// Code and constants are one section and so are data and .bss: the parts of the last are loaded, too, so
/// that nothing has to clear them. The stack and the control words share the end of their regions.
std::string linker_script(const GuestLayout& layout) {
  return fmt::format(R"(MEMORY {{
  START : ORIGIN = {}, LENGTH = {}
  CODE : ORIGIN = {}, LENGTH = {}
  DATA : ORIGIN = {}, LENGTH = {}
}}
SECTIONS {{
  .start : {{ KEEP(*(.isr_vector)) *(.start) }} > START
  .text : {{ *(.text*) *(.rodata*) }} > CODE
  .data : {{ *(.data*) *(.bss*) *(COMMON) . = ALIGN(32); QUAD(0) }} > DATA
  guest_control = {};
  guest_stack_top = {};
}}
)",
                     layout.start.base, layout.start.size, layout.code.base, layout.code.size,
                     layout.data.base, layout.data.size,
                     layout.control.end() - isa::Bytes(GuestProgram::kControlBytes),
                     layout.data.end() - isa::Bytes(GuestProgram::kControlBytes));
}

std::vector<std::string> target_flags(const memory_model::Board& board) {
  std::vector<std::string> flags = {"-mcpu=cortex-m7", "-mthumb"};
  switch (board.fpu) {
    case memory_model::FpuPrecision::kDouble:
      flags.insert(flags.end(), {"-mfloat-abi=hard", "-mfpu=fpv5-d16"});
      break;
    case memory_model::FpuPrecision::kSingle:
      flags.insert(flags.end(), {"-mfloat-abi=hard", "-mfpu=fpv5-sp-d16"});
      break;
    case memory_model::FpuPrecision::kNone:
      flags.push_back("-mfloat-abi=soft");
      break;
  }
  return flags;
}

}  // namespace

memory_model::Region region_of(const memory_model::Board& board, memory_model::RegionKind kind) {
  const auto region = std::find_if(board.regions.begin(), board.regions.end(),
                                   [&](const auto& r) { return r.kind == kind && r.alias_of.empty(); });
  if (region != board.regions.end()) return *region;
  throw InputError(fmt::format("board {} has no {}, which this measurement needs", board.name,
                               memory_model::to_string(kind)));
}

memory_model::Region part(memory_model::Region region, isa::Bytes offset, isa::Bytes size) {
  region.base = region.base + offset;
  region.size = size;
  return region;
}

GuestProgram::GuestProgram(const memory_model::Board& board) : target_(target_flags(board)) {}

std::string GuestProgram::run(std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), target_.begin(), target_.end());
  arguments.insert(arguments.begin(), kCompiler);
  try {
    const engine::ProcessResult result = engine::run_process(arguments, folder_.path());
    if (result.exit_code == 0) return result.output;
    throw GuestBuildError(result.output.empty()
                              ? fmt::format("{} ended with code {}", kCompiler, result.exit_code)
                              : result.output);
  } catch (const std::system_error& error) {
    throw std::runtime_error(fmt::format("{}: cannot be started ({}); install the package gcc-arm-none-eabi",
                                         kCompiler, error.code().message()));
  }
}

void GuestProgram::add(const std::string& name, std::string_view text,
                       const std::vector<std::string>& flags) {
  write_file(folder_.path() / name, text);
  if (name.ends_with(".h")) return;
  const std::string object = name + ".o";
  std::vector<std::string> arguments = {"-std=c11", "-ffreestanding", "-g", "-c", "-o", object, name};
  arguments.insert(arguments.end(), flags.begin(), flags.end());
  run(arguments);
  objects_.push_back(object);
}

sim::Firmware GuestProgram::link(const GuestLayout& layout) const {
  write_file(folder_.path() / "guest.ld", linker_script(layout));
  std::vector<std::string> arguments = {"-nostdlib", "-Wl,--no-warn-rwx-segments", "-T", "guest.ld", "-o",
                                        "guest.elf"};
  arguments.insert(arguments.end(), objects_.begin(), objects_.end());
  arguments.push_back("-lgcc");
  run(arguments);
  return sim::load_elf(elf());
}

}  // namespace cli
