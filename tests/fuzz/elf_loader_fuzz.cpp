// The ELF reader takes any bytes: it returns a firmware image that holds together, or throws FirmwareError.
#include <cstdint>
#include <cstdlib>
#include <span>

#include "sim/firmware.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    sim::Firmware firmware = sim::parse_elf({data, size}, "fuzz.elf");
    std::size_t loaded = 0;
    for (std::size_t i = 0; i < firmware.segments.size(); ++i) {
      const sim::Segment& segment = firmware.segments[i];
      loaded += segment.bytes.size();
      // Sorted, and apart from each other.
      if (i == 0) continue;
      const sim::Segment& before = firmware.segments[i - 1];
      if (segment.address.value < before.address.value + std::uint64_t{before.bytes.size()}) std::abort();
    }
    if (loaded > size || firmware.segments.empty()) std::abort();
    for (std::size_t i = 0; i < firmware.symbols.size(); ++i) {
      const sim::Symbol& symbol = firmware.symbols[i];
      if (symbol.name.empty() || (i > 0 && symbol.address < firmware.symbols[i - 1].address)) std::abort();
      const sim::Symbol* function = firmware.function_at(symbol.address);
      if (function && !function->is_function) std::abort();
    }
  } catch (const sim::FirmwareError&) {
  }
  return 0;
}
