// Which peripherals a part has, and where: tables by family.
#pragma once

#include <span>
#include <string_view>

#include "sim/peripherals/registers.h"

namespace sim::peripherals {

enum class Kind {
  kKept,  ///< registers that keep what is written
  kRcc,
  kPwr,
  kFlash,
  kSyscfg,
  kExti,
  kGpio,
  kUsart,
  kTim,
  kRtc,
  kCrc,
  kRng,
  kDbgmcu,
  kSignature,
  kCmsdkUart,
  kCmsdkTimer,
  kFpgaIo,
  kSetClear,
};

inline constexpr std::uint32_t kAlwaysClocked = 0xffffffff;

struct Site {
  const char* name;
  std::uint32_t base, bytes;
  Kind kind;
  const RegisterMap* map;
  unsigned irq = 0, irq2 = 0;             ///< the second: compare (timers), transmit (CMSDK UART)
  std::uint32_t enable = kAlwaysClocked;  ///< offset of the RCC register with the clock enable bit
  unsigned bit = 0;
  unsigned bus = 0;       ///< timers: APB number
  unsigned channels = 0;  ///< timers
  bool wide = false;      ///< timers: 32 bits
  unsigned usart = 0;     ///< number; 0 is LPUART1
};

extern const std::span<const Site> kSitesF7, kSitesH7Common, kSitesH743, kSitesH7A3, kSitesH723, kSitesAn500,
    kSitesRt1062;

}  // namespace sim::peripherals
