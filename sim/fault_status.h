// A fault as the core reports it to software: which exception, and the bits of its status registers
// (Armv7-M ARM B3.2.15 to B3.2.18).
#pragma once

#include <cstdint>
#include <optional>

#include "sim/nvic.h"

namespace sim {

/// CFSR.
enum FaultBit : std::uint32_t {
  kIaccviol = 1u << 0,
  kDaccviol = 1u << 1,
  kMunstkerr = 1u << 3,
  kMstkerr = 1u << 4,
  kMlsperr = 1u << 5,
  kMmarvalid = 1u << 7,
  kIbuserr = 1u << 8,
  kPreciserr = 1u << 9,
  kUnstkerr = 1u << 11,
  kStkerr = 1u << 12,
  kLsperr = 1u << 13,
  kBfarvalid = 1u << 15,
  kUndefinstr = 1u << 16,
  kInvstate = 1u << 17,
  kInvpc = 1u << 18,
  kNocp = 1u << 19,
  kUnaligned = 1u << 24,
  kDivbyzero = 1u << 25,
};

/// HFSR.
enum HardFaultBit : std::uint32_t { kVecttbl = 1u << 1, kForced = 1u << 30, kDebugevt = 1u << 31 };

struct FaultStatus {
  Exception exception = kHardFault;  ///< before escalation
  std::uint32_t cfsr = 0, hfsr = 0;
  std::optional<std::uint32_t> address;  ///< for MMFAR or BFAR
};

inline FaultStatus mem_manage(std::uint32_t bits, std::optional<std::uint32_t> address = {}) {
  return {kMemManage, bits | (address ? kMmarvalid : 0u), 0, address};
}
inline FaultStatus bus_fault(std::uint32_t bits, std::optional<std::uint32_t> address = {}) {
  return {kBusFault, bits | (address ? kBfarvalid : 0u), 0, address};
}
inline FaultStatus usage_fault(std::uint32_t bits) {
  return {kUsageFault, bits, 0, {}};
}
inline FaultStatus hard_fault(std::uint32_t bits) {
  return {kHardFault, 0, bits, {}};
}

}  // namespace sim
