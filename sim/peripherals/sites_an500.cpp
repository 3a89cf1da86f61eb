// The peripherals of the MPS2 board with FPGA image AN500.
#include "sim/peripherals/cmsdk.h"
#include "sim/peripherals/maps.h"
#include "sim/peripherals/sites.h"

namespace sim::peripherals {
namespace {

// Arm DAI 0500; interrupt numbers as QEMU 7.2 (hw/arm/mps2.c) has them.
constexpr Site kAn500Rows[] = {
    {"TIMER0", 0x40000000, 0x1000, Kind::kCmsdkTimer, &kCmsdkTimer, 8, 0},
    {"TIMER1", 0x40001000, 0x1000, Kind::kCmsdkTimer, &kCmsdkTimer, 9, 0},
    {"DUALTIMER", 0x40002000, 0x1000, Kind::kKept, &kNamedUnknown},
    {"UART0", 0x40004000, 0x1000, Kind::kCmsdkUart, &kCmsdkUart, 0, 1},
    {"UART1", 0x40005000, 0x1000, Kind::kCmsdkUart, &kCmsdkUart, 2, 3},
    {"UART2", 0x40006000, 0x1000, Kind::kCmsdkUart, &kCmsdkUart, 4, 5},
    {"UART3", 0x40007000, 0x1000, Kind::kCmsdkUart, &kCmsdkUart, 18, 19},
    {"WATCHDOG", 0x40008000, 0x1000, Kind::kKept, &kNamedUnknown},
    {"UART4", 0x40009000, 0x1000, Kind::kCmsdkUart, &kCmsdkUart, 20, 21},
    {"GPIO0", 0x40010000, 0x1000, Kind::kKept, &kNamedUnknown},
    {"GPIO1", 0x40011000, 0x1000, Kind::kKept, &kNamedUnknown},
    {"GPIO2", 0x40012000, 0x1000, Kind::kKept, &kNamedUnknown},
    {"GPIO3", 0x40013000, 0x1000, Kind::kKept, &kNamedUnknown},
    {"SPI0", 0x40020000, 0x1000, Kind::kKept, &kNamedUnknown},
    {"SPI1", 0x40021000, 0x1000, Kind::kKept, &kNamedUnknown},
    {"I2C0", 0x40022000, 0x1000, Kind::kKept, &kNamedUnknown},
    {"I2C1", 0x40023000, 0x1000, Kind::kKept, &kNamedUnknown},
    {"I2S", 0x40024000, 0x1000, Kind::kKept, &kNamedUnknown},
    {"FPGAIO", 0x40028000, 0x1000, Kind::kFpgaIo, &kFpgaIo, 0, 0},
    {"SCC", 0x4002f000, 0x1000, Kind::kKept, &kScc},
};

}  // namespace

const std::span<const Site> kSitesAn500 = kAn500Rows;

}  // namespace sim::peripherals
