// The arithmetic of the clock trees: registers in, frequencies out.
#pragma once

#include "sim/peripherals/clocks.h"
#include "sim/peripherals/registers.h"

namespace sim::peripherals {

/// What the tree is fed with. The internal oscillators have the frequencies of the data sheets.
struct Oscillators {
  std::uint64_t hse_hz = 0;  ///< crystal or clock input of the board
  std::uint64_t lse_hz = 32'768;
  std::uint64_t lsi_hz = 32'000;
};

/// `rcc` holds the registers of kRccF7 (ST RM0385, figure 12).
Clocks clocks_f7(const RegisterFile& rcc, const Oscillators& oscillators);
/// `rcc` holds the registers of kRccH743 or kRccH7A3, whose fields lie alike (ST RM0433, figure 41).
Clocks clocks_h7(const RegisterFile& rcc, const Oscillators& oscillators);

}  // namespace sim::peripherals
