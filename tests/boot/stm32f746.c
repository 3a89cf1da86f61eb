// STM32F746G-DISCO at 216 MHz: the steps and waits of the code that STM32CubeMX generates.
#include "board.h"
#include "core.h"

typedef struct {
  uint32_t CR, PLLCFGR, CFGR, CIR, AHB1RSTR, AHB2RSTR, AHB3RSTR, R0, APB1RSTR, APB2RSTR, R1[2], AHB1ENR,
      AHB2ENR, AHB3ENR, R2, APB1ENR, APB2ENR, R3[2], AHB1LPENR, AHB2LPENR, AHB3LPENR, R4, APB1LPENR,
      APB2LPENR, R5[2], BDCR, CSR, R6[2], SSCGR, PLLI2SCFGR, PLLSAICFGR, DCKCFGR1, DCKCFGR2;
} RCC_TypeDef;
typedef struct {
  uint32_t CR1, CSR1, CR2, CSR2;
} PWR_TypeDef;
#define RCC REG(RCC_TypeDef, 0x40023800)
#define PWR REG(PWR_TypeDef, 0x40007000)
#define FLASH_ACR (*REG(uint32_t, 0x40023c00))
#define GPIOA REG(GPIO_TypeDef, 0x40020000)
#define GPIOB REG(GPIO_TypeDef, 0x40020400)

const char* const kBoardName = "STM32F746";
uint32_t SystemCoreClock = 16000000;
volatile USART_TypeDef* const huart = REG(USART_TypeDef, 0x40011000);
const unsigned kUartIrq = 37;

void SystemInit(void) {
  SCB->CPACR |= 0xf << 20;
  RCC->CR |= 1;
  RCC->CFGR = 0;
  RCC->CR &= 0xfef6ffff;
  RCC->PLLCFGR = 0x24003010;
  RCC->CR &= 0xfffbffff;
  RCC->CIR = 0;
  SCB->VTOR = 0x08000000;
}

static int low_speed_oscillator(void) {
  PWR->CR1 |= 1 << 8;  // DBP
  if (!wait_for(&PWR->CR1, 1 << 8, 1 << 8, 100)) return 0;
  RCC->BDCR |= 1;
  if (!wait_for(&RCC->BDCR, 2, 2, 5000)) return 0;
  RCC->CSR |= 1;
  return wait_for(&RCC->CSR, 2, 2, 2);
}

static int pll(void) {
  RCC->CR |= 1 << 16;  // HSE
  if (!wait_for(&RCC->CR, 1 << 17, 1 << 17, 100)) return 0;
  RCC->CR &= ~(1u << 24);
  if (!wait_for(&RCC->CR, 1 << 25, 0, 2)) return 0;
  RCC->PLLCFGR = 25 | 432 << 6 | 0 << 16 | 1 << 22 | 9 << 24;  // 25 MHz / 25 x 432 / 2
  RCC->CR |= 1 << 24;
  return wait_for(&RCC->CR, 1 << 25, 1 << 25, 2);
}

static int over_drive(void) {
  PWR->CR1 |= 1 << 16;
  if (!wait_for(&PWR->CSR1, 1 << 16, 1 << 16, 1000)) return 0;
  PWR->CR1 |= 1 << 17;
  return wait_for(&PWR->CSR1, 1 << 17, 1 << 17, 1000);
}

int SystemClock_Config(void) {
  FLASH_ACR |= 1 << 9 | 1 << 8;  // ART, prefetch
  RCC->APB1ENR |= 1 << 28;       // PWR
  (void)RCC->APB1ENR;
  PWR->CR1 |= 3 << 14;  // voltage scale 1
  if (!low_speed_oscillator() || !pll() || !over_drive()) return 0;
  FLASH_ACR = (FLASH_ACR & ~15u) | 7;
  if ((FLASH_ACR & 15) != 7) return 0;
  RCC->CFGR |= 7 << 10 | 7 << 13;  // slow buses while the clock changes
  RCC->CFGR &= ~0xf0u;
  RCC->CFGR = (RCC->CFGR & ~3u) | 2;
  if (!wait_for(&RCC->CFGR, 3 << 2, 2 << 2, 5000)) return 0;
  RCC->CFGR = (RCC->CFGR & ~(7u << 10)) | 5 << 10;  // APB1 / 4
  RCC->CFGR = (RCC->CFGR & ~(7u << 13)) | 4 << 13;  // APB2 / 2
  SystemCoreClock = 216000000;
  return 1;
}

void MX_USART_Init(void) {
  RCC->AHB1ENR |= 3;
  RCC->APB2ENR |= 1 << 4;
  GPIOA->MODER = (GPIOA->MODER & ~(3u << 18)) | 2 << 18;  // PA9: TX
  GPIOA->AFR[1] |= 7 << 4;
  GPIOB->MODER = (GPIOB->MODER & ~(3u << 14)) | 2 << 14;  // PB7: RX
  GPIOB->AFR[0] |= 7u << 28;
  huart->CR1 &= ~(uint32_t)USART_CR1_UE;
  huart->CR1 = USART_CR1_TE | USART_CR1_RE;
  huart->BRR = (108000000 + 115200 / 2) / 115200;
  huart->CR1 |= USART_CR1_UE;
  wait_for(&huart->ISR, 3 << 21, 3 << 21, 1000);  // TEACK, REACK
}

void MX_TIM2_Init(void) {
  RCC->APB1ENR |= 1;
  TIM2->PSC = 107;  // 108 MHz / 108
  TIM2->ARR = 99;
  TIM2->EGR = 1;
  TIM2->SR = 0;
  TIM2->DIER = 1;
  TIM2->CR1 |= 1;
}

void TIM2_Acknowledge(void) {
  TIM2->SR = ~1u;
}
