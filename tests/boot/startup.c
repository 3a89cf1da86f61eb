// The vector table and what runs before main: the FPU, .data, .bss, the clocks' reset state.
#include "core.h"

extern uint32_t _estack, _sidata, _sdata, _edata, _sbss, _ebss;
int main(void);
void SystemInit(void);

void Default_Handler(void) {
  leave(99);
}

__attribute__((naked)) void Reset_Handler(void) {
  __asm__ volatile(
      "ldr r0, =_estack\n mov sp, r0\n"
      "bl SystemInit\n"
      "bl prepare_memory\n"
      "bl main\n"
      "b .\n");
}

void prepare_memory(void) {
  uint32_t* from = &_sidata;
  for (uint32_t* to = &_sdata; to < &_edata;) *to++ = *from++;
  for (uint32_t* to = &_sbss; to < &_ebss;) *to++ = 0;
}

#define WEAK(name) void name(void) __attribute__((weak, alias("Default_Handler")))
WEAK(NMI_Handler);
WEAK(HardFault_Handler);
WEAK(MemManage_Handler);
WEAK(BusFault_Handler);
WEAK(UsageFault_Handler);
WEAK(SVC_Handler);
WEAK(PendSV_Handler);
WEAK(SysTick_Handler);
WEAK(TIMER0_Handler);
WEAK(TIM2_IRQHandler);
WEAK(USART1_IRQHandler);
WEAK(USART3_IRQHandler);

typedef void (*Vector)(void);
__attribute__((section(".isr_vector"), used)) const Vector vectors[16 + 98] = {
    [0] = (Vector)&_estack,
    [1] = Reset_Handler,
    [2] = NMI_Handler,
    [3] = HardFault_Handler,
    [4] = MemManage_Handler,
    [5] = BusFault_Handler,
    [6] = UsageFault_Handler,
    [11] = SVC_Handler,
    [14] = PendSV_Handler,
    [15] = SysTick_Handler,
    [16 + 8] = TIMER0_Handler,
    [16 + 28] = TIM2_IRQHandler,
    [16 + 37] = USART1_IRQHandler,
    [16 + 39] = USART3_IRQHandler,
};
