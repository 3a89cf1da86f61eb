/* Start-up of the guest programs of `m7scope accuracy` and `bench`: FPU on, then main(), then SYS_EXIT with its
   result. The linker puts code, constants and data where they run from, so nothing is copied. */
  .syntax unified
  .cpu cortex-m7
  .thumb
  .section .isr_vector, "a"
  .word guest_stack_top
  .word guest_reset + 1

  .section .start, "ax"
  .type guest_reset, %function
guest_reset:
  ldr r0, =0xe000ed88  /* CPACR */
  ldr r1, [r0]
  orr r1, r1, #0x00f00000
  str r1, [r0]
  dsb
  isb
  bl main
  sub sp, sp, #8
  str r0, [sp, #4]
  ldr r0, =0x20026  /* ADP_Stopped_ApplicationExit */
  str r0, [sp]
  mov r1, sp
  movs r0, #0x20  /* SYS_EXIT_EXTENDED */
  bkpt 0xab
  .size guest_reset, . - guest_reset
  .ltorg
