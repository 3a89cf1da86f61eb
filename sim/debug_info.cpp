// Source lines by elfutils.
#include "sim/debug_info.h"

#include <elfutils/libdw.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <vector>

namespace sim {

std::string SourcePlace::to_text() const {
  return file.empty() ? "" : fmt::format("{}:{}", file.filename().string(), line);
}

struct SourceLines::Impl {
  int file = -1;
  Dwarf* dwarf = nullptr;
  std::vector<Dwarf_Die> units;
};

SourceLines::SourceLines(const std::filesystem::path& elf) : impl_(std::make_unique<Impl>()) {
  impl_->file = ::open(elf.c_str(), O_RDONLY | O_CLOEXEC);
  if (impl_->file < 0) return;
  impl_->dwarf = dwarf_begin(impl_->file, DWARF_C_READ);
  if (!impl_->dwarf) return;
  // Unit by unit: assembler files have lines but no entry in .debug_aranges.
  Dwarf_CU* unit = nullptr;
  Dwarf_Die die;
  while (dwarf_get_units(impl_->dwarf, unit, &unit, nullptr, nullptr, &die, nullptr) == 0) {
    impl_->units.push_back(die);
  }
}

SourceLines::~SourceLines() {
  if (impl_->dwarf) dwarf_end(impl_->dwarf);
  if (impl_->file >= 0) ::close(impl_->file);
}

SourcePlace SourceLines::at(isa::Address pc) const {
  for (Dwarf_Die& unit : impl_->units) {
    if (dwarf_haspc(&unit, pc.value) <= 0) continue;
    Dwarf_Line* line = dwarf_getsrc_die(&unit, pc.value);
    int number = 0;
    if (!line || dwarf_lineno(line, &number) != 0 || number == 0) continue;
    if (const char* file = dwarf_linesrc(line, nullptr, nullptr)) return {file, number};
  }
  return {};
}

std::string source_line(const std::filesystem::path& elf, isa::Address pc) {
  return SourceLines(elf).at(pc).to_text();
}

}  // namespace sim
