// The Unicorn engine as a Cortex-M7.
#include "sim/cpu.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace sim {
namespace {

/// CLREX, and MSR IPSR, r0: a write that changes nothing but makes the emulator look at its mode again. It
/// takes the mode that uc_reg_write has set only then.
constexpr std::uint8_t kStub[] = {0xbf, 0xf3, 0x2f, 0x8f, 0x80, 0xf3, 0x05, 0x88, 0x00, 0xbf};
constexpr std::uint32_t kStubPage = 1024, kStubEnd = 8;

/// The highest page below the peripherals that the board leaves free: code can run there.
std::uint32_t free_page(const GuestMemory& memory) {
  std::uint32_t page = 0x40000000 - kStubPage;
  while (memory.find(isa::Address(page))) page -= kStubPage;
  return page;
}

bool usually_holds_code(const memory_model::Region& region) {
  return !region.writable() || region.kind == memory_model::RegionKind::kItcm;
}

}  // namespace

void check(uc_err error, const char* what) {
  if (error != UC_ERR_OK) throw std::runtime_error(fmt::format("unicorn: {}: {}", what, uc_strerror(error)));
}

Cpu::Cpu(const GuestMemory& memory) {
  // Not UC_MODE_MCLASS: it would force a Cortex-M33 without double precision. The model must be set before
  // anything else initialises the engine.
  check(uc_open(UC_ARCH_ARM, UC_MODE_THUMB, &engine_), "open");
  try {
    check(uc_ctl_set_cpu_model(engine_, UC_CPU_ARM_CORTEX_M7), "choose the Cortex-M7");
    int model = -1;
    check(uc_ctl_get_cpu_model(engine_, &model), "read back the model");
    if (model != UC_CPU_ARM_CORTEX_M7)
      throw std::runtime_error(fmt::format("unicorn: CPU model is {}", model));
    stub_ = free_page(memory);
    check(uc_mem_map(engine_, stub_, kStubPage, UC_PROT_EXEC), "map a page of our own");
    check(uc_mem_write(engine_, stub_, kStub, sizeof kStub), "write into it");
    // Code first: the emulator checks every store for code near by, in chunks of 1 MB of all that is mapped,
    // so that data behind the code costs half of what data among it would.
    std::vector<GuestMemory::Mapping> mappings = memory.mappings();
    std::stable_partition(mappings.begin(), mappings.end(),
                          [](const GuestMemory::Mapping& m) { return usually_holds_code(*m.region); });
    // Fewer mappings are found faster, so neighbours become one.
    for (std::size_t first = 0, next = 0; first < mappings.size(); first = next) {
      const memory_model::Region& region = *mappings[first].region;
      auto size = static_cast<std::size_t>(region.size.value);
      for (next = first + 1; next < mappings.size(); ++next) {
        const memory_model::Region& more = *mappings[next].region;
        bool joins = more.base.value == region.base.value + size &&
                     mappings[next].host == mappings[first].host + size &&
                     more.writable() == region.writable();
        if (!joins) break;
        size += static_cast<std::size_t>(more.size.value);
      }
      std::uint32_t rights = UC_PROT_READ | UC_PROT_EXEC | (region.writable() ? UC_PROT_WRITE : 0);
      check(uc_mem_map_ptr(engine_, region.base.value, size, rights, mappings[first].host), "map a region");
    }
    check(uc_context_alloc(engine_, &at_reset_), "allocate a context");
    check(uc_context_save(engine_, at_reset_), "save the reset state");
  } catch (...) {
    uc_close(engine_);
    throw;
  }
}

Cpu::~Cpu() {
  uc_context_free(at_reset_);
  uc_close(engine_);
}

void Cpu::reset(std::uint32_t sp, std::uint32_t pc) {
  check(uc_context_restore(engine_, at_reset_), "restore the reset state");
  for (int id = UC_ARM_REG_R0; id <= UC_ARM_REG_R12; ++id) set_reg(id, 0);
  set_reg(UC_ARM_REG_SP, sp & ~3u);
  set_reg(UC_ARM_REG_LR, 0xffffffff);
  set_reg(UC_ARM_REG_PC, pc | 1);
}

Registers Cpu::registers() const {
  Registers registers;
  for (int i = 0; i <= 12; ++i) registers.r[static_cast<std::size_t>(i)] = reg(UC_ARM_REG_R0 + i);
  registers.r[13] = reg(UC_ARM_REG_SP);
  registers.r[14] = reg(UC_ARM_REG_LR);
  registers.r[15] = reg(UC_ARM_REG_PC);
  registers.xpsr = reg(UC_ARM_REG_XPSR);
  return registers;
}

std::uint32_t Cpu::reg(int id) const {
  std::uint32_t value = 0;
  uc_reg_read(engine_, id, &value);
  return value;
}

void Cpu::set_reg(int id, std::uint32_t value) {
  uc_reg_write(engine_, id, &value);
}

void Cpu::forget(isa::Address begin, isa::Bytes size) {
  uc_ctl_remove_cache(engine_, std::uint64_t{begin.value},
                      std::uint64_t{begin.value} + static_cast<std::uint64_t>(size.value));
}

bool Cpu::unprivileged() const {
  return (reg(UC_ARM_REG_CONTROL) & 1) && reg(UC_ARM_REG_IPSR) == 0;
}

void Cpu::set_ipsr(std::uint32_t xpsr, unsigned exception) {
  set_reg(UC_ARM_REG_XPSR_NZCVQG, (xpsr & ~kIpsrMask) | exception);
}

// Unprivileged code cannot read its own masks, nor can we while it runs; in a handler we can.
Masks Cpu::masks() const {
  auto self = const_cast<Cpu*>(this);
  std::uint32_t xpsr = reg(UC_ARM_REG_XPSR);
  bool hidden = unprivileged();
  if (hidden) self->set_ipsr(xpsr, kHardFault);
  Masks masks{(reg(UC_ARM_REG_PRIMASK) & 1) != 0, (reg(UC_ARM_REG_FAULTMASK) & 1) != 0,
              static_cast<std::uint8_t>(reg(UC_ARM_REG_BASEPRI))};
  if (hidden) self->set_ipsr(xpsr, kThread);
  return masks;
}

CoreState Cpu::core() const {
  auto self = const_cast<Cpu*>(this);
  CoreState core;
  for (std::size_t i = 0; i < core.r.size(); ++i) core.r[i] = reg(UC_ARM_REG_R0 + static_cast<int>(i));
  core.lr = reg(UC_ARM_REG_LR);
  core.pc = reg(UC_ARM_REG_PC) & ~1u;
  core.xpsr = reg(UC_ARM_REG_XPSR);
  core.masks = masks();
  std::uint32_t control = reg(UC_ARM_REG_CONTROL);
  core.unprivileged = control & 1;
  core.process_stack = control & 2;
  core.fp_active = control & 4;
  bool hidden = !core.privileged();
  if (hidden) self->set_ipsr(core.xpsr, kHardFault);
  core.msp = reg(UC_ARM_REG_MSP);
  core.psp = reg(UC_ARM_REG_PSP);
  if (hidden) self->set_ipsr(core.xpsr, kThread);
  return core;
}

void Cpu::set_core(const CoreState& core) {
  // Only a handler may always write CONTROL, and only privileged thread mode SPSEL in it.
  set_ipsr(kThumbBit, kHardFault);
  set_reg(UC_ARM_REG_CONTROL, 0);
  set_ipsr(kThumbBit, kThread);
  set_reg(UC_ARM_REG_CONTROL, core.process_stack ? 2 : 0);
  set_reg(UC_ARM_REG_MSP, core.msp & ~3u);
  set_reg(UC_ARM_REG_PSP, core.psp & ~3u);
  set_reg(UC_ARM_REG_PRIMASK, core.masks.primask);
  set_reg(UC_ARM_REG_BASEPRI, core.masks.basepri);
  set_reg(UC_ARM_REG_FAULTMASK, core.masks.faultmask);
  for (std::size_t i = 0; i < core.r.size(); ++i) set_reg(UC_ARM_REG_R0 + static_cast<int>(i), core.r[i]);
  set_reg(UC_ARM_REG_LR, core.lr);
  set_ipsr(kThumbBit, core.exception());
  std::uint32_t control =
      (core.unprivileged ? 1u : 0u) | (core.process_stack ? 2u : 0u) | (core.fp_active ? 4u : 0u);
  set_reg(UC_ARM_REG_CONTROL, control);
  in_own_code_ = true;
  uc_emu_start(engine_, stub_ | 1, stub_ + kStubEnd, 0, 0);
  in_own_code_ = false;
  set_reg(UC_ARM_REG_XPSR_NZCVQG, core.xpsr | kThumbBit);
}

FpState Cpu::fp() const {
  FpState fp;
  for (std::size_t i = 0; i < 8; ++i) {
    std::uint64_t d = 0;
    uc_reg_read(engine_, UC_ARM_REG_D0 + static_cast<int>(i), &d);
    fp.s[2 * i] = static_cast<std::uint32_t>(d);
    fp.s[2 * i + 1] = static_cast<std::uint32_t>(d >> 32);
  }
  fp.fpscr = reg(UC_ARM_REG_FPSCR);
  return fp;
}

void Cpu::set_fp(const FpState& fp) {
  for (std::size_t i = 0; i < 8; ++i) {
    std::uint64_t d = fp.s[2 * i] | std::uint64_t{fp.s[2 * i + 1]} << 32;
    uc_reg_write(engine_, UC_ARM_REG_D0 + static_cast<int>(i), &d);
  }
  set_reg(UC_ARM_REG_FPSCR, fp.fpscr);
}

}  // namespace sim
