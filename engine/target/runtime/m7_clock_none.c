/* A part whose clocks this runtime does not set: it stays at the clock that it has when the engine starts. */
#include <stddef.h>

#include "m7_clock.h"

void m7_supply_start(void) {}

const char* m7_clock_start(void) {
  return NULL;
}
