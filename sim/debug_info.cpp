// Source lines by elfutils.
#include "sim/debug_info.h"

#include <elfutils/libdw.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace sim {

std::string SourcePlace::to_text() const {
  return file.empty() ? "" : fmt::format("{}:{}", file.filename().string(), line);
}

namespace {

/// A compilation unit and the code it has. Asking elfutils for the ranges takes longer than all the rest of
/// an answer, so that is done once.
struct Unit {
  Dwarf_Die die;
  std::vector<std::pair<Dwarf_Addr, Dwarf_Addr>> ranges;  ///< first byte, and behind the last

  bool has(Dwarf_Addr pc) const {
    return std::any_of(ranges.begin(), ranges.end(),
                       [&](const auto& range) { return pc >= range.first && pc < range.second; });
  }
};

}  // namespace

struct SourceLines::Impl {
  int file = -1;
  Dwarf* dwarf = nullptr;
  std::vector<Unit> units;
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
    Unit& added = impl_->units.emplace_back(Unit{die, {}});
    Dwarf_Addr base = 0, begin = 0, end = 0;
    for (std::ptrdiff_t next = 0; (next = dwarf_ranges(&die, next, &base, &begin, &end)) > 0;) {
      added.ranges.emplace_back(begin, end);
    }
  }
}

SourceLines::~SourceLines() {
  if (impl_->dwarf) dwarf_end(impl_->dwarf);
  if (impl_->file >= 0) ::close(impl_->file);
}

SourcePlace SourceLines::at(isa::Address pc) const {
  for (Unit& unit : impl_->units) {
    if (!unit.has(pc.value)) continue;
    Dwarf_Line* line = dwarf_getsrc_die(&unit.die, pc.value);
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
