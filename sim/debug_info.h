// Source lines from an ELF's DWARF.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "isa/units.h"

namespace sim {

/// A line of a source file.
struct SourcePlace {
  std::filesystem::path file;  ///< as the compiler was given it; empty where nothing is known
  int line = 0;

  /// "conv.c:120", or empty where nothing is known.
  std::string to_text() const;
  bool operator==(const SourcePlace&) const = default;
};

/// Line tables of one ELF file, opened once for many questions.
class SourceLines {
 public:
  /// A file that is no ELF, or that has no DWARF, answers every question with nothing.
  explicit SourceLines(const std::filesystem::path& elf);
  ~SourceLines();
  SourceLines(const SourceLines&) = delete;
  SourceLines& operator=(const SourceLines&) = delete;

  /// Where the instruction at `pc` comes from.
  SourcePlace at(isa::Address pc) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// "conv.c:120" for the instruction at `pc`, or empty where the file is no ELF or says nothing of it.
std::string source_line(const std::filesystem::path& elf, isa::Address pc);

}  // namespace sim
