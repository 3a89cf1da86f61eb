// Exports into a text, for tests.
#pragma once

#include <sstream>
#include <string>

#include "traces/exporters/exporters.h"

namespace traces {

template <class Export>
std::string exported(Export write, const Trace& trace, const ExportOptions& options = {}) {
  std::ostringstream out;
  const ExportResult result = write(trace, out, options);
  if (result.bytes != out.str().size()) return "the result counts other bytes than were written";
  return out.str();
}

}  // namespace traces
