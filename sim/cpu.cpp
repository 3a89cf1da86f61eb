// The Unicorn engine as a Cortex-M7.
#include "sim/cpu.h"

#include <fmt/format.h>

#include <stdexcept>

namespace sim {

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
    for (const GuestMemory::Mapping& m : memory.mappings()) {
      std::uint32_t rights = UC_PROT_READ | UC_PROT_EXEC | (m.region->writable() ? UC_PROT_WRITE : 0);
      auto size = static_cast<std::size_t>(m.region->size.value);
      check(uc_mem_map_ptr(engine_, m.region->base.value, size, rights, m.host), "map a region");
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

}  // namespace sim
