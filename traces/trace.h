// What a trace file holds, as plain values: every fold, exporter and view reads this and nothing else.
//
// Times are core cycles since the run began. Texts are indices into Trace::strings.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "isa/cause.h"

namespace traces {

/// Index into Trace::strings; 0 is the empty text.
using StringId = std::uint32_t;
/// A cycle that did not come.
inline constexpr std::uint64_t kNever = ~std::uint64_t{0};

/// What ran. Nothing in here depends on when or where it ran.
struct About {
  std::string tool;           ///< "m7scope 0.1"
  std::string command;        ///< "infer zoo:mcunet-vww1 --board stm32f746"
  std::string board;          ///< "stm32f746"
  std::string board_title;    ///< "STM32F746 Discovery"
  std::string firmware;       ///< the file's name, without its folder
  std::string firmware_hash;  ///< XXH3-64 of the image's loaded bytes, 16 hexadecimal digits
  std::string model;          ///< empty where the firmware has no step table
  double core_hz = 0;         ///< at full speed
  double macs_per_cycle = 2;  ///< the core's limit for int8: SMLAD
  std::int64_t arena_bytes = 0, arena_lower_bound_bytes = 0;  ///< of the plan; 0: there is none
  bool operator==(const About&) const = default;
};

struct Region {
  std::string name;  ///< "DTCM", "SRAM1"
  std::string kind;  ///< "dtcm", "sram", "flash", ... as memory_model names them
  std::uint32_t base = 0, bytes = 0;
  bool writable = false;
  bool operator==(const Region&) const = default;
};

/// The core's clock from `cycle` on.
struct Clock {
  std::uint64_t cycle = 0;
  double core_hz = 0;
  bool operator==(const Clock&) const = default;
};

struct Symbol {
  StringId name = 0;
  std::uint32_t address = 0, bytes = 0;
  bool is_function = false;
  bool operator==(const Symbol&) const = default;
};

/// What the memory system did meanwhile.
struct MemoryCounts {
  std::uint64_t icache_fills = 0, dcache_fills = 0, dcache_write_backs = 0, bus_transactions = 0,
                device_accesses = 0;
  bool operator==(const MemoryCounts&) const = default;
};

struct Counts {
  std::uint64_t instructions = 0, loads = 0, stores = 0, load_bytes = 0, store_bytes = 0;
  isa::CauseCycles causes;
  MemoryCounts memory;
  bool operator==(const Counts&) const = default;
};

/// A step that ran: an operator, a patch of one, a piece of an update. In the order they ran.
struct Step {
  std::int32_t id = 0;  ///< as marked by the firmware
  StringId op = 0;      ///< "CONV_2D"; empty where the firmware has no step table
  StringId name = 0;    ///< of the output tensor
  StringId phase = 0;   ///< "forward", "backward", "update"
  std::int32_t patch = -1;
  std::uint64_t begin = 0, end = 0;
  std::int64_t macs = 0;
  Counts counts;
  bool operator==(const Step&) const = default;
};

/// A buffer that a plan placed, and what the binary did with it.
struct Buffer {
  StringId name = 0, kind = 0, type = 0, shape = 0;  ///< "conv2d_3", "activation", "int8", "1x24x24x16"
  std::int32_t tensor = -1;                          ///< index in the model file; -1: scratch
  std::uint32_t address = 0, bytes = 0;
  std::int32_t first_step = 0, last_step = 0;  ///< ids, both included
  std::uint64_t first_write = kNever, last_write = kNever, first_read = kNever, last_read = kNever;
  std::uint32_t bytes_written = 0, bytes_read = 0;  ///< different bytes of it
  bool operator==(const Buffer&) const = default;
};

enum class LifeKind : std::uint8_t {
  kInput,
  kActivation,
  kOutput,
  kScratch,
  kGradient,
  kWeight,
  kStatic,  ///< a variable of .data or .bss
  kHeap,
  kStack,
  kUnknown,
};
inline constexpr std::size_t kLifeKinds = 10;
const char* to_string(LifeKind kind);

/// Bytes that were written together, and read until something else took their place.
struct Life {
  enum Flag : std::uint8_t {
    kOpen = 1,         ///< not overwritten when the run ended
    kNeverWritten = 2  ///< read, but nothing wrote it
  };

  std::uint32_t id = 0;  ///< its index in Trace::lives
  LifeKind kind = LifeKind::kUnknown;
  std::uint8_t flags = 0;
  std::uint16_t region = 0;              ///< index in Trace::regions: of its first byte
  std::uint32_t address = 0, bytes = 0;  ///< its extent; it may reach into regions that follow without a gap
  std::uint32_t touched = 0;             ///< bytes of the extent that belong to it; 0: it was taken back
  std::uint32_t generations = 1;         ///< how often it was written anew for the same purpose (scratch)
  std::uint64_t born = 0;                ///< first write
  std::uint64_t last_write = 0;
  std::uint64_t first_read = kNever, last_read = kNever;
  std::uint64_t released = kNever;  ///< heap: free(); stack: return. The bytes are taken until then.
  StringId name = 0;                ///< the tensor's where a plan names it, else "conv_1x1 > depthwise_3x3"
  StringId owner = 0;               ///< what it lies in: "m7_arena", "heap block at main.c:12", "stack"
  StringId writer = 0, writer_line = 0, reader = 0, reader_line = 0;  ///< functions, and "conv.c:120"
  std::uint32_t writer_pc = 0, reader_pc = 0;   ///< of the first write and the last read
  std::int32_t born_step = -1, died_step = -1;  ///< indices into Trace::steps
  std::int32_t buffer = -1;                     ///< index into Trace::buffers

  /// When its bytes were last needed.
  std::uint64_t died() const {
    const std::uint64_t used = last_read == kNever || last_read < last_write ? last_write : last_read;
    return released != kNever && released > used ? released : used;
  }
  bool operator==(const Life&) const = default;
};

/// A stretch of time: what the core did and how deep the stack was. Stretches follow each other without gaps.
struct Sample {
  std::uint64_t begin = 0, end = 0;
  std::uint64_t instructions = 0;
  isa::CauseCycles causes;
  std::uint32_t stack_bytes = 0;  ///< at its deepest
  bool operator==(const Sample&) const = default;
};

/// Address x time: how often each row of bytes was read and written in each column of cycles.
struct Heat {
  std::uint16_t region = 0;
  std::uint32_t base = 0, row_bytes = 0;
  std::uint64_t begin = 0, column_cycles = 0;
  std::uint32_t rows = 0, columns = 0;
  std::vector<std::uint8_t> reads, writes;  ///< levels (heat_level), one column after the other
  bool operator==(const Heat&) const = default;
};
/// Accesses as a level of 0..255, logarithmic: 16 levels a doubling. heat_level(0) is 0.
std::uint8_t heat_level(std::uint64_t accesses);
double heat_accesses(std::uint8_t level);

/// Order as in tables; names as in JSON.
enum class FindingKind : std::uint8_t {
  kReadBeforeWrite,     ///< "read-before-write"
  kWriteNeverRead,      ///< "write-never-read"
  kArenaUntouched,      ///< "arena-untouched"
  kLifetimeTooLong,     ///< "lifetime-longer-than-needed"
  kStackHigh,           ///< "stack-high-water"
  kPastEnd,             ///< "past-array-end"
  kUnaligned,           ///< "unaligned"
  kFlashWrite,          ///< "flash-write"
  kOutsidePlannedLife,  ///< "outside-planned-life"
  kOverwritten,         ///< "overwritten-while-needed"
};
inline constexpr std::size_t kFindingKinds = 10;
const char* to_string(FindingKind kind);

/// Something the run did that deserves a look. Equal ones (kind, pc, owner) are one, counted.
struct Finding {
  FindingKind kind = FindingKind::kReadBeforeWrite;
  bool is_problem = true;  ///< false: worth knowing (bytes to save), but nothing is wrong
  StringId text = 0;       ///< one sentence that names thing, place, found and expected
  std::uint32_t pc = 0;
  StringId function = 0, line = 0, owner = 0;
  std::int32_t step = -1;  ///< index into Trace::steps
  std::uint32_t address = 0, bytes = 0;
  std::uint64_t cycle = 0, count = 1;
  std::int64_t saves_bytes = 0;  ///< at the peak
  bool operator==(const Finding&) const = default;
};

struct FunctionCost {
  StringId name = 0;
  StringId file = 0;
  std::uint32_t address = 0;
  std::uint64_t calls = 0, instructions = 0;
  isa::CauseCycles causes;
  bool operator==(const FunctionCost&) const = default;
};

/// What one source line took inside one function.
struct LineCost {
  StringId function = 0, file = 0;
  std::int32_t line = 0;
  std::uint64_t instructions = 0;
  isa::CauseCycles causes;
  bool operator==(const LineCost&) const = default;
};

/// A node of the calling-context tree: `function` called along the path of its parents. Node 0 is the root.
struct CallNode {
  std::uint32_t parent = 0;
  StringId function = 0;
  std::uint64_t calls = 0;
  std::uint64_t self_cycles = 0, self_instructions = 0;
  bool operator==(const CallNode&) const = default;
};

struct ListingRow {
  std::uint32_t address = 0;
  StringId text = 0;  ///< disassembly
  StringId file = 0;
  std::int32_t line = 0;
  std::uint64_t executions = 0, cycles = 0;
  bool operator==(const ListingRow&) const = default;
};

/// A function's instructions, for those that write lives or take cycles.
struct Listing {
  StringId function = 0;
  std::vector<ListingRow> rows;
  bool operator==(const Listing&) const = default;
};

/// A stretch of a source file that listings refer to.
struct SourceText {
  StringId file = 0;
  std::int32_t first_line = 1;
  std::vector<StringId> lines;
  bool operator==(const SourceText&) const = default;
};

/// How the run ended. A trace without it was cut short.
struct End {
  std::string reason;  ///< "exit", "fault", "limit", "stopped"
  std::int32_t exit_code = 0;
  std::uint64_t cycles = 0;
  double seconds = 0;
  Counts total;
  std::uint32_t stack_top = 0, stack_limit_bytes = 0, stack_bytes = 0;
  std::uint64_t stack_cycle = 0;  ///< of the deepest
  StringId stack_path = 0;        ///< "main > invoke > conv"
  /// Past a bound or the file's size cap: lives, stretches of time, cells of heat.
  std::uint64_t lives_dropped = 0, samples_dropped = 0, heat_dropped = 0;
  std::vector<std::string> notes;
  bool operator==(const End&) const = default;
};

struct Trace {
  About about;
  std::vector<std::string> strings{""};
  std::vector<Region> regions;
  std::vector<Clock> clocks;
  std::vector<Symbol> symbols;
  std::vector<Step> steps;
  std::vector<Buffer> buffers;
  std::vector<Life> lives;
  std::vector<Sample> samples;
  std::vector<Heat> heat;
  std::vector<Finding> findings;
  std::vector<FunctionCost> functions;
  std::vector<LineCost> lines;
  std::vector<CallNode> calls;
  std::vector<Listing> listings;
  std::vector<SourceText> sources;
  std::uint64_t reached = 0;  ///< the last cycle the trace knows of
  std::optional<End> end;
  std::string cut;  ///< why the file holds less than the run, in one line; empty: it is whole

  std::string_view text(StringId id) const { return id < strings.size() ? strings[id] : std::string_view(); }
  /// Cycles of the run, as far as the trace goes.
  std::uint64_t cycles() const { return end ? end->cycles : reached; }
  bool operator==(const Trace&) const = default;
};

}  // namespace traces
