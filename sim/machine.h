// The machine: Unicorn executes a firmware image on a board; m7scope watches.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "isa/cause.h"
#include "isa/units.h"
#include "memory_model/board.h"
#include "memory_model/memory_system.h"
#include "sim/firmware.h"
#include "sim/profile.h"

namespace traces {
class TraceWriter;
}

namespace sim {
namespace gdb {
class Debugger;
}

namespace peripherals {
class ConsolePort;
}

struct Registers {
  std::array<std::uint32_t, 16> r{};  ///< r0-r12, sp, lr, pc
  std::uint32_t xpsr = 0;
};

/// What the guest did that a Cortex-M7 would not survive.
struct Fault {
  std::string kind;         ///< "BusFault", "UsageFault", "HardFault"
  std::string reason;       ///< "store of 4 bytes to 0x60000000, which is outside every region of stm32f746"
  isa::Address pc;          ///< of the instruction that faulted
  std::string instruction;  ///< its disassembly
  std::string function;     ///< where known
  std::string source;       ///< "kernel.c:120" where known
  std::optional<int> step;  ///< engine step it happened in
  Registers registers;

  std::string to_text() const;
};

/// Counters of one step, or of the whole run.
struct Counts {
  std::uint64_t instructions = 0;       ///< executed, failed IT halves included
  std::uint64_t loads = 0, stores = 0;  ///< accesses (a word of LDM is one access)
  std::uint64_t load_bytes = 0, store_bytes = 0;
  isa::CauseCycles causes;  ///< what each cycle went to; `causes.total()` is the time in core cycles
};

struct StepCounts {
  int id = 0;
  Counts counts;
  double seconds = 0;  ///< cycles at the clocks that were set meanwhile
};

/// A stretch of memory.
struct Extent {
  isa::Address begin;
  isa::Bytes size;

  isa::Address end() const { return begin + size; }
  bool operator==(const Extent&) const = default;
};

struct RunLimits {
  std::uint64_t max_cycles = 20'000'000'000;
};

enum class RunEnd { kExit, kFault, kLimit, kStopped };

struct RunResult {
  RunEnd end = RunEnd::kExit;
  int exit_code = 0;  ///< what the guest passed to SYS_EXIT
  Counts total;
  std::vector<StepCounts> steps;  ///< in the order they ran
  isa::Bytes stack_used;          ///< initial SP minus the lowest stack address written
  std::vector<Extent> touched;    ///< RAM that the guest loaded or stored, sorted, in granules of 8 bytes
  double seconds = 0;             ///< simulated time: cycles at the clocks that firmware had set
  memory_model::MemorySystem::Counts memory;
  std::optional<Profile> profile;  ///< where it was asked for
  std::optional<Fault> fault;      ///< what ended the run, where a fault did
  /// Faults that the part takes as exceptions, in order, at most kMaxFaults of them; the guest's handlers
  /// ran, and where one returned the run went on.
  std::vector<Fault> faults;
  std::uint64_t faults_taken = 0;  ///< all of them
  /// What was met and is not modelled, each thing once: "load from RCC.CSR (0x40023874), which is not ...".
  std::vector<std::string> notes;

  static constexpr std::size_t kMaxFaults = 32;

  isa::Cycles cycles() const { return total.causes.total(); }
};

/// What the outside world does for a run.
struct Environment {
  std::filesystem::path sandbox;  ///< semihosting files live here and nowhere else; empty: no files
  std::function<void(std::string_view)>
      console;               ///< text the guest prints (SYS_WRITE0, SYS_WRITEC, SYS_WRITE to tt)
  std::string command_line;  ///< SYS_GET_CMDLINE
  /// The far end of the serial port called `serial_device` (empty: the first that firmware enables). Null:
  /// what the guest sends goes to `console`, and nothing comes back.
  peripherals::ConsolePort* serial = nullptr;
  std::string serial_device;
  std::optional<std::uint64_t> hse_hz;  ///< external oscillator, where it is not the board's usual one
  /// Step `id` is about to begin (or, with id == number of steps, the last one has ended). Memory may be
  /// read.
  std::function<void(int id)> step_mark;
  /// Called about every 10 million cycles with the instructions so far; returning false stops the run
  /// (kStopped).
  std::function<bool(std::uint64_t instructions)> progress;
  bool profile = false;  ///< fill RunResult::profile
  /// Clocks, wait states and caches as if firmware had set them up, for code that does not do it itself;
  /// without it the run begins as the part comes out of reset.
  std::optional<memory_model::OperatingPoint> operating_point;
  /// Takes down everything the run does: steps, lives, heat, findings. The machine writes all but the header,
  /// and ends the file.
  traces::TraceWriter* trace = nullptr;
  /// The text of a source file by its name in the debug information, for the trace; without it such files are
  /// looked for where that name says, seen from the firmware's folder.
  std::function<std::optional<std::string>(const std::filesystem::path&)> source_text;
  gdb::Debugger* debugger = nullptr;  ///< asked before the first instruction, and whenever the run stops
};

class Machine {
 public:
  /// Maps the board's regions and loads the firmware. Throws FirmwareError where a segment lies outside them.
  Machine(const memory_model::Board& board, const Firmware& firmware);
  ~Machine();
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  /// Resets (SP and PC from the vector table) and runs to the end.
  RunResult run(const Environment& environment, const RunLimits& limits = {});
  /// The same with the emulator alone: nothing is timed, counted, checked or interrupted. Returns the seconds
  /// of host time it took. Only for comparing speeds.
  double run_bare(const Environment& environment);

  /// Copies guest memory. Throws std::out_of_range outside the board's regions.
  void read(isa::Address address, std::span<std::uint8_t> out) const;
  void write(isa::Address address, std::span<const std::uint8_t> in);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sim
