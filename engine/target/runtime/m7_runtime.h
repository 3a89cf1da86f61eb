/* What the runtime offers to an engine and its main program. */
#ifndef M7_RUNTIME_H
#define M7_RUNTIME_H

#include <stdint.h>

/* ITM stimulus port of the step marks. */
#define M7_STEP_PORT 1

/* Step `id` begins; the number of steps when the last one has ended. Goes out over SWO where a debugger has
 * enabled the ITM and this port, and costs a few loads where not. */
void m7_step_mark(uint32_t id);

/* Semihosting (needs a debugger, an emulator or m7scope). Results below 0 are errors. */
int32_t m7_file_open(const char* name, int32_t write);
/* Returns the number of bytes that could not be read or written: 0 is success. */
int32_t m7_file_read(int32_t file, void* data, uint32_t size);
int32_t m7_file_write(int32_t file, const void* data, uint32_t size);
int32_t m7_file_close(int32_t file);
void m7_print(const char* text);
_Noreturn void m7_exit(int32_t code);

#endif
