// A board is one TOML page: its memories, its clock, where an engine puts things, and a source for each
// number.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "isa/units.h"
#include "memory_model/operating_point.h"

namespace memory_model {

/// A board file that cannot be used: "myboard.toml:12: region 'SRAM1': size 0x0, expected at least 1".
class BoardError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// How well a number is known.
enum class Quality { kMeasured, kManual, kEstimated };
const char* to_string(Quality quality);

/// Clocks of an operating point.
enum class ClockName { kCore, kAxi, kAhb };
const char* to_string(ClockName clock);

enum class Replacement { kPseudoRandom, kLru };
const char* to_string(Replacement replacement);

/// A level-1 cache; size 0: the part has none. Lines of 32 bytes.
struct CacheGeometry {
  isa::Bytes size;
  int ways = 1;
  Replacement replacement = Replacement::kPseudoRandom;
  std::string source;
};

/// A bus, from the core's port or from the bus it hangs on to the memories on it.
struct Bus {
  std::string name;  ///< "AXI", "D2"
  ClockName clock = ClockName::kAxi;
  int width_bits = 64;
  int latency = 0;      ///< its clocks that a request and its answer take on the way, beside the memory's own
  std::string behind;   ///< the bus it hangs on; empty: the core's port
  bool serial = false;  ///< a bridge that carries one burst at a time
  Quality quality = Quality::kEstimated;
  std::string source;
};

struct SdramTiming {
  double clock_hz = 0;
  int width_bits = 32;
  int cas = 3, rcd = 2, rp = 2;  ///< SDRAM clocks: CAS latency, row to column, precharge
  int read_ahead = 0;            ///< words that the controller reads on behind a burst, for a next one there
  int columns = 256, banks = 4;  ///< bank bits are the uppermost, then row, then column (FMC)
  Quality quality = Quality::kEstimated;
  std::string source;
};

/// A serial flash mapped into memory. What follows the last read is read ahead.
struct QspiTiming {
  double clock_hz = 0;
  int data_lines = 4;      ///< 4, or 8 for two flashes side by side
  bool ddr = false;        ///< two bits a line and clock
  int command_clocks = 0;  ///< opcode, address and dummy clocks of a read elsewhere
  int read_ahead_bytes = 32;
  Quality quality = Quality::kEstimated;
  std::string source;
};

/// A flash accelerator: a small cache of flash lines on the ITCM path of the STM32F7.
struct ArtGeometry {
  int lines = 0;
  std::string source;
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

  std::string bus;      ///< name of its bus; empty for TCMs, and for memory that answers at once
  int wait_states = 0;  ///< of its bus's clock before the first beat (flash: those of the operating point)
  std::optional<SdramTiming> sdram;
  std::optional<QspiTiming> qspi;
  std::optional<ArtGeometry> art;

  isa::Address end() const { return base + size; }
  bool contains(isa::Address a) const { return a >= base && a - base < size; }
  bool writable() const { return kind != RegionKind::kFlash && kind != RegionKind::kQspi; }
};

/// The flash wait states a clock needs.
struct WaitStateRow {
  std::string scale;  ///< voltage scale or supply: "VOS0", "2.7-3.6V"
  double max_hz = 0;  ///< of the flash interface's clock
  int wait_states = 0;
};

struct FlashTiming {
  int line_bits = 256;  ///< read at once, and kept
  std::vector<WaitStateRow> wait_states;
  std::string source;
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
  std::string family;  ///< whose clock, power and flash registers: "stm32f7", "stm32h743", ..., "none"
  int mpu_regions = 8;
  std::string mpu_source;
  CacheGeometry icache, dcache;
  std::vector<Bus> buses;
  std::string peripheral_bus;       ///< reaches 0x40000000 to 0x5fffffff
  FlashTiming flash;                ///< no rows where there is no flash
  OperatingPoint reset_point;       ///< out of reset: caches and accelerator off
  OperatingPoint full_speed_point;  ///< highest clocks, caches and accelerator on
  std::string reset_source, full_speed_source;
  std::vector<Region> regions;
  Placement placement;                          ///< what an engine does unless told otherwise
  std::map<std::string, Placement> placements;  ///< by name; "default" is `placement`

  const Bus* bus(std::string_view name) const;
  /// Wait states that `hz` needs at that voltage scale, or nullopt where the table has no such row.
  std::optional<int> wait_states(std::string_view scale, double hz) const;
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
