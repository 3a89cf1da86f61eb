// C text that guest programs of the exception tests begin with: printing by semihosting, and the core's
// registers.
#pragma once

namespace sim::test {

inline constexpr const char* kGuestCore = R"code(
#include <stdint.h>
static inline void put(char c) {
  register int r0 __asm__("r0") = 3;
  register const void* r1 __asm__("r1") = &c;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}
static void say(const char* text) { while (*text) put(*text++); }
static void say_hex(const char* name, uint32_t x) {
  say(name);
  put(' ');
  for (int i = 28; i >= 0; i -= 4) put("0123456789abcdef"[x >> i & 15]);
  put('\n');
}
__attribute__((unused)) static void say_number(const char* name, uint32_t x) {
  char digits[12];
  int n = 0;
  say(name);
  put(' ');
  do digits[n++] = (char)('0' + x % 10); while (x /= 10);
  while (n) put(digits[--n]);
  put('\n');
}
#define REG(address) (*(volatile uint32_t*)(address))
#define REG8(address) (*(volatile uint8_t*)(address))
#define SYST_CSR REG(0xe000e010)
#define SYST_RVR REG(0xe000e014)
#define SYST_CVR REG(0xe000e018)
#define NVIC_ISER REG(0xe000e100)
#define NVIC_ICER REG(0xe000e180)
#define NVIC_ISPR REG(0xe000e200)
#define NVIC_ICPR REG(0xe000e280)
#define NVIC_IABR REG(0xe000e300)
#define NVIC_IPR(n) REG8(0xe000e400 + (n))
#define ICSR REG(0xe000ed04)
#define VTOR REG(0xe000ed08)
#define AIRCR REG(0xe000ed0c)
#define SCR REG(0xe000ed10)
#define CCR REG(0xe000ed14)
#define SHPR(n) REG8(0xe000ed14 + (n))
#define SHCSR REG(0xe000ed24)
#define CFSR REG(0xe000ed28)
#define HFSR REG(0xe000ed2c)
#define MMFAR REG(0xe000ed34)
#define BFAR REG(0xe000ed38)
#define STIR REG(0xe000ef00)
#define FPCCR REG(0xe000ef34)
#define FPCAR REG(0xe000ef38)
#define FPDSCR REG(0xe000ef3c)
#define DWT_CTRL REG(0xe0001000)
#define DWT_CYCCNT REG(0xe0001004)
#define BARRIER() __asm__ volatile("dsb\n isb" ::: "memory")
#define PEND(irq) do { NVIC_ISPR = 1u << (irq); BARRIER(); } while (0)
#define MRS(name) ({ uint32_t v; __asm__ volatile("mrs %0, " #name : "=r"(v)); v; })
#define MSR(name, value) __asm__ volatile("msr " #name ", %0\n isb" :: "r"(value) : "memory")
)code";

}  // namespace sim::test
