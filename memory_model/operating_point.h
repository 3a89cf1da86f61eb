// Clocks and switches that decide what memory costs: what firmware sets through registers.
#pragma once

namespace memory_model {

struct OperatingPoint {
  double core_hz = 0;  ///< CPU, TCM and caches
  double axi_hz = 0;   ///< AXI bus, flash, AXI SRAM
  double ahb_hz = 0;   ///< AHB buses and the SRAMs on them
  int flash_wait_states = 0;
  bool art = false;             ///< flash accelerator on the ITCM path (STM32F7)
  bool flash_prefetch = false;  ///< its prefetch
  bool icache = false, dcache = false;

  bool operator==(const OperatingPoint&) const = default;
};

}  // namespace memory_model
