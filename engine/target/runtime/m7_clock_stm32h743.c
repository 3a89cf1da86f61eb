/* STM32H742, H743, H750, H753 at 480 MHz (RM0433 sections 4 flash, 6 power, 8 clocks; silicon revision V):
 * HSI 64 MHz / 16 * 240 = 960 MHz in PLL1, / 2 = 480 MHz at VOS0; AXI and AHB 240, APBs 120 MHz; flash 4 wait
 * states. */
#include <stddef.h>

#include "m7_stm32h7.h"

#define VOS_SCALE_1 3u

#define RCC_AHB2ENR (*(volatile uint32_t*)(RCC_BASE + 0xDCu))
#define AHB2ENR_SRAM1_2_3 (7u << 29)
#define RCC_APB4ENR (*(volatile uint32_t*)(RCC_BASE + 0xF4u))
#define APB4ENR_SYSCFGEN (1u << 1)
#define SYSCFG_PWRCR (*(volatile uint32_t*)0x5800042Cu)
#define PWRCR_ODEN 1u

#define D1CFGR_CPU_1_AXI_2_APB_2 (8u | 4u << 4) /* HPRE 2, D1PPRE 2, D1CPRE 1 */
#define D2CFGR_APB_2 (4u << 4 | 4u << 8)
#define D3CFGR_APB_2 (4u << 4)

/* VOS0 is VOS1 with the over-drive of SYSCFG (RM0433 6.6.2). */
static int set_voltage_0(void) {
  if (!set_voltage(VOS_SCALE_1)) return 0;
  RCC_APB4ENR |= APB4ENR_SYSCFGEN;
  (void)RCC_APB4ENR; /* two cycles until the clock runs */
  SYSCFG_PWRCR |= PWRCR_ODEN;
  return m7_wait_for(&PWR->D3CR, D3CR_VOSRDY, D3CR_VOSRDY);
}

void m7_supply_start(void) {
  start_supply(CR3_LDOEN); /* these parts have nothing else */
}

const char* m7_clock_start(void) {
  const pll1_setting pll = {.m = 16, .n = 240, .p = 2, .input_range = 2};
  RCC_AHB2ENR |= AHB2ENR_SRAM1_2_3; /* the SRAMs of domain D2 have no clock after reset */
  if (!set_voltage_0()) return "VOS0";
  if (!start_hsi()) return "HSI";
  if (!start_pll1(pll)) return "PLL1";
  RCC->D1CFGR = D1CFGR_CPU_1_AXI_2_APB_2;
  RCC->D2CFGR = D2CFGR_APB_2;
  RCC->D3CFGR = D3CFGR_APB_2;
  if (!set_flash(4, 2)) return "flash latency";
  if (!switch_to_pll1()) return "switch to PLL1";
  return NULL;
}
