// Registers of the Cortex-M7 that start-up code uses, laid out as CMSIS lays them out.
#pragma once
#include <stdint.h>

#define REG(type, address) ((volatile type*)(address))

typedef struct {
  uint32_t CTRL, LOAD, VAL, CALIB;
} SysTick_Type;
typedef struct {
  uint32_t CPUID, ICSR, VTOR, AIRCR, SCR, CCR;
  uint8_t SHPR[12];
  uint32_t SHCSR, CFSR, HFSR, DFSR, MMFAR, BFAR, AFSR, ID[14], CLIDR, CTR, CCSIDR, CSSELR, CPACR;
} SCB_Type;
typedef struct {
  uint32_t TYPE, CTRL, RNR, RBAR, RASR;
} MPU_Type;
typedef struct {
  uint32_t CTRL, CYCCNT;
} DWT_Type;

#define SysTick REG(SysTick_Type, 0xe000e010)
#define SCB REG(SCB_Type, 0xe000ed00)
#define MPU REG(MPU_Type, 0xe000ed90)
#define DWT REG(DWT_Type, 0xe0001000)
#define DWT_LAR (*REG(uint32_t, 0xe0001fb0))
#define DEMCR (*REG(uint32_t, 0xe000edfc))
#define NVIC_ISER REG(uint32_t, 0xe000e100)
#define NVIC_IPR REG(uint8_t, 0xe000e400)
#define ICIALLU (*REG(uint32_t, 0xe000ef50))
#define DCISW (*REG(uint32_t, 0xe000ef60))

static inline void barrier(void) {
  __asm__ volatile("dsb\n isb" ::: "memory");
}

static inline void enable_interrupt(unsigned irq, unsigned priority) {
  NVIC_IPR[irq] = (uint8_t)(priority << 4);
  NVIC_ISER[irq / 32] = 1u << irq % 32;
}

static inline void enable_icache(void) {
  barrier();
  ICIALLU = 0;
  barrier();
  SCB->CCR |= 1u << 17;
  barrier();
}

/// Invalidates by set and way, as the geometry in CCSIDR says, then enables.
static inline void enable_dcache(void) {
  SCB->CSSELR = 0;
  barrier();
  uint32_t geometry = SCB->CCSIDR, sets = (geometry >> 13 & 0x7fff) + 1, ways = (geometry >> 3 & 0x3ff) + 1;
  for (uint32_t set = sets; set-- > 0;) {
    for (uint32_t way = ways; way-- > 0;) DCISW = set << 5 | way << 30;
  }
  barrier();
  SCB->CCR |= 1u << 16;
  barrier();
}

/// Ends the program; the debugger gets `code`.
__attribute__((noreturn)) static inline void leave(int code) {
  uint32_t block[2] = {0x20026, (uint32_t)code};  // ADP_Stopped_ApplicationExit
  register uint32_t r0 __asm__("r0") = 0x20;      // SYS_EXIT_EXTENDED
  register uint32_t* r1 __asm__("r1") = block;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  for (;;) {
  }
}
