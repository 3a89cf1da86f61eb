/* Runs the model once: input.bin (all inputs, one after the other) -> output.bin (all outputs) and a line for
 * each output. Files and text go through semihosting; replace this file by your application's own main. */
#include "m7_runtime.h"
#include "model.h"

/* Text on its way out. It lives on the stack, so that the application has no static data beside the arena. */
typedef struct {
  uint32_t length;
  char text[160];
} line;

static void put_char(line* l, char c) {
  if (l->length + 2 < sizeof l->text) l->text[l->length++] = c; /* room for the newline and the zero */
}

static void put_text(line* l, const char* text) {
  while (*text != '\0') put_char(l, *text++);
}

static void put_int(line* l, int32_t value) {
  char digits[10];
  uint32_t n = 0, rest = value < 0 ? 0u - (uint32_t)value : (uint32_t)value;
  do digits[n++] = (char)('0' + rest % 10u);
  while ((rest /= 10u) != 0);
  if (value < 0) put_char(l, '-');
  while (n > 0) put_char(l, digits[--n]);
}

static void put_hex(line* l, uint32_t value) {
  for (int shift = 28; shift >= 0; shift -= 4) put_char(l, "0123456789abcdef"[(value >> shift) & 15u]);
}

static void print_line(line* l) {
  l->text[l->length] = '\n';
  l->text[l->length + 1] = '\0';
  l->length = 0;
  m7_print(l->text);
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

__attribute__((noinline, noreturn)) static void fail(const char* what, const char* file) {
  line l;
  l.length = 0;
  put_text(&l, "m7: ");
  put_text(&l, file);
  put_text(&l, ": ");
  put_text(&l, what);
  print_line(&l);
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
    line l;
    l.length = 0;
    if (m7_file_write(out, tensor->data, tensor->size) != 0) fail("cannot be written", "output.bin");
    put_text(&l, "output ");
    put_int(&l, i);
    put_text(&l, ": int8 ");
    put_text(&l, tensor->shape);
    put_text(&l, " crc32=");
    put_hex(&l, crc32(tensor->data, tensor->size));
    put_char(&l, ':');
    for (uint32_t k = 0; k < tensor->size && k < 16; ++k) {
      put_char(&l, ' ');
      put_int(&l, tensor->data[k]);
    }
    print_line(&l);
  }
  m7_file_close(out);
  return 0;
}
