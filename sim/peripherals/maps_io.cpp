// Register pages of pins, serial ports, timers, the real-time clock and small units.
#include "sim/peripherals/maps.h"

namespace sim::peripherals {
namespace {

constexpr std::uint32_t kAll = 0xffffffff;
constexpr Effect kKept = Effect::kKept;

// Port A and B hold the debug pins, which come up as alternate functions with pulls.
#define M7SCOPE_GPIO(moder, ospeedr, pupdr)                                                              \
  {"MODER", 0x00, moder, kAll}, {"OTYPER", 0x04, 0, 0xffff}, {"OSPEEDR", 0x08, ospeedr, kAll},           \
      {"PUPDR", 0x0c, pupdr, kAll}, {"IDR", 0x10, 0, 0}, {"ODR", 0x14, 0, 0xffff}, {"BSRR", 0x18, 0, 0}, \
      {"LCKR", 0x1c, 0, 0x1ffff}, {"AFRL", 0x20, 0, kAll}, {                                             \
    "AFRH", 0x24, 0, kAll                                                                                \
  }
constexpr Register kGpioF7Rows[] = {M7SCOPE_GPIO(0, 0, 0)};
constexpr Register kGpioAF7Rows[] = {M7SCOPE_GPIO(0xa8000000, 0x0c000000, 0x64000000)};
constexpr Register kGpioBF7Rows[] = {M7SCOPE_GPIO(0x00000280, 0x000000c0, 0x00000100)};
constexpr Register kGpioH7Rows[] = {M7SCOPE_GPIO(0xffffffff, 0, 0)};
constexpr Register kGpioAH7Rows[] = {M7SCOPE_GPIO(0xabffffff, 0x0c000000, 0x64000000)};
constexpr Register kGpioBH7Rows[] = {M7SCOPE_GPIO(0xfffffebf, 0x000000c0, 0x00000100)};
#undef M7SCOPE_GPIO

#define M7SCOPE_USART                                                                                        \
  {"CR1", 0x00, 0, kAll}, {"CR2", 0x04, 0, kAll}, {"CR3", 0x08, 0, kAll}, {"BRR", 0x0c, 0, 0xffff},          \
      {"GTPR", 0x10, 0, 0xffff}, {"RTOR", 0x14, 0, kAll}, {"RQR", 0x18, 0, 0}, {"ISR", 0x1c, 0x000000c0, 0}, \
      {"ICR", 0x20, 0, 0}, {"RDR", 0x24, 0, 0}, {                                                            \
    "TDR", 0x28, 0, 0x1ff                                                                                    \
  }
constexpr Register kUsartF7Rows[] = {M7SCOPE_USART};
constexpr Register kUsartH7Rows[] = {M7SCOPE_USART, {"PRESC", 0x2c, 0, 0xf}};
#undef M7SCOPE_USART

constexpr Register kTimRows[] = {
    {"CR1", 0x00, 0, 0x0bff},
    {"CR2", 0x04, 0, kAll},
    {"SMCR", 0x08, 0, kAll},
    {"DIER", 0x0c, 0, 0x7fff},
    {"SR", 0x10, 0, 0},
    {"EGR", 0x14, 0, 0},
    {"CCMR1", 0x18, 0, kAll},
    {"CCMR2", 0x1c, 0, kAll},
    {"CCER", 0x20, 0, kAll},
    {"CNT", 0x24, 0, kAll},
    {"PSC", 0x28, 0, 0xffff},
    {"ARR", 0x2c, 0xffff, kAll},
    {"RCR", 0x30, 0, 0xffff},
    {"CCR1", 0x34, 0, kAll},
    {"CCR2", 0x38, 0, kAll},
    {"CCR3", 0x3c, 0, kAll},
    {"CCR4", 0x40, 0, kAll},
    {"BDTR", 0x44, 0, kAll},
    {"DCR", 0x48, 0, kAll, kKept},
    {"DMAR", 0x4c, 0, kAll, kKept},
    {"OR1", 0x50, 0, kAll, kKept},
    {"CCMR3", 0x54, 0, kAll},
    {"CCR5", 0x58, 0, kAll, kKept},
    {"CCR6", 0x5c, 0, kAll, kKept},
    {"AF1", 0x60, 0, kAll},
    {"AF2", 0x64, 0, kAll},
    {"TISEL", 0x68, 0, kAll},
};

#define M7SCOPE_BACKUP(n) \
  { "BKP" #n "R", 0x50 + 4 * n, 0, kAll }
constexpr Register kRtcRows[] = {
    {"TR", 0x00, 0, 0x007f7f7f},
    {"DR", 0x04, 0x00002101, 0x00ffff3f},
    {"CR", 0x08, 0, 0x00ffff7f},
    {"ISR", 0x0c, 0x00000007, 0x00000080},
    {"PRER", 0x10, 0x007f00ff, 0x007f7fff},
    {"WUTR", 0x14, 0x0000ffff, 0x0000ffff, kKept},
    {"ALRMAR", 0x1c, 0, kAll, kKept},
    {"ALRMBR", 0x20, 0, kAll, kKept},
    {"WPR", 0x24, 0, 0},
    {"SSR", 0x28, 0, 0},
    {"SHIFTR", 0x2c, 0, kAll, kKept},
    {"TSTR", 0x30, 0, 0},
    {"TSDR", 0x34, 0, 0},
    {"TSSSR", 0x38, 0, 0},
    {"CALR", 0x3c, 0, 0xe1ff, kKept},
    {"TAMPCR", 0x40, 0, kAll, kKept},
    {"ALRMASSR", 0x44, 0, kAll, kKept},
    {"ALRMBSSR", 0x48, 0, kAll, kKept},
    {"OR", 0x4c, 0, 0x3, kKept},
    M7SCOPE_BACKUP(0),
    M7SCOPE_BACKUP(1),
    M7SCOPE_BACKUP(2),
    M7SCOPE_BACKUP(3),
    M7SCOPE_BACKUP(4),
    M7SCOPE_BACKUP(5),
    M7SCOPE_BACKUP(6),
    M7SCOPE_BACKUP(7),
    M7SCOPE_BACKUP(8),
    M7SCOPE_BACKUP(9),
    M7SCOPE_BACKUP(10),
    M7SCOPE_BACKUP(11),
    M7SCOPE_BACKUP(12),
    M7SCOPE_BACKUP(13),
    M7SCOPE_BACKUP(14),
    M7SCOPE_BACKUP(15),
    M7SCOPE_BACKUP(16),
    M7SCOPE_BACKUP(17),
    M7SCOPE_BACKUP(18),
    M7SCOPE_BACKUP(19),
    M7SCOPE_BACKUP(20),
    M7SCOPE_BACKUP(21),
    M7SCOPE_BACKUP(22),
    M7SCOPE_BACKUP(23),
    M7SCOPE_BACKUP(24),
    M7SCOPE_BACKUP(25),
    M7SCOPE_BACKUP(26),
    M7SCOPE_BACKUP(27),
    M7SCOPE_BACKUP(28),
    M7SCOPE_BACKUP(29),
    M7SCOPE_BACKUP(30),
    M7SCOPE_BACKUP(31),
};
#undef M7SCOPE_BACKUP
constexpr Register kRtcH7A3Rows[] = {
    {"TR", 0x00, 0, 0x007f7f7f},
    {"DR", 0x04, 0x00002101, 0x00ffff3f},
    {"SSR", 0x08, 0, 0},
    {"ICSR", 0x0c, 0x00000007, 0x00000080},
    {"PRER", 0x10, 0x007f00ff, 0x007f7fff},
    {"WUTR", 0x14, 0x0000ffff, kAll, kKept},
    {"CR", 0x18, 0, 0xe0ffff7f},
    {"WPR", 0x24, 0, 0},
    {"CALR", 0x28, 0, 0xe1ff, kKept},
    {"SHIFTR", 0x2c, 0, kAll, kKept},
    {"TSTR", 0x30, 0, 0},
    {"TSDR", 0x34, 0, 0},
    {"TSSSR", 0x38, 0, 0},
    {"ALRMAR", 0x40, 0, kAll, kKept},
    {"ALRMASSR", 0x44, 0, kAll, kKept},
    {"ALRMBR", 0x48, 0, kAll, kKept},
    {"ALRMBSSR", 0x4c, 0, kAll, kKept},
    {"SR", 0x50, 0, 0},
    {"MISR", 0x54, 0, 0},
    {"SCR", 0x5c, 0, 0},
};

constexpr Register kIwdgRows[] = {{"KR", 0x00, 0, 0},
                                  {"PR", 0x04, 0, 0x7},
                                  {"RLR", 0x08, 0xfff, 0xfff},
                                  {"SR", 0x0c, 0, 0},
                                  {"WINR", 0x10, 0xfff, 0xfff}};
constexpr Register kWwdgRows[] = {
    {"CR", 0x00, 0x7f, 0xff}, {"CFR", 0x04, 0x7f, 0x3aff}, {"SR", 0x08, 0, 0x1}};
constexpr Register kCrcRows[] = {{"DR", 0x00, kAll, kAll},
                                 {"IDR", 0x04, 0, kAll},
                                 {"CR", 0x08, 0, 0xf8},
                                 {"INIT", 0x10, kAll, kAll},
                                 {"POL", 0x14, 0x04c11db7, kAll}};
constexpr Register kRngRows[] = {
    {"CR", 0x00, 0, kAll}, {"SR", 0x04, 0, 0}, {"DR", 0x08, 0, 0}, {"HTCR", 0x10, 0x00005a4e, kAll}};

}  // namespace

const RegisterMap kGpioF7{"ST RM0385, GPIO registers", kGpioF7Rows};
const RegisterMap kGpioAF7{"ST RM0385, GPIO registers", kGpioAF7Rows};
const RegisterMap kGpioBF7{"ST RM0385, GPIO registers", kGpioBF7Rows};
const RegisterMap kGpioH7{"ST RM0433, GPIO registers", kGpioH7Rows};
const RegisterMap kGpioAH7{"ST RM0433, GPIO registers", kGpioAH7Rows};
const RegisterMap kGpioBH7{"ST RM0433, GPIO registers", kGpioBH7Rows};
const RegisterMap kUsartF7{"ST RM0385, USART registers", kUsartF7Rows};
const RegisterMap kUsartH7{"ST RM0433, USART registers", kUsartH7Rows};
const RegisterMap kTim{"ST RM0385, TIM1/TIM8, TIM2 to TIM5, TIM6/TIM7, TIM9 to TIM14; RM0433", kTimRows};
const RegisterMap kRtc{"ST RM0385, RTC registers; RM0433", kRtcRows};
const RegisterMap kRtcH7A3{"ST RM0455, RTC registers", kRtcH7A3Rows};
const RegisterMap kIwdg{"ST RM0385, IWDG registers; RM0433", kIwdgRows};
const RegisterMap kWwdg{"ST RM0385, WWDG registers; RM0433", kWwdgRows};
const RegisterMap kCrc{"ST RM0385, CRC registers; RM0433", kCrcRows};
const RegisterMap kRng{"ST RM0385, RNG registers; RM0433; RM0455 (HTCR)", kRngRows};

}  // namespace sim::peripherals
