// Regions as a program sees them: those that follow each other without a gap are one memory.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "traces/peak.h"
#include "traces/trace.h"

namespace traces {

/// Writable regions next to each other: an arena or a stack may lie across their border. The STM32F746's
/// DTCM, SRAM1 and SRAM2 are one memory of 320 KiB.
struct Memory {
  std::string name;  ///< of its regions, joined by "+"
  std::string kind;  ///< of its first region
  AddressRange range;
  std::vector<std::size_t> parts;  ///< indices into Trace::regions, lowest address first
};
/// In the order of their addresses.
std::vector<Memory> memories_of(const Trace& trace);

}  // namespace traces
