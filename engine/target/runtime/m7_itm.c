/* Step marks over the Instrumentation Trace Macrocell (Armv7-M Architecture Reference Manual, C1.7). */
#include "m7_runtime.h"

#define ITM_STIM(port) (*(volatile uint32_t*)(0xE0000000u + 4u * (port)))
#define ITM_TER0 (*(volatile uint32_t*)0xE0000E00u) /* bit n: port n is enabled */
#define ITM_TCR (*(volatile uint32_t*)0xE0000E80u)  /* bit 0: ITMENA */

void m7_step_mark(uint32_t id) {
  if ((ITM_TCR & 1u) == 0 || (ITM_TER0 & (1u << M7_STEP_PORT)) == 0) return;
  while (ITM_STIM(M7_STEP_PORT) == 0) { /* reads 1 when the FIFO has room */
  }
  ITM_STIM(M7_STEP_PORT) = id;
}
