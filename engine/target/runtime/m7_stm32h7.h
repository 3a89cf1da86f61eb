/* What the STM32H7 families share: register maps of PWR, RCC and FLASH, and the steps to full speed. The
 * names are RM0433's; RM0455 calls D1, D2 and D3 the CPU and smart-run domains. */
#ifndef M7_STM32H7_H
#define M7_STM32H7_H

#include <stdint.h>

#include "m7_clock.h"

typedef struct {
  uint32_t CR1, CSR1, CR2, CR3, CPUCR, other, D3CR; /* D3CR: SRDCR in RM0455 */
} pwr_registers;
#define PWR ((volatile pwr_registers*)0x58024800u)
#define CSR1_ACTVOSRDY (1u << 13)
#define CR3_BYPASS (1u << 0)
#define CR3_LDOEN (1u << 1)
#define CR3_SMPSEN (1u << 2) /* SCUEN where there is no SMPS: cleared by the first write */
#define CR3_SUPPLY (CR3_BYPASS | CR3_LDOEN | CR3_SMPSEN)
#define D3CR_VOSRDY (1u << 13)
#define D3CR_VOS (3u << 14)

typedef struct {
  uint32_t CR, HSICFGR, CRRCR, CSICFGR, CFGR, other0;
  uint32_t D1CFGR, D2CFGR, D3CFGR, other1; /* 0x18; CDCFGR1, CDCFGR2, SRDCFGR in RM0455 */
  uint32_t PLLCKSELR, PLLCFGR, PLL1DIVR, PLL1FRACR;
} rcc_registers;
#define RCC_BASE 0x58024400u
#define RCC ((volatile rcc_registers*)RCC_BASE)
_Static_assert(__builtin_offsetof(rcc_registers, PLL1DIVR) == 0x30, "");
#define CR_HSION (1u << 0)
#define CR_HSIRDY (1u << 2)
#define CR_HSIDIV (3u << 3)
#define CR_PLL1ON (1u << 24)
#define CR_PLL1RDY (1u << 25)
#define CFGR_SW 7u
#define CFGR_SW_PLL1 3u
#define CFGR_SWS (7u << 3)
#define CFGR_SWS_PLL1 (3u << 3)
#define PLLCKSELR_PLLSRC_DIVM1 (3u | 0x3Fu << 4)
#define PLLCFGR_PLL1 0x0007000Fu /* FRACEN, VCOSEL (0: wide range), RGE, and the enables of P, Q and R */
#define PLLCFGR_DIVP1EN (1u << 16)

#define FLASH_ACR (*(volatile uint32_t*)0x52002000u)
#define ACR_LATENCY_WRHIGHFREQ 0x3Fu

/* PLL1 from HSI (64 MHz): 64 MHz / m * n / p. */
typedef struct {
  uint32_t m, n, p;
  uint32_t input_range; /* RGE: 1 for 2 to 4 MHz behind m, 2 for 4 to 8 MHz */
} pll1_setting;

/* `supply`: CR3_LDOEN or CR3_SMPSEN, as the board is wired. A part takes it once after power-on. */
static inline void start_supply(uint32_t supply) {
  m7_set_field(&PWR->CR3, CR3_SUPPLY, supply);
  m7_wait_for(&PWR->CSR1, CSR1_ACTVOSRDY, CSR1_ACTVOSRDY);
}

static inline int set_voltage(uint32_t scale) {
  m7_set_field(&PWR->D3CR, D3CR_VOS, scale << 14);
  return m7_wait_for(&PWR->D3CR, D3CR_VOSRDY, D3CR_VOSRDY);
}

static inline int start_hsi(void) {
  m7_set_field(&RCC->CR, CR_HSIDIV, CR_HSION); /* undivided */
  return m7_wait_for(&RCC->CR, CR_HSIRDY, CR_HSIRDY);
}

static inline int start_pll1(pll1_setting pll) {
  m7_set_field(&RCC->PLLCKSELR, PLLCKSELR_PLLSRC_DIVM1, pll.m << 4); /* source 0: HSI */
  m7_set_field(&RCC->PLLCFGR, PLLCFGR_PLL1, pll.input_range << 2 | PLLCFGR_DIVP1EN);
  RCC->PLL1DIVR = (pll.n - 1) | (pll.p - 1) << 9 | 1u << 16 | 1u << 24; /* Q and R: off, divided by 2 */
  RCC->CR |= CR_PLL1ON;
  return m7_wait_for(&RCC->CR, CR_PLL1RDY, CR_PLL1RDY);
}

static inline int set_flash(uint32_t wait_states, uint32_t write_delay) {
  const uint32_t value = wait_states | write_delay << 4;
  m7_set_field(&FLASH_ACR, ACR_LATENCY_WRHIGHFREQ, value);
  return m7_wait_for(&FLASH_ACR, ACR_LATENCY_WRHIGHFREQ, value);
}

static inline int switch_to_pll1(void) {
  m7_set_field(&RCC->CFGR, CFGR_SW, CFGR_SW_PLL1);
  return m7_wait_for(&RCC->CFGR, CFGR_SWS, CFGR_SWS_PLL1);
}

#endif
