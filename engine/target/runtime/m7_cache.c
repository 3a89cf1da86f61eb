/* Caches (Armv7-M Architecture Reference Manual B2.2 and B3.2.8; Cortex-M7 TRM 3.3). */
#include "m7_clock.h"

typedef struct {
  uint32_t CCR; /* 0xE000ED14 */
  uint32_t other0[24];
  uint32_t CLIDR, CTR, CCSIDR, CSSELR; /* 0xE000ED78 */
  uint32_t other1[114];
  uint32_t ICIALLU; /* 0xE000EF50 */
  uint32_t other2[3];
  uint32_t DCISW; /* 0xE000EF60 */
} cache_registers;
#define SCB ((volatile cache_registers*)0xE000ED14u)
_Static_assert(__builtin_offsetof(cache_registers, CLIDR) == 0xD78 - 0xD14, "");
_Static_assert(__builtin_offsetof(cache_registers, ICIALLU) == 0xF50 - 0xD14, "");
_Static_assert(__builtin_offsetof(cache_registers, DCISW) == 0xF60 - 0xD14, "");

#define CCR_DC (1u << 16)
#define CCR_IC (1u << 17)
#define CLIDR_INSTRUCTION 1u /* Ctype1: there is an instruction cache */
#define CLIDR_DATA 2u

static void barrier(void) {
  __asm__ volatile("dsb\n isb" ::: "memory");
}

/* After power-on the caches hold random tags. Every line is invalid first, way by way and set by set. */
static void invalidate_data_cache(void) {
  SCB->CSSELR = 0; /* level 1, data */
  barrier();
  const uint32_t geometry = SCB->CCSIDR;
  const uint32_t set_shift = (geometry & 7u) + 4u; /* log2 of a line's bytes */
  const uint32_t last_way = (geometry >> 3) & 0x3FFu, last_set = (geometry >> 13) & 0x7FFFu;
  const uint32_t way_shift = last_way == 0 ? 0 : (uint32_t)__builtin_clz(last_way);
  for (uint32_t set = 0; set <= last_set; ++set) {
    for (uint32_t way = 0; way <= last_way; ++way) SCB->DCISW = way << way_shift | set << set_shift;
  }
  barrier();
}

void m7_caches_start(void) {
  const uint32_t present = SCB->CLIDR;
  if ((present & CLIDR_INSTRUCTION) != 0) {
    barrier();
    SCB->ICIALLU = 0;
    barrier();
    SCB->CCR |= CCR_IC;
    barrier();
  }
  if ((present & CLIDR_DATA) != 0) {
    invalidate_data_cache();
    SCB->CCR |= CCR_DC;
    barrier();
  }
}
