// Stack frames: what an exception pushes and what its return pops (Armv7-M ARM B1.5.6 to B1.5.8). No emulator
// in here: registers are a value, memory is two functions.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "isa/units.h"
#include "sim/core_state.h"

namespace sim {

/// How the frame logic reaches memory. Both say where an access fails.
struct StackMemory {
  std::function<std::optional<std::uint32_t>(isa::Address)> load;
  std::function<bool(isa::Address, std::uint32_t)> store;
};

/// Bytes from a frame's beginning to its FPU registers, and to its end.
constexpr std::uint32_t kBasicFrame = 0x20, kExtendedFrame = 0x68, kFrameFpscr = 0x60;

/// EXC_RETURN (B1.5.8): what LR holds in a handler.
constexpr std::uint32_t kExcReturn = 0xffffffe1, kExcReturnThread = 8, kExcReturnProcess = 4,
                        kExcReturnBasic = 0x10;

struct PushRules {
  bool align = true;  ///< CCR.STKALIGN: to 8 bytes
  bool fp = false;    ///< room for the FPU registers
};
struct Pushed {
  isa::Address frame;
  std::uint32_t exc_return = 0;
  std::optional<isa::Address>
      failed;  ///< the first store that memory refused; the stack pointer has moved anyway
};
/// Pushes r0-r3, r12, lr, `core.pc` and xPSR onto the stack in use, which it moves. FPU registers have their
/// room behind them and are not stored.
Pushed push_frame(CoreState& core, const PushRules& rules, const StackMemory& memory);

/// Stores `fp` into the room at `where`, the frame's FPU part. Returns the address that memory refused, if
/// any.
std::optional<isa::Address> push_fp(const FpState& fp, isa::Address where, const StackMemory& memory);

struct Popped {
  bool basic = true;  ///< no FPU registers
  isa::Address frame;
  std::optional<isa::Address> failed;  ///< nothing has changed
};
/// Undoes push_frame for a return with `exc_return`: registers, xPSR with IPSR, and the stack pointer. FPU
/// registers are the caller's.
Popped pop_frame(CoreState& core, std::uint32_t exc_return, bool align, const StackMemory& memory);
std::optional<isa::Address> pop_fp(FpState& fp, isa::Address where, const StackMemory& memory);

}  // namespace sim
