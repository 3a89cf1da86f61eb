// Register pages of peripherals that are not modelled: so that a note can name what firmware touched.
#include "sim/peripherals/maps.h"

namespace sim::peripherals {
namespace {

constexpr std::uint32_t kAll = 0xffffffff;
constexpr Effect kKept = Effect::kKept;

#define M7SCOPE_KEPT(name, offset, reset) \
  { name, offset, reset, kAll, kKept }
constexpr Register kSpiRows[] = {
    M7SCOPE_KEPT("CR1", 0x00, 0),    M7SCOPE_KEPT("CR2", 0x04, 0x700), M7SCOPE_KEPT("SR", 0x08, 0x2),
    M7SCOPE_KEPT("DR", 0x0c, 0),     M7SCOPE_KEPT("CRCPR", 0x10, 7),   M7SCOPE_KEPT("RXCRCR", 0x14, 0),
    M7SCOPE_KEPT("TXCRCR", 0x18, 0), M7SCOPE_KEPT("I2SCFGR", 0x1c, 0), M7SCOPE_KEPT("I2SPR", 0x20, 2),
};
constexpr Register kSpiH7Rows[] = {
    M7SCOPE_KEPT("CR1", 0x00, 0),        M7SCOPE_KEPT("CR2", 0x04, 0),
    M7SCOPE_KEPT("CFG1", 0x08, 0x70007), M7SCOPE_KEPT("CFG2", 0x0c, 0),
    M7SCOPE_KEPT("IER", 0x10, 0),        M7SCOPE_KEPT("SR", 0x14, 0x1002),
    M7SCOPE_KEPT("IFCR", 0x18, 0),       M7SCOPE_KEPT("TXDR", 0x20, 0),
    M7SCOPE_KEPT("RXDR", 0x30, 0),       M7SCOPE_KEPT("CRCPOLY", 0x40, 0x107),
    M7SCOPE_KEPT("TXCRC", 0x44, 0),      M7SCOPE_KEPT("RXCRC", 0x48, 0),
    M7SCOPE_KEPT("UDRDR", 0x4c, 0),      M7SCOPE_KEPT("I2SCFGR", 0x50, 0),
};
constexpr Register kI2cRows[] = {
    M7SCOPE_KEPT("CR1", 0x00, 0),   M7SCOPE_KEPT("CR2", 0x04, 0),     M7SCOPE_KEPT("OAR1", 0x08, 0),
    M7SCOPE_KEPT("OAR2", 0x0c, 0),  M7SCOPE_KEPT("TIMINGR", 0x10, 0), M7SCOPE_KEPT("TIMEOUTR", 0x14, 0),
    M7SCOPE_KEPT("ISR", 0x18, 0x1), M7SCOPE_KEPT("ICR", 0x1c, 0),     M7SCOPE_KEPT("PECR", 0x20, 0),
    M7SCOPE_KEPT("RXDR", 0x24, 0),  M7SCOPE_KEPT("TXDR", 0x28, 0),
};
#define M7SCOPE_STREAM(n)                                                                              \
  M7SCOPE_KEPT("S" #n "CR", 0x10 + 0x18 * n, 0), M7SCOPE_KEPT("S" #n "NDTR", 0x14 + 0x18 * n, 0),      \
      M7SCOPE_KEPT("S" #n "PAR", 0x18 + 0x18 * n, 0), M7SCOPE_KEPT("S" #n "M0AR", 0x1c + 0x18 * n, 0), \
      M7SCOPE_KEPT("S" #n "M1AR", 0x20 + 0x18 * n, 0), M7SCOPE_KEPT("S" #n "FCR", 0x24 + 0x18 * n, 0x21)
constexpr Register kDmaRows[] = {
    M7SCOPE_KEPT("LISR", 0x00, 0),
    M7SCOPE_KEPT("HISR", 0x04, 0),
    M7SCOPE_KEPT("LIFCR", 0x08, 0),
    M7SCOPE_KEPT("HIFCR", 0x0c, 0),
    M7SCOPE_STREAM(0),
    M7SCOPE_STREAM(1),
    M7SCOPE_STREAM(2),
    M7SCOPE_STREAM(3),
    M7SCOPE_STREAM(4),
    M7SCOPE_STREAM(5),
    M7SCOPE_STREAM(6),
    M7SCOPE_STREAM(7),
};
constexpr Register kAdcRows[] = {
    M7SCOPE_KEPT("SR/ISR", 0x00, 0),      M7SCOPE_KEPT("CR1/IER", 0x04, 0),
    M7SCOPE_KEPT("CR2/CR", 0x08, 0),      M7SCOPE_KEPT("SMPR1/CFGR", 0x0c, 0),
    M7SCOPE_KEPT("SMPR2/CFGR2", 0x10, 0),
};
constexpr Register kFmcRows[] = {
    {"BCR1", 0x00, 0x30db, kAll},  // start-up code disables the bank, which holds nothing here
    M7SCOPE_KEPT("BTR1", 0x04, 0x0fffffff),
    M7SCOPE_KEPT("BCR2", 0x08, 0x30d2),
    M7SCOPE_KEPT("BTR2", 0x0c, 0x0fffffff),
    M7SCOPE_KEPT("BCR3", 0x10, 0x30d2),
    M7SCOPE_KEPT("BTR3", 0x14, 0x0fffffff),
    M7SCOPE_KEPT("BCR4", 0x18, 0x30d2),
    M7SCOPE_KEPT("BTR4", 0x1c, 0x0fffffff),
    M7SCOPE_KEPT("PCR", 0x80, 0x18),
    M7SCOPE_KEPT("SR", 0x84, 0x40),
    M7SCOPE_KEPT("SDCR1", 0x140, 0x2d0),
    M7SCOPE_KEPT("SDCR2", 0x144, 0x2d0),
    M7SCOPE_KEPT("SDTR1", 0x148, 0x0fffffff),
    M7SCOPE_KEPT("SDTR2", 0x14c, 0x0fffffff),
    M7SCOPE_KEPT("SDCMR", 0x150, 0),
    M7SCOPE_KEPT("SDRTR", 0x154, 0),
    {"SDSR", 0x158, 0, 0, kKept},
};
constexpr Register kQuadspiRows[] = {
    M7SCOPE_KEPT("CR", 0x00, 0),    M7SCOPE_KEPT("DCR", 0x04, 0),   M7SCOPE_KEPT("SR", 0x08, 0),
    M7SCOPE_KEPT("FCR", 0x0c, 0),   M7SCOPE_KEPT("DLR", 0x10, 0),   M7SCOPE_KEPT("CCR", 0x14, 0),
    M7SCOPE_KEPT("AR", 0x18, 0),    M7SCOPE_KEPT("ABR", 0x1c, 0),   M7SCOPE_KEPT("DR", 0x20, 0),
    M7SCOPE_KEPT("PSMKR", 0x24, 0), M7SCOPE_KEPT("PSMAR", 0x28, 0), M7SCOPE_KEPT("PIR", 0x2c, 0),
    M7SCOPE_KEPT("LPTR", 0x30, 0),
};
constexpr Register kCrsRows[] = {M7SCOPE_KEPT("CR", 0x00, 0x4000), M7SCOPE_KEPT("CFGR", 0x04, 0x2022bb7f),
                                 M7SCOPE_KEPT("ISR", 0x08, 0), M7SCOPE_KEPT("ICR", 0x0c, 0)};
constexpr Register kHsemRows[] = {M7SCOPE_KEPT("R0", 0x00, 0), M7SCOPE_KEPT("RLR0", 0x80, 0),
                                  M7SCOPE_KEPT("C1IER", 0x100, 0), M7SCOPE_KEPT("C1ICR", 0x104, 0)};
constexpr Register kDmamuxRows[] = {M7SCOPE_KEPT("C0CR", 0x00, 0), M7SCOPE_KEPT("C1CR", 0x04, 0),
                                    M7SCOPE_KEPT("C2CR", 0x08, 0), M7SCOPE_KEPT("C3CR", 0x0c, 0),
                                    M7SCOPE_KEPT("C4CR", 0x10, 0), M7SCOPE_KEPT("C5CR", 0x14, 0),
                                    M7SCOPE_KEPT("C6CR", 0x18, 0), M7SCOPE_KEPT("C7CR", 0x1c, 0),
                                    M7SCOPE_KEPT("CSR", 0x80, 0),  M7SCOPE_KEPT("CFR", 0x84, 0)};
#undef M7SCOPE_STREAM
#undef M7SCOPE_KEPT

}  // namespace

const RegisterMap kNamedSpi{"ST RM0385, SPI registers", kSpiRows};
const RegisterMap kNamedSpiH7{"ST RM0433, SPI registers", kSpiH7Rows};
const RegisterMap kNamedI2c{"ST RM0385, I2C registers; RM0433", kI2cRows};
const RegisterMap kNamedDma{"ST RM0385, DMA registers; RM0433", kDmaRows};
const RegisterMap kNamedAdc{"ST RM0385 and RM0433, the first ADC registers", kAdcRows};
const RegisterMap kNamedFmc{"ST RM0385, FMC registers; RM0433", kFmcRows};
const RegisterMap kNamedQuadspi{"ST RM0385, QUADSPI registers; RM0433", kQuadspiRows};
const RegisterMap kNamedCrs{"ST RM0433, CRS registers", kCrsRows};
const RegisterMap kNamedHsem{"ST RM0433, HSEM registers", kHsemRows};
const RegisterMap kNamedDmamux{"ST RM0433, DMAMUX registers", kDmamuxRows};
const RegisterMap kNamedUnknown{"", {}};
const RegisterMap kQuiet{"ST RM0433, AXI interconnect", {}, true};

}  // namespace sim::peripherals
