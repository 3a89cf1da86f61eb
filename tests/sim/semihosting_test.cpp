#include "sim/semihosting.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>

#include "guest_program.h"

namespace sim {
namespace {

using test::run;
using ::testing::HasSubstr;

/// C programs begin with this.
const std::string kPrelude = R"(
#include <stdint.h>
static int call(int op, const void* p) {
  register int r0 __asm__("r0") = op;
  register const void* r1 __asm__("r1") = p;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}
static int length(const char* s) { int n = 0; while (s[n]) ++n; return n; }
static int open(const char* name, int mode) {
  uint32_t p[] = {(uint32_t)name, mode, length(name)};
  return call(1, p);
}
static int close(int h) { uint32_t p[] = {h}; return call(2, p); }
static int write(int h, const void* b, int n) { uint32_t p[] = {h, (uint32_t)b, n}; return call(5, p); }
static int read(int h, void* b, int n) { uint32_t p[] = {h, (uint32_t)b, n}; return call(6, p); }
static int seek(int h, int at) { uint32_t p[] = {h, at}; return call(0xa, p); }
static int flen(int h) { uint32_t p[] = {h}; return call(0xc, p); }
static int istty(int h) { uint32_t p[] = {h}; return call(9, p); }
static int remove(const char* name) { uint32_t p[] = {(uint32_t)name, length(name)}; return call(0xe, p); }
static int rename(const char* a, const char* b) {
  uint32_t p[] = {(uint32_t)a, length(a), (uint32_t)b, length(b)};
  return call(0xf, p);
}
static int error_number(void) { return call(0x13, 0); }
#define CHECK(c) do { if (!(c)) return __LINE__; } while (0)
#line 1
)";

test::Outcome run_c(const std::string& source, Environment environment = {}) {
  return run(kPrelude + source, {.c = true}, std::move(environment));
}

TEST(Semihosting, PrintsCharactersStringsAndBlocks) {
  test::Outcome outcome = run_c(R"(
    int main(void) {
      call(3, "a");
      call(4, "bc\n");
      int tty = open(":tt", 4);
      CHECK(write(tty, "def", 3) == 0);
      CHECK(istty(tty) == 1);
      CHECK(close(tty) == 0);
      CHECK(write(tty, "x", 1) == 1);
      return 0;
    })");
  EXPECT_EQ(outcome.result.exit_code, 0);
  EXPECT_EQ(outcome.console, "abc\ndef");
}

TEST(Semihosting, SurvivesManyCalls) {
  test::Outcome outcome = run_c(R"(
    int main(void) {
      for (int i = 0; i < 5000; ++i) call(3, "x");
      return 0;
    })");
  EXPECT_EQ(outcome.console.size(), 5000u);
  EXPECT_EQ(outcome.result.exit_code, 0);
}

TEST(Semihosting, TheItmsFirstPortIsAConsoleToo) {
  test::Outcome outcome = run_c(R"(
    int main(void) {
      volatile uint8_t* port = (volatile uint8_t*)0xe0000000;
      for (const char* s = "itm"; *s; ++s) {
        while (!*(volatile uint32_t*)0xe0000000) {}
        *port = *s;
      }
      return 0;
    })");
  EXPECT_EQ(outcome.console, "itm");
}

TEST(Semihosting, WritesReadsSeeksAndMeasuresFiles) {
  Environment environment;
  environment.sandbox = test::fresh_folder("files");
  test::Outcome outcome = run_c(R"(
    int main(void) {
      char b[16] = {0};
      int h = open("out.bin", 7);
      CHECK(h > 0);
      CHECK(write(h, "hello world", 11) == 0);
      CHECK(flen(h) == 11);
      CHECK(istty(h) == 0);
      CHECK(seek(h, 6) == 0);
      CHECK(read(h, b, 16) == 11);
      CHECK(b[0] == 'w' && b[4] == 'd' && b[5] == 0);
      CHECK(read(h, b, 4) == 4);
      CHECK(close(h) == 0);
      h = open("out.bin", 0);
      CHECK(write(h, "no", 2) == 2);
      CHECK(close(h) == 0);
      CHECK(rename("out.bin", "new.bin") == 0);
      CHECK(open("out.bin", 0) == -1);
      CHECK(error_number() == 2);
      CHECK(open("new.bin", 99) == -1);
      CHECK(remove("absent") != 0);
      return 0;
    })",
                                environment);
  EXPECT_EQ(outcome.result.exit_code, 0) << "line of the guest";
  std::ifstream file(environment.sandbox / "new.bin");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "hello world");
}

TEST(Semihosting, NothingLeadsOutOfTheSandbox) {
  std::filesystem::path outside = test::fresh_folder("outside");
  std::ofstream(outside / "secret") << "secret";
  Environment environment;
  environment.sandbox = outside / "box";
  std::filesystem::create_directories(environment.sandbox / "sub");
  std::filesystem::create_symlink("../secret", environment.sandbox / "link");
  std::filesystem::create_symlink("..", environment.sandbox / "up");
  std::filesystem::create_hard_link(outside / "secret", environment.sandbox / "hard");
  ASSERT_EQ(mkfifo((environment.sandbox / "fifo").c_str(), 0600), 0);
  std::string absolute = (outside / "secret").string();
  test::Outcome outcome = run_c(R"(
    int main(void) {
      CHECK(open("../secret", 0) == -1);
      CHECK(open("sub/../../secret", 0) == -1);
      CHECK(open("link", 0) == -1);
      CHECK(open("link", 4) == -1);
      CHECK(open("up/secret", 0) == -1);
      CHECK(open("hard", 0) == -1);
      CHECK(open("fifo", 0) == -1);
      CHECK(open("fifo", 4) == -1);
      CHECK(open("sub", 0) == -1);
      CHECK(open("/etc/passwd", 0) == -1);
      CHECK(open(")" + absolute + R"(", 0) == -1);
      CHECK(open("", 0) == -1);
      CHECK(open("./x", 4) == -1);
      CHECK(remove("../secret") != 0);
      CHECK(remove("up/secret") != 0);
      CHECK(rename("../secret", "mine") != 0);
      CHECK(rename("link", "../stolen") != 0);
      int h = open("sub/fine", 4);
      CHECK(h > 0);
      CHECK(close(h) == 0);
      const char* text = "touch x";
      uint32_t command[] = {(uint32_t)text, 7};
      CHECK(call(0x12, command) == -1);
      return 0;
})",
                                environment);
  EXPECT_EQ(outcome.result.exit_code, 0) << "line of the guest";
  std::ifstream file(outside / "secret");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "secret");
  EXPECT_TRUE(std::filesystem::exists(environment.sandbox / "sub" / "fine"));
}

TEST(Semihosting, WithoutASandboxThereAreNoFiles) {
  test::Outcome outcome = run_c(R"(
    int main(void) {
      CHECK(open("x", 4) == -1);
      CHECK(error_number() == 13);
      CHECK(remove("x") != 0);
      return 0;
    })");
  EXPECT_EQ(outcome.result.exit_code, 0) << "line of the guest";
  EXPECT_FALSE(std::filesystem::exists("x"));
}

TEST(Semihosting, LimitsOpenFilesAndTheirSize) {
  Environment environment;
  environment.sandbox = test::fresh_folder("limits");
  test::Outcome outcome = run_c(R"(
    int main(void) {
      int h = 0;
      for (int i = 0; i < 32; ++i) { h = open("f", 4); CHECK(h == i + 1); }
      CHECK(open("f", 4) == -1);
      CHECK(error_number() == 24);
      CHECK(seek(h, 0x7fffffff) == -1);
      CHECK(close(5) == 0);
      CHECK(open("f", 4) == 5);
      CHECK(close(99) == -1);
      return 0;
    })",
                                environment);
  EXPECT_EQ(outcome.result.exit_code, 0) << "line of the guest";
}

TEST(Semihosting, PointersOutsideMemoryAreErrorsOfTheCall) {
  Environment environment;
  environment.sandbox = test::fresh_folder("pointers");
  test::Outcome outcome = run_c(R"(
    int main(void) {
      char b[8];
      int h = open("f", 7);
      CHECK(write(h, (void*)0x70000000, 8) == 8);
      CHECK(write(h, (void*)0x2001fffc, 8) == 4);
      CHECK(seek(h, 0) == 0);
      CHECK(read(h, (void*)0x08000000, 4) == 4);
      CHECK(error_number() == 14);
      uint32_t name[] = {0x70000000, 0, 4};
      CHECK(call(1, name) == -1);
      uint32_t endless[] = {(uint32_t)b, 0, 0xffffffff};
      CHECK(call(1, endless) == -1);
      return 0;
    })",
                                environment);
  EXPECT_EQ(outcome.result.exit_code, 0) << "line of the guest";
}

TEST(Semihosting, ParametersOutsideMemoryEndTheRunByName) {
  Fault fault =
      test::fault_of(kPrelude + "int main(void) { return call(5, (void*)0x70000000); }", {.c = true});
  EXPECT_THAT(fault.reason,
              HasSubstr("semihosting call 0x05: its parameters at 0x70000000 lie outside memory"));
  EXPECT_THAT(test::fault_of(kPrelude + "int main(void) { return call(0x77, 0); }", {.c = true}).reason,
              HasSubstr("semihosting call 0x77 does not exist"));
  EXPECT_THAT(
      test::fault_of(kPrelude + "int main(void) { return call(4, (void*)0x70000000); }", {.c = true}).reason,
      HasSubstr("SYS_WRITE0"));
}

TEST(Semihosting, TellsTheCommandLineTheTimeAndTheHeap) {
  Environment environment;
  environment.command_line = "guest one two";
  test::Outcome outcome = run_c(R"(
    int main(void) {
      char line[32];
      uint32_t p[] = {(uint32_t)line, sizeof line};
      CHECK(call(0x15, p) == 0);
      CHECK(p[1] == 13);
      CHECK(line[0] == 'g' && line[12] == 'o' && line[13] == 0);
      uint32_t tiny[] = {(uint32_t)line, 4};
      CHECK(call(0x15, tiny) == -1);
      uint32_t heap[4] = {1, 1, 1, 1};
      uint32_t h[] = {(uint32_t)heap};
      CHECK(call(0x16, h) == 0);
      CHECK(heap[2] == 0x20020000);
      CHECK(call(0x31, 0) == 480000000);
      uint32_t t0[2] = {9, 9}, t1[2] = {9, 9};
      CHECK(call(0x30, t0) == 0);
      for (volatile int i = 0; i < 1000; ++i) {}
      CHECK(call(0x30, t1) == 0);
      CHECK(t1[1] == 0 && t1[0] - t0[0] > 2000 && t1[0] - t0[0] < 20000);
      CHECK(call(0x10, 0) == 0);
      CHECK(call(0x11, 0) == 0);
      uint32_t minus[] = {-3}, plus[] = {3};
      CHECK(call(8, minus) != 0);
      CHECK(call(8, plus) == 0);
      char name[16];
      uint32_t tmp[] = {(uint32_t)name, 7, sizeof name};
      CHECK(call(0xd, tmp) == 0);
      CHECK(name[0] == 't' && name[6] == 0);
      CHECK(call(7, 0) == -1);
      return 0;
    })",
                                environment);
  EXPECT_EQ(outcome.result.exit_code, 0) << "line of the guest";
}

TEST(Semihosting, TheFeaturesFileSaysThatExtendedExitExists) {
  test::Outcome outcome = run_c(R"(
    int main(void) {
      uint8_t b[8];
      int h = open(":semihosting-features", 0);
      CHECK(h > 0);
      CHECK(flen(h) == 5);
      CHECK(read(h, b, 8) == 3);
      CHECK(b[0] == 'S' && b[1] == 'H' && b[2] == 'F' && b[3] == 'B' && (b[4] & 1));
      CHECK(seek(h, 4) == 0);
      CHECK(read(h, b, 1) == 0);
      CHECK(b[0] & 1);
      CHECK(open(":semihosting-features", 4) == -1);
      return 0;
    })");
  EXPECT_EQ(outcome.result.exit_code, 0) << "line of the guest";
}

TEST(Semihosting, PlainExitTellsSuccessOrFailure) {
  auto exit_with = [](const std::string& reason) {
    return run("main: movs r0, #0x18\n ldr r1, =" + reason + "\n bkpt 0xab\n").result.exit_code;
  };
  EXPECT_EQ(exit_with("0x20026"), 0);
  EXPECT_EQ(exit_with("0x20023"), 1);
}

TEST(Semihosting, AFloodOfTextIsCutWithAWord) {
  const memory_model::Board board = memory_model::load_board("stm32h743");
  GuestMemory memory(board);
  std::uint64_t printed = 0;
  std::string last;
  Semihosting semihosting(memory, {.sandbox = {},
                                   .console =
                                       [&](std::string_view text) {
                                         printed += text.size();
                                         last = text;
                                       },
                                   .command_line = {},
                                   .core_hz = 1e6});
  const std::string line(1 << 20, 'x');
  for (int i = 0; i < 100; ++i) semihosting.print(line);
  EXPECT_LT(printed, 66u << 20);
  EXPECT_THAT(last, HasSubstr("[console text beyond 67108864 bytes is dropped]"));
}

}  // namespace
}  // namespace sim
