// Measured instruction sequences, and what the model makes of them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "memory_model/board.h"

namespace cli {

/// One row of a table of measurements.
struct Sequence {
  std::string name;
  std::string setup;     ///< Thumb-2 assembly that runs before each measurement, uncounted
  std::string code;      ///< Thumb-2 assembly; instructions are separated by ';'
  double cycles = 0;     ///< of one repetition of `code`, as measured
  double tolerance = 0;  ///< half of the last decimal that was given
  std::string source;
};

/// Reads columns name,setup,asm,cycles,source. Throws InputError: "mine.csv:7: cycles is 'two', expected a
/// positive number".
std::vector<Sequence> read_sequences(std::string_view csv, const std::string& where);

struct SequenceScore {
  std::optional<double> simulated;  ///< cycles of one repetition
  std::string failure;  ///< why there is none: an error of the assembler, a fault, an endless loop
};

/// Whether simulated and measured differ by less than 0.05 cycles and by no more than the measurement's own
/// precision.
bool exact(const Sequence& sequence, const SequenceScore& score);

/// Measures each sequence as on the board: copies of it between barriers, in ITCM and 32-byte aligned, at two
/// lengths; the difference between the two, divided by the difference in copies. It is taken of one round
/// behind several that warm up predictors. Registers begin every round at 0, the FPU is on, caches are on,
/// clocks at full speed. A bad row has no influence on others.
/// `progress` is called with the number of rows done. Throws InputError where the board has no TCMs.
std::vector<SequenceScore> score_sequences(const std::vector<Sequence>& sequences,
                                           const memory_model::Board& board,
                                           const std::function<void(std::size_t)>& progress);

}  // namespace cli
