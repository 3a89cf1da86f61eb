// The runtime on an emulated Cortex-M7: start-up, memory functions, faults, exit codes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/image.h"
#include "engine/passes.h"
#include "engine/toolchain/process.h"
#include "tests/engine/graphs.h"
#include "tests/engine/host_engine.h"

namespace engine {
namespace {

using ::testing::HasSubstr;

// Runs an engine whose main.c is `program` under QEMU.
ProcessResult run_main(const std::string& program) {
  GraphBuilder b("runtime");
  const reference::Graph graph = b.finish({b.conv(b.input({1, 2, 2, 1}), 1, 1)});
  const Plan plan = engine::plan(graph, lower(graph));
  const memory_model::Board board = memory_model::load_board("mps2-an500");
  SourceTree sources = generate(graph, plan, board);
  sources["main.c"] = program;
  const TemporaryFolder folder;
  const Image image = build(sources, plan, board, folder.path() / "cache");
  return run_process({"timeout", "60", "qemu-system-arm", "-M", "mps2-an500", "-nographic",
                      "-semihosting-config", "enable=on,target=native", "-kernel", image.elf.string()},
                     folder.path());
}

class Runtime : public testing::Test {
 protected:
  void SetUp() override {
    if (run_process({"sh", "-c", "command -v qemu-system-arm"}, ".").exit_code != 0) {
      FAIL() << "qemu-system-arm is not installed (bash tools/setup.sh)";
    }
  }
};

TEST_F(Runtime, PassesMainsResultOut) {
  EXPECT_EQ(run_main("int main(void) { return 0; }\n").exit_code, 0);
  EXPECT_EQ(run_main("int main(void) { return 77; }\n").exit_code, 77);
}

TEST_F(Runtime, StartsWithDataCopiedBssClearedAndTheFpuOn) {
  const ProcessResult result = run_main(R"(
#include <stdint.h>
volatile uint32_t data[3] = {1, 0x12345678, 3}, bss[100];
volatile uint8_t odd_byte = 9;
volatile float third = 1.0f / 3, three = 3;
extern char __stack_bottom, __stack_top;
int main(void) {
  uint32_t local = 0, sum = 0;
  for (int i = 0; i < 100; ++i) sum |= bss[i];
  if (data[0] != 1 || data[1] != 0x12345678 || data[2] != 3 || odd_byte != 9) return 1;
  if (sum != 0) return 2;
  if (third * three != 1.0f) return 3;
  if ((char *)&local < &__stack_bottom || (char *)&local >= &__stack_top) return 4;
  return 0;
}
)");
  EXPECT_EQ(result.exit_code, 0);
}

TEST_F(Runtime, HasMemoryFunctionsThatAgreeWithBytesOneByOne) {
  const ProcessResult result = run_main(R"(
#include <stddef.h>
#include <stdint.h>
void *memcpy(void *restrict, const void *restrict, size_t);
void *memmove(void *, const void *, size_t);
void *memset(void *, int, size_t);
int memcmp(const void *, const void *, size_t);
static volatile uint8_t expected[160];
static uint8_t actual[160], source[160];
static void fill(void) {
  for (int i = 0; i < 160; ++i) expected[i] = actual[i] = (uint8_t)(i * 37 + 11), source[i] = (uint8_t)(i * 91 + 5);
}
static int differs(void) {
  for (int i = 0; i < 160; ++i) if (expected[i] != actual[i]) return 1;
  return 0;
}
int main(void) {
  void *(*volatile copy)(void *restrict, const void *restrict, size_t) = memcpy;
  void *(*volatile move)(void *, const void *, size_t) = memmove;
  void *(*volatile set)(void *, int, size_t) = memset;
  int (*volatile compare)(const void *, const void *, size_t) = memcmp;
  for (uint32_t n = 0; n < 70; ++n) {
    for (uint32_t to = 40; to < 48; ++to) {
      for (uint32_t from = 0; from < 90; from += 1 + (from < 30 || from > 60) * 7) {
        fill();
        volatile uint8_t copied[70];
        for (uint32_t i = 0; i < n; ++i) copied[i] = actual[from + i];
        for (uint32_t i = 0; i < n; ++i) expected[to + i] = copied[i];
        if (move(actual + to, actual + from, n) != actual + to || differs()) return 1;
        fill();
        for (uint32_t i = 0; i < n; ++i) expected[to + i] = source[from + i];
        if (copy(actual + to, source + from, n) != actual + to || differs()) return 2;
      }
      fill();
      for (uint32_t i = 0; i < n; ++i) expected[to + i] = 0xc7;
      if (set(actual + to, -57, n) != actual + to || differs()) return 3;
    }
  }
  fill();
  if (compare(actual, source, 0) != 0 || compare("abc", "abd", 3) >= 0 || compare("abd", "abc", 3) <= 0) return 4;
  if (compare("\x80", "\x7f", 1) <= 0 || compare("abc", "abd", 2) != 0) return 5;
  return 0;
}
)");
  EXPECT_EQ(result.exit_code, 0) << result.output;
}

TEST_F(Runtime, ReportsAFaultAndExits) {
  const ProcessResult result = run_main(R"(
#include <stdint.h>
int main(void) {
  *(volatile uint32_t *)0x90000000 = 1;
  return 0;
}
)");
  EXPECT_EQ(result.exit_code, 70);
  EXPECT_THAT(result.output, HasSubstr("m7: unexpected HardFault\n  pc    0x0000"));
  EXPECT_THAT(result.output, HasSubstr("\n  HFSR  0x40000000\n"));
}

TEST_F(Runtime, ReportsExceptionsByName) {
  EXPECT_THAT(run_main("int main(void) { __asm__ volatile(\"svc 0\"); return 0; }\n").output,
              HasSubstr("m7: unexpected SVCall\n"));
}

}  // namespace
}  // namespace engine
