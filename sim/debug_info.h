// Source lines from an ELF's DWARF.
#pragma once

#include <filesystem>
#include <string>

#include "isa/units.h"

namespace sim {

/// "conv.c:120" for the instruction at `pc`, or empty where the file is no ELF or says nothing of it.
std::string source_line(const std::filesystem::path& elf, isa::Address pc);

}  // namespace sim
