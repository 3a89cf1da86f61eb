/* Walks over memory. guest_control: [0] how many rounds, [1] what a round calls, [2] r0 and [3] r1 for it. */
  .syntax unified
  .cpu cortex-m7
  .thumb
  .text
  .global main
  .type main, %function
main:
  push {r4-r9, lr}
1:
  ldr r2, =guest_control
  ldr r3, [r2]
  cbz r3, 2f
  subs r3, r3, #1
  str r3, [r2]
  ldr r0, [r2, #8]
  ldr r1, [r2, #12]
  ldr r2, [r2, #4]
  blx r2
  b 1b
2:
  movs r0, #0
  pop {r4-r9, pc}
  .size main, . - main
  .ltorg

/* Each word that is loaded is the address of the next. */
  .global walk_chase
  .type walk_chase, %function
  .balign 32
walk_chase:
  ldr r0, [r0]
  subs r1, r1, #1
  bne walk_chase
  bx lr
  .size walk_chase, . - walk_chase

/* Whole lines, one after the other. */
  .global walk_load
  .type walk_load, %function
  .balign 32
walk_load:
  ldmia r0!, {r2-r9}
  subs r1, r1, #1
  bne walk_load
  bx lr
  .size walk_load, . - walk_load

  .global walk_store
  .type walk_store, %function
  .balign 32
walk_store:
  stmia r0!, {r2-r9}
  subs r1, r1, #1
  bne walk_store
  bx lr
  .size walk_store, . - walk_store
