// Register pages of clock, power, flash interface and system configuration.
#include "sim/peripherals/maps.h"

namespace sim::peripherals {
namespace {

constexpr std::uint32_t kAll = 0xffffffff;
constexpr Effect kKept = Effect::kKept;

constexpr Register kRccF7Rows[] = {
    {"CR", 0x00, 0x00000083, 0x150d00f9},
    {"PLLCFGR", 0x04, 0x24003010, 0x7f437fff},
    {"CFGR", 0x08, 0x00000000, 0xfffffcf3},
    {"CIR", 0x0c, 0x00000000, 0x00007f00},
    {"AHB1RSTR", 0x10, 0, kAll},
    {"AHB2RSTR", 0x14, 0, kAll},
    {"AHB3RSTR", 0x18, 0, kAll},
    {"APB1RSTR", 0x20, 0, kAll},
    {"APB2RSTR", 0x24, 0, kAll},
    {"AHB1ENR", 0x30, 0x00100000, kAll},
    {"AHB2ENR", 0x34, 0, kAll},
    {"AHB3ENR", 0x38, 0, kAll},
    {"APB1ENR", 0x40, 0x00000400, kAll},
    {"APB2ENR", 0x44, 0, kAll},
    {"AHB1LPENR", 0x50, 0x7ef7b7ff, kAll},
    {"AHB2LPENR", 0x54, 0x000000f1, kAll},
    {"AHB3LPENR", 0x58, 0x00000003, kAll},
    {"APB1LPENR", 0x60, 0xffffcbff, kAll},
    {"APB2LPENR", 0x64, 0x04f77f33, kAll},
    {"BDCR", 0x70, 0x00000000, 0x0001831d},
    {"CSR", 0x74, 0x0e000000, 0x01000001},
    {"SSCGR", 0x80, 0x00000000, kAll, kKept},
    {"PLLI2SCFGR", 0x84, 0x24003000, kAll, kKept},
    {"PLLSAICFGR", 0x88, 0x24003000, kAll, kKept},
    {"DCKCFGR1", 0x8c, 0x00000000, kAll},
    {"DCKCFGR2", 0x90, 0x00000000, kAll},
};

// The page of the H743 and H723; from 0x130 on, the same registers again as the CPU's own (RCC_C1_...).
#define M7SCOPE_RCC_H7(D1CFGR, D2CFGR, D3CFGR, D1CCIPR, D2CCIP1R, D2CCIP2R, D3CCIPR, D3AMR)               \
  {"CR", 0x00, 0x00000025, 0x150d129b}, {"HSICFGR", 0x04, 0x40000000, 0x7f000000}, {"CRRCR", 0x08, 0, 0}, \
      {"CSICFGR", 0x0c, 0x20000000, 0x3f000000}, {"CFGR", 0x10, 0, 0xfffeffc7},                           \
      {D1CFGR, 0x18, 0, 0x00000f7f}, {D2CFGR, 0x1c, 0, 0x00000770}, {D3CFGR, 0x20, 0, 0x00000070},        \
      {"PLLCKSELR", 0x28, 0x02020200, 0x03f3f3f3}, {"PLLCFGR", 0x2c, 0x01ff0000, 0x01ff0fff},             \
      {"PLL1DIVR", 0x30, 0x01010280, 0x7f7fffff}, {"PLL1FRACR", 0x34, 0, 0x0000fff8},                     \
      {"PLL2DIVR", 0x38, 0x01010280, 0x7f7fffff}, {"PLL2FRACR", 0x3c, 0, 0x0000fff8},                     \
      {"PLL3DIVR", 0x40, 0x01010280, 0x7f7fffff}, {"PLL3FRACR", 0x44, 0, 0x0000fff8},                     \
      {D1CCIPR, 0x4c, 0, kAll}, {D2CCIP1R, 0x50, 0, kAll}, {D2CCIP2R, 0x54, 0, kAll},                     \
      {D3CCIPR, 0x58, 0, kAll}, {"CIER", 0x60, 0, kAll}, {"CIFR", 0x64, 0, 0}, {"CICR", 0x68, 0, 0},      \
      {"BDCR", 0x70, 0, 0x000183bd}, {"CSR", 0x74, 0, 0x00000001}, {"AHB3RSTR", 0x7c, 0, kAll},           \
      {"AHB1RSTR", 0x80, 0, kAll}, {"AHB2RSTR", 0x84, 0, kAll}, {"AHB4RSTR", 0x88, 0, kAll},              \
      {"APB3RSTR", 0x8c, 0, kAll}, {"APB1LRSTR", 0x90, 0, kAll}, {"APB1HRSTR", 0x94, 0, kAll},            \
      {"APB2RSTR", 0x98, 0, kAll}, {"APB4RSTR", 0x9c, 0, kAll}, {"GCR", 0xa0, 0, kAll},                   \
      {D3AMR, 0xa8, 0, kAll}, {"CKGAENR", 0xb0, 0, kAll}, {"RSR", 0xd0, 0x00e80000, 0x00010000},          \
      {"AHB3ENR", 0xd4, 0, kAll}, {"AHB1ENR", 0xd8, 0, kAll}, {"AHB2ENR", 0xdc, 0, kAll},                 \
      {"AHB4ENR", 0xe0, 0, kAll}, {"APB3ENR", 0xe4, 0, kAll}, {"APB1LENR", 0xe8, 0, kAll},                \
      {"APB1HENR", 0xec, 0, kAll}, {"APB2ENR", 0xf0, 0, kAll}, {"APB4ENR", 0xf4, 0x00010000, kAll},       \
      {"AHB3LPENR", 0xfc, 0xf0005131, kAll}, {"AHB1LPENR", 0x100, 0x0000c023, kAll},                      \
      {"AHB2LPENR", 0x104, 0xe0000271, kAll}, {"AHB4LPENR", 0x108, 0x30280fff, kAll},                     \
      {"APB3LPENR", 0x10c, 0x00000058, kAll}, {"APB1LLPENR", 0x110, 0xe8ffcbff, kAll},                    \
      {"APB1HLPENR", 0x114, 0x00000136, kAll}, {"APB2LPENR", 0x118, 0x31d73033, kAll}, {                  \
    "APB4LPENR", 0x11c, 0x04a1deaa, kAll                                                                  \
  }

constexpr Register kRccH743Rows[] = {
    M7SCOPE_RCC_H7("D1CFGR", "D2CFGR", "D3CFGR", "D1CCIPR", "D2CCIP1R", "D2CCIP2R", "D3CCIPR", "D3AMR")};
constexpr Register kRccH7A3Rows[] = {
    M7SCOPE_RCC_H7("CDCFGR1", "CDCFGR2", "SRDCFGR", "CDCCIPR", "CDCCIP1R", "CDCCIP2R", "SRDCCIPR", "SRDAMR")};
#undef M7SCOPE_RCC_H7

constexpr Register kPwrF7Rows[] = {
    {"CR1", 0x00, 0x0000c000, 0x000fefff},
    {"CSR1", 0x04, 0x00004000, 0x00000300},
    {"CR2", 0x08, 0x00000000, 0x00003f00, kKept},
    {"CSR2", 0x0c, 0x00000000, 0x00003f00, kKept},
};
constexpr Register kPwrH743Rows[] = {
    {"CR1", 0x00, 0xf000c000, 0x0007c3f1},
    {"CSR1", 0x04, 0x00004000, 0},
    {"CR2", 0x08, 0x00000000, 0x00000011},
    {"CR3", 0x0c, 0x00000006, 0x03000307},
    {"CPUCR", 0x10, 0x00000000, 0x00000e1f, kKept},
    {"D3CR", 0x18, 0x00004000, 0x0000c000},
    {"WKUPCR", 0x20, 0, 0},
    {"WKUPFR", 0x24, 0, 0},
    {"WKUPEPR", 0x28, 0, kAll, kKept},
};
constexpr Register kPwrH7A3Rows[] = {
    {"CR1", 0x00, 0xf000c000, 0xffffc3f1},
    {"CSR1", 0x04, 0x00004000, 0},
    {"CR2", 0x08, 0x00000000, 0x00000011},
    {"CR3", 0x0c, 0x00000006, 0x0300033f},
    {"CPUCR", 0x10, 0x00000000, 0x00000e1f, kKept},
    {"SRDCR", 0x18, 0x00004000, 0x0000c000},
    {"WKUPCR", 0x20, 0, 0},
    {"WKUPFR", 0x24, 0, 0},
    {"WKUPEPR", 0x28, 0, kAll, kKept},
};

constexpr Register kFlashF7Rows[] = {
    {"ACR", 0x00, 0x00000000, 0x00000b0f},
    {"KEYR", 0x04, 0, 0},
    {"OPTKEYR", 0x08, 0, 0},
    {"SR", 0x0c, 0x00000000, 0},
    {"CR", 0x10, 0x80000000, 0x8301837f},
    {"OPTCR", 0x14, 0xffffaafd, 0xffffffff},
    {"OPTCR1", 0x18, 0x00400080, 0xffffffff},
};

#define M7SCOPE_FLASH_H7(acr_reset)                                                                      \
  {"ACR", 0x00, acr_reset, 0x0000003f}, {"KEYR1", 0x04, 0, 0}, {"OPTKEYR", 0x08, 0, 0},                  \
      {"CR1", 0x0c, 0x00000031, 0x0fff8fff}, {"SR1", 0x10, 0, 0}, {"CCR1", 0x14, 0, 0},                  \
      {"OPTCR", 0x18, 0x00000001, 0xc0000013}, {"OPTSR_CUR", 0x1c, 0x1386aaf0, 0},                       \
      {"OPTSR_PRG", 0x20, 0x1386aaf0, kAll}, {"OPTCCR", 0x24, 0, 0}, {"PRAR_CUR1", 0x28, 0x000000ff, 0}, \
      {"PRAR_PRG1", 0x2c, 0x000000ff, kAll}, {"SCAR_CUR1", 0x30, 0x000000ff, 0},                         \
      {"SCAR_PRG1", 0x34, 0x000000ff, kAll}, {"WPSN_CUR1", 0x38, 0x000000ff, 0},                         \
      {"WPSN_PRG1", 0x3c, 0x000000ff, kAll}, {"BOOT_CUR", 0x40, 0x1ff00800, 0},                          \
      {"BOOT_PRG", 0x44, 0x1ff00800, kAll}, {"CRCCR1", 0x50, 0, kAll, kKept},                            \
      {"CRCSADD1", 0x54, 0, kAll, kKept}, {"CRCEADD1", 0x58, 0, kAll, kKept},                            \
      {"CRCDATA", 0x5c, 0, 0, kKept}, {"ECC_FA1", 0x60, 0, 0}, {"KEYR2", 0x104, 0, 0},                   \
      {"CR2", 0x10c, 0x00000031, 0x0fff8fff}, {"SR2", 0x110, 0, 0}, {"CCR2", 0x114, 0, 0}, {             \
    "ECC_FA2", 0x160, 0, 0                                                                               \
  }
constexpr Register kFlashH743Rows[] = {M7SCOPE_FLASH_H7(0x00000037)};
constexpr Register kFlashH7A3Rows[] = {M7SCOPE_FLASH_H7(0x00000013)};
#undef M7SCOPE_FLASH_H7

constexpr Register kSyscfgF7Rows[] = {
    {"MEMRMP", 0x00, 0, 0x00000d01, kKept}, {"PMC", 0x04, 0, kAll, kKept}, {"EXTICR1", 0x08, 0, 0xffff},
    {"EXTICR2", 0x0c, 0, 0xffff},           {"EXTICR3", 0x10, 0, 0xffff},  {"EXTICR4", 0x14, 0, 0xffff},
    {"CBR", 0x1c, 0, 0x5, kKept},           {"CMPCR", 0x20, 0, 0x1},
};
constexpr Register kSyscfgH7Rows[] = {
    {"PMCR", 0x04, 0, kAll},        {"EXTICR1", 0x08, 0, 0xffff},  {"EXTICR2", 0x0c, 0, 0xffff},
    {"EXTICR3", 0x10, 0, 0xffff},   {"EXTICR4", 0x14, 0, 0xffff},  {"CFGR", 0x18, 0, kAll, kKept},
    {"CCCSR", 0x20, 0, 0x00010003}, {"CCVR", 0x24, 0x88, 0},       {"CCCR", 0x28, 0, 0xff},
    {"PWRCR", 0x2c, 0, 0x1},        {"PKGR", 0x124, 0, 0},         {"UR0", 0x300, 0x00aa0001, 0},
    {"UR2", 0x308, 0x08000003, 0},  {"UR3", 0x30c, 0x1ff00000, 0}, {"UR4", 0x310, 0, 0},
};

constexpr Register kExtiF7Rows[] = {
    {"IMR", 0x00, 0, 0x01ffffff},  {"EMR", 0x04, 0, 0x01ffffff},   {"RTSR", 0x08, 0, 0x01ffffff},
    {"FTSR", 0x0c, 0, 0x01ffffff}, {"SWIER", 0x10, 0, 0x01ffffff}, {"PR", 0x14, 0, 0},
};
constexpr Register kExtiH7Rows[] = {
    {"RTSR1", 0x00, 0, 0x003fffff},
    {"FTSR1", 0x04, 0, 0x003fffff},
    {"SWIER1", 0x08, 0, 0x003fffff},
    {"D3PMR1", 0x0c, 0, kAll, kKept},
    {"D3PCR1L", 0x10, 0, kAll, kKept},
    {"D3PCR1H", 0x14, 0, kAll, kKept},
    {"RTSR2", 0x20, 0, 0x000a0000, kKept},
    {"FTSR2", 0x24, 0, 0x000a0000, kKept},
    {"SWIER2", 0x28, 0, 0x000a0000, kKept},
    {"D3PMR2", 0x2c, 0, kAll, kKept},
    {"RTSR3", 0x40, 0, kAll, kKept},
    {"FTSR3", 0x44, 0, kAll, kKept},
    {"SWIER3", 0x48, 0, kAll, kKept},
    {"IMR1", 0x80, 0xffc00000, kAll},
    {"EMR1", 0x84, 0, kAll},
    {"PR1", 0x88, 0, 0},
    {"IMR2", 0x90, 0xfff5ffff, kAll},
    {"EMR2", 0x94, 0, kAll},
    {"PR2", 0x98, 0, 0},
    {"IMR3", 0xa0, 0x018bffff, kAll},
    {"EMR3", 0xa4, 0, kAll},
    {"PR3", 0xa8, 0, 0},
};

// IDCODE comes from the part (parts.h).
constexpr Register kDbgmcuF7Rows[] = {
    {"IDCODE", 0x00, 0, 0}, {"CR", 0x04, 0, 0xff}, {"APB1FZ", 0x08, 0, kAll}, {"APB2FZ", 0x0c, 0, kAll}};
constexpr Register kDbgmcuH7Rows[] = {
    {"IDCODE", 0x00, 0, 0},      {"CR", 0x04, 0, kAll},       {"APB3FZ1", 0x34, 0, kAll},
    {"APB1LFZ1", 0x3c, 0, kAll}, {"APB1HFZ1", 0x44, 0, kAll}, {"APB2FZ1", 0x4c, 0, kAll},
    {"APB4FZ1", 0x54, 0, kAll},
};

}  // namespace

const RegisterMap kRccF7{"ST RM0385 Rev 8, section 5.3", kRccF7Rows};
const RegisterMap kRccH743{"ST RM0433 Rev 7, section 8.7; RM0468", kRccH743Rows};
const RegisterMap kRccH7A3{"ST RM0455, RCC registers", kRccH7A3Rows};
const RegisterMap kPwrF7{"ST RM0385, PWR registers", kPwrF7Rows};
const RegisterMap kPwrH743{"ST RM0433, PWR registers; RM0468", kPwrH743Rows};
const RegisterMap kPwrH7A3{"ST RM0455, PWR registers", kPwrH7A3Rows};
const RegisterMap kFlashF7{"ST RM0385, FLASH registers", kFlashF7Rows};
const RegisterMap kFlashH743{"ST RM0433, FLASH registers; RM0468", kFlashH743Rows};
const RegisterMap kFlashH7A3{"ST RM0455, FLASH registers", kFlashH7A3Rows};
const RegisterMap kSyscfgF7{"ST RM0385, SYSCFG registers; RM0410", kSyscfgF7Rows};
const RegisterMap kSyscfgH7{"ST RM0433, SYSCFG registers", kSyscfgH7Rows};
const RegisterMap kExtiF7{"ST RM0385, EXTI registers", kExtiF7Rows};
const RegisterMap kExtiH7{"ST RM0433, EXTI registers", kExtiH7Rows};
const RegisterMap kDbgmcuF7{"ST RM0385, DBGMCU registers", kDbgmcuF7Rows};
const RegisterMap kDbgmcuH7{"ST RM0433, DBGMCU registers", kDbgmcuH7Rows};

}  // namespace sim::peripherals
