// Faults: what is known of one when it happens, and its explanation.
#pragma once

#include <optional>
#include <string>

#include "memory_model/board.h"
#include "sim/fault_status.h"
#include "sim/firmware.h"
#include "sim/guest_memory.h"
#include "sim/machine.h"

namespace sim {

/// A fault as the hooks see it.
struct FaultFacts {
  std::string kind, reason;
  isa::Address pc;  ///< of the instruction to blame
  Registers registers;
  std::optional<int> step;
  /// How the core reports it. Nothing where no core would: a program that hangs, or that must be ended.
  std::optional<FaultStatus> status;
  isa::Address return_to;  ///< what the exception's frame holds as PC
};

/// Adds what memory, symbols and debug information say of the place.
Fault explain(const FaultFacts& facts, const GuestMemory& memory, const Firmware& firmware);

/// "load of 4 bytes from 0x60000000, which is outside every region of stm32f746", or what else is wrong with
/// the place.
std::string describe_access(const memory_model::Board& board, bool store, unsigned bytes,
                            isa::Address address);
/// The same for an instruction fetch.
std::string describe_fetch(const memory_model::Board& board, isa::Address address);

}  // namespace sim
