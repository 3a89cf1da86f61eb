// The register pages of the kinds of peripherals. Offsets, reset values and writable bits are those of ST's
// reference manuals; a reset value that the manual gives differently by part is that of the board's part.
#pragma once

#include "sim/peripherals/registers.h"

namespace sim::peripherals {

// Clock, power, flash interface, system (maps_system.cpp).
extern const RegisterMap kRccF7, kRccH743, kRccH7A3;
extern const RegisterMap kPwrF7, kPwrH743, kPwrH7A3;
extern const RegisterMap kFlashF7, kFlashH743, kFlashH7A3;
extern const RegisterMap kSyscfgF7, kSyscfgH7;
extern const RegisterMap kExtiF7, kExtiH7;
extern const RegisterMap kDbgmcuF7, kDbgmcuH7;
// Pins, serial, timers, small units (maps_io.cpp).
extern const RegisterMap kGpioF7, kGpioAF7, kGpioBF7, kGpioH7, kGpioAH7, kGpioBH7;
extern const RegisterMap kUsartF7, kUsartH7;
extern const RegisterMap kTim;
extern const RegisterMap kRtc, kRtcH7A3;
extern const RegisterMap kIwdg, kWwdg, kCrc, kRng;
// Named, and not modelled (maps_named.cpp).
extern const RegisterMap kNamedSpi, kNamedSpiH7, kNamedI2c, kNamedDma, kNamedAdc, kNamedFmc, kNamedQuadspi,
    kNamedCrs, kNamedHsem, kNamedDmamux, kNamedUnknown;
/// Blocks of which the model only knows that they answer (AXI interconnect).
extern const RegisterMap kQuiet;

}  // namespace sim::peripherals
