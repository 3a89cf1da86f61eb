// Guest programs with a bug each, and the same programs without it: findings name the line, or say nothing.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "guest_program.h"
#include "traces/trace_reader.h"
#include "traces/trace_writer.h"

namespace sim {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

traces::Trace traced(const std::string& source, const std::string& symbols = "") {
  const std::filesystem::path file = test::fresh_folder("finding") / "a.m7t";
  {
    traces::TraceWriter writer(file, {});
    Environment environment;
    environment.trace = &writer;
    test::run(source, {.c = true, .symbols = symbols}, environment);
  }
  return traces::load_trace(file);
}

/// "kind owner function guest.c:LINE", problems with a "!" before.
std::vector<std::string> rows(const traces::Trace& trace) {
  std::vector<std::string> result;
  for (const traces::Finding& one : trace.findings) {
    result.push_back(fmt::format("{}{} {} {} {}", one.is_problem ? "!" : "", to_string(one.kind),
                                 trace.text(one.owner), trace.text(one.function), trace.text(one.line)));
  }
  return result;
}

/// The program as it is with its bug, or without: BUG(wrong, right) is one of both.
std::string with(const std::string& source, bool bug) {
  return fmt::format("#define BUG(wrong, right) {}\n{}", bug ? "wrong" : "right", source);
}

/// The text of the one finding that the program has with its bug, at the line with BUG; it has none without.
std::string finding_of(const std::string& source, const std::string& what, const std::string& symbols = "") {
  const std::string wrong = with(source, true);
  const auto bug = wrong.begin() + static_cast<std::ptrdiff_t>(wrong.find("BUG(", wrong.find('\n')));
  const std::string line = fmt::format("guest.c:{}", std::count(wrong.begin(), bug, '\n') + 1);
  const traces::Trace trace = traced(wrong, symbols);
  EXPECT_THAT(rows(trace), ElementsAre(fmt::format("{} {}", what, line)));
  EXPECT_THAT(rows(traced(with(source, false), symbols)), IsEmpty());
  return trace.findings.empty() ? "" : std::string(trace.text(trace.findings.front().text));
}

TEST(Finding, NamesTheLoopThatWritesPastTheEndOfAnArray) {
  const std::string text = finding_of(R"(
    static volatile int values[10], others[4];
    __attribute__((noinline)) static void fill(void) {
      for (int i = 0; i < BUG(11, 10); ++i) values[i] = i;
    }
    int main(void) {
      for (int i = 0; i < 4; ++i) others[i] = 0;
      fill();
      int sum = 0;
      for (int i = 0; i < 10; ++i) sum += values[i];
      for (int i = 0; i < 4; ++i) sum += others[i];
      return sum == 1;
    }
  )",
                                      "!past-array-end values fill");
  EXPECT_THAT(text, HasSubstr("a loop writes past the end of values: 4 bytes behind it"));
}

TEST(Finding, NamesTheLoopThatReadsPastTheEndOfAConstantTable) {
  const std::string text = finding_of(R"(
    static const unsigned char table[12] = {1, 2, 3}, other[12] = {4, 5, 6};
    __attribute__((noinline, noclone)) static int sum(const volatile unsigned char* at, int count) {
      int total = 0;
      while (count--)
        total += *at++; /* BUG(,) */
      return total;
    }
    int main(void) { return sum(table, BUG(15, 12)) + sum(other, 12) == 1; }
  )",
                                      "!past-array-end table sum");
  EXPECT_THAT(text, HasSubstr("a loop reads past the end of table: 3 bytes behind it"));
}

TEST(Finding, SaysNothingOfArraysThatFollowEachOther) {
  EXPECT_THAT(rows(traced(R"(
    static volatile int a[8], b[8], c[8];
    static volatile int* const all[] = {a, b, c};
    int main(void) {
      for (int round = 0; round < 3; ++round)
        for (int k = 0; k < 3; ++k)
          for (int i = 0; i < 8; ++i) all[k][i] = i;
      int sum = 0;
      for (int k = 0; k < 3; ++k)
        for (int i = 0; i < 8; ++i) sum += all[k][i];
      return sum == 1;
    }
  )")),
              IsEmpty());
}

TEST(Finding, NamesTheReaderOfAnArrayThatNothingHasWritten) {
  const std::string text = finding_of(R"(
    static volatile unsigned char table[32];
    __attribute__((noinline)) static int sum(void) {
      int total = 0;
      for (int i = 0; i < 32; ++i)
        total += table[i]; /* BUG(,) */
      return total;
    }
    int main(void) {
      for (int i = 0; i < BUG(16, 32); ++i) table[i] = 1;
      return sum() == 1;
    }
  )",
                                      "!read-before-write table sum");
  EXPECT_THAT(text, HasSubstr("16 bytes"));
}

TEST(Finding, NamesTheWriterOfAnArrayThatNothingReads) {
  const std::string text = finding_of(R"(
    static volatile int log[16];
    __attribute__((noinline)) static void note(void) {
      for (int i = 0; i < 16; ++i)
        log[i] = i; /* BUG(,) */
    }
    int main(void) {
      note();
      return BUG(2, log[3]);
    }
  )",
                                      "write-never-read log note");
  EXPECT_EQ(text, "log is written and never read");
}

TEST(Finding, NamesTheFunctionThatRunsTheStackOverItsLimit) {
  const std::string text = finding_of(R"(
    __attribute__((noinline)) static int deep(int n) {
      volatile char room[64];
      room[0] = n; /* BUG(,) */
      return n ? deep(n - 1) + room[0] : room[0];
    }
    int main(void) { return deep(BUG(20, 3)) == 1; }
  )",
                                      "!stack-high-water stack deep", "__StackLimit = __stack_top - 1024;");
  EXPECT_THAT(text, AllOf(HasSubstr("past its limit of 1024 ("), HasSubstr("main > deep > deep")));
}

class UnalignedFinding : public testing::TestWithParam<const char*> {};

TEST_P(UnalignedFinding, NamesTheInstruction) {
  const std::string text = finding_of(fmt::format(R"(
    static volatile int data[4];
    int main(void) {{
      for (int i = 0; i < 4; ++i) data[i] = i;
      __asm__ volatile("{}" :: "r"((char*)data + BUG(1, 0)) : "r2", "r3", "s0", "memory");
      return data[0] == 1;
    }}
  )",
                                                  GetParam()),
                                      "!unaligned data main");
  EXPECT_THAT(text, HasSubstr("this instruction takes aligned addresses only"));
}

INSTANTIATE_TEST_SUITE_P(Instructions, UnalignedFinding,
                         testing::Values("ldrd r2, r3, [%0]", "ldm %0, {r2, r3}", "vldr s0, [%0]"));

TEST(Finding, NamesTheStoreIntoFlash) {
  const std::string text = finding_of(R"(
    static const int table[4] = {1, 2, 3, 4};
    static int copy[4];
    int main(void) {
      for (int i = 0; i < 4; ++i) copy[i] = table[i];
      *(volatile int*)BUG(&table[1], &copy[1]) = 5;
      return *(volatile int*)&copy[2] + *(volatile const int*)&table[0] == 1;
    }
  )",
                                      "!flash-write table main");
  EXPECT_THAT(text, AllOf(HasSubstr("store of 4 bytes"), HasSubstr("it cannot be written")));
}

}  // namespace
}  // namespace sim
