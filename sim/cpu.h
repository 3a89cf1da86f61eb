// The Unicorn engine as a Cortex-M7: opened, checked, its registers by name.
#pragma once

#include <unicorn/unicorn.h>

#include "sim/core_state.h"
#include "sim/guest_memory.h"
#include "sim/machine.h"

namespace sim {

/// Owns a uc_engine. Its constructor makes a Cortex-M7 with a double-precision FPU and maps the memory; what
/// may not be written by the guest raises a protection error when it is. Throws std::runtime_error if Unicorn
/// will not.
class Cpu {
 public:
  explicit Cpu(const GuestMemory& memory);
  ~Cpu();
  Cpu(const Cpu&) = delete;
  Cpu& operator=(const Cpu&) = delete;

  uc_engine* engine() const { return engine_; }

  /// Registers as the reset leaves them, with SP and PC given.
  void reset(std::uint32_t sp, std::uint32_t pc);
  /// r0 to pc and xPSR. Inside a memory hook PC is the start of the block.
  Registers registers() const;
  std::uint32_t reg(int id) const;
  void set_reg(int id, std::uint32_t value);
  /// What an exception saves and swaps. Not inside a hook.
  CoreState core() const;
  /// Takes it all over, and clears the exclusive monitor, as exception entry and return do.
  void set_core(const CoreState& core);
  /// CONTROL.nPRIV in thread mode: cheap, also inside a hook.
  bool unprivileged() const;
  Masks masks() const;
  FpState fp() const;
  void set_fp(const FpState& fp);
  /// Whether what runs is the code by which set_core() clears the monitor, and not the guest's.
  bool in_own_code() const { return in_own_code_; }
  /// Forgets translations of these bytes.
  void forget(isa::Address begin, isa::Bytes size);

 private:
  void set_ipsr(std::uint32_t xpsr, unsigned exception);

  uc_engine* engine_ = nullptr;
  std::uint32_t stub_ = 0;
  bool in_own_code_ = false;
  uc_context* at_reset_ = nullptr;
};

/// Throws std::runtime_error naming what failed.
void check(uc_err error, const char* what);

}  // namespace sim
