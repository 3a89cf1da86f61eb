// What the application asks of a board: stm32f746.c and stm32h743.c.
#pragma once
#include <stdint.h>

extern const char* const kBoardName;
extern uint32_t SystemCoreClock;  ///< Hz
extern volatile uint32_t uwTick;  ///< milliseconds, counted by SysTick

/// Oscillator, regulator, PLL, wait states, bus dividers; false where a flag does not come within its time.
int SystemClock_Config(void);
/// Serial port at 115200 baud.
void MX_USART_Init(void);
/// TIM2's update interrupt at 10 kHz.
void MX_TIM2_Init(void);
/// Clears its flag.
void TIM2_Acknowledge(void);

/// The serial port's registers: F7 and H7 have the same.
typedef struct {
  uint32_t CR1, CR2, CR3, BRR, GTPR, RTOR, RQR, ISR, ICR, RDR, TDR, PRESC;
} USART_TypeDef;
extern volatile USART_TypeDef* const huart;
extern const unsigned kUartIrq;
enum { USART_CR1_UE = 1, USART_CR1_RE = 4, USART_CR1_TE = 8, USART_CR1_RXNEIE = 1 << 5 };
enum { USART_ISR_RXNE = 1 << 5, USART_ISR_TC = 1 << 6, USART_ISR_TXE = 1 << 7 };

typedef struct {
  uint32_t CR1, CR2, SMCR, DIER, SR, EGR, CCMR1, CCMR2, CCER, CNT, PSC, ARR;
} TIM_TypeDef;
#define TIM2 ((volatile TIM_TypeDef*)0x40000000)
typedef struct {
  uint32_t MODER, OTYPER, OSPEEDR, PUPDR, IDR, ODR, BSRR, LCKR, AFR[2];
} GPIO_TypeDef;

/// Whether `*word & mask` becomes `expected` within `ms` of SysTick's milliseconds.
int wait_for(volatile uint32_t* word, uint32_t mask, uint32_t expected, uint32_t ms);
/// SysTick at 1 kHz from SystemCoreClock.
void HAL_InitTick(void);
