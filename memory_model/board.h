// A board is one TOML page: its memories, its clock, where an engine puts things, and a source for each
// number.
#pragma once

#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "isa/units.h"

namespace memory_model {

/// A board file that cannot be used: "myboard.toml:12: region 'SRAM1': size 0x0, expected at least 1".
class BoardError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

enum class RegionKind { kFlash, kItcm, kDtcm, kSram, kSdram, kQspi };
const char* to_string(RegionKind kind);

struct Region {
  std::string name;  ///< "flash", "DTCM", "SRAM1"
  RegionKind kind = RegionKind::kSram;
  isa::Address base;
  isa::Bytes size;
  std::string alias_of;  ///< name of the region whose bytes also appear here; empty for real memory
  std::string source;    ///< where base and size come from

  isa::Address end() const { return base + size; }
  bool contains(isa::Address a) const { return a >= base && a - base < size; }
  bool writable() const { return kind != RegionKind::kFlash && kind != RegionKind::kQspi; }
};

enum class FpuPrecision { kNone, kSingle, kDouble };

/// Where the engine's linker script puts things: names of regions. A list of several regions is one block of
/// memory, so they must follow each other without a gap. `stack` (also .data and .bss) and `arena` may be
/// equal: then they share the block, stack first.
struct Placement {
  std::vector<std::string> code;  ///< where code executes
  /// Where weights, the vector table and the start-up code lie (by default with the code). Code that executes
  /// in other memory is kept here too, and start-up copies it, unless `code` is an alias of this.
  std::vector<std::string> constants;
  std::vector<std::string> stack;
  std::vector<std::string> arena;
};

/// A stretch of address space made of one or several adjacent regions.
struct Block {
  std::string name;  ///< region names joined by "+"
  isa::Address base;
  isa::Bytes size;
};

struct Board {
  std::string name;   ///< "stm32f746"
  std::string title;  ///< "STM32F746G-DISCO"
  double core_hz = 0;
  std::string core_hz_source;
  FpuPrecision fpu = FpuPrecision::kSingle;
  std::string fpu_source;
  std::vector<Region> regions;
  Placement placement;                          ///< what an engine does unless told otherwise
  std::map<std::string, Placement> placements;  ///< by name; "default" is `placement`

  /// The region holding `a`, or nullptr.
  const Region* region_at(isa::Address a) const;
  /// The region called `name`, or nullptr.
  const Region* region(std::string_view name) const;
  /// The block made of the named regions. They exist and are adjacent once a board is loaded.
  Block block(const std::vector<std::string>& names) const;

  std::string to_text() const;
  std::string to_json() const;
};

/// Names of the built-in boards, sorted.
std::vector<std::string> board_names();
/// A built-in board by name, or a TOML file where `name_or_path` ends in ".toml". Throws BoardError.
Board load_board(const std::string& name_or_path);
/// Parses a board page; `where` names it in errors. Throws BoardError.
Board parse_board(std::string_view toml, const std::string& where);

}  // namespace memory_model
