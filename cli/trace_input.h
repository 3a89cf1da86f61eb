// Traces that commands are given.
#pragma once

#include <string>

#include "traces/trace.h"

namespace cli {

/// Reads a trace file. Of one that ends early it warns on standard error and gives what there is. Throws
/// traces::TraceError.
traces::Trace load_trace(const std::string& path);

}  // namespace cli
