// A firmware image: what an ELF file (or a raw image at a base address) puts where, and its symbols.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "isa/units.h"

namespace sim {

/// A file that is not a firmware image we can run: "a.elf: machine is x86-64 (62), expected ARM (40)".
class FirmwareError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Segment {
  isa::Address address;  ///< physical (load) address
  std::vector<std::uint8_t>
      bytes;  ///< file bytes; what the ELF zero-fills in RAM is the start-up code's work
};

struct Symbol {
  std::string name;
  isa::Address address;  ///< Thumb bit cleared
  isa::Bytes size;
  bool is_function = false;
};

struct Firmware {
  std::filesystem::path path;
  isa::Address vector_table;  ///< lowest loaded address of the image's vector table
  std::vector<Segment> segments;
  std::vector<Symbol> symbols;  ///< sorted by address
  std::string step_table;       ///< JSON of section .m7scope.steps; empty if the ELF has none

  const Symbol* symbol(std::string_view name) const;
  /// The function that covers `pc`, or nullptr.
  const Symbol* function_at(isa::Address pc) const;
};

/// Parses ELF bytes; every header is checked before use. `where` names the file in errors. Throws
/// FirmwareError.
Firmware parse_elf(std::span<const std::uint8_t> file, const std::string& where);
/// Reads an ELF file. Throws FirmwareError.
Firmware load_elf(const std::filesystem::path& path);
/// A raw image whose first two words are the initial SP and the reset vector. Throws FirmwareError.
Firmware load_raw(const std::filesystem::path& path, isa::Address base);

}  // namespace sim
