/* Runs the model once: input.bin (all inputs, one after the other) -> output.bin (all outputs) and a line for
 * each output. Files and text go through semihosting; replace this file by your application's own main. */
#include "m7_runtime.h"
#include "model.h"

static char line[160];
static uint32_t line_length;

static void put_char(char c) {
  if (line_length + 1 < sizeof line) line[line_length++] = c;
}

static void put_text(const char* text) {
  while (*text != '\0') put_char(*text++);
}

static void put_int(int32_t value) {
  char digits[10];
  uint32_t n = 0, rest = value < 0 ? 0u - (uint32_t)value : (uint32_t)value;
  do digits[n++] = (char)('0' + rest % 10u);
  while ((rest /= 10u) != 0);
  if (value < 0) put_char('-');
  while (n > 0) put_char(digits[--n]);
}

static void put_hex(uint32_t value) {
  for (int shift = 28; shift >= 0; shift -= 4) put_char("0123456789abcdef"[(value >> shift) & 15u]);
}

static void print_line(void) {
  put_char('\n');
  line[line_length] = '\0';
  line_length = 0;
  m7_print(line);
}

/* CRC-32 as in zlib, four bits at a time. */
static uint32_t crc32(const int8_t* data, uint32_t size) {
  static const uint32_t kTable[16] = {0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
                                      0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
                                      0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};
  uint32_t crc = 0xFFFFFFFFu;
  for (uint32_t i = 0; i < size; ++i) {
    crc ^= (uint8_t)data[i];
    crc = kTable[crc & 15u] ^ (crc >> 4);
    crc = kTable[crc & 15u] ^ (crc >> 4);
  }
  return ~crc;
}

static void fail(const char* what, const char* file) {
  put_text("m7: ");
  put_text(file);
  put_text(": ");
  put_text(what);
  print_line();
  m7_exit(2);
}

int main(void) {
  const int32_t in = m7_file_open("input.bin", 0);
  if (in < 0) fail("cannot be opened for reading", "input.bin");
  for (int i = 0; i < M7_MODEL_INPUTS; ++i) {
    if (m7_file_read(in, m7_model_inputs[i].data, m7_model_inputs[i].size) != 0) {
      fail("is shorter than the model's inputs", "input.bin");
    }
  }
  m7_file_close(in);

  m7_model_invoke();

  const int32_t out = m7_file_open("output.bin", 1);
  if (out < 0) fail("cannot be opened for writing", "output.bin");
  for (int i = 0; i < M7_MODEL_OUTPUTS; ++i) {
    const m7_tensor* tensor = &m7_model_outputs[i];
    if (m7_file_write(out, tensor->data, tensor->size) != 0) fail("cannot be written", "output.bin");
    put_text("output ");
    put_int(i);
    put_text(": int8 ");
    put_text(tensor->shape);
    put_text(" crc32=");
    put_hex(crc32(tensor->data, tensor->size));
    put_char(':');
    for (uint32_t k = 0; k < tensor->size && k < 16; ++k) {
      put_char(' ');
      put_int(tensor->data[k]);
    }
    print_line();
  }
  m7_file_close(out);
  return 0;
}
