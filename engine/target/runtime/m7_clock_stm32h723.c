/* STM32H723, H730, H733 at 550 MHz (RM0468 sections 4 flash, 6 power, 8 clocks): HSI 64 MHz / 32 * 275 = 550
 * MHz in PLL1 at VOS0; AXI and AHB 275, APBs 137.5 MHz; flash 3 wait states. Beyond 520 MHz the part needs
 * its option CPUFREQ_BOOST programmed, as a clock of 550 MHz presumes. */
#include <stddef.h>

#include "m7_stm32h7.h"

#define VOS_SCALE_0 0u

#define RCC_AHB2ENR (*(volatile uint32_t*)(RCC_BASE + 0xDCu))
#define AHB2ENR_SRAM1_2 (3u << 29)

#define D1CFGR_CPU_1_AXI_2_APB_2 (8u | 4u << 4) /* HPRE 2, D1PPRE 2, D1CPRE 1 */
#define D2CFGR_APB_2 (4u << 4 | 4u << 8)
#define D3CFGR_APB_2 (4u << 4)

void m7_supply_start(void) {
  start_supply(CR3_LDOEN); /* these parts have nothing else; H725 and H735 have an SMPS too */
}

const char* m7_clock_start(void) {
  const pll1_setting pll = {.m = 32, .n = 275, .p = 1, .input_range = 1};
  RCC_AHB2ENR |= AHB2ENR_SRAM1_2; /* the SRAMs of domain D2 have no clock after reset */
  if (!set_voltage(VOS_SCALE_0)) return "VOS0";
  if (!start_hsi()) return "HSI";
  if (!start_pll1(pll)) return "PLL1";
  RCC->D1CFGR = D1CFGR_CPU_1_AXI_2_APB_2;
  RCC->D2CFGR = D2CFGR_APB_2;
  RCC->D3CFGR = D3CFGR_APB_2;
  if (!set_flash(3, 3)) return "flash latency";
  if (!switch_to_pll1()) return "switch to PLL1";
  return NULL;
}
