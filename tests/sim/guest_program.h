// Small guest programs for tests: assembled or compiled when the test runs.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "memory_model/board.h"
#include "sim/firmware.h"
#include "sim/machine.h"

namespace sim::test {

/// How a guest program is built.
struct Build {
  std::string board = "stm32h743";
  bool c = false;            ///< C instead of assembly
  std::string flags = {};    ///< more for the compiler
  std::string symbols = {};  ///< more for the linker script's end
};

/// Builds a program into an ELF file; the same source gives the same file. Assembly begins at the label
/// `main`, which is called with the FPU enabled and whose return ends the program with the exit code in r0. C
/// has `int main(void)`. Functions NMI_Handler, HardFault_Handler, MemManage_Handler, BusFault_Handler,
/// UsageFault_Handler, SVC_Handler, PendSV_Handler, SysTick_Handler and IRQ0_Handler to IRQ7_Handler are the
/// vectors of these exceptions; without them the vectors are 0.
std::filesystem::path build(const std::string& source, const Build& how = {});

/// Everything a run leaves.
struct Outcome {
  RunResult result;
  std::string console;
  std::vector<int> marks;
};

/// Guests do not set clocks and caches: a run begins at the board's full speed if `environment` says nothing.
Outcome run(const std::string& source, const Build& how = {}, Environment environment = {},
            RunLimits limits = {});
Outcome run_elf(const std::filesystem::path& elf, const std::string& board, Environment environment = {},
                RunLimits limits = {});

/// Runs it, expecting a fault.
Fault fault_of(const std::string& source, const Build& how = {});

/// A new empty folder below the tests' temporary one.
std::filesystem::path fresh_folder(const std::string& name);

}  // namespace sim::test
