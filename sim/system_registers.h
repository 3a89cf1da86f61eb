// The registers of the private peripheral bus, 0xE0000000 to 0xE00FFFFF: where they are, what they are
// called, what they hold after a reset and which bits can be written (Armv7-M ARM DDI 0403E, B3 and C1;
// Cortex-M7 TRM DDI 0489F).
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace sim {

/// Addresses of those that do something of their own.
enum SystemAddress : std::uint32_t {
  kItmPorts = 0xe0000000,
  kItmPortsEnd = 0xe0000080,
  kItmTer = 0xe0000e00,
  kItmTcr = 0xe0000e80,
  kDwtFirst = 0xe0001000,
  kDwtEnd = 0xe0001060,
  kIctr = 0xe000e004,
  kSystCsr = 0xe000e010,
  kSystRvr = 0xe000e014,
  kSystCvr = 0xe000e018,
  kSystCalib = 0xe000e01c,
  kNvicFirst = 0xe000e100,
  kNvicEnd = 0xe000e4f0,
  kCpuid = 0xe000ed00,
  kIcsr = 0xe000ed04,
  kVtor = 0xe000ed08,
  kAircr = 0xe000ed0c,
  kScr = 0xe000ed10,
  kCcr = 0xe000ed14,
  kShpr1 = 0xe000ed18,
  kShpr3 = 0xe000ed20,
  kShcsr = 0xe000ed24,
  kCfsr = 0xe000ed28,
  kHfsr = 0xe000ed2c,
  kDfsr = 0xe000ed30,
  kMmfar = 0xe000ed34,
  kBfar = 0xe000ed38,
  kClidr = 0xe000ed78,
  kCcsidr = 0xe000ed80,
  kCsselr = 0xe000ed84,
  kCpacr = 0xe000ed88,
  kMpuType = 0xe000ed90,
  kMpuEnd = 0xe000edbc,
  kDemcr = 0xe000edfc,
  kStir = 0xe000ef00,
  kFpccr = 0xe000ef34,
  kFpcar = 0xe000ef38,
  kFpdscr = 0xe000ef3c,
  kMvfr0 = 0xe000ef40,
  kIciallu = 0xe000ef50,
  kBpiall = 0xe000ef78,
};

/// A register that holds what is written to it, or always the same.
struct SystemRegister {
  std::uint32_t address = 0;
  const char* name = "";
  std::uint32_t reset = 0;
  std::uint32_t writable = 0;  ///< bits that a store changes; none: read-only, stores are ignored
};

/// Sorted by address. Registers with an effect are in it too, for their name, reset value and bits.
std::span<const SystemRegister> system_registers();
/// The row of the word at `address`, or nullptr.
const SystemRegister* system_register(std::uint32_t address);
/// "NVIC_ISER2", "DWT_COMP1", or empty where there is no register known.
std::string system_register_name(std::uint32_t address);

}  // namespace sim
