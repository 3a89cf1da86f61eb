// A board whose clocks all run at 100 MHz, so that every latency is a whole number of core cycles.
#pragma once

#include "memory_model/board.h"

namespace memory_model::test {

inline constexpr std::uint32_t kDtcm = 0x20000000;
inline constexpr std::uint32_t kFlash = 0x08000000;
inline constexpr std::uint32_t kAxiSram = 0x24000000;
inline constexpr std::uint32_t kAhbSram = 0x30000000;
inline constexpr std::uint32_t kSdram = 0x60000000;
inline constexpr std::uint32_t kQspi = 0x90000000;
inline constexpr std::uint32_t kFlashItcm = 0x00200000;
inline constexpr std::uint32_t kPeripheral = 0x40000000;

/// AXI 64 bits with a latency of 1; AHB behind it, 32 bits, latency 2, one burst at a time. Caches of 4 KB
/// with true LRU, an accelerator of 4 lines.
Board toy_board();
/// Its full speed with those wait states: caches and accelerator on, prefetch off.
OperatingPoint toy_point(int flash_wait_states);

}  // namespace memory_model::test
