// The microcontroller on a board: which peripherals it has, and the numbers that are its own.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "memory_model/board.h"
#include "sim/peripherals/exti.h"
#include "sim/peripherals/fixed.h"
#include "sim/peripherals/flash_interface.h"
#include "sim/peripherals/pwr.h"
#include "sim/peripherals/rcc.h"
#include "sim/peripherals/rtc.h"
#include "sim/peripherals/sites.h"

namespace sim::peripherals {

/// What differs between families beyond the table of sites.
struct Family {
  const char* name;  ///< as in board pages: "stm32f7"
  std::vector<std::span<const Site>> sites;
  const RccKind* rcc = nullptr;  ///< null: no clock tree, all runs at the board's frequency
  const PwrKind* pwr = nullptr;
  const FlashKind* flash = nullptr;
  const ExtiKind* exti = nullptr;
  const RtcKind* rtc = nullptr;
  std::uint32_t compensation = 0;  ///< SYSCFG register with the compensation cell's bits
  std::uint32_t unique_id = 0;     ///< address of the 96-bit number
  std::uint32_t flash_size = 0;    ///< address of the halfword with the size of the flash in KiB
};

struct Part {
  const Family* family = nullptr;  ///< null: no peripherals are known
  std::uint32_t idcode = 0;        ///< DBGMCU_IDCODE
  std::uint64_t hse_hz = 0;
};

/// The part of `board`. `hse_hz` of the board is that of the evaluation board the page is named for.
Part part_of(const memory_model::Board& board);

}  // namespace sim::peripherals
