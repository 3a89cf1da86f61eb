// What a trace that infer and run write says of the run before it begins.
#pragma once

#include <string>
#include <vector>

#include "memory_model/board.h"
#include "sim/firmware.h"
#include "traces/trace.h"

namespace cli {

/// What a trace says of a run. `command` is what the user asked for, in words that do not depend on where the
/// files lie.
traces::About about_run(const memory_model::Board& board, const sim::Firmware& firmware, std::string command);

/// "infer a/kws.tflite --board b.toml" -> "infer kws.tflite --board b.toml"; flags without a value are left
/// out.
struct CommandWord {
  std::string flag;  ///< empty: no flag, only the value
  std::string value;
};
std::string command_text(const std::string& command, const std::vector<CommandWord>& words);

}  // namespace cli
