/* Semihosting for M-profile: BKPT 0xAB, operation in r0, parameter in r1, result in r0 (Arm: Semihosting for
 * AArch32 and AArch64). */
#include "m7_runtime.h"

enum {
  SYS_OPEN = 0x01,
  SYS_CLOSE = 0x02,
  SYS_WRITE0 = 0x04,
  SYS_WRITE = 0x05,
  SYS_READ = 0x06,
  SYS_EXIT = 0x18,
  SYS_EXIT_EXTENDED = 0x20,
};
enum { OPEN_RB = 1, OPEN_WB = 5 };
enum { ADP_Stopped_RunTimeErrorUnknown = 0x20023, ADP_Stopped_ApplicationExit = 0x20026 };

static int32_t call(uint32_t operation, uintptr_t parameter) {
  register uint32_t r0 __asm__("r0") = operation;
  register uintptr_t r1 __asm__("r1") = parameter;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return (int32_t)r0;
}

static uint32_t length(const char* text) {
  uint32_t n = 0;
  while (text[n] != '\0') ++n;
  return n;
}

int32_t m7_file_open(const char* name, int32_t write) {
  const uintptr_t block[3] = {(uintptr_t)name, write ? OPEN_WB : OPEN_RB, length(name)};
  return call(SYS_OPEN, (uintptr_t)block);
}

int32_t m7_file_read(int32_t file, void* data, uint32_t size) {
  const uintptr_t block[3] = {(uintptr_t)file, (uintptr_t)data, size};
  return call(SYS_READ, (uintptr_t)block);
}

int32_t m7_file_write(int32_t file, const void* data, uint32_t size) {
  const uintptr_t block[3] = {(uintptr_t)file, (uintptr_t)data, size};
  return call(SYS_WRITE, (uintptr_t)block);
}

int32_t m7_file_close(int32_t file) {
  const uintptr_t block[1] = {(uintptr_t)file};
  return call(SYS_CLOSE, (uintptr_t)block);
}

void m7_print(const char* text) {
  call(SYS_WRITE0, (uintptr_t)text);
}

_Noreturn void m7_exit(int32_t code) {
  const uintptr_t block[2] = {ADP_Stopped_ApplicationExit, (uintptr_t)code};
  call(SYS_EXIT_EXTENDED, (uintptr_t)block);
  /* A host without the extension comes back: the plain call knows only success and failure. */
  call(SYS_EXIT, code == 0 ? ADP_Stopped_ApplicationExit : ADP_Stopped_RunTimeErrorUnknown);
  for (;;) {
  }
}
