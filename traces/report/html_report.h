// A run as one page of HTML that needs nothing else.
#pragma once

#include <string>

#include "traces/trace.h"

namespace traces {

/// What ran, the peak and its owners, the timeline, steps, functions, plan and findings. One file: no
/// network, no other files; light or dark as the reader's system; tables sort by a click. All names are
/// escaped. Bounded in size: long tables are cut, saying so.
std::string html_report(const Trace& trace);

}  // namespace traces
