/* From the state after reset to full speed: supply, voltage, clocks and flash. Each family of parts has its
 * own m7_clock_FAMILY.c. The clock source is the internal oscillator, so that an engine starts on every board
 * irrespective of its crystal; an application that needs the crystal's accuracy replaces the file. */
#ifndef M7_CLOCK_H
#define M7_CLOCK_H

#include <stdint.h>

/* The first thing after reset, before anything is written to RAM: what supplies the core, where software has
 * to say so. Uses no memory, so that it may. */
void m7_supply_start(void);

/* Brings the part to full speed. Returns NULL, or what did not become ready ("PLL"); then the clock is what
 * it was. */
const char* m7_clock_start(void);

/* Instruction and data cache on; what they held is invalid. Does nothing on a core without them. */
void m7_caches_start(void);

/* The slowest ready bit (over-drive, PLL lock) takes less than a millisecond: some 20 000 polls at the most.
 */
#define M7_POLLS 1000000u

/* Polls until the bits of `mask` in `*status` read `value`. Returns 1, or 0 after M7_POLLS polls. */
static inline int m7_wait_for(const volatile uint32_t* status, uint32_t mask, uint32_t value) {
  for (uint32_t polls = 0; polls < M7_POLLS; ++polls) {
    if ((*status & mask) == value) return 1;
  }
  return 0;
}

/* `*to` with the bits of `mask` replaced by `value`. */
static inline void m7_set_field(volatile uint32_t* to, uint32_t mask, uint32_t value) {
  *to = (*to & ~mask) | value;
}

#endif
