// What a user should know of a run although it went on.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "sim/machine.h"

namespace cli {

/// To standard error: what firmware used and the model lacks, and the faults that its own handlers took.
void print_notes(const sim::RunResult& run);

/// kind, reason, pc, instruction, function, source, step where known, registers, xpsr.
nlohmann::ordered_json fault_json(const sim::Fault& fault);

}  // namespace cli
