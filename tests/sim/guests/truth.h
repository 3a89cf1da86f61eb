/* What a guest knows of its own tensors: noted in cycles, for the test to read back. */
#include <stdint.h>

#define TRUTH_ROWS 96

typedef struct {
  uint32_t address, bytes, born, died;
} truth_row;

volatile truth_row truth[TRUTH_ROWS];
volatile uint32_t truth_rows;

static inline uint32_t cycles(void) {
  return *(volatile uint32_t*)0xE0001004u; /* DWT CYCCNT */
}

static inline void count_cycles(void) {
  *(volatile uint32_t*)0xE000EDFCu |= 1u << 24; /* DEMCR.TRCENA */
  *(volatile uint32_t*)0xE0001004u = 0;
  *(volatile uint32_t*)0xE0001000u |= 1u; /* DWT_CTRL.CYCCNTENA */
}

/* A tensor is about to be written. */
static inline uint32_t born(const void* address, uint32_t bytes) {
  uint32_t row = truth_rows++;
  truth[row].address = (uint32_t)(uintptr_t)address;
  truth[row].bytes = bytes;
  truth[row].born = cycles();
  return row;
}

/* It has been read, perhaps not for the last time. */
static inline void used(uint32_t row) {
  truth[row].died = cycles();
}
