// The registers that an exception saves, swaps or looks at.
#pragma once

#include <array>
#include <cstdint>

#include "sim/nvic.h"

namespace sim {

constexpr std::uint32_t kIpsrMask = 0x1ff, kThumbBit = 1u << 24, kItBits = 0x0600fc00;

struct CoreState {
  std::array<std::uint32_t, 13> r{};  ///< r0 to r12
  std::uint32_t lr = 0, pc = 0;       ///< pc without the Thumb bit
  std::uint32_t msp = 0, psp = 0;
  std::uint32_t xpsr = kThumbBit;  ///< with IPSR, and EPSR's T and IT bits
  bool unprivileged = false;       ///< CONTROL.nPRIV: of thread mode
  bool process_stack = false;      ///< CONTROL.SPSEL: of thread mode
  bool fp_active = false;          ///< CONTROL.FPCA
  Masks masks;

  unsigned exception() const { return xpsr & kIpsrMask; }
  bool thread() const { return exception() == kThread; }
  bool privileged() const { return !thread() || !unprivileged; }
  bool in_it_block() const { return xpsr & kItBits; }
  std::uint32_t& sp() { return thread() && process_stack ? psp : msp; }
};

/// The FPU registers of an extended frame.
struct FpState {
  std::array<std::uint32_t, 16> s{};
  std::uint32_t fpscr = 0;
};

}  // namespace sim
