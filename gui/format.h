// Numbers as the views write them.
#pragma once

#include <cstdint>
#include <string>

#include "traces/trace.h"

namespace gui {

std::string grouped(std::uint64_t number);  ///< "1,234,567"
std::string bytes_text(double bytes);       ///< "640 B", "76.7 KB", "1.5 MB"; K is 1024
std::string cycles_text(double cycles);     ///< "640", "12.4 k", "13.1 M"
std::string percent_text(double share);     ///< "<0.1 %", "4.2 %", "88 %"
std::string hex(std::uint32_t address);     ///< "0x20010000"

/// Milliseconds from the run's begin to `cycle`, through every change of the clock; 0 where no clock is
/// known.
double milliseconds_at(const traces::Trace& trace, double cycle);
std::string milliseconds_text(double milliseconds);  ///< "0.412 ms", "12.3 ms", "1,204 ms"

/// A field of a CSV file, quoted where it has to be.
std::string csv_field(const std::string& text);

}  // namespace gui
