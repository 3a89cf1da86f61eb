// Small bare-metal programs that commands build for themselves: sources in, firmware out.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "cli/files.h"
#include "isa/units.h"
#include "memory_model/board.h"
#include "sim/firmware.h"

namespace cli {

/// What the compiler, the assembler or the linker said against a guest program.
class GuestBuildError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Where the linker puts the parts of a guest program: they are loaded to where they run from.
struct GuestLayout {
  memory_model::Region start;    ///< vectors, start-up code, and C of section .start
  memory_model::Region code;     ///< .text, .rodata
  memory_model::Region data;     ///< .data, .bss, and the stack at its end
  memory_model::Region control;  ///< .control: words that the host reads and writes, at the region's end
};

/// The board's first region of that kind. Throws InputError where it has none.
memory_model::Region region_of(const memory_model::Board& board, memory_model::RegionKind kind);
/// `size` bytes of `region` from `offset`.
memory_model::Region part(memory_model::Region region, isa::Bytes offset, isa::Bytes size);

/// Compiles once, links as often as wanted.
class GuestProgram {
 public:
  static constexpr int kControlBytes = 64;

  explicit GuestProgram(const memory_model::Board& board);

  /// Adds a source file: C where `name` ends in ".c", assembly in ".S" or ".s". Throws GuestBuildError.
  void add(const std::string& name, std::string_view text, const std::vector<std::string>& flags = {});
  /// Throws GuestBuildError.
  sim::Firmware link(const GuestLayout& layout) const;
  /// The file that was linked last.
  std::filesystem::path elf() const { return folder_.path() / "guest.elf"; }

 private:
  std::string run(std::vector<std::string> arguments) const;

  TemporaryFolder folder_;
  std::vector<std::string> target_;
  std::vector<std::string> objects_;
};

}  // namespace cli
