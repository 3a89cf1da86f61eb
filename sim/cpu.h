// The Unicorn engine as a Cortex-M7: opened, checked, its registers by name.
#pragma once

#include <unicorn/unicorn.h>

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
  /// Forgets translations of these bytes.
  void forget(isa::Address begin, isa::Bytes size);

 private:
  uc_engine* engine_ = nullptr;
  uc_context* at_reset_ = nullptr;
};

/// Throws std::runtime_error naming what failed.
void check(uc_err error, const char* what);

}  // namespace sim
