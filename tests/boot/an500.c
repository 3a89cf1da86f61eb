// A program for QEMU's mps2-an500 and for m7scope: serial port, SysTick, a timer's interrupt, SVC, PendSV.
#include "core.h"

typedef struct {
  uint32_t DATA, STATE, CTRL, INTSTATUS, BAUDDIV;
} UART_TypeDef;
typedef struct {
  uint32_t CTRL, VALUE, RELOAD, INTSTATUS;
} TIMER_TypeDef;
#define UART0 REG(UART_TypeDef, 0x40004000)
#define TIMER0 REG(TIMER_TypeDef, 0x40000000)
#define FPGAIO_LED (*REG(uint32_t, 0x40028000))
#define SCC_ID (*REG(uint32_t, 0x4002fffc))

static volatile uint32_t ticks, timer_ticks, services, switches;

void SystemInit(void) {
  SCB->CPACR |= 0xf << 20;
}
void SysTick_Handler(void) {
  ++ticks;
  SCB->ICSR = 1 << 28;  // PendSV
}
void PendSV_Handler(void) {
  ++switches;
}
void SVC_Handler(void) {
  ++services;
}
void TIMER0_Handler(void) {
  TIMER0->INTSTATUS = 1;
  ++timer_ticks;
}

static void put(char c) {
  while (UART0->STATE & 1) {
  }
  UART0->DATA = (uint8_t)c;
}
static void say(const char* text) {
  while (*text) put(*text++);
}
static void say_value(const char* name, uint32_t value) {
  say(name);
  put(' ');
  for (int shift = 28; shift >= 0; shift -= 4) put("0123456789abcdef"[value >> shift & 15]);
  put('\n');
}

int main(void) {
  UART0->BAUDDIV = 217;
  UART0->CTRL = 3;
  say("hello from AN500\n");
  say_value("scc", SCC_ID);
  FPGAIO_LED = 3;
  say_value("leds", FPGAIO_LED);
  SysTick->LOAD = 25000 - 1;
  SysTick->VAL = 0;
  SysTick->CTRL = 7;
  TIMER0->RELOAD = 50000;
  TIMER0->CTRL = 9;
  enable_interrupt(8, 3);
  while (ticks < 5 || timer_ticks < 3) __asm__ volatile("wfi");
  SysTick->CTRL = 0;
  TIMER0->CTRL = 0;
  barrier();
  for (int i = 0; i < 4; ++i) __asm__ volatile("svc 7");
  say(ticks >= 5 && switches == ticks ? "each tick switched\n" : "switches lost\n");
  say_value("services", services);
  volatile float x = 1.5f;
  say_value("float", (uint32_t)(x * x * 100.0f));
  for (char c = 0; c != '\n';) {
    while (!(UART0->STATE & 2)) {
    }
    c = (char)UART0->DATA;
    put(c >= 'a' && c <= 'z' ? (char)(c - 32) : c);
  }
  leave(0);
}
