/* The frame around the measured sequences: guest_control has how many rounds to go and where the sequence is.
   Every round begins with the same registers: r0-r12, the flags and the FPU's registers at 0. */
  .syntax unified
  .cpu cortex-m7
  .thumb
  .text
  .global main
  .type main, %function
main:
  ldr r0, =guest_control
  str lr, [r0, #8]
  .global sequence_done
sequence_done:
  ldr r0, =guest_control
  ldr r1, [r0]
  subs r1, r1, #1
  str r1, [r0]
  bmi 1f
  ldr lr, [r0, #4]
  ldr r1, =guest_stack_top
  mov sp, r1
  mov r0, #0
#ifdef __ARM_FP
  .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
  vmov s\n, r0
  .endr
  vmsr fpscr, r0
#endif
  .irp n, 1,2,3,4,5,6,7,8,9,10,11,12
  mov.w r\n, #0
  .endr
  msr apsr_nzcvq, r0
  bx lr
1:
  ldr r1, =guest_stack_top
  mov sp, r1
  ldr lr, [r0, #8]
  movs r0, #0
  bx lr
  .size main, . - main
  .ltorg
