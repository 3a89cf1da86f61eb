// What gdb is told of the part when it connects: registers and memories, as its XML documents.
#pragma once

#include <span>
#include <string>

#include "memory_model/board.h"
#include "sim/gdb/target.h"

namespace sim::gdb {

/// A register as gdb numbers it: its place in the table is its number.
struct RegisterRow {
  const char* name;
  Register which;
  unsigned bits;
  const char* type;     ///< of gdb's predefined types
  const char* feature;  ///< of gdb's standard features for Arm ("GDB manual, ARM Features")
};

/// All registers of a board's core; those of the FPU last, and only where there is one.
std::span<const RegisterRow> registers_of(const memory_model::Board& board);

/// target.xml.
std::string target_description(const memory_model::Board& board);
/// The memory map: flash and QSPI as flash, so that `load` erases and writes it and breakpoints there are
/// hardware's; other memories, peripherals and the system space as RAM.
std::string memory_map(const memory_model::Board& board);

}  // namespace sim::gdb
