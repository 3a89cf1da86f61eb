// The peripherals of the i.MX RT1062: where they are, so that start-up code gets by. None of them does
// anything; PLLs always say that they are locked.
#include "sim/peripherals/maps.h"
#include "sim/peripherals/sites.h"

namespace sim::peripherals {
namespace {

constexpr std::uint32_t kAll = 0xffffffff;
constexpr Effect kKept = Effect::kKept;

// LOCK is bit 31. Reset values with it set and POWERDOWN clear: as the boot ROM leaves them.
constexpr std::uint32_t kLocked = 1u << 31;
#define M7SCOPE_PLL(name, offset, reset)                                                    \
  {name, offset, kLocked | reset, ~kLocked}, {name "_SET", offset + 4, kLocked | reset, 0}, \
      {name "_CLR", offset + 8, kLocked | reset, 0}, {                                      \
    name "_TOG", offset + 12, kLocked | reset, 0                                            \
  }
constexpr Register kAnalogRows[] = {
    M7SCOPE_PLL("PLL_ARM", 0x00, 0x2042),   M7SCOPE_PLL("PLL_USB1", 0x10, 0x3040),
    M7SCOPE_PLL("PLL_USB2", 0x20, 0x2000),  M7SCOPE_PLL("PLL_SYS", 0x30, 0x2001),
    M7SCOPE_PLL("PLL_AUDIO", 0x70, 0x1006), M7SCOPE_PLL("PLL_VIDEO", 0xa0, 0x100c),
    M7SCOPE_PLL("PLL_ENET", 0xe0, 0x2001),
};
#undef M7SCOPE_PLL
constexpr Register kCcmRows[] = {
    {"CCR", 0x00, 0x0401167f, kAll},
    {"CCSR", 0x0c, 0x00000100, kAll, kKept},
    {"CACRR", 0x10, 0x00000001, kAll, kKept},
    {"CBCDR", 0x14, 0x000a8300, kAll, kKept},
    {"CBCMR", 0x18, 0x2dae8324, kAll, kKept},
    {"CSCMR1", 0x1c, 0x04900080, kAll, kKept},
    {"CSCMR2", 0x20, 0x13192f06, kAll, kKept},
    {"CSCDR1", 0x24, 0x06490b00, kAll, kKept},
    {"CDHIPR", 0x48, 0, 0},
    {"CLPCR", 0x54, 0x00000079, kAll},
    {"CCGR0", 0x68, kAll, kAll},
    {"CCGR1", 0x6c, kAll, kAll},
    {"CCGR2", 0x70, 0xfc3fffff, kAll},
    {"CCGR3", 0x74, 0xffffffcf, kAll},
    {"CCGR4", 0x78, kAll, kAll},
    {"CCGR5", 0x7c, kAll, kAll},
    {"CCGR6", 0x80, kAll, kAll},
};
// Start-up code switches the watchdogs off.
constexpr Register kWdogRows[] = {
    {"WCR_WSR", 0x00, 0x30, kAll}, {"WRSR_WICR", 0x04, 0x00040010, kAll}, {"WMCR", 0x08, 0x1, kAll}};
constexpr Register kRtwdogRows[] = {{"CS", 0x00, 0x2980 | 1u << 11, kAll},
                                    {"CNT", 0x04, 0, kAll},
                                    {"TOVAL", 0x08, 0x400, kAll},
                                    {"WIN", 0x0c, 0, kAll}};
const RegisterMap kAnalog{"NXP i.MX RT1060 RM, CCM_ANALOG", kAnalogRows};
const RegisterMap kCcm{"NXP i.MX RT1060 RM, CCM", kCcmRows};
const RegisterMap kWdog{"NXP i.MX RT1060 RM, WDOG (two halfwords a row)", kWdogRows};
const RegisterMap kRtwdog{"NXP i.MX RT1060 RM, RTWDOG", kRtwdogRows};

constexpr std::uint32_t kPage = 0x4000;

// NXP i.MX RT1060 RM, memory map (AIPS-1 to AIPS-4).
constexpr Site kRt1062Rows[] = {
    {"AIPSTZ1", 0x4007c000, kPage, Kind::kKept, &kNamedUnknown},
    {"DCDC", 0x40080000, kPage, Kind::kKept, &kNamedUnknown},
    {"PIT", 0x40084000, kPage, Kind::kKept, &kNamedUnknown},
    {"IOMUXC_SNVS_GPR", 0x400a4000, kPage, Kind::kKept, &kNamedUnknown},
    {"IOMUXC_SNVS", 0x400a8000, kPage, Kind::kKept, &kNamedUnknown},
    {"IOMUXC_GPR", 0x400ac000, kPage, Kind::kKept, &kNamedUnknown},
    {"FLEXRAM", 0x400b0000, kPage, Kind::kKept, &kNamedUnknown},
    {"WDOG1", 0x400b8000, kPage, Kind::kKept, &kWdog},
    {"RTWDOG", 0x400bc000, kPage, Kind::kKept, &kRtwdog},
    {"GPIO5", 0x400c0000, kPage, Kind::kKept, &kNamedUnknown},
    {"WDOG2", 0x400d0000, kPage, Kind::kKept, &kWdog},
    {"SNVS", 0x400d4000, kPage, Kind::kKept, &kNamedUnknown},
    {"CCM_ANALOG", 0x400d8000, kPage, Kind::kSetClear, &kAnalog},
    {"DMA0", 0x400e8000, kPage, Kind::kKept, &kNamedUnknown},
    {"DMAMUX", 0x400ec000, kPage, Kind::kKept, &kNamedUnknown},
    {"SRC", 0x400f8000, kPage, Kind::kKept, &kNamedUnknown},
    {"CCM", 0x400fc000, kPage, Kind::kKept, &kCcm},
    {"LPUART1", 0x40184000, kPage, Kind::kKept, &kNamedUnknown},
    {"LPUART2", 0x40188000, kPage, Kind::kKept, &kNamedUnknown},
    {"LPUART3", 0x4018c000, kPage, Kind::kKept, &kNamedUnknown},
    {"LPUART4", 0x40190000, kPage, Kind::kKept, &kNamedUnknown},
    {"GPIO1", 0x401b8000, kPage, Kind::kKept, &kNamedUnknown},
    {"GPIO2", 0x401bc000, kPage, Kind::kKept, &kNamedUnknown},
    {"GPIO3", 0x401c0000, kPage, Kind::kKept, &kNamedUnknown},
    {"GPIO4", 0x401c4000, kPage, Kind::kKept, &kNamedUnknown},
    {"GPT1", 0x401ec000, kPage, Kind::kKept, &kNamedUnknown},
    {"GPT2", 0x401f0000, kPage, Kind::kKept, &kNamedUnknown},
    {"OCOTP", 0x401f4000, kPage, Kind::kKept, &kNamedUnknown},
    {"IOMUXC", 0x401f8000, kPage, Kind::kKept, &kNamedUnknown},
    {"FLEXSPI", 0x402a8000, kPage, Kind::kKept, &kNamedUnknown},
    {"SEMC", 0x402f0000, kPage, Kind::kKept, &kNamedUnknown},
    {"AIPSTZ2", 0x4017c000, kPage, Kind::kKept, &kNamedUnknown},
    {"AIPSTZ3", 0x4027c000, kPage, Kind::kKept, &kNamedUnknown},
    {"AIPSTZ4", 0x4037c000, kPage, Kind::kKept, &kNamedUnknown},
};

}  // namespace

const std::span<const Site> kSitesRt1062 = kRt1062Rows;

}  // namespace sim::peripherals
