#include <fmt/format.h>
#include <gmock/gmock.h>

#include "guest_program.h"
#include "sim/firmware.h"
#include "sim/machine.h"

namespace sim {
namespace {

using test::Build;
using test::fault_of;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// A program whose faulting instruction carries the label `bad`: the fault must name exactly that place.
Fault fault_at_bad(const std::string& source, const Build& how = {}) {
  Fault fault = fault_of(source, how);
  const Firmware firmware = load_elf(test::build(source, how));
  const Symbol* bad = firmware.symbol("bad");
  if (!bad) {
    ADD_FAILURE() << "the program has no label 'bad'";
    return fault;
  }
  EXPECT_EQ(fault.pc.value, bad->address.value) << fault.to_text();
  EXPECT_EQ(fault.registers.r[15], fault.pc.value);
  return fault;
}

TEST(Fault, NamesTheLoadAmongItsNeighbours) {
  Fault fault = fault_at_bad(R"(main:
    mov r0, #0x20000000
    mov r1, #0x60000000
    ldr r2, [r0]
    ldr r2, [r0, #4]
    mov r0, r1
    mov r4, #0x44
  bad:
    ldr r3, [r1, #8]
    ldr r2, [r0]
    bx lr
  )");
  EXPECT_EQ(fault.kind, "BusFault");
  EXPECT_EQ(fault.reason, "load of 4 bytes from 0x60000008, which is outside every region of stm32h743");
  EXPECT_EQ(fault.instruction, "ldr r3, [r1, #8]");
  EXPECT_EQ(fault.function, "main");
  EXPECT_THAT(fault.source, StartsWith("guest.s:"));
  EXPECT_EQ(fault.registers.r[4], 0x44u);
  EXPECT_EQ(fault.registers.r[1], 0x60000000u);
}

TEST(Fault, TellsTwoLoadsThroughTheSameRegisterApart) {
  fault_at_bad(R"(main:
    mov r1, #0x20000000
    ldr r2, [r1]
    mov r1, #0x60000000
  bad:
    ldr r2, [r1]
    ldr r2, [r1]
    bx lr
  )");
}

TEST(Fault, UnderstandsWriteBack) {
  for (const char* bad :
       {"str r2, [r1], #4", "str r2, [r1, #4]!", "ldrb r2, [r1], #1", "ldrd r2, r3, [r1], #8",
        "strd r2, r3, [r1, #-8]!", "stmia r1!, {r2, r3}", "stmdb r1!, {r2, r3, r4}", "ldmia r1!, {r4, r5}",
        "vstmia r1!, {d0, d1}", "vldmdb r1!, {s0, s1}"}) {
    SCOPED_TRACE(bad);
    Fault fault = fault_at_bad(fmt::format(R"(main:
      mov r0, #0x20000000
      str r2, [r0], #4
      str r2, [r0], #4
      mov r1, #0x60000000
      bad: {}
      str r2, [r0], #4
      bx lr
    )",
                                           bad));
    EXPECT_EQ(fault.registers.r[1], 0x60000000u);
  }
}

TEST(Fault, UnderstandsEveryFormOfAddress) {
  for (const char* bad :
       {"ldr r2, [r1]",         "ldrh r2, [r1, #2]", "ldrsb r2, [r1, r3]",     "ldr.w r2, [r1, r3, lsl #2]",
        "strb.w r2, [r1, #-1]", "strh r2, [r1, r3]", "str.w r2, [r1, #0xffc]", "vldr d0, [r1, #8]",
        "vstr s1, [r1, #-4]",   "push {r1}",         "ldrd r2, r3, [r1, #16]", "tbb [r1, r3]",
        "tbh [r1, r3, lsl #1]", "ldrex r2, [r1]",    "ldrexb r2, [r1]",        "ldrt r2, [r1]",
        "ldrsh r2, [r1]",       "pop {r2}",          "ldr r2, [sp, #8]",       "str r2, [sp]"}) {
    SCOPED_TRACE(bad);
    fault_at_bad(fmt::format(R"(main:
      mov r0, #0x20000000
      mov r1, #0x60000000
      mov r3, #4
      str r2, [r0]
      ldr r2, [r0]
      mov sp, r1
      bad: {}
      bx lr
    )",
                             bad));
  }
}

TEST(Fault, FindsTheWordOfALoadMultipleThatLeavesMemory) {
  Fault fault = fault_at_bad(R"(main:
    ldr r1, =0x2001fff8
    ldr r2, [r1]
  bad:
    ldmia r1, {r2, r3, r4, r5}
    bx lr
  )");
  EXPECT_THAT(fault.reason, HasSubstr("load of 4 bytes from 0x20020000"));
  EXPECT_EQ(fault.registers.r[1], 0x2001fff8u);
}

TEST(Fault, FindsTheInstructionAmongConditionalOnes) {
  const char* program = R"(main:
    mov r0, #0x20000000
    mov r1, #0x60000000
    cmp r0, r1
    itete eq
    ldreq r2, [r0]
    ldrne r2, [r0]
    streq r2, [r1]
    strne r2, [r0, #4]
    itt ne
    ldrne r3, [r0]
  bad:
    ldrne r3, [r1]
    ldr r3, [r1]
    bx lr
  )";
  Fault fault = fault_at_bad(program);
  EXPECT_EQ(fault.instruction.substr(0, 3), "ldr");
}

TEST(Fault, AStoreToFlashIsRefused) {
  Fault fault = fault_at_bad(R"(main:
    ldr r1, =0x08001000
    movs r0, #1
  bad:
    strh r0, [r1, #2]
    bx lr
  )");
  EXPECT_EQ(fault.kind, "BusFault");
  EXPECT_EQ(fault.reason, "store of 2 bytes to 0x08001002, which is in flash: it cannot be written");
}

TEST(Fault, ALoadWhereNoPeripheralIsFaults) {
  Fault fault = fault_at_bad(R"(main:
    ldr r1, =0x5a024400
  bad:
    ldr r0, [r1, #0x10]
    bx lr
  )");
  EXPECT_EQ(fault.reason,
            "load of 4 bytes from 0x5a024410, which is in the peripheral space of stm32h743, where the model "
            "has no "
            "peripheral");
}

TEST(Fault, ABranchOutOfMemoryIsExplainedAtTheBranch) {
  Fault fault = fault_at_bad(R"(main:
    ldr r1, =0x60000001
    nop
  bad:
    bx r1
  )");
  EXPECT_EQ(fault.reason, "instruction fetch from 0x60000000, which is outside every region of stm32h743");
  EXPECT_EQ(fault.instruction, "bx r1");
}

TEST(Fault, NothingRunsFromTheSystemSpace) {
  Fault fault = fault_at_bad("main: ldr r1, =0xe0000001\n nop\nbad: bx r1\n");
  EXPECT_THAT(fault.reason, HasSubstr("instruction fetch from 0xe0000000"));
}

TEST(Fault, ABranchToAnEvenAddressIsAnInvalidState) {
  Fault fault = fault_at_bad(R"(main:
    ldr r1, =0x08000100
  bad:
    bx r1
  )");
  EXPECT_EQ(fault.kind, "UsageFault");
  EXPECT_THAT(fault.reason, HasSubstr("INVSTATE"));
}

TEST(Fault, AnExceptionReturnWithoutExceptionIsNamed) {
  Fault fault = fault_at_bad(R"(main:
    ldr r1, =0xfffffff9
  bad:
    bx r1
  )");
  EXPECT_THAT(fault.reason, HasSubstr("a return from an exception, but none is active"));
}

TEST(Fault, UndefinedInstructionsAreUsageFaults) {
  for (const char* bad : {"udf #1", ".inst.w 0xf7f0a000"}) {
    SCOPED_TRACE(bad);
    Fault fault = fault_at_bad(fmt::format("main: movs r0, #0\n nop\nbad: {}\n bx lr\n", bad));
    EXPECT_EQ(fault.kind, "UsageFault");
  }
}

TEST(Fault, ABreakpointOtherThanSemihostingEndsTheRun) {
  Fault fault = fault_at_bad("main: nop\nbad: bkpt 3\n bx lr\n");
  EXPECT_EQ(fault.reason, "BKPT 0x03, and no debugger is attached");
}

TEST(Fault, ASupervisorCallEndsTheRun) {
  Fault fault = fault_at_bad("main: nop\nbad: svc 5\n bx lr\n");
  EXPECT_THAT(fault.reason, HasSubstr("SVC"));
}

TEST(Fault, UnalignedMultipleAndDoubleAccessesAreUsageFaults) {
  for (const char* bad :
       {"ldrd r2, r3, [r1]", "strd r2, r3, [r1]", "ldmia r1, {r2, r3}", "stmia r1!, {r2, r3}",
        "vldr d0, [r1]", "vstr s0, [r1]", "vldmia r1, {d0, d1}", "ldrex r2, [r1]"}) {
    SCOPED_TRACE(bad);
    Fault fault = fault_at_bad(fmt::format(R"(main:
      ldr r1, =0x20000101
      ldr r2, [r1]
      str r2, [r1, #9]
      bad: {}
      bx lr
    )",
                                           bad));
    EXPECT_EQ(fault.kind, "UsageFault");
    EXPECT_THAT(fault.reason, HasSubstr("0x20000101: this instruction takes aligned addresses only"));
  }
}

TEST(Fault, PlainUnalignedAccessesAreAllowedUntilTheyAreTrapped) {
  const char* plain = R"(main:
    ldr r1, =0x20000101
    ldr r2, [r1]
    strh r2, [r1, #2]
    ldr r1, =0x200003ff
    ldr r2, [r1]
    movs r0, #0
    bx lr
  )";
  EXPECT_EQ(test::run(plain).result.end, RunEnd::kExit);
  Fault fault = fault_at_bad(R"(main:
    ldr r1, =0xe000ed14
    ldr r2, [r1]
    orr r2, r2, #8
    str r2, [r1]
    dsb
    isb
    ldr r1, =0x20000101
  bad:
    ldr r2, [r1]
    bx lr
  )");
  EXPECT_THAT(fault.reason, HasSubstr("CCR.UNALIGN_TRP is set"));
}

TEST(Fault, DoublePrecisionTrapsOnASinglePrecisionFpu) {
  const char* program = R"(main:
    mov r5, #1
    vmov.f32 s0, #1.0
    vadd.f32 s1, s0, s0
    add r5, r5, #1
  bad:
    vadd.f64 d2, d0, d1
    mov r5, #9
    movs r0, #3
    bx lr
  )";
  Fault fault = fault_at_bad(program, {.board = "stm32f746"});
  EXPECT_EQ(fault.kind, "UsageFault");
  EXPECT_THAT(fault.reason, HasSubstr("single precision"));
  EXPECT_THAT(fault.instruction, StartsWith("vadd.f64"));
  EXPECT_EQ(fault.registers.r[5], 2u) << "all before the instruction has happened, nothing after it";
  EXPECT_EQ(test::run(program, {.board = "stm32h743"}).result.exit_code, 3);
}

TEST(Fault, SinglePrecisionFpusHaveDoubleWordLoadsAndMoves) {
  const char* program = R"(main:
    mov r1, #0x20000000
    vldr d0, [r1]
    vstr d0, [r1, #8]
    vldmia r1, {d1, d2}
    vmov r2, r3, d1
    vmov d2, r2, r3
    vpush {d8}
    vpop {d8}
    movs r0, #5
    bx lr
  )";
  EXPECT_EQ(test::run(program, {.board = "stm32f746"}).result.exit_code, 5);
}

TEST(Fault, ADoublePrecisionInstructionSkippedByItsConditionDoesNotTrap) {
  auto program = [](int value) {
    return fmt::format(R"(main:
      movs r0, #{}
      movs r4, #10
    loop:
      cmp r0, #1
      itt eq
      moveq r1, #1
      vaddeq.f64 d2, d0, d1
      subs r4, r4, #1
      bne loop
      movs r0, #4
      bx lr
    )",
                       value);
  };
  test::Outcome skipped = test::run(program(0), {.board = "stm32f746"});
  EXPECT_EQ(skipped.result.exit_code, 4);
  test::Outcome plain = test::run(program(0), {.board = "stm32h743"});
  EXPECT_EQ(skipped.result.total.instructions, plain.result.total.instructions);
  EXPECT_EQ(fault_of(program(1), {.board = "stm32f746"}).kind, "UsageFault");
}

TEST(Fault, TheFpuMustBeEnabledFirst) {
  Fault fault = fault_at_bad(R"(main:
    ldr r0, =0xe000ed88
    movs r1, #0
    str r1, [r0]
    dsb
    isb
    mov r2, #7
  bad:
    vmov.f32 s0, #1.0
    mov r2, #8
    bx lr
  )");
  EXPECT_EQ(fault.kind, "UsageFault");
  EXPECT_THAT(fault.reason, HasSubstr("CPACR"));
  EXPECT_EQ(fault.registers.r[2], 7u);
}

TEST(Fault, TheFpuMayBeEnabledInTheVeryBlockThatUsesIt) {
  test::Outcome outcome = test::run(R"(main:
    ldr r0, =0xe000ed88
    ldr r1, [r0]
    movs r2, #0
    str r2, [r0]
    isb
    str r1, [r0]
    vmov.f32 s0, #1.0
    movs r0, #6
    bx lr
  )");
  EXPECT_EQ(outcome.result.exit_code, 6);
}

TEST(Fault, NamesFunctionLineAndStepInC) {
  const char* program = R"(
    #include <stdint.h>
    __attribute__((noinline)) int touch(volatile int* p) {
      return p[2];
    }
    int main(void) {
      *(volatile uint32_t*)0xe0000004 = 3;
      return touch((int*)0x70000000) + 1;
    }
  )";
  Fault fault = fault_of(program, {.c = true});
  EXPECT_EQ(fault.function, "touch");
  EXPECT_EQ(fault.source, "guest.c:4");
  EXPECT_EQ(fault.step, 3);
  std::string text = fault.to_text();
  EXPECT_THAT(text, HasSubstr("BusFault: load of 4 bytes from 0x70000008"));
  EXPECT_THAT(text, HasSubstr("in touch (guest.c:4)"));
  EXPECT_THAT(text, HasSubstr("during step 3"));
  EXPECT_THAT(text, HasSubstr("r0 70000000"));
}

TEST(Fault, AnEndlessBranchToItselfIsAHang) {
  Fault fault = fault_at_bad("main: movs r0, #1\nbad: b bad\n");
  EXPECT_EQ(fault.kind, "Hang");
}

TEST(Fault, SleepingForEverIsAHang) {
  Fault fault = fault_at_bad("main: movs r0, #1\n nop\nbad: wfi\n b main\n");
  EXPECT_EQ(fault.kind, "Hang");
  EXPECT_THAT(fault.reason, HasSubstr("WFI"));
}

TEST(Fault, HintsThatTheEmulatorLacksAreStillHints) {
  test::Outcome outcome = test::run("main: movs r0, #9\n yield\n wfe\n yield.w\n wfe.w\n sev\n bx lr\n");
  EXPECT_EQ(outcome.result.exit_code, 9);
  if (outcome.result.fault) ADD_FAILURE() << outcome.result.fault->to_text();
}

}  // namespace
}  // namespace sim
