// A guest program on a fresh machine, told by the host what to do.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "memory_model/board.h"
#include "memory_model/operating_point.h"
#include "sim/firmware.h"
#include "sim/machine.h"

namespace cli {

/// Writes a guest's control words (symbol guest_control).
void set_control(sim::Machine& machine, const sim::Firmware& firmware,
                 std::initializer_list<std::uint32_t> words);

class GuestMachine {
 public:
  GuestMachine(const memory_model::Board& board, const sim::Firmware& firmware)
      : firmware_(firmware), machine_(board, firmware) {}

  void control(std::initializer_list<std::uint32_t> words) { set_control(machine_, firmware_, words); }
  void write(isa::Address address, std::span<const std::uint8_t> bytes) { machine_.write(address, bytes); }
  std::uint32_t word(isa::Address address) const;

  /// Runs to the end and gives the cycles; nothing, and `failure` says why, where the guest faults or goes on
  /// for more than `most_cycles`. Throws Interrupted.
  std::optional<std::uint64_t> run(const memory_model::OperatingPoint& point, std::uint64_t most_cycles,
                                   std::string* failure);

 private:
  const sim::Firmware& firmware_;
  sim::Machine machine_;
};

}  // namespace cli
