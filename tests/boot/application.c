// What the firmware does once its board runs: time, FPU in an interrupt, MPU, serial port, faults on purpose.
#include "board.h"
#include "core.h"

volatile uint32_t uwTick;
static volatile uint32_t tick_at[16];  // CYCCNT at the last ticks
static volatile uint32_t timer_count, timer_at[32];
static volatile float timer_sum;
static volatile int fault_count;
static uint32_t guarded[16] __attribute__((aligned(32)));
static volatile char line[32];
static volatile unsigned line_length;

void SysTick_Handler(void) {
  tick_at[uwTick++ % 16] = DWT->CYCCNT;
}

void HAL_InitTick(void) {
  SysTick->LOAD = SystemCoreClock / 1000 - 1;
  SCB->SHPR[11] = 15 << 4;
  SysTick->VAL = 0;
  SysTick->CTRL = 7;
}

int wait_for(volatile uint32_t* word, uint32_t mask, uint32_t expected, uint32_t ms) {
  uint32_t start = uwTick;
  while ((*word & mask) != expected) {
    if (uwTick - start > ms) return 0;
  }
  return 1;
}

static void put(char c) {
  while (!(huart->ISR & USART_ISR_TXE)) {
  }
  huart->TDR = (uint8_t)c;
}
static void say(const char* text) {
  while (*text) put(*text++);
}
static void say_number(uint32_t n) {
  char digits[10];
  unsigned count = 0;
  do digits[count++] = (char)('0' + n % 10);
  while (n /= 10);
  while (count) put(digits[--count]);
}
static void say_value(const char* name, uint32_t value) {
  say(name);
  put(' ');
  say_number(value);
  put('\n');
}

/// Uses the FPU: its registers of the interrupted code have to survive.
void TIM2_IRQHandler(void) {
  TIM2_Acknowledge();
  timer_at[timer_count % 32] = DWT->CYCCNT;
  ++timer_count;
  timer_sum += (float)timer_count * 0.5f;
}

static void uart_interrupt(void) {
  if (!(huart->ISR & USART_ISR_RXNE)) return;
  char c = (char)huart->RDR;
  if (line_length < sizeof line - 1) line[line_length++] = c;
}
void USART1_IRQHandler(void) {
  uart_interrupt();
}
void USART3_IRQHandler(void) {
  uart_interrupt();
}

/// The faulting instruction is a wide one: go on behind it. frame[6] is the stacked PC.
__attribute__((used)) void recover(uint32_t* frame) {
  say("fault CFSR ");
  say_number(SCB->CFSR);
  say(SCB->CFSR & 1 << 15 ? " BFAR " : " MMFAR ");
  say_number(SCB->CFSR & 1 << 15 ? SCB->BFAR : SCB->MMFAR - (uint32_t)guarded);
  put('\n');
  SCB->CFSR = SCB->CFSR;
  ++fault_count;
  frame[6] += 4;
}
__attribute__((naked)) void BusFault_Handler(void) {
  __asm__ volatile("mov r0, sp\n push {r4, lr}\n bl recover\n pop {r4, pc}");
}
__attribute__((naked)) void MemManage_Handler(void) {
  __asm__ volatile("mov r0, sp\n push {r4, lr}\n bl recover\n pop {r4, pc}");
}

static void load_from(uint32_t address) {
  __asm__ volatile("ldr.w r0, [%0]" ::"r"(address) : "r0", "memory");
}

/// The first 32 bytes of `guarded` become inaccessible.
static void MPU_Config(void) {
  MPU->CTRL = 0;
  MPU->RNR = 0;
  MPU->RBAR = (uint32_t)guarded;
  MPU->RASR = 4 << 1 | 1;  // no access, 32 bytes
  MPU->CTRL = 5;           // enabled, with the default map behind it
  barrier();
}

static uint32_t cycles_per_tick(void) {
  uint32_t first = uwTick;
  while (uwTick < first + 12) {
  }
  uint32_t last = uwTick - 1;
  return (tick_at[last % 16] - tick_at[(last - 10) % 16] + 5) / 10;
}

static void use_timer(void) {
  MX_TIM2_Init();
  enable_interrupt(28, 5);
  float sum = 0;
  unsigned turns = 0;
  while (timer_count < 20) {
    sum = sum * 0.5f + 1.0f;  // ends at 2 unless an interrupt disturbs it
    ++turns;
  }
  TIM2->DIER = 0;
  say_value("timer interrupts", timer_count);
  say_value("timer cycles", (timer_at[19] - timer_at[9] + 5) / 10);
  say_value("timer sum", (uint32_t)timer_sum);
  say(turns > 100 && sum > 1.99f && sum <= 2.0f ? "fpu kept\n" : "fpu disturbed\n");
}

static void measure_uart(void) {
  while (!(huart->ISR & USART_ISR_TC)) {
  }
  uint32_t start = DWT->CYCCNT;
  say("0123456789");
  while (!(huart->ISR & USART_ISR_TC)) {
  }
  uint32_t cycles = DWT->CYCCNT - start;
  put('\n');
  say_value("cycles of 10 bytes", cycles);
}

static void echo_by_polling(void) {
  say("poll> ");
  for (char c = 0; c != '\n';) {
    while (!(huart->ISR & USART_ISR_RXNE)) {
    }
    c = (char)huart->RDR;
    put(c);
  }
}

static void echo_by_interrupt(void) {
  say("interrupt> ");
  enable_interrupt(kUartIrq, 6);
  huart->CR1 |= USART_CR1_RXNEIE;
  while (line_length == 0 || line[line_length - 1] != '\n') __asm__ volatile("wfi");
  huart->CR1 &= ~(uint32_t)USART_CR1_RXNEIE;
  for (unsigned i = 0; i < line_length; ++i) put(line[i]);
}

int main(void) {
  enable_icache();
  enable_dcache();
  DEMCR |= 1 << 24;
  DWT_LAR = 0xc5acce55;
  DWT->CYCCNT = 0;
  DWT->CTRL |= 1;
  SCB->AIRCR = 0x05fa0300;  // NVIC_PRIORITYGROUP_4
  SCB->SHCSR |= 7 << 16;    // MemManage, BusFault, UsageFault
  HAL_InitTick();
  if (!SystemClock_Config()) leave(1);
  HAL_InitTick();
  MX_USART_Init();
  say(kBoardName);
  say_value(" core", SystemCoreClock);
  say_value("cycles of a tick", cycles_per_tick());
  use_timer();
  measure_uart();
  MPU_Config();
  load_from((uint32_t)guarded + 4);
  load_from(0x58030000);  // no peripheral is there
  say_value("faults survived", (uint32_t)fault_count);
  echo_by_polling();
  echo_by_interrupt();
  say("done\n");
  while (!(huart->ISR & USART_ISR_TC)) {
  }
  leave(0);
}
