/* STM32H7A3, H7B0, H7B3 at 280 MHz (RM0455 sections 4 flash, 6 power, 8 clocks): HSI 64 MHz / 16 * 140 = 560
 * MHz in PLL1, / 2 = 280 MHz at VOS0; CPU, AXI and AHB 280, APBs 140 MHz; flash 6 wait states. */
#include <stddef.h>

#include "m7_stm32h7.h"

/* What supplies the core: the board's wiring. NUCLEO-H7A3ZI-Q and most others: the SMPS; CR3_LDOEN: the LDO.
 */
#ifndef M7_SUPPLY
#define M7_SUPPLY CR3_SMPSEN
#endif

#define VOS_SCALE_0 3u

#define RCC_AHB2ENR (*(volatile uint32_t*)(RCC_BASE + 0x13Cu))
#define AHB2ENR_AHBSRAM1_2 (3u << 29)

#define CDCFGR1_AHB_1_APB_2 (4u << 4)
#define CDCFGR2_APB_2 (4u << 4 | 4u << 8)
#define SRDCFGR_APB_2 (4u << 4)

void m7_supply_start(void) {
  start_supply(M7_SUPPLY);
}

const char* m7_clock_start(void) {
  const pll1_setting pll = {.m = 16, .n = 140, .p = 2, .input_range = 2};
  RCC_AHB2ENR |= AHB2ENR_AHBSRAM1_2; /* the SRAMs on the AHB have no clock after reset */
  if (!set_voltage(VOS_SCALE_0)) return "VOS0";
  if (!start_hsi()) return "HSI";
  if (!start_pll1(pll)) return "PLL1";
  RCC->D1CFGR = CDCFGR1_AHB_1_APB_2;
  RCC->D2CFGR = CDCFGR2_APB_2;
  RCC->D3CFGR = SRDCFGR_APB_2;
  if (!set_flash(6, 3)) return "flash latency";
  if (!switch_to_pll1()) return "switch to PLL1";
  return NULL;
}
