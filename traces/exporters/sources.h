// The source texts that a trace carries, as files.
#pragma once

#include <map>
#include <string>

#include "traces/trace.h"

namespace traces {

/// Path below a folder -> text. Lines stand where they stood; those that the trace does not hold are empty.
/// Only files that the firmware names by a path that stays below a folder: others are where the path says.
std::map<std::string, std::string> source_files(const Trace& trace);

}  // namespace traces
