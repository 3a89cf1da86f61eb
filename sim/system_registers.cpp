// The table of system registers.
#include "sim/system_registers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sim {
namespace {

constexpr std::uint32_t kAll = 0xffffffff;

/// Reset values: DDI 0489F tables 3-1, 5-1, 6-1; DDI 0403E where that is silent. ITM and DEMCR are as a
/// debugger that traces leaves them, because every run is watched.
constexpr auto kRegisters = std::to_array<SystemRegister>({
    {kItmTer, "ITM_TER", kAll, kAll},
    {0xe0000e40, "ITM_TPR", 0, 0xf},
    {kItmTcr, "ITM_TCR", 0x00000001, 0x007f0f1f},
    {0xe0000fb0, "ITM_LAR", 0, 0},
    {0xe0000fb4, "ITM_LSR", 0, 0},
    {0xe0001fb0, "DWT_LAR", 0, 0},
    {0xe0001fb4, "DWT_LSR", 0, 0},
    {0xe0002000, "FP_CTRL", 0x10000080, 0x1},
    {0xe0002004, "FP_REMAP", 0x20000000, 0},
    {kIctr, "ICTR", 0, 0},
    {0xe000e008, "ACTLR", 0, 0x1ffffffc},
    {kSystCsr, "SYST_CSR", 0, 7},
    {kSystRvr, "SYST_RVR", 0, 0x00ffffff},
    {kSystCvr, "SYST_CVR", 0, 0x00ffffff},
    {kSystCalib, "SYST_CALIB", 0xc0000000, 0},
    {kCpuid, "CPUID", 0, 0},
    {kIcsr, "ICSR", 0, 0x9e000000},
    {kVtor, "VTOR", 0, 0xffffff80},
    {kAircr, "AIRCR", 0xfa050000, 0x00000700},
    {kScr, "SCR", 0, 0x00000016},
    {kCcr, "CCR", 0x00040200, 0x0007031b},
    {kShpr1, "SHPR1", 0, kAll},
    {0xe000ed1c, "SHPR2", 0, kAll},
    {kShpr3, "SHPR3", 0, kAll},
    {kShcsr, "SHCSR", 0, 0x0007fd8b},
    {kCfsr, "CFSR", 0, kAll},
    {kHfsr, "HFSR", 0, kAll},
    {kDfsr, "DFSR", 0, 0x1f},
    {kMmfar, "MMFAR", 0, kAll},
    {kBfar, "BFAR", 0, kAll},
    {0xe000ed3c, "AFSR", 0, kAll},
    {0xe000ed40, "ID_PFR0", 0x00000030, 0},
    {0xe000ed44, "ID_PFR1", 0x00000200, 0},
    {0xe000ed48, "ID_DFR0", 0x00100000, 0},
    {0xe000ed4c, "ID_AFR0", 0, 0},
    {0xe000ed50, "ID_MMFR0", 0x00100030, 0},
    {0xe000ed54, "ID_MMFR1", 0, 0},
    {0xe000ed58, "ID_MMFR2", 0x01000000, 0},
    {0xe000ed5c, "ID_MMFR3", 0, 0},
    {0xe000ed60, "ID_ISAR0", 0x01101110, 0},
    {0xe000ed64, "ID_ISAR1", 0x02112000, 0},
    {0xe000ed68, "ID_ISAR2", 0x20232231, 0},
    {0xe000ed6c, "ID_ISAR3", 0x01111131, 0},
    {0xe000ed70, "ID_ISAR4", 0x01310132, 0},
    {0xe000ed74, "ID_ISAR5", 0, 0},
    {kClidr, "CLIDR", 0x09000003, 0},
    {0xe000ed7c, "CTR", 0x8303c003, 0},
    {kCcsidr, "CCSIDR", 0, 0},
    {kCsselr, "CSSELR", 0, 0x0000000f},
    {kCpacr, "CPACR", 0, 0x00f00000},
    {kMpuType, "MPU_TYPE", 0x00000800, 0},
    {0xe000ed94, "MPU_CTRL", 0, 7},
    {0xe000ed98, "MPU_RNR", 0, 0xff},
    {0xe000ed9c, "MPU_RBAR", 0, kAll},
    {0xe000eda0, "MPU_RASR", 0, kAll},
    {0xe000eda4, "MPU_RBAR_A1", 0, kAll},
    {0xe000eda8, "MPU_RASR_A1", 0, kAll},
    {0xe000edac, "MPU_RBAR_A2", 0, kAll},
    {0xe000edb0, "MPU_RASR_A2", 0, kAll},
    {0xe000edb4, "MPU_RBAR_A3", 0, kAll},
    {0xe000edb8, "MPU_RASR_A3", 0, kAll},
    {0xe000edf0, "DHCSR", 0x00000001, 0},
    {0xe000edf4, "DCRSR", 0, 0},
    {0xe000edf8, "DCRDR", 0, kAll},
    {kDemcr, "DEMCR", 0x01000000, 0x010f07f1},
    {kStir, "STIR", 0, 0x1ff},
    {kFpccr, "FPCCR", 0xc0000000, 0xc000017b},
    {kFpcar, "FPCAR", 0, 0xfffffff8},
    {kFpdscr, "FPDSCR", 0, 0x07c00000},
    {kMvfr0, "MVFR0", 0x10110221, 0},
    {0xe000ef44, "MVFR1", 0x12000011, 0},
    {0xe000ef48, "MVFR2", 0x00000040, 0},
    {kIciallu, "ICIALLU", 0, 0},
    {0xe000ef58, "ICIMVAU", 0, 0},
    {0xe000ef5c, "DCIMVAC", 0, 0},
    {0xe000ef60, "DCISW", 0, 0},
    {0xe000ef64, "DCCMVAU", 0, 0},
    {0xe000ef68, "DCCMVAC", 0, 0},
    {0xe000ef6c, "DCCSW", 0, 0},
    {0xe000ef70, "DCCIMVAC", 0, 0},
    {0xe000ef74, "DCCISW", 0, 0},
    {kBpiall, "BPIALL", 0, 0},
    {0xe000ef90, "ITCMCR", 0x00000001, 0xf},
    {0xe000ef94, "DTCMCR", 0x00000001, 0xf},
    {0xe000ef98, "AHBPCR", 0x00000001, 1},
    {0xe000ef9c, "CACR", 0, 7},
    {0xe000efa0, "AHBSCR", 0x00000800, 0xffff},
    {0xe000efa8, "ABFSR", 0, 0},
    {0xe000efb0, "IEBR0", 0, kAll},
    {0xe000efb4, "IEBR1", 0, kAll},
    {0xe000efb8, "DEBR0", 0, kAll},
    {0xe000efbc, "DEBR1", 0, kAll},
});
static_assert(std::ranges::is_sorted(kRegisters, {}, &SystemRegister::address));

struct Block {
  std::uint32_t first, end;
  const char* name;
};
/// Blocks whose registers are numbered, or that have a name only.
constexpr Block kBlocks[] = {
    {kItmPorts, kItmPortsEnd, "ITM_STIM"}, {0xe000e100, 0xe000e120, "NVIC_ISER"},
    {0xe000e180, 0xe000e1a0, "NVIC_ICER"}, {0xe000e200, 0xe000e220, "NVIC_ISPR"},
    {0xe000e280, 0xe000e2a0, "NVIC_ICPR"}, {0xe000e300, 0xe000e320, "NVIC_IABR"},
    {0xe000e400, 0xe000e4f0, "NVIC_IPR"},  {0xe0002008, 0xe0002028, "FP_COMP"},
};
constexpr Block kAreas[] = {
    {0xe0000000, 0xe0001000, "ITM"},       {0xe0001000, 0xe0002000, "DWT"},
    {0xe0002000, 0xe0003000, "FPB"},       {0xe000e000, 0xe000f000, "SCS"},
    {0xe0040000, 0xe0041000, "TPIU"},      {0xe0041000, 0xe0042000, "ETM"},
    {0xe0042000, 0xe0043000, "DBGMCU"},    {0xe0043000, 0xe0044000, "CTI"},
    {0xe00fe000, 0xe0100000, "ROM table"},
};
constexpr const char* kDwtNames[] = {"CTRL",      "CYCCNT", "CPICNT",    "EXCCNT", "SLEEPCNT",  "LSUCNT",
                                     "FOLDCNT",   "PCSR",   "COMP0",     "MASK0",  "FUNCTION0", "",
                                     "COMP1",     "MASK1",  "FUNCTION1", "",       "COMP2",     "MASK2",
                                     "FUNCTION2", "",       "COMP3",     "MASK3",  "FUNCTION3", ""};

}  // namespace

std::span<const SystemRegister> system_registers() {
  return kRegisters;
}

const SystemRegister* system_register(std::uint32_t address) {
  auto row = std::ranges::lower_bound(kRegisters, address & ~3u, {}, &SystemRegister::address);
  return row != kRegisters.end() && row->address == (address & ~3u) ? &*row : nullptr;
}

std::string system_register_name(std::uint32_t address) {
  if (const SystemRegister* row = system_register(address)) return row->name;
  for (const Block& block : kBlocks) {
    if (address >= block.first && address < block.end)
      return fmt::format("{}{}", block.name, (address - block.first) / 4);
  }
  if (address >= kDwtFirst && address < kDwtEnd) {
    const char* name = kDwtNames[(address - kDwtFirst) / 4];
    if (*name) return fmt::format("DWT_{}", name);
  }
  for (const Block& area : kAreas) {
    if (address >= area.first && address < area.end)
      return fmt::format("{} + 0x{:03x}", area.name, address - area.first);
  }
  return "";
}

}  // namespace sim
