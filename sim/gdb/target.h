// What a debugger sees of a run, and how the two talk: the protocol (session.h) stands between these.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "isa/cause.h"
#include "isa/units.h"
#include "memory_model/board.h"

namespace sim::gdb {

/// In gdb's order for an M-profile core: core registers, the system registers, the FPU's.
enum class Register : std::uint8_t {
  kR0 = 0,
  kSp = 13,
  kLr = 14,
  kPc = 15,
  kXpsr = 16,
  kMsp,
  kPsp,
  kPrimask,
  kBasepri,
  kFaultmask,
  kControl,
  kD0,
  kFpscr = kD0 + 16,
};

/// Numbers of gdb's own list (include/gdb/signals.def), which are not the host's.
enum class Signal : std::uint8_t {
  kInterrupt = 2,
  kIllegalInstruction = 4,
  kTrap = 5,
  kArithmetic = 8,
  kBus = 10,
  kSegmentation = 11,
  kCpuLimit = 24,
};

/// What Z and z packets insert and remove; the values are theirs.
enum class PointKind : std::uint8_t {
  kSoftwareBreak = 0,
  kHardwareBreak = 1,
  kWriteWatch = 2,
  kReadWatch = 3,
  kAccessWatch = 4,
};

struct Point {
  PointKind kind = PointKind::kSoftwareBreak;
  isa::Address address = {};
  std::uint32_t size = 2;  ///< bytes that are watched; of a breakpoint, of its instruction

  bool is_watch() const { return kind >= PointKind::kWriteWatch; }
  bool operator==(const Point&) const = default;
};

/// Why the run stopped.
struct Stop {
  enum class Kind : std::uint8_t {
    kSignal,      ///< it can be looked at
    kExited,      ///< the program ended with `exit_code`
    kTerminated,  ///< the run ended because of `signal`
  };
  Kind kind = Kind::kSignal;
  Signal signal = Signal::kTrap;
  int exit_code = 0;
  /// The breakpoint or watchpoint that was hit; a watchpoint's address is the one that was accessed.
  std::optional<Point> point = {};
  /// For the user: text of whole lines, or empty.
  std::string explanation = {};
};

/// How the run goes on.
struct Resume {
  enum class How : std::uint8_t {
    kContinue,
    kStep,       ///< one instruction; a whole IT block counts as one
    kStepRange,  ///< until PC leaves [begin, end)
    kKill,       ///< the run ends here
    kDetach,     ///< on to its end, without a debugger
  };
  How how = How::kContinue;
  isa::Address begin = {}, end = {};
};

/// A stopped run.
class DebugTarget {
 public:
  virtual ~DebugTarget() = default;

  virtual const memory_model::Board& board() const = 0;
  /// 32 bits, but for d0 to d15 which have 64.
  virtual std::uint64_t read_register(Register which) const = 0;
  virtual void write_register(Register which, std::uint64_t value) = 0;
  /// Copies what there is from `address` on; how many bytes that was.
  virtual std::size_t read_memory(isa::Address address, std::span<std::uint8_t> out) = 0;
  /// Flash too; false, with nothing done, where a byte is in no memory.
  virtual bool write_memory(isa::Address address, std::span<const std::uint8_t> in) = 0;
  /// Inserting what is there, and removing what is not, changes nothing. False where it cannot be done.
  virtual bool insert(const Point& point) = 0;
  virtual bool remove(const Point& point) = 0;
  /// Since reset, as far as the run has come.
  virtual isa::CauseCycles cycles() const = 0;
  virtual std::uint64_t instructions() const = 0;
  /// As the reset button: registers and devices, not RAM.
  virtual void reset() = 0;
};

/// Whoever decides how a run goes on.
class Debugger {
 public:
  virtual ~Debugger() = default;
  /// The run has stopped; at first, before its first instruction. Returns when the user has decided; what it
  /// returns after kExited or kTerminated means nothing.
  virtual Resume stopped(DebugTarget& target, const Stop& stop) = 0;
  /// Asked some times a second while the run goes on.
  virtual bool wants_stop() = 0;
};

}  // namespace sim::gdb
