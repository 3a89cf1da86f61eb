// The core's own registers, 0xE0000000 to 0xE00FFFFF: what firmware reads and writes there.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>

#include "memory_model/memory_system.h"
#include "sim/core_configuration.h"
#include "sim/dwt.h"
#include "sim/fault_status.h"
#include "sim/mpu_registers.h"
#include "sim/nvic.h"
#include "sim/system_registers.h"
#include "sim/systick.h"
#include "sim/unmodelled.h"

namespace sim {

/// The NVIC, SysTick, the SCB with its fault status, the MPU's and the FPU's registers, cache control, DWT,
/// and the ITM as a debugger with trace enabled leaves it, its FIFO always ready. Addresses are Armv7-M's
/// (DDI 0403E, B3 and C1). A register that is not modelled is noted once, reads its reset value (0 where it
/// is not known) and keeps what is written.
class SystemSpace {
 public:
  static constexpr std::uint32_t kBase = 0xe0000000, kSize = 0x00100000;

  /// A value written to an ITM stimulus port.
  struct Packet {
    unsigned port = 0, bytes = 4;
    std::uint32_t value = 0;
  };
  struct Maintenance {
    memory_model::MemorySystem::Maintenance operation{};
    std::uint32_t argument = 0;
  };
  /// What a store asks of the rest of the machine.
  struct Written {
    std::optional<Packet> packet;
    std::optional<Maintenance> maintenance;
    bool reset = false;   ///< AIRCR.SYSRESETREQ
    bool mpu = false;     ///< regions or their control have changed
    bool caches = false;  ///< CCR.IC or CCR.DC may have changed
  };

  /// `notes` must outlive this. `count` fills the totals of DWT's counters other than the time.
  SystemSpace(const memory_model::Board& board, Unmodelled& notes, std::function<void(DwtTotals&)> count);

  /// As after a reset at `now`, with the caches as they are.
  void reset(std::uint32_t vector_table, isa::Cycles now, bool icache, bool dcache);

  /// `bytes` is 1, 2 or 4 and the address aligned to it.
  std::uint32_t read(std::uint32_t address, unsigned bytes, isa::Cycles now);
  Written write(std::uint32_t address, unsigned bytes, std::uint32_t value, isa::Cycles now);

  Nvic& nvic() { return nvic_; }
  const Nvic& nvic() const { return nvic_; }
  const MpuRegisters& mpu() const { return mpu_; }
  /// IPSR, for ICSR.VECTACTIVE.
  void set_current(unsigned exception) { current_ = exception; }

  /// When SysTick next pends its exception.
  isa::Cycles next_event() const { return systick_.next_event(); }
  void advance(isa::Cycles now) {
    if (systick_.advance(now)) nvic_.pend(kSysTick);
  }

  /// Sets the bits of CFSR and HFSR, and the address registers.
  void record(const FaultStatus& fault);

  isa::Address vector(unsigned exception) const { return isa::Address(at(kVtor) + 4 * exception); }

  /// CPACR lets unprivileged and privileged code use CP10 and CP11, or privileged alone.
  bool fpu_enabled() const;
  bool traps_unaligned() const { return at(kCcr) & 1u << 3; }
  bool traps_division() const { return at(kCcr) & 1u << 4; }
  bool aligns_stack() const { return at(kCcr) & 1u << 9; }
  /// CCR.NONBASETHRDENA: a return to thread mode may leave exceptions active.
  bool thread_at_any_level() const { return at(kCcr) & 1; }
  bool icache() const { return at(kCcr) & 1u << 17; }
  bool dcache() const { return at(kCcr) & 1u << 16; }
  bool sleeps_on_exit() const { return at(kScr) & 1u << 1; }
  bool pending_sends_event() const { return at(kScr) & 1u << 4; }

  /// FPCCR: what happens to FPU registers at exception entry.
  bool fp_automatic() const { return at(kFpccr) & 1u << 31; }
  bool fp_lazy() const { return at(kFpccr) & 1u << 30; }
  /// LSPACT: space for them is reserved at FPCAR, and they are still in the registers.
  bool fp_pending() const { return at(kFpccr) & 1; }
  isa::Address fp_address() const { return isa::Address(at(kFpcar)); }
  void fp_reserve(isa::Address where, bool thread, bool unprivileged);
  void fp_settled() { kept_[kFpccr] &= ~1u; }
  std::uint32_t fp_default() const { return at(kFpdscr); }

 private:
  std::uint32_t at(std::uint32_t address) const { return kept_.at(address); }
  std::uint32_t load(std::uint32_t address, isa::Cycles now);
  void store(std::uint32_t address, std::uint32_t value, isa::Cycles now, Written& written);
  void store_masked(const SystemRegister& row, std::uint32_t value);
  void not_modelled(std::uint32_t address, bool store);
  std::uint32_t icsr() const;
  void write_icsr(std::uint32_t value);
  std::uint32_t shcsr() const;
  void write_shcsr(std::uint32_t value);
  DwtTotals totals(std::uint32_t address, isa::Cycles now) const;
  bool trace_enabled() const { return at(kDemcr) & 1u << 24; }

  const CoreConfiguration core_;
  const bool single_precision_;
  std::uint32_t icache_id_ = 0, dcache_id_ = 0;  ///< CCSIDR
  Unmodelled& notes_;
  std::function<void(DwtTotals&)> count_;

  Nvic nvic_;
  SysTick systick_;
  Dwt dwt_;
  MpuRegisters mpu_;
  /// Registers that only keep what is written to them.
  std::unordered_map<std::uint32_t, std::uint32_t> kept_;
  unsigned current_ = 0;
};

}  // namespace sim
