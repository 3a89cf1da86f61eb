/* STM32F74x, F75x, F76x, F77x at 216 MHz (RM0385 and RM0410: sections 3 flash, 4 power, 5 clocks): HSI 16 MHz
 * / 8 * 216 = 432 MHz in the PLL, / 2 = 216 MHz with over-drive; AHB 216, APB1 54, APB2 108 MHz; flash 7 wait
 * states, for a supply of 2.7 to 3.6 V. */
#include <stddef.h>

#include "m7_clock.h"

typedef struct {
  uint32_t CR, PLLCFGR, CFGR, CIR; /* 0x00 */
  uint32_t other[12];
  uint32_t APB1ENR; /* 0x40 */
} rcc_registers;
#define RCC ((volatile rcc_registers*)0x40023800u)
_Static_assert(__builtin_offsetof(rcc_registers, APB1ENR) == 0x40, "");
#define CR_HSION (1u << 0)
#define CR_HSIRDY (1u << 1)
#define CR_PLLON (1u << 24)
#define CR_PLLRDY (1u << 25)
#define PLLCFGR_M_N_P_SRC (0x3Fu | 0x1FFu << 6 | 3u << 16 | 1u << 22)
#define PLLCFGR_216_MHZ (8u | 216u << 6) /* M 8, N 216, P 2 (coded 0), source HSI (0) */
#define PLLCFGR_Q (0xFu << 24)
#define PLLCFGR_Q_9 (9u << 24) /* 48 MHz for USB and the like */
#define CFGR_SW 3u
#define CFGR_SW_PLL 2u
#define CFGR_SWS (3u << 2)
#define CFGR_SWS_PLL (2u << 2)
#define CFGR_PRESCALERS (0xFu << 4 | 7u << 10 | 7u << 13)
#define CFGR_AHB_1_APB1_4_APB2_2 (5u << 10 | 4u << 13)
#define APB1ENR_PWREN (1u << 28)

typedef struct {
  uint32_t CR1, CSR1;
} pwr_registers;
#define PWR ((volatile pwr_registers*)0x40007000u)
#define CR1_VOS_SCALE_1 (3u << 14)
#define CR1_ODEN (1u << 16)
#define CR1_ODSWEN (1u << 17)
#define CSR1_ODRDY (1u << 16)
#define CSR1_ODSWRDY (1u << 17)

#define FLASH_ACR (*(volatile uint32_t*)0x40023C00u)
#define ACR_LATENCY 0xFu
#define ACR_PRFTEN (1u << 8)
#define ACR_ARTEN (1u << 9)
#define ACR_ARTRST (1u << 11)
#define WAIT_STATES 7u

void m7_supply_start(void) {}

/* The accelerator serves what runs through the flash's ITCM alias. It may be reset only while it is off. */
static int set_flash(void) {
  FLASH_ACR &= ~ACR_ARTEN;
  FLASH_ACR |= ACR_ARTRST;
  FLASH_ACR &= ~ACR_ARTRST;
  m7_set_field(&FLASH_ACR, ACR_LATENCY, WAIT_STATES | ACR_PRFTEN | ACR_ARTEN);
  return m7_wait_for(&FLASH_ACR, ACR_LATENCY, WAIT_STATES);
}

const char* m7_clock_start(void) {
  RCC->CR |= CR_HSION;
  if (!m7_wait_for(&RCC->CR, CR_HSIRDY, CR_HSIRDY)) return "HSI";

  RCC->APB1ENR |= APB1ENR_PWREN;
  (void)RCC->APB1ENR;          /* two cycles until the clock runs */
  PWR->CR1 |= CR1_VOS_SCALE_1; /* takes effect when the PLL is on */

  m7_set_field(&RCC->PLLCFGR, PLLCFGR_M_N_P_SRC | PLLCFGR_Q, PLLCFGR_216_MHZ | PLLCFGR_Q_9);
  RCC->CR |= CR_PLLON;
  if (!m7_wait_for(&RCC->CR, CR_PLLRDY, CR_PLLRDY)) return "PLL";

  PWR->CR1 |= CR1_ODEN;
  if (!m7_wait_for(&PWR->CSR1, CSR1_ODRDY, CSR1_ODRDY)) return "over-drive";
  PWR->CR1 |= CR1_ODSWEN;
  if (!m7_wait_for(&PWR->CSR1, CSR1_ODSWRDY, CSR1_ODSWRDY)) return "over-drive switch";

  if (!set_flash()) return "flash latency";
  m7_set_field(&RCC->CFGR, CFGR_PRESCALERS, CFGR_AHB_1_APB1_4_APB2_2);
  m7_set_field(&RCC->CFGR, CFGR_SW, CFGR_SW_PLL);
  if (!m7_wait_for(&RCC->CFGR, CFGR_SWS, CFGR_SWS_PLL)) return "switch to the PLL";
  return NULL;
}
