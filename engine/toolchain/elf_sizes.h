// What an image occupies, from the ELF file that was linked.
#pragma once

#include <filesystem>
#include <optional>

#include "isa/units.h"

namespace engine {

struct ElfSizes {
  isa::Bytes flash;        ///< loaded from the file
  isa::Bytes copied_code;  ///< of it, code that start-up copies
  isa::Bytes data;         ///< .data + .bss
  isa::Bytes arena;
  isa::Bytes stack;
};

/// Nothing where `elf` is not an ELF file with program and section headers.
std::optional<ElfSizes> elf_sizes(const std::filesystem::path& elf);

}  // namespace engine
