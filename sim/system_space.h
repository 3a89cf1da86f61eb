// The core's own registers, 0xE0000000 to 0xE00FFFFF: what firmware reads and writes there, as far as it is
// modelled.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

namespace sim {

/// The ITM as a debugger with trace enabled leaves it, its FIFO always ready; DWT's cycle counter; SysTick's
/// counter; the SCB registers that start-up code touches. Addresses are Armv7-M's (DDI 0403E, B3 and C1).
///
/// Not modelled, and refused by name rather than guessed: interrupts (enabling one in the NVIC, SysTick's
/// TICKINT, pending an exception) and the system reset. The MPU's registers keep their values and protect
/// nothing; cache maintenance does nothing.
class SystemSpace {
 public:
  static constexpr std::uint32_t kBase = 0xe0000000, kSize = 0x00100000;

  /// A value written to an ITM stimulus port.
  struct Packet {
    unsigned port = 0, bytes = 4;
    std::uint32_t value = 0;
  };
  struct Written {
    std::optional<Packet> packet;
    std::string refused;  ///< why the write cannot be done; empty if it was
  };
  struct Read {
    std::uint32_t value = 0;
    std::string refused;
  };

  SystemSpace() { reset(0); }
  void reset(std::uint32_t vector_table);

  /// `cycles` is the time now, for the counters. `bytes` is 1, 2 or 4 and the address aligned to it.
  Read read(std::uint32_t address, unsigned bytes, std::uint64_t cycles);
  Written write(std::uint32_t address, unsigned bytes, std::uint32_t value, std::uint64_t cycles);

  /// CPACR lets unprivileged and privileged code use CP10 and CP11, or privileged alone.
  bool fpu_enabled() const;
  /// CCR.UNALIGN_TRP: every unaligned access is a UsageFault.
  bool traps_unaligned() const;

 private:
  std::string store(std::uint32_t address, std::uint32_t value, std::uint64_t cycles);
  std::optional<std::uint32_t> load(std::uint32_t address, std::uint64_t cycles);
  std::uint32_t systick_now(std::uint64_t cycles) const;

  /// Registers that only keep what is written to them.
  std::unordered_map<std::uint32_t, std::uint32_t> kept_;
  std::uint32_t cyccnt_ctrl_ = 0, systick_ctrl_ = 0, systick_reload_ = 0;
  std::uint32_t cyccnt_value_ = 0;   ///< CYCCNT at cyccnt_since_
  std::uint64_t cyccnt_since_ = 0;   ///< cycle of the last write or start
  std::uint64_t systick_since_ = 0;  ///< cycle at which the counter was cleared
  std::uint64_t systick_seen_ = 0;   ///< wraps reported by COUNTFLAG so far
};

}  // namespace sim
