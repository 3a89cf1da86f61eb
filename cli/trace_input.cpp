#include "cli/trace_input.h"

#include <fmt/format.h>

#include "traces/trace_reader.h"

namespace cli {

traces::Trace load_trace(const std::string& path) {
  traces::Trace trace = traces::load_trace(path);
  if (!trace.cut.empty()) fmt::print(stderr, "m7scope: {}: {}\n", path, trace.cut);
  return trace;
}

}  // namespace cli
