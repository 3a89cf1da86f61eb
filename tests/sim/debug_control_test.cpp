#include "sim/debug_control.h"

#include <gmock/gmock.h>

#include <functional>
#include <random>

#include "guest_program.h"

namespace sim {
namespace {

using gdb::DebugTarget;
using gdb::Point;
using gdb::PointKind;
using gdb::Register;
using gdb::Resume;
using gdb::Stop;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr Resume kStep{.how = Resume::How::kStep};
constexpr Resume kContinue{};

/// A debugger whose decisions a test makes; it keeps every stop.
class Script : public gdb::Debugger {
 public:
  explicit Script(std::function<Resume(DebugTarget&, const Stop&)> decide) : decide_(std::move(decide)) {}

  Resume stopped(DebugTarget& target, const Stop& stop) override {
    stops.push_back(stop);
    pcs.push_back(static_cast<std::uint32_t>(target.read_register(Register::kPc)));
    return decide_(target, stop);
  }
  bool wants_stop() override { return impatient; }

  std::vector<Stop> stops;
  std::vector<std::uint32_t> pcs;
  bool impatient = false;

 private:
  std::function<Resume(DebugTarget&, const Stop&)> decide_;
};

RunResult debug(const std::filesystem::path& elf, Script& script, const std::string& board = "stm32h743") {
  Environment environment;
  environment.debugger = &script;
  return test::run_elf(elf, board, environment, {.max_cycles = 50'000'000}).result;
}

isa::Address symbol(const std::filesystem::path& elf, const char* name) {
  return load_elf(elf).symbol(name)->address;
}

void expect_equal_counts(const Counts& a, const Counts& b) {
  EXPECT_EQ(a.instructions, b.instructions);
  EXPECT_EQ(a.loads, b.loads);
  EXPECT_EQ(a.stores, b.stores);
  EXPECT_EQ(a.causes.by, b.causes.by);
}

/// Branches both ways, IT blocks, loads and stores, single and double precision, a call through a pointer.
constexpr const char* kMixture = R"(
  int table[64];
  volatile double d;
  static int odd(int x) { return x * 3 + 1; }
  static int even(int x) { return x / 2; }
  int (*const functions[2])(int) = {even, odd};
  __attribute__((noinline)) int collatz(int x) {
    int steps = 0;
    while (x != 1 && steps < 64) {
      table[steps & 63] = x;
      x = functions[x & 1](x);
      ++steps;
    }
    return steps;
  }
  int main(void) {
    int sum = 0;
    float f = 1.5f;
    d = 3.5;
    for (int i = 1; i < 12; ++i) {
      sum += collatz(i);
      f = f * 1.25f + (float)sum;
      d = d * 1.5 / 3.25 + sum;
      if (sum & 4) sum ^= 9; else sum += 2;
    }
    return (sum + (int)f + (int)d) & 0x7f;
  })";

std::filesystem::path mixture() {
  return test::build(kMixture, {.c = true, .flags = "-O1"});
}

TEST(DebugControl, ARunOfSingleStepsTakesTheCyclesOfARunWithout) {
  RunResult plain = test::run_elf(mixture(), "stm32h743").result;
  Script script([](DebugTarget&, const Stop&) { return kStep; });
  RunResult stepped = debug(mixture(), script);
  EXPECT_EQ(stepped.exit_code, plain.exit_code);
  expect_equal_counts(stepped.total, plain.total);
  // One stop an instruction, but for the insides of IT blocks.
  EXPECT_GT(script.stops.size(), plain.total.instructions * 8 / 10);
  EXPECT_LE(script.stops.size(), plain.total.instructions + 1);
}

TEST(DebugControl, BreakpointsAnywhereDoNotChangeTheCycles) {
  RunResult plain = test::run_elf(mixture(), "stm32h743").result;
  std::vector<std::uint32_t> visited;
  {
    Script steps([](DebugTarget&, const Stop&) { return kStep; });
    debug(mixture(), steps);
    visited = steps.pcs;
  }
  for (unsigned seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    std::vector<std::uint32_t> chosen;
    std::ranges::sample(visited, std::back_inserter(chosen), 5, random);
    Script script([&](DebugTarget& target, const Stop&) {
      for (std::uint32_t pc : chosen) target.insert({PointKind::kHardwareBreak, isa::Address(pc), 2});
      return random() % 4 == 0 ? kStep : kContinue;
    });
    RunResult broken = debug(mixture(), script);
    EXPECT_EQ(broken.exit_code, plain.exit_code);
    expect_equal_counts(broken.total, plain.total);
    EXPECT_GT(script.stops.size(), 2u);
  }
}

TEST(DebugControl, StopsBeforeTheInstructionWithTheBreakpoint) {
  auto elf = test::build("main: movs r0, #1\n movs r0, #2\nhere: movs r0, #3\n bx lr\n");
  Script script([&](DebugTarget& target, const Stop& stop) {
    if (stop.point) {
      EXPECT_EQ(target.read_register(static_cast<Register>(0)), 2u);
      target.write_register(static_cast<Register>(0), 40);
      target.write_register(Register::kPc, target.read_register(Register::kPc) + 2);
    }
    target.insert({PointKind::kSoftwareBreak, symbol(elf, "here"), 2});
    return kContinue;
  });
  EXPECT_EQ(debug(elf, script).exit_code, 40);
  EXPECT_THAT(script.pcs, testing::Contains(symbol(elf, "here").value));
}

TEST(DebugControl, ABreakpointInALoopStopsEachTime) {
  auto elf = test::build(
      "main: movs r0, #0\n movs r1, #5\nagain: adds r0, r0, #3\n subs r1, r1, #1\n"
      " bne again\n bx lr\n");
  int hits = 0;
  Script script([&](DebugTarget& target, const Stop& stop) {
    target.insert({PointKind::kHardwareBreak, symbol(elf, "again"), 2});
    if (stop.point) ++hits;
    if (hits == 3) target.remove({PointKind::kHardwareBreak, symbol(elf, "again"), 2});
    return kContinue;
  });
  EXPECT_EQ(debug(elf, script).exit_code, 15);
  EXPECT_EQ(hits, 3);
}

TEST(DebugControl, AStepTakesAWholeItBlockAndFollowsBranches) {
  auto elf = test::build(R"(main: movs r0, #1
   cmp r0, #1
one: itte eq
   moveq r0, #7
   moveq r2, #2
   movne r0, #9
two: b three
   nop
three: bx lr
  )");
  std::vector<std::uint32_t> from_one;
  Script script([&](DebugTarget& target, const Stop&) {
    target.insert({PointKind::kHardwareBreak, symbol(elf, "one"), 2});
    auto pc = static_cast<std::uint32_t>(target.read_register(Register::kPc));
    if (pc >= symbol(elf, "one").value && pc <= symbol(elf, "three").value) {
      from_one.push_back(pc);
      return kStep;
    }
    return kContinue;
  });
  EXPECT_EQ(debug(elf, script).exit_code, 7);
  EXPECT_THAT(from_one,
              ElementsAre(symbol(elf, "one").value, symbol(elf, "two").value, symbol(elf, "three").value));
}

TEST(DebugControl, ARangeIsSteppedUntilItIsLeft) {
  auto elf = test::build("main: movs r0, #0\nfirst: adds r0, #1\n cmp r0, #9\n bne first\nlast: bx lr\n");
  Script script([&](DebugTarget& target, const Stop&) {
    target.insert({PointKind::kHardwareBreak, symbol(elf, "first"), 2});
    if (target.read_register(Register::kPc) != symbol(elf, "first").value) return kContinue;
    target.remove({PointKind::kHardwareBreak, symbol(elf, "first"), 2});
    return Resume{Resume::How::kStepRange, symbol(elf, "first"), symbol(elf, "last")};
  });
  EXPECT_EQ(debug(elf, script).exit_code, 9);
}

/// Runs a program with a watchpoint on `watched` and returns the stops for it.
std::vector<Stop> watch(const std::filesystem::path& elf, PointKind kind, std::vector<std::uint32_t>* pcs) {
  Script script([&](DebugTarget& target, const Stop&) {
    target.insert({kind, symbol(elf, "watched"), 4});
    return kContinue;
  });
  debug(elf, script);
  std::vector<Stop> hits;
  for (std::size_t i = 0; i < script.stops.size(); ++i) {
    if (!script.stops[i].point) continue;
    hits.push_back(script.stops[i]);
    pcs->push_back(script.pcs[i]);
  }
  return hits;
}

TEST(DebugControl, WatchpointsStopBehindTheAccessAndNameIt) {
  auto elf = test::build(R"(main: ldr r0, =watched
   movs r1, #5
   str r1, [r0, #4]
store: str r1, [r0]
   adds r1, #1
load: ldrb r2, [r0, #1]
   movs r3, #0
same: strb r3, [r0, #3]
   movs r0, #0
   bx lr
   .ltorg
   .bss
watched: .space 8
   .text
  )");
  std::vector<std::uint32_t> pcs;
  auto hits = watch(elf, PointKind::kWriteWatch, &pcs);
  // The byte store leaves what is there as it is.
  EXPECT_THAT(pcs, ElementsAre(symbol(elf, "store").value + 2));
  EXPECT_THAT(hits[0].explanation, HasSubstr("store of 4 bytes"));
  pcs.clear();
  hits = watch(elf, PointKind::kReadWatch, &pcs);
  EXPECT_THAT(pcs, ElementsAre(symbol(elf, "load").value + 2));
  EXPECT_EQ(hits[0].point->address, symbol(elf, "watched") + isa::Bytes(1));
  EXPECT_THAT(hits[0].explanation, HasSubstr("load of 1 byte "));
  pcs.clear();
  watch(elf, PointKind::kAccessWatch, &pcs);
  EXPECT_THAT(pcs, ElementsAre(symbol(elf, "store").value + 2, symbol(elf, "load").value + 2,
                               symbol(elf, "same").value + 2));
}

TEST(DebugControl, AWatchpointDoesNotStopWithinAnItBlock) {
  auto elf = test::build(R"(main: ldr r0, =watched
   movs r1, #5
   cmp r1, #5
   ittt eq
   streq r1, [r0]
   moveq r2, #4
   moveq r3, #4
behind: movs r0, #0
   bx lr
   .ltorg
   .bss
watched: .space 4
   .text
  )");
  std::vector<std::uint32_t> pcs;
  watch(elf, PointKind::kWriteWatch, &pcs);
  EXPECT_THAT(pcs, ElementsAre(symbol(elf, "behind").value));
}

TEST(DebugControl, WatchpointsDoNotChangeTheCycles) {
  RunResult plain = test::run_elf(mixture(), "stm32h743").result;
  Script script([](DebugTarget& target, const Stop&) {
    target.insert({PointKind::kAccessWatch, symbol(mixture(), "table"), 64});
    return kContinue;
  });
  RunResult watched = debug(mixture(), script);
  EXPECT_GT(script.stops.size(), 20u);
  expect_equal_counts(watched.total, plain.total);
}

TEST(DebugControl, AFaultStopsAtItsInstructionAndThenTheHandlerRuns) {
  auto elf = test::build(R"(
    int seen;
    __attribute__((naked)) void HardFault_Handler(void) {
      __asm volatile("ldr r0, =seen\n movs r1, #5\n str r1, [r0]\n"
                     "ldr r1, [sp, #24]\n add r1, #2\n str r1, [sp, #24]\n bx lr\n .ltorg");
    }
    __attribute__((noinline, naked)) void poke(void) {
      __asm volatile("mov r0, #0x90000000\n.global bad\nbad: str r0, [r0]\n bx lr");
    }
    int main(void) { poke(); return *(volatile int*)&seen; })",
                         {.c = true});
  Script script([](DebugTarget&, const Stop&) { return kContinue; });
  RunResult result = debug(elf, script);
  ASSERT_GE(script.stops.size(), 2u);
  EXPECT_EQ(script.stops[1].signal, gdb::Signal::kSegmentation);
  EXPECT_THAT(script.stops[1].explanation, HasSubstr("0x90000000"));
  EXPECT_EQ(script.pcs[1], symbol(elf, "bad").value);
  EXPECT_EQ(script.stops.back().kind, Stop::Kind::kExited);
  EXPECT_EQ(result.exit_code, 5);
}

TEST(DebugControl, AFaultWithoutHandlerEndsTheRunAfterItWasShown) {
  auto elf = test::build("main: mov r0, #0x90000000\nbad: str r0, [r0]\n bx lr\n");
  Script script([](DebugTarget&, const Stop&) { return kContinue; });
  RunResult result = debug(elf, script);
  EXPECT_EQ(result.end, RunEnd::kFault);
  ASSERT_EQ(script.stops.size(), 3u);
  EXPECT_EQ(script.pcs[1], symbol(elf, "bad").value);
  EXPECT_EQ(script.stops[2].kind, Stop::Kind::kTerminated);
  EXPECT_EQ(script.stops[2].signal, gdb::Signal::kSegmentation);
}

TEST(DebugControl, AHangAndALimitCanBeLookedAt) {
  auto elf = test::build("main: b .\n");
  Script hang([](DebugTarget&, const Stop&) { return kContinue; });
  debug(elf, hang);
  ASSERT_GE(hang.stops.size(), 2u);
  EXPECT_EQ(hang.stops[1].signal, gdb::Signal::kTrap);
  EXPECT_THAT(hang.stops[1].explanation, HasSubstr("branch to itself"));
  EXPECT_EQ(hang.pcs[1], symbol(elf, "main").value);

  auto endless = test::build("main: adds r0, #1\n b main\n");
  Script limit([](DebugTarget&, const Stop&) { return kContinue; });
  Environment environment;
  environment.debugger = &limit;
  test::run_elf(endless, "stm32h743", environment, {.max_cycles = 1000});
  ASSERT_GE(limit.stops.size(), 2u);
  EXPECT_EQ(limit.stops[1].signal, gdb::Signal::kCpuLimit);
}

TEST(DebugControl, ControlCStopsAnEndlessLoop) {
  auto endless = test::build("main: adds r0, #1\n b main\n");
  Script script([](DebugTarget&, const Stop& stop) {
    return stop.signal == gdb::Signal::kInterrupt ? Resume{.how = Resume::How::kKill} : kContinue;
  });
  script.impatient = true;
  RunResult result = debug(endless, script);
  EXPECT_EQ(result.end, RunEnd::kStopped);
  EXPECT_EQ(script.stops.back().signal, gdb::Signal::kInterrupt);
}

TEST(DebugControl, ControlCStopsASleep) {
  for (const char* sleep : {"asleep: wfi\n b asleep\n", "asleep: b asleep\n"}) {
    // SysTick counts, and PRIMASK keeps its exception off; without TICKINT nothing would ever come.
    auto elf = test::build(std::string("main: ldr r0, =0xe000e010\n ldr r1, =0xffffff\n str r1, [r0, #4]\n"
                                       " movs r1, #7\n str r1, [r0]\n") +
                           sleep +
                           ".ltorg\n.thumb_func\n.global SysTick_Handler\n"
                           ".type SysTick_Handler, %function\nSysTick_Handler: bx lr\n");
    Script script([](DebugTarget&, const Stop& stop) {
      return stop.signal == gdb::Signal::kInterrupt ? Resume{.how = Resume::How::kKill} : kContinue;
    });
    script.impatient = true;
    EXPECT_EQ(debug(elf, script).end, RunEnd::kStopped);
    EXPECT_EQ(script.stops.back().signal, gdb::Signal::kInterrupt) << sleep;
  }
}

TEST(DebugControl, ABkptOfTheProgramStopsAndIsPassed) {
  auto elf = test::build("main: movs r0, #1\nhere: bkpt 3\n adds r0, #4\n bx lr\n");
  for (Resume how : {kContinue, kStep}) {
    Script script([&](DebugTarget&, const Stop&) { return how; });
    EXPECT_EQ(debug(elf, script).exit_code, 5);
    EXPECT_EQ(std::ranges::count(script.pcs, symbol(elf, "here").value), 1 + (how.how == kStep.how));
  }
}

TEST(DebugControl, ABreakpointInAHandlerThatStacksFpuRegistersLazilyIsHit) {
  auto elf = test::build(R"(
    volatile float f;
    volatile int seen;
    void SVC_Handler(void) { seen = 3; f = f * 2.0f; }
    int main(void) {
      f = 1.5f;
      volatile float g = f * 2.0f;
      __asm volatile("svc 0");
      return (int)(f + g) + seen;
    })",
                         {.c = true});
  RunResult plain = test::run_elf(elf, "stm32h743").result;
  Script script([&](DebugTarget& target, const Stop&) {
    target.insert({PointKind::kHardwareBreak, symbol(elf, "SVC_Handler"), 2});
    target.insert({PointKind::kHardwareBreak, symbol(elf, "SVC_Handler") + isa::Bytes(2), 2});
    return kContinue;
  });
  RunResult broken = debug(elf, script);
  EXPECT_EQ(broken.exit_code, 9);
  EXPECT_THAT(script.pcs, testing::Contains(symbol(elf, "SVC_Handler").value));
  EXPECT_THAT(script.pcs, testing::Contains(symbol(elf, "SVC_Handler").value + 2));
  expect_equal_counts(broken.total, plain.total);

  Script steps([](DebugTarget&, const Stop&) { return kStep; });
  RunResult stepped = debug(elf, steps);
  EXPECT_EQ(stepped.exit_code, 9);
  expect_equal_counts(stepped.total, plain.total);
}

TEST(DebugControl, ResetBeginsTheRunAnew) {
  RunResult plain = test::run_elf(mixture(), "stm32h743").result;
  int resets = 0;
  Script script([&](DebugTarget& target, const Stop& stop) {
    target.insert({PointKind::kHardwareBreak, symbol(mixture(), "collatz"), 2});
    if (stop.point && resets < 3) {
      ++resets;
      EXPECT_GT(target.instructions(), 0u);
      target.reset();
      EXPECT_EQ(target.instructions(), 0u);
      EXPECT_EQ(target.cycles().total(), isa::Cycles(0));
    } else if (stop.point) {
      return Resume{.how = Resume::How::kDetach};
    }
    return kContinue;
  });
  RunResult again = debug(mixture(), script);
  EXPECT_EQ(again.exit_code, plain.exit_code);
  expect_equal_counts(again.total, plain.total);
}

TEST(DebugControl, CyclesAndInstructionsGrowWithEachStepAndSumToTheRun) {
  isa::Cycles before;
  std::uint64_t instructions = 0;
  Script script([&](DebugTarget& target, const Stop& stop) {
    if (stop.kind != Stop::Kind::kSignal) return kContinue;
    EXPECT_GE(target.cycles().total(), before);
    EXPECT_GE(target.instructions(), instructions);
    before = target.cycles().total();
    instructions = target.instructions();
    return kStep;
  });
  RunResult result = debug(mixture(), script);
  EXPECT_EQ(instructions + 1, result.total.instructions);  // all but the BKPT that exits
  EXPECT_LE(before, result.cycles());
}

TEST(DebugControl, WhatIsWrittenToCodeIsExecuted) {
  auto elf = test::build("main: movs r0, #1\nhere: movs r0, #3\n bx lr\n");
  Script script([&](DebugTarget& target, const Stop& stop) {
    target.insert({PointKind::kHardwareBreak, symbol(elf, "here"), 2});
    const std::uint8_t movs_r0_9[] = {0x09, 0x20};
    EXPECT_TRUE(!stop.point || target.write_memory(symbol(elf, "here"), movs_r0_9));
    return kContinue;
  });
  EXPECT_EQ(debug(elf, script).exit_code, 9);
}

TEST(DebugControl, ReadsAndWritesRegistersOfTheSystemSpace) {
  auto elf = test::build("main: movs r0, #0\n bx lr\n");
  Script script([&](DebugTarget& target, const Stop& stop) {
    if (stop.kind != Stop::Kind::kSignal) return kContinue;
    std::uint8_t cpuid[4] = {};
    EXPECT_EQ(target.read_memory(isa::Address(0xe000ed00), cpuid), 4u);
    EXPECT_THAT(cpuid, ElementsAre(0x71, 0xc2, 0x1f, 0x41));
    const std::uint8_t reload[4] = {0x34, 0x12, 0, 0};
    EXPECT_TRUE(target.write_memory(isa::Address(0xe000e014), reload));
    std::uint8_t back[2] = {};
    EXPECT_EQ(target.read_memory(isa::Address(0xe000e014), back), 2u);
    EXPECT_THAT(back, ElementsAre(0x34, 0x12));
    EXPECT_EQ(target.read_memory(isa::Address(0x90000000), back), 0u);
    EXPECT_FALSE(target.write_memory(isa::Address(0x90000000), back));
    EXPECT_FALSE(target.insert({PointKind::kSoftwareBreak, isa::Address(0x90000000), 2}));
    return kContinue;
  });
  RunResult result = debug(elf, script);
  EXPECT_EQ(result.end, RunEnd::kExit);
  EXPECT_TRUE(result.notes.empty());
}

TEST(DebugControl, WritesEveryRegisterAndReadsItBack) {
  auto elf = test::build("main: movs r0, #0\n bx lr\n");
  Script script([&](DebugTarget& target, const Stop& stop) {
    if (!stop.point) {
      target.insert({PointKind::kHardwareBreak, symbol(elf, "main"), 2});
      return kContinue;
    }
    std::uint64_t sp = target.read_register(Register::kSp), lr = target.read_register(Register::kLr);
    auto round_trip = [&](Register which, std::uint64_t value) {
      std::uint64_t before = target.read_register(which);
      target.write_register(which, value);
      EXPECT_EQ(target.read_register(which), value) << static_cast<int>(which);
      target.write_register(which, before);
    };
    for (unsigned i = 0; i < 13; ++i) round_trip(static_cast<Register>(i), 0x12345670 + i);
    round_trip(Register::kLr, 0x8001235);
    round_trip(Register::kPsp, 0x20001000);
    round_trip(Register::kMsp, 0x20002000);
    round_trip(Register::kBasepri, 0x40);
    round_trip(Register::kPrimask, 1);
    round_trip(Register::kFaultmask, 1);
    round_trip(Register::kControl, 4);
    round_trip(Register::kFpscr, 0x03000000);
    round_trip(Register::kXpsr, 0xa1000000);
    for (unsigned i = 0; i < 16; ++i) {
      auto d = static_cast<Register>(static_cast<unsigned>(Register::kD0) + i);
      round_trip(d, 0x0123456789abcdef + i);
    }
    EXPECT_EQ(target.read_register(Register::kSp), sp);
    EXPECT_EQ(target.read_register(Register::kLr), lr);
    EXPECT_EQ(target.read_register(Register::kMsp), sp);
    return kContinue;
  });
  RunResult plain = test::run_elf(elf, "stm32h743").result;
  RunResult result = debug(elf, script);
  EXPECT_EQ(result.exit_code, 0);
  expect_equal_counts(result.total, plain.total);
}

}  // namespace
}  // namespace sim
