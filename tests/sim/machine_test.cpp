#include "sim/machine.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

#include "guest_program.h"

namespace sim {
namespace {

using test::run;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Machine, RunsToTheExitCodeOfTheProgram) {
  test::Outcome outcome = run("main: movs r0, #42\n bx lr\n");
  EXPECT_EQ(outcome.result.end, RunEnd::kExit);
  EXPECT_EQ(outcome.result.exit_code, 42);
  if (outcome.result.fault) ADD_FAILURE() << outcome.result.fault->to_text();
}

TEST(Machine, CountsInstructionsThatTheirConditionSkips) {
  // The same block but for the flags: both must count alike.
  auto count = [](int value) {
    std::string program = "main: movs r0, #" + std::to_string(value) + R"(
      cmp r0, #1
      itte eq
      moveq r1, #1
      moveq r2, #2
      movne r3, #3
      movs r0, #0
      bx lr
    )";
    return run(program).result.total.instructions;
  };
  EXPECT_EQ(count(1), count(0));
  // Start-up: 8 before main and 6 after it with its BKPT; main: 8.
  EXPECT_EQ(count(1), 7u + 8 + 7);
}

TEST(Machine, ListsTheRamThatWasTouchedInWholeGranules) {
  const char* program = R"(main:
    ldr r0, =0x20000404
    ldrb r1, [r0]
    str r1, [r0, #0x20]
    add r0, #0x100
    strd r1, r1, [r0]
    movs r0, #0
    bx lr
  )";
  std::vector<Extent> touched = run(program).result.touched;
  const auto contains = [&](std::uint32_t begin, std::int64_t size) {
    return std::ranges::find(touched, Extent{isa::Address(begin), isa::Bytes(size)}) != touched.end();
  };
  EXPECT_TRUE(contains(0x20000400, 8));
  EXPECT_TRUE(contains(0x20000420, 8));
  EXPECT_TRUE(contains(0x20000500, 16));
}

TEST(Machine, CountsLoadsAndStoresWithTheirBytes) {
  const char* program = R"(main:
    mov r0, #0x20000000
    ldm r0, {r1, r2, r3}
    ldrb r1, [r0]
    strh r1, [r0, #2]
    strd r2, r3, [r0, #8]
    movs r0, #0
    bx lr
  )";
  Counts counts = run(program).result.total;
  Counts base = run("main: movs r0, #0\n bx lr\n").result.total;
  EXPECT_EQ(counts.loads - base.loads, 3u + 1);
  EXPECT_EQ(counts.load_bytes - base.load_bytes, 12u + 1);
  EXPECT_EQ(counts.stores - base.stores, 1u + 2);
  EXPECT_EQ(counts.store_bytes - base.store_bytes, 2u + 8);
}

TEST(Machine, ExecutesDoublePrecision) {
  const char* program = R"(
    int main(void) {
      volatile double a = 1.0, b = 3.0;
      double c = a / b * 3e15;
      return c == 1e15 ? 7 : 1;
    })";
  test::Outcome outcome = run(program, {.c = true});
  EXPECT_EQ(outcome.result.exit_code, 7);
}

TEST(Machine, StepMarksSplitTheCountsExactly) {
  const char* program = R"(main:
    ldr r0, =0xe0000000
    movs r1, #0
    str r1, [r0, #4]
    nop
    nop
    nop
    movs r1, #1
    str r1, [r0, #4]
    nop
    movs r1, #2
    str r1, [r0, #4]
    movs r0, #0
    bx lr
  )";
  test::Outcome outcome = run(program);
  EXPECT_THAT(outcome.marks, ElementsAre(0, 1, 2));
  ASSERT_EQ(outcome.result.steps.size(), 3u);
  EXPECT_EQ(outcome.result.steps[0].id, 0);
  EXPECT_EQ(outcome.result.steps[0].counts.instructions, 5u);
  EXPECT_EQ(outcome.result.steps[0].counts.stores, 1u);
  EXPECT_EQ(outcome.result.steps[1].counts.instructions, 3u);
}

TEST(Machine, AMarkBehindTheLastStepEndsIt) {
  const char* program = R"(main:
    ldr r0, =0xe0000000
    movs r1, #0
    str r1, [r0, #4]
    nop
    movs r1, #1
    str r1, [r0, #4]
    nop
    movs r0, #0
    bx lr
    .section .m7scope.steps, ""
    .ascii "{\"model\":\"toy\",\"arena_bytes\":0,\"arena_lower_bound_bytes\":0,\"buffers\":[],\"inputs\":[],"
    .ascii "\"outputs\":[],\"steps\":[{\"id\":0,\"op\":\"ADD\",\"name\":\"x\",\"op_index\":0,\"output_tensor\":0,"
    .ascii "\"output_offset\":0,\"output_bytes\":0,\"macs\":0,\"arena_live_bytes\":0}]}"
    .text
  )";
  test::Outcome outcome = run(program);
  EXPECT_THAT(outcome.marks, ElementsAre(0, 1));
  ASSERT_EQ(outcome.result.steps.size(), 1u);
  EXPECT_EQ(outcome.result.steps[0].counts.instructions, 3u);
}

TEST(Machine, WithoutTraceEnabledThereAreNoMarks) {
  test::Outcome outcome = run(R"(main:
    ldr r0, =0xe0000e00
    movs r1, #1
    str r1, [r0]
    ldr r0, =0xe0000000
    str r1, [r0, #4]
    movs r0, #0
    bx lr
  )");
  EXPECT_TRUE(outcome.marks.empty());
}

TEST(Machine, StopsAtTheCycleLimitExactlyTheSameWayEachTime) {
  const char* program = "main: movs r0, #0\nloop: adds r0, r0, #1\n nop\n b loop\n";
  test::Outcome a = run(program, {}, {}, {.max_cycles = 1'000'001});
  test::Outcome b = run(program, {}, {}, {.max_cycles = 1'000'001});
  EXPECT_EQ(a.result.end, RunEnd::kLimit);
  EXPECT_GE(a.result.cycles().value, 1'000'001u);
  EXPECT_LT(a.result.cycles().value, 1'000'001u + 100);  // the loop that began before the limit
  EXPECT_EQ(a.result.total.instructions, b.result.total.instructions);
  EXPECT_EQ(a.result.cycles(), b.result.cycles());
}

TEST(Machine, ReportsProgressEveryTenMillionCyclesAndStopsWhenAsked) {
  std::vector<std::uint64_t> seen;
  Environment environment;
  environment.progress = [&](std::uint64_t n) {
    seen.push_back(n);
    return seen.size() < 2;
  };
  test::Outcome outcome = run("main: adds r0, r0, #1\n b main\n", {}, environment);
  EXPECT_EQ(outcome.result.end, RunEnd::kStopped);
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_LT(seen[0], seen[1]);
  EXPECT_NEAR(static_cast<double>(outcome.result.cycles().value), 20e6, 1e3);
  EXPECT_NEAR(static_cast<double>(seen[1]), static_cast<double>(outcome.result.total.instructions), 1e3);
}

TEST(Machine, AnExceptionOfTheCallerComesThrough) {
  Environment environment;
  environment.step_mark = [](int) { throw std::logic_error("from the mark"); };
  EXPECT_THROW(run("main: ldr r0, =0xe0000004\n str r0, [r0]\n bx lr\n", {}, environment), std::logic_error);
}

TEST(Machine, TwoRunsAreEqual) {
  const char* program = R"(
    #include <stdint.h>
    volatile float f[64];
    int main(void) {
      uint32_t x = 1;
      for (int i = 0; i < 3000; ++i) {
        x = x * 1664525u + 1013904223u;
        f[x >> 26] += (float)x * 1e-9f;
        if (i % 1000 == 0) *(volatile uint32_t*)0xe0000004 = i / 1000;
      }
      return (int)f[3] & 0x7f;
    })";
  auto same = [](const Counts& a, const Counts& b) {
    return a.instructions == b.instructions && a.loads == b.loads && a.stores == b.stores &&
           a.load_bytes == b.load_bytes && a.store_bytes == b.store_bytes;
  };
  Machine machine(memory_model::load_board("stm32h743"), load_elf(test::build(program, {.c = true})));
  RunResult a = machine.run({}), b = machine.run({});
  RunResult c = run(program, {.c = true}).result;
  for (const RunResult* other : {&b, &c}) {
    EXPECT_TRUE(same(a.total, other->total));
    EXPECT_EQ(a.stack_used, other->stack_used);
    ASSERT_EQ(a.steps.size(), other->steps.size());
    for (std::size_t i = 0; i < a.steps.size(); ++i)
      EXPECT_TRUE(same(a.steps[i].counts, other->steps[i].counts));
  }
  EXPECT_EQ(a.exit_code, c.exit_code);
}

TEST(Machine, MeasuresTheStackThatWasWritten) {
  const char* program = R"(
    __attribute__((noinline)) static int deep(int n) {
      volatile char pad[256];
      pad[0] = (char)n;
      return n ? deep(n - 1) + pad[0] : 0;
    }
    int big[1000];
    int main(void) {
      for (int i = 0; i < 1000; ++i) ((volatile int*)big)[i] = i;
      return deep(7) & 1;
    })";
  isa::Bytes used = run(program, {.c = true}).result.stack_used;
  EXPECT_GE(used.value, 8 * 256);
  EXPECT_LE(used.value, 8 * 300 + 64);
  EXPECT_EQ(used, run(program, {.c = true, .symbols = "__stack_bottom = 0x2001f000;"}).result.stack_used);
}

TEST(Machine, ReadsAndWritesMemoryAcrossRegions) {
  Machine machine(memory_model::load_board("stm32f746"),
                  load_elf(test::build("main: movs r0, #0\n bx lr\n", {.board = "stm32f746"})));
  const std::vector<std::uint8_t> in = {1, 2, 3, 4, 5, 6, 7, 8};
  std::vector<std::uint8_t> out(8);
  machine.write(isa::Address(0x2000fffc), in);
  machine.read(isa::Address(0x2000fffc), out);
  EXPECT_EQ(in, out);
  EXPECT_THROW(machine.read(isa::Address(0x2004fffc), out), std::out_of_range);
  EXPECT_THROW(machine.write(isa::Address(0x60000000), in), std::out_of_range);
}

TEST(Machine, FlashIsTheSameThroughItsAlias) {
  test::Outcome outcome = run(R"(main:
    ldr r0, =0x00200000
    ldr r1, =0x08000000
    ldr r2, [r0]
    ldr r3, [r1]
    subs r0, r2, r3
    bne out
    ldr r4, =there
    sub r4, r4, #0x07e00000
    orr r4, r4, #1
    bx r4
    .ltorg
  there:
    mov r0, pc
    lsrs r0, r0, #20
  out:
    bx lr
  )",
                              {.board = "stm32f746"});
  EXPECT_EQ(outcome.result.exit_code, 2) << "runs at 0x002.....";
  Fault fault = test::fault_of("main: ldr r0, =0x00200000\n str r0, [r0]\n bx lr\n", {.board = "stm32f746"});
  EXPECT_THAT(fault.reason, HasSubstr("which is in flash_itcm: it cannot be written"));
}

TEST(Machine, CodeCopiedToRamRunsAndMayBeReplaced) {
  test::Outcome outcome = run(R"(main:
    push {r4, r5, lr}
    mov r4, #0x20000000
    movs r5, #0
    ldr r0, =0x47702001      // movs r0, #1; bx lr
    str r0, [r4]
    dsb
    isb
    orr r1, r4, #1
    blx r1
    add r5, r5, r0
    ldr r0, =0x47702006      // movs r0, #6; bx lr
    str r0, [r4]
    dsb
    isb
    orr r1, r4, #1
    blx r1
    add r0, r0, r5
    pop {r4, r5, pc}
  )");
  EXPECT_EQ(outcome.result.exit_code, 7);
}

TEST(Machine, DwtCountsTheModelsCycles) {
  test::Outcome outcome = run(R"(main:
    ldr r0, =0xe0001000
    movs r1, #1
    str r1, [r0]
    movs r1, #2  @ the second time through the code is in the cache
  again:
    ldr r2, [r0, #4]
    isb
    nop
    nop
    nop
    nop
    nop
    isb
    ldr r3, [r0, #4]
    subs r1, #1
    bne again
    subs r0, r3, r2
    bx lr
  )");
  EXPECT_GT(outcome.result.exit_code, 5);
  EXPECT_LT(outcome.result.exit_code, 20);
}

TEST(Machine, SysTickCountsDownAndWraps) {
  test::Outcome outcome = run(R"(main:
    ldr r0, =0xe000e010
    movs r1, #99
    str r1, [r0, #4]
    str r1, [r0, #8]
    movs r1, #5
    str r1, [r0]
    movs r2, #0
  wait:
    ldr r1, [r0]
    tst r1, #0x10000
    beq wait
    ldr r1, [r0]
    ands r1, r1, #0x10000
    bne bad
    ldr r0, [r0, #8]
    bx lr
  bad:
    movs r0, #200
    bx lr
  )");
  EXPECT_LT(outcome.result.exit_code, 100);
}

TEST(Machine, RunsARawImage) {
  std::filesystem::path elf = test::build("main: movs r0, #11\n bx lr\n");
  std::filesystem::path raw = test::fresh_folder("raw") / "guest.bin";
  std::string command = "arm-none-eabi-objcopy -O binary '" + elf.string() + "' '" + raw.string() + "'";
  ASSERT_EQ(std::system(command.c_str()), 0);
  Machine machine(memory_model::load_board("stm32h743"), load_raw(raw, isa::Address(0x08000000)));
  EXPECT_EQ(machine.run({}).exit_code, 11);
}

TEST(Machine, RunsOnAUsersBoardAndKnowsThatItHasNoFpu) {
  memory_model::Board board = memory_model::load_board("stm32h743");
  board.fpu = memory_model::FpuPrecision::kNone;
  Machine plain(board, load_elf(test::build("main: movs r0, #3\n bx lr\n")));
  EXPECT_EQ(plain.run({}).exit_code, 3);
  Machine fpu(board, load_elf(test::build("main: vmov.f32 s0, #1.0\n bx lr\n")));
  RunResult result = fpu.run({});
  ASSERT_TRUE(result.fault);
  EXPECT_EQ(result.fault->reason, "stm32h743 has no FPU (NOCP)");
}

TEST(Machine, AStepTableThatCannotBeReadIsAnErrorOfTheFirmware) {
  Firmware firmware = load_elf(test::build("main: movs r0, #3\n bx lr\n"));
  firmware.step_table = "{";
  EXPECT_THROW(Machine(memory_model::load_board("stm32h743"), firmware), FirmwareError);
}

TEST(Machine, TheImageMustFitTheBoard) {
  std::filesystem::path elf = test::build("main: movs r0, #0\n bx lr\n");
  auto error_on = [&](const Firmware& firmware, const std::string& board) -> std::string {
    try {
      Machine machine(memory_model::load_board(board), firmware);
    } catch (const FirmwareError& error) {
      return error.what();
    }
    return "no error";
  };
  Firmware firmware = load_elf(elf);
  EXPECT_THAT(error_on(firmware, "mps2-an500"),
              HasSubstr("at 0x08000000 lies outside the memory of mps2-an500"));
  firmware.segments[0].bytes[4] &= 0xfe;
  EXPECT_THAT(error_on(firmware, "stm32h743"), HasSubstr("expected an odd address (Thumb code)"));
  firmware.segments[0].bytes[4] |= 1;
  firmware.segments[0].bytes[7] = 0x70;
  EXPECT_THAT(error_on(firmware, "stm32h743"), HasSubstr("the reset vector at 0x08000004 is 0x70"));
  firmware.segments[0].bytes[7] = 0x08;
  firmware.segments[0].bytes[3] = 0x70;
  EXPECT_THAT(error_on(firmware, "stm32h743"),
              HasSubstr("the initial stack pointer at 0x08000000 is 0x70020000"));
  firmware.vector_table = isa::Address(0x30000000 - 4);
  EXPECT_THAT(error_on(firmware, "stm32h743"), HasSubstr("the vector table at 0x2ffffffc lies outside"));
}

// Regressions of two faults of emulators: hooks inside IT blocks that read beyond their table, and loads in
// IT blocks that leave an illegal instruction behind.
TEST(Machine, ConditionalLoadsMayLoopForLong) {
  const char* program = R"(main:
    mov r0, #0x20000000
    movw r1, #20000
    movs r2, #0
  loop:
    tst r1, #1
    ittee ne
    ldrne r3, [r0]
    strne r3, [r0, #4]
    ldreq r3, [r0, #8]
    addeq r2, r2, #1
    tst r1, #2
    it eq
    ldrdeq r3, r4, [r0]
    subs r1, r1, #1
    bne loop
    movw r0, #10000
    subs r0, r0, r2
    bx lr
  )";
  test::Outcome outcome = run(program);
  EXPECT_EQ(outcome.result.end, RunEnd::kExit);
  EXPECT_EQ(outcome.result.exit_code, 0);
  test::Outcome start = run("main: bx lr\n");
  EXPECT_EQ(outcome.result.total.instructions - start.result.total.instructions, 20000u * 11 + 3 + 2);
  EXPECT_EQ(outcome.result.total.loads - start.result.total.loads, 20000u + 2 * 10000);
}

TEST(Machine, LoadsAcrossPagesCountOnce) {
  const char* program = R"(main:
    ldr r0, =0x200003fe
    ldr r1, [r0]
    ldr r1, [r0]
    str r1, [r0]
    ldrh r1, [r0, #1]
    movs r0, #0
    bx lr
  )";
  Counts counts = run(program).result.total, base = run("main: movs r0, #0\n bx lr\n").result.total;
  EXPECT_EQ(counts.loads - base.loads, 1u + 3);
  EXPECT_EQ(counts.load_bytes - base.load_bytes, 4u + 4 + 4 + 2);
  EXPECT_EQ(counts.stores - base.stores, 1u);
}

}  // namespace
}  // namespace sim
