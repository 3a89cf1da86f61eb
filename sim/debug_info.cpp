// Source lines by elfutils.
#include "sim/debug_info.h"

#include <elfutils/libdw.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace sim {
namespace {

/// The line of `pc` in one compilation unit; empty where the unit does not cover it.
std::string line_in_unit(Dwarf_Die* unit, Dwarf_Addr pc) {
  if (dwarf_haspc(unit, pc) <= 0) return "";
  Dwarf_Line* line = dwarf_getsrc_die(unit, pc);
  int number = 0;
  if (!line || dwarf_lineno(line, &number) != 0 || number == 0) return "";
  const char* file = dwarf_linesrc(line, nullptr, nullptr);
  if (!file) return "";
  return fmt::format("{}:{}", std::filesystem::path(file).filename().string(), number);
}

}  // namespace

std::string source_line(const std::filesystem::path& elf, isa::Address pc) {
  int fd = ::open(elf.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return "";
  std::string found;
  if (Dwarf* dwarf = dwarf_begin(fd, DWARF_C_READ)) {
    // Unit by unit: assembler files have lines but no entry in .debug_aranges.
    Dwarf_CU* unit = nullptr;
    Dwarf_Die die;
    while (found.empty() && dwarf_get_units(dwarf, unit, &unit, nullptr, nullptr, &die, nullptr) == 0) {
      found = line_in_unit(&die, pc.value);
    }
    dwarf_end(dwarf);
  }
  ::close(fd);
  return found;
}

}  // namespace sim
