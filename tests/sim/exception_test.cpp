// Exceptions as programs see them: order, pre-emption, masks, frames, modes. Where QEMU's Cortex-M7 runs the
// same program, it prints the same.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "guest_core.h"
#include "guest_program.h"
#include "qemu.h"

namespace sim {
namespace {

using ::testing::HasSubstr;

const test::Build kMps2 = {.board = "mps2-an500", .c = true, .flags = "-Wno-unused-function"};

/// QEMU has no time like ours, and no semihosting for unprivileged code.
enum class Oracle { kQemu, kNone };

/// What the program prints; QEMU must print the same.
std::string prints(const std::string& program, Oracle oracle = Oracle::kQemu) {
  std::string source = test::kGuestCore + program;
  test::Outcome outcome = test::run(source, kMps2);
  EXPECT_EQ(outcome.result.end, RunEnd::kExit);
  if (outcome.result.fault) ADD_FAILURE() << outcome.result.fault->to_text();
  if (oracle == Oracle::kQemu && test::has_qemu()) {
    EXPECT_EQ(outcome.console, test::qemu_says(test::build(source, kMps2)));
  }
  return outcome.console;
}

TEST(Exception, APendingInterruptRunsItsHandlerOnce) {
  EXPECT_EQ(prints(R"(
    void IRQ3_Handler(void) { say_hex("irq", MRS(ipsr)); say_hex("active", NVIC_IABR); }
    int main(void) {
      PEND(3);
      say("not enabled\n");
      NVIC_ISER = 1u << 3;
      BARRIER();
      say_hex("pending", NVIC_ISPR);
      return 0;
    })"),
            "not enabled\nirq 00000013\nactive 00000008\npending 00000000\n");
}

TEST(Exception, TheMoreUrgentOfTwoGoesFirstAndEqualsGoByNumber) {
  EXPECT_EQ(prints(R"(
    void IRQ1_Handler(void) { say("1\n"); }
    void IRQ2_Handler(void) { say("2\n"); }
    void IRQ5_Handler(void) { say("5\n"); }
    int main(void) {
      NVIC_IPR(1) = 0x80;
      NVIC_IPR(2) = 0x80;
      NVIC_IPR(5) = 0x40;
      NVIC_ISER = 0x26;
      __asm__ volatile("cpsid i");
      PEND(2);
      PEND(1);
      PEND(5);
      say("masked\n");
      __asm__ volatile("cpsie i\n isb");
      say("done\n");
      return 0;
    })"),
            "masked\n5\n1\n2\ndone\n");
}

TEST(Exception, AHandlerIsPreemptedByAMoreUrgentOneOnly) {
  EXPECT_EQ(prints(R"(
    void IRQ0_Handler(void) { say("  top\n"); }
    void IRQ1_Handler(void) { say(" middle begins\n"); PEND(0); say(" middle ends\n"); }
    void IRQ2_Handler(void) { say("low begins\n"); PEND(3); PEND(1); say("low ends\n"); }
    void IRQ3_Handler(void) { say("equal\n"); }
    int main(void) {
      NVIC_IPR(0) = 0x20;
      NVIC_IPR(1) = 0x40;
      NVIC_IPR(2) = 0x80;
      NVIC_IPR(3) = 0x80;
      NVIC_ISER = 0xf;
      PEND(2);
      say("thread\n");
      return 0;
    })"),
            "low begins\n middle begins\n  top\n middle ends\nlow ends\nequal\nthread\n");
}

TEST(Exception, PriorityGroupsDecideWhoPreempts) {
  EXPECT_EQ(prints(R"(
    void IRQ0_Handler(void) { say("  0\n"); }
    void IRQ1_Handler(void) { say("1 begins\n"); PEND(0); say("1 ends\n"); }
    int main(void) {
      NVIC_IPR(0) = 0x80;
      NVIC_IPR(1) = 0xa0;
      NVIC_ISER = 3;
      PEND(1);
      AIRCR = 0x05fa0000 | 6 << 8;  /* one bit of group: 0x80 and 0xa0 are of one group */
      PEND(1);
      return 0;
    })"),
            "1 begins\n  0\n1 ends\n1 begins\n1 ends\n  0\n");
}

TEST(Exception, BasepriHoldsOffWhatIsNotMoreUrgent) {
  EXPECT_EQ(prints(R"(
    void IRQ0_Handler(void) { say("urgent\n"); }
    void IRQ1_Handler(void) { say("held off\n"); }
    int main(void) {
      NVIC_IPR(0) = 0x20;
      NVIC_IPR(1) = 0x60;
      NVIC_ISER = 3;
      MSR(basepri, 0x60);
      PEND(1);
      PEND(0);
      say("now\n");
      MSR(basepri, 0);
      say("end\n");
      return 0;
    })"),
            "urgent\nnow\nheld off\nend\n");
}

TEST(Exception, FaultmaskIsClearedByTheReturn) {
  EXPECT_EQ(prints(R"(
    void IRQ0_Handler(void) { say_hex("faultmask", MRS(faultmask)); __asm__ volatile("cpsid f"); say_hex("set", MRS(faultmask)); }
    int main(void) {
      NVIC_ISER = 1;
      PEND(0);
      say_hex("after", MRS(faultmask));
      return 0;
    })"),
            "faultmask 00000000\nset 00000001\nafter 00000000\n");
}

TEST(Exception, ASupervisorCallHasItsNumberAndItsArguments) {
  EXPECT_EQ(prints(R"(
    void answer(uint32_t* frame) {
      uint32_t number = ((uint8_t*)frame[6])[-2];
      frame[0] = frame[0] * 100 + frame[1] * 10 + number;
    }
    __attribute__((naked)) void SVC_Handler(void) {
      __asm__ volatile("tst lr, #4\n ite eq\n mrseq r0, msp\n mrsne r0, psp\n b answer");
    }
    int main(void) {
      register uint32_t r0 __asm__("r0") = 4;
      register uint32_t r1 __asm__("r1") = 2;
      __asm__ volatile("svc 7" : "+r"(r0) : "r"(r1) : "memory");
      say_number("answer", r0);
      return 0;
    })"),
            "answer 427\n");
}

TEST(Exception, TheFrameIsAlignedAndHoldsWhatWasInterrupted) {
  const char* program = R"(
    __attribute__((used)) uint32_t seen[10], sp_before, sp_after;
    __attribute__((naked)) void SVC_Handler(void) {
      __asm__ volatile(
        "ldr r0, =seen\n mov r1, sp\n mov r2, #8\n"
        "1: ldr r3, [r1], #4\n str r3, [r0], #4\n subs r2, #1\n bne 1b\n"
        "str lr, [r0], #4\n mov r1, sp\n str r1, [r0]\n"
        "mov r0, #0\n mov r1, #0\n mov r2, #0\n mov r3, #0\n mov r12, #0\n cmn r0, #1\n bx lr");
    }
    int main(void) {
      for (int off = 0; off < 2; ++off) {
        uint32_t r[5];
        __asm__ volatile(
          "mov r5, sp\n mov r6, %1\n sub sp, sp, r6\n ldr r7, =sp_before\n mov r8, sp\n str r8, [r7]\n"
          "mov r0, #1\n mov r1, #2\n mov r2, #3\n mov r3, #4\n mov r12, #5\n cmp r0, r0\n"
          "svc 0\n"
          "ldr r7, =sp_after\n mov r8, sp\n str r8, [r7]\n mov sp, r5\n"
          "stm %0, {r0, r1, r2, r3, r12}\n"
          :: "r"(r), "r"(off ? 4 : 8) : "r0","r1","r2","r3","r5","r6","r7","r8","r12","lr","memory","cc");
        for (int i = 0; i < 5; ++i) say_hex("r", r[i]);
        say_hex("restored", sp_after - sp_before);
        say_hex("frame", sp_before - seen[9]);
        say_hex("aligned", seen[9] & 7);
        for (int i = 0; i < 5; ++i) say_hex("stacked", seen[i]);
        say_hex("xpsr", seen[7]);
        say_hex("lr", seen[8]);
      }
      return 0;
    })";
  std::string text = prints(program);
  EXPECT_THAT(text, HasSubstr("xpsr 61000000\nlr fffffff9"));
  EXPECT_THAT(text, HasSubstr("xpsr 61000200\nlr fffffff9"));
  EXPECT_THAT(text, HasSubstr("frame 00000020"));
  EXPECT_THAT(text, HasSubstr("frame 00000024"));
}

TEST(Exception, PendSvSwitchesBetweenThreadsOnTheProcessStack) {
  std::string text = prints(R"(
    typedef struct { uint32_t* sp; } thread;
    static uint32_t stacks[3][256];
    static thread threads[3];
    __attribute__((used)) thread* current;
    static volatile uint32_t turns[3], order;
    __attribute__((used)) void pick(void) { current = &threads[(current - threads + 1) % 3]; }
    __attribute__((naked)) void PendSV_Handler(void) {
      __asm__ volatile(
        "mrs r0, psp\n tst lr, #16\n it eq\n vstmdbeq r0!, {s16-s31}\n stmdb r0!, {r4-r11, lr}\n"
        "ldr r1, =current\n ldr r2, [r1]\n str r0, [r2]\n"
        "push {r3, lr}\n bl pick\n pop {r3, lr}\n"
        "ldr r1, =current\n ldr r2, [r1]\n ldr r0, [r2]\n"
        "ldmia r0!, {r4-r11, lr}\n tst lr, #16\n it eq\n vldmiaeq r0!, {s16-s31}\n msr psp, r0\n bx lr");
    }
    static void yield(void) { ICSR = 1u << 28; BARRIER(); }
    __attribute__((noreturn)) static void finish(void) {
      register int r0 __asm__("r0") = 0x18;
      register int r1 __asm__("r1") = 0x20026;
      __asm__ volatile("bkpt 0xab" :: "r"(r0), "r"(r1));
      for (;;) ;
    }
    static void work(uint32_t id) {
      float x = (float)id, sum = 0;
      for (int i = 0; i < 4; ++i) {
        /* In callee-saved FPU registers over the switch. */
        register float keep __asm__("s20") = x * 2;
        __asm__ volatile("" : "+t"(keep));
        yield();
        __asm__ volatile("" : "+t"(keep));
        sum += keep;
        order = order * 3 + id;
        ++turns[id];
      }
      say_hex("thread", id);
      say_hex(" sum", (uint32_t)sum);
      if (turns[0] + turns[1] + turns[2] == 12) { say_hex("order", order); finish(); }
      for (;;) yield();
    }
    int main(void) {
      for (int i = 0; i < 3; ++i) {
        uint32_t* sp = &stacks[i][256];
        *--sp = 0x01000000; *--sp = (uint32_t)work & ~1u; *--sp = 0; *--sp = 0;
        *--sp = 0; *--sp = 0; *--sp = 0; *--sp = i;
        *--sp = 0xfffffffd;
        sp -= 8;
        threads[i].sp = sp;
      }
      SHPR(14) = 0xff;
      current = &threads[0];
      __asm__ volatile("ldr r0, [%0]\n ldmia r0!, {r4-r11, lr}\n add r0, #32\n msr psp, r0\n mov r0, #2\n msr control, r0\n"
                       "isb\n mov r0, #0\n bx %1" :: "r"(&threads[0]), "r"(work) : "r0", "r4", "r5", "r6", "r8", "r9", "r10", "r11", "lr", "memory");
      return 1;
    })");
  EXPECT_THAT(text, HasSubstr("thread 00000002\n sum 00000010"));
  EXPECT_THAT(text, HasSubstr("order "));
}

TEST(Exception, UnprivilegedThreadsCannotTouchTheMasksAndComeBackUnprivileged) {
  EXPECT_EQ(prints(R"(
    void SVC_Handler(void) { say_hex("handler control", MRS(control) & 3); __asm__ volatile("cpsid i\n cpsie i"); }
    void IRQ0_Handler(void) { say("interrupt\n"); }
    int main(void) {
      NVIC_ISER = 1;
      MSR(control, 1);
      __asm__ volatile("cpsid i");
      say_hex("primask", MRS(primask));
      __asm__ volatile("svc 0");
      say_hex("control", MRS(control) & 3);
      return 0;
    })",
                   Oracle::kNone),
            "primask 00000000\nhandler control 00000001\ncontrol 00000001\n");
}

TEST(Exception, ReturnsThroughEveryInstructionThatLoadsThePc) {
  EXPECT_EQ(prints(R"(
    __attribute__((naked)) void IRQ0_Handler(void) { __asm__ volatile("push {lr}\n pop {pc}"); }
    __attribute__((naked)) void IRQ1_Handler(void) { __asm__ volatile("push {r4, lr}\n ldmia sp!, {r4, pc}"); }
    __attribute__((naked)) void IRQ2_Handler(void) { __asm__ volatile("push {lr}\n ldr pc, [sp], #4"); }
    __attribute__((naked)) void IRQ3_Handler(void) { __asm__ volatile("mov r0, lr\n bx r0"); }
    int main(void) {
      NVIC_ISER = 15;
      for (int i = 0; i < 4; ++i) { PEND(i); say_hex("back", MRS(ipsr)); }
      return 0;
    })"),
            "back 00000000\nback 00000000\nback 00000000\nback 00000000\n");
}

TEST(Exception, AnItBlockIsNotLeftHalfDone) {
  EXPECT_EQ(prints(R"(
    static volatile uint32_t ticks;
    void SysTick_Handler(void) { ++ticks; }
    int main(void) {
      SYST_RVR = 997;
      SYST_CVR = 0;
      SYST_CSR = 7;
      uint32_t wrong = 0;
      for (uint32_t i = 0; i < 20000; ++i) {
        uint32_t a = 1, b = 2, c = 3, d = 4;
        __asm__ volatile(
          "cmp %4, #0\n ittet ne\n addne %0, %0, #10\n addne %1, %1, #10\n addeq %2, %2, #10\n addne %3, %3, #10\n"
          : "+r"(a), "+r"(b), "+r"(c), "+r"(d) : "r"(i & 1) : "cc");
        uint32_t n = i & 1 ? 10 : 0;
        wrong += a != 1 + n || b != 2 + n || c != 13 - n || d != 4 + n;
      }
      SYST_CSR = 0;
      say_number("wrong", wrong);
      say(ticks > 100 ? "ticked\n" : "never\n");
      return 0;
    })",
                   Oracle::kNone),
            "wrong 0\nticked\n");
}

TEST(Exception, AnExceptionClearsTheExclusiveMonitor) {
  EXPECT_EQ(prints(R"(
    void IRQ0_Handler(void) {}
    int main(void) {
      uint32_t word = 5, old, failed;
      NVIC_ISER = 1;
      for (int interrupt = 0; interrupt < 2; ++interrupt) {
        __asm__ volatile("ldrex %0, [%1]" : "=r"(old) : "r"(&word) : "memory");
        if (interrupt) PEND(0);
        __asm__ volatile("strex %0, %1, [%2]" : "=&r"(failed) : "r"(old), "r"(&word) : "memory");
        say_number("failed", failed);
      }
      return 0;
    })"),
            "failed 0\nfailed 1\n");
}

TEST(Exception, IcsrTellsWhatRunsAndWhatWaits) {
  EXPECT_EQ(prints(R"(
    void IRQ2_Handler(void) { say_hex("nested", ICSR); }
    void IRQ1_Handler(void) {
      NVIC_ISPR = 8;
      say_hex("one", ICSR);
      PEND(2);
    }
    void IRQ3_Handler(void) {}
    int main(void) {
      NVIC_IPR(1) = 0x80;
      NVIC_IPR(2) = 0x40;
      NVIC_IPR(3) = 0xc0;
      NVIC_ISER = 0xe;
      PEND(1);
      say_hex("thread", ICSR);
      return 0;
    })"),
            "one 00413811\nnested 00413012\nthread 00000800\n");
}

TEST(Exception, TheVectorTableMoves) {
  EXPECT_EQ(prints(R"(
    static uint32_t table[64] __attribute__((aligned(256)));
    static void moved(void) { say("moved\n"); }
    void IRQ0_Handler(void) { say("old\n"); }
    int main(void) {
      for (int i = 0; i < 64; ++i) table[i] = ((uint32_t*)VTOR)[i];
      table[16] = (uint32_t)moved;
      NVIC_ISER = 1;
      PEND(0);
      VTOR = (uint32_t)table;
      BARRIER();
      PEND(0);
      return 0;
    })"),
            "old\nmoved\n");
}

TEST(Exception, StirPendsAndNmiCannotBeMasked) {
  EXPECT_EQ(prints(R"(
    void NMI_Handler(void) { say("nmi\n"); }
    void IRQ4_Handler(void) { say("irq 4\n"); }
    int main(void) {
      NVIC_ISER = 16;
      STIR = 4;
      BARRIER();
      __asm__ volatile("cpsid i\n cpsid f");
      STIR = 4;
      ICSR = 1u << 31;
      BARRIER();
      say("masked\n");
      __asm__ volatile("cpsie f\n cpsie i\n isb");
      return 0;
    })"),
            "irq 4\nnmi\nmasked\nirq 4\n");
}

}  // namespace
}  // namespace sim
