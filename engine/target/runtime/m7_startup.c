/* Vector table, reset and faults (Armv7-M Architecture Reference Manual, B1.5). The symbols come from
 * link.ld. */
#include <stddef.h>

#include "m7_clock.h"
#include "m7_runtime.h"

#define REGISTER(address) (*(volatile uint32_t*)(address))
#define SCB_VTOR REGISTER(0xE000ED08u)
#define SCB_CFSR REGISTER(0xE000ED28u)
#define SCB_HFSR REGISTER(0xE000ED2Cu)
#define SCB_MMFAR REGISTER(0xE000ED34u)
#define SCB_BFAR REGISTER(0xE000ED38u)
#define SCB_CPACR REGISTER(0xE000ED88u)

extern uint32_t __stack_top[], __bss_start[], __bss_end[];
extern uint32_t __data_load[], __data_start[], __data_end[];
extern uint32_t __code_load[], __code_start[],
    __code_end[]; /* code that executes elsewhere than it is kept */

typedef union {
  uint32_t* stack;
  void (*handler)(void);
} vector;
extern const vector m7_vectors[256];

int main(void);
void m7_reset(void);
void m7_default_handler(void);

/* "name 0x12345678\n" */
static void print_word(const char* name, uint32_t value) {
  char text[12] = "0x00000000\n";
  for (int i = 9; i >= 2; --i, value >>= 4) text[i] = "0123456789abcdef"[value & 15u];
  m7_print(name);
  m7_print(text);
}

/* `frame` is what the core pushed: r0-r3, r12, lr, pc, xpsr. */
__attribute__((used, noreturn)) static void report_fault(const uint32_t* frame, uint32_t exception) {
  static const char* const kNames[16] = {
      [2] = "NMI",     [3] = "HardFault", [4] = "MemManage", [5] = "BusFault", [6] = "UsageFault",
      [11] = "SVCall", [12] = "Monitor",  [14] = "PendSV",   [15] = "SysTick"};
  const char* name = exception < 16 && kNames[exception] ? kNames[exception] : "interrupt";
  m7_print("m7: unexpected ");
  m7_print(name);
  print_word("\n  pc    ", frame[6]);
  print_word("  lr    ", frame[5]);
  print_word("  CFSR  ", SCB_CFSR);
  print_word("  HFSR  ", SCB_HFSR);
  print_word("  MMFAR ", SCB_MMFAR);
  print_word("  BFAR  ", SCB_BFAR);
  m7_exit(70);
}

/* Every exception that nobody expects. The engine runs on the main stack only. */
__attribute__((naked)) void m7_default_handler(void) {
  __asm__ volatile(
      "mrs r0, msp\n"
      "mrs r1, ipsr\n"
      "b report_fault\n");
}

/* Words, because memcpy itself may be part of what is copied: GCC must not make a call of the loop. */
__attribute__((optimize("no-tree-loop-distribute-patterns"))) static void copy(uint32_t* to,
                                                                               const uint32_t* end,
                                                                               const uint32_t* from) {
  while (to < end) *to++ = *from++;
}

static __attribute__((noinline, noreturn)) void start(void) {
  const char* late = m7_clock_start();
  if (late != NULL) {
    m7_print("m7: not ready at start-up: ");
    m7_print(late);
    m7_print("\n");
    m7_exit(71);
  }
  copy(__code_start, __code_end, __code_load);
  m7_caches_start(); /* with barriers: the copied code is what is fetched */
  copy(__data_start, __data_end, __data_load);
  for (uint32_t* to = __bss_start; to < __bss_end; ++to) *to = 0;
  m7_exit(main());
}

/* The supply comes before the first write to RAM, the FPU before any code that might use it. */
void m7_reset(void) {
  m7_supply_start();
  SCB_VTOR = (uint32_t)m7_vectors;
#ifdef __ARM_FP
  SCB_CPACR |= 0xFu << 20; /* CP10 and CP11: full access */
#endif
  __asm__ volatile("dsb\n isb" ::: "memory");
  start();
}

/* Initial stack pointer, 15 system exceptions, and as many interrupts as a Cortex-M7 can have (240). */
__attribute__((section(".vectors"), used)) const vector m7_vectors[256] = {
    [0] = {.stack = __stack_top},
    [1] = {.handler = m7_reset},
    [2 ... 6] = {.handler = m7_default_handler}, /* NMI, HardFault, MemManage, BusFault, UsageFault */
    [11] = {.handler = m7_default_handler},      /* SVCall */
    [12] = {.handler = m7_default_handler},      /* DebugMonitor */
    [14 ... 255] = {.handler = m7_default_handler},
};
