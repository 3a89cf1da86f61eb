// NUCLEO-H743ZI2 at 480 MHz: the steps and waits of the code that STM32CubeMX generates for revision V.
#include "board.h"
#include "core.h"

typedef struct {
  uint32_t CR, HSICFGR, CRRCR, CSICFGR, CFGR, R0, D1CFGR, D2CFGR, D3CFGR, R1, PLLCKSELR, PLLCFGR, PLL1DIVR,
      PLL1FRACR, PLL2DIVR, PLL2FRACR, PLL3DIVR, PLL3FRACR, R2, D1CCIPR, D2CCIP1R, D2CCIP2R, D3CCIPR, R3, CIER,
      CIFR, CICR, R4, BDCR, CSR, R5[22], RSR, AHB3ENR, AHB1ENR, AHB2ENR, AHB4ENR, APB3ENR, APB1LENR, APB1HENR,
      APB2ENR, APB4ENR;
} RCC_TypeDef;
typedef struct {
  uint32_t CR1, CSR1, CR2, CR3, CPUCR, R0, D3CR;
} PWR_TypeDef;
#define RCC REG(RCC_TypeDef, 0x58024400)
#define PWR REG(PWR_TypeDef, 0x58024800)
#define FLASH_ACR (*REG(uint32_t, 0x52002000))
#define SYSCFG_PWRCR (*REG(uint32_t, 0x5800042c))
#define DBGMCU_IDCODE (*REG(uint32_t, 0x5c001000))
#define GPIOD REG(GPIO_TypeDef, 0x58020c00)

const char* const kBoardName = "STM32H743";
uint32_t SystemCoreClock = 64000000;
volatile USART_TypeDef* const huart = REG(USART_TypeDef, 0x40004800);
const unsigned kUartIrq = 39;

_Static_assert(__builtin_offsetof(RCC_TypeDef, RSR) == 0xd0, "as RM0433 has it");

void SystemInit(void) {
  SCB->CPACR |= 0xf << 20;
  if ((FLASH_ACR & 15) < 7) FLASH_ACR = (FLASH_ACR & ~15u) | 7;
  RCC->CR |= 1;
  RCC->CFGR = 0;
  RCC->CR &= 0xeaf6ed7f;
  RCC->D1CFGR = 0;
  RCC->D2CFGR = 0;
  RCC->D3CFGR = 0;
  RCC->PLLCKSELR = 0x02020200;
  RCC->PLLCFGR = 0x01ff0000;
  RCC->PLL1DIVR = 0x01010280;
  RCC->PLL1FRACR = 0;
  RCC->CR &= 0xfffbffff;
  RCC->CIER = 0;
  if (DBGMCU_IDCODE >> 16 < 0x2000) *REG(uint32_t, 0x51008108) = 1;  // an erratum of older revisions
  RCC->AHB3ENR |= 1 << 12;
  (void)RCC->AHB3ENR;
  *REG(uint32_t, 0x52004000) = 0x30d2;  // FMC bank 1 off
  RCC->AHB3ENR &= ~(1u << 12);
  SCB->VTOR = 0x08000000;
}

static int supply_and_voltage(void) {
  if ((PWR->CR3 & 7) == 6) PWR->CR3 = (PWR->CR3 & ~7u) | 2;  // LDO
  if (!wait_for(&PWR->CSR1, 1 << 13, 1 << 13, 1000)) return 0;
  PWR->D3CR |= 3 << 14;  // VOS1
  (void)PWR->D3CR;
  if (!wait_for(&PWR->D3CR, 1 << 13, 1 << 13, 1000)) return 0;
  RCC->APB4ENR |= 1 << 1;
  (void)RCC->APB4ENR;
  SYSCFG_PWRCR |= 1;  // ODEN: VOS0
  return wait_for(&PWR->D3CR, 1 << 13, 1 << 13, 1000);
}

static int pll(void) {
  RCC->CR |= 1 << 18 | 1 << 16;  // HSE, bypassed
  if (!wait_for(&RCC->CR, 1 << 17, 1 << 17, 100)) return 0;
  RCC->CR &= ~(1u << 24);
  if (!wait_for(&RCC->CR, 1 << 25, 0, 2)) return 0;
  RCC->PLLCKSELR = (RCC->PLLCKSELR & ~0x3f3u) | 2 << 4 | 2;  // 8 MHz / 2
  RCC->PLL1DIVR = 239 | 1 << 9 | 3 << 16 | 1 << 24;          // x 240, P / 2, Q / 4, R / 2
  RCC->PLLCFGR = (RCC->PLLCFGR & ~0xfu) | 2 << 2 | 7 << 16;  // 4 to 8 MHz, wide, no fraction
  RCC->CR |= 1 << 24;
  return wait_for(&RCC->CR, 1 << 25, 1 << 25, 2);
}

int SystemClock_Config(void) {
  if (!supply_and_voltage() || !pll()) return 0;
  FLASH_ACR = 2 << 4 | 4;
  if ((FLASH_ACR & 15) != 4) return 0;
  RCC->D1CFGR = (RCC->D1CFGR & ~0x70u) | 4 << 4;            // APB3 / 2
  RCC->D2CFGR = (RCC->D2CFGR & ~0x770u) | 4 << 4 | 4 << 8;  // APB1, APB2 / 2
  RCC->D3CFGR = 4 << 4;                                     // APB4 / 2
  RCC->D1CFGR = (RCC->D1CFGR & ~0xfu) | 8;                  // HCLK / 2
  RCC->CFGR = (RCC->CFGR & ~7u) | 3;
  if (!wait_for(&RCC->CFGR, 7 << 3, 3 << 3, 5000)) return 0;
  SystemCoreClock = 480000000;
  return 1;
}

void MX_USART_Init(void) {
  RCC->AHB4ENR |= 1 << 3;
  RCC->APB1LENR |= 1 << 18;
  GPIOD->MODER = (GPIOD->MODER & ~(0xfu << 16)) | 0xa << 16;  // PD8: TX, PD9: RX
  GPIOD->AFR[1] |= 0x77;
  huart->CR1 &= ~(uint32_t)USART_CR1_UE;
  huart->CR1 = USART_CR1_TE | USART_CR1_RE;
  huart->PRESC = 0;
  huart->BRR = (120000000 + 115200 / 2) / 115200;
  huart->CR1 |= USART_CR1_UE;
  wait_for(&huart->ISR, 3 << 21, 3 << 21, 1000);  // TEACK, REACK
}

void MX_TIM2_Init(void) {
  RCC->APB1LENR |= 1;
  TIM2->PSC = 239;  // 240 MHz / 240
  TIM2->ARR = 99;
  TIM2->EGR = 1;
  TIM2->SR = 0;
  TIM2->DIER = 1;
  TIM2->CR1 |= 1;
}

void TIM2_Acknowledge(void) {
  TIM2->SR = ~1u;
}
