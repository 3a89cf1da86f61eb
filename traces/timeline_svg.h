// The bytes of a run over time as one picture.
#pragma once

#include <string>

#include "traces/trace.h"

namespace traces {

struct TimelineOptions {
  double width = 1200;  ///< in pixels; the height follows from what there is to show
  /// A file of its own, with a title and a background; else to be put into a page.
  bool standalone = true;
};

/// From left to right: cycles. Steps, what the cycles went to and cycles per MAC; then, for each region, a
/// rectangle for each life (plans as dashed outlines) and the bytes in use, with the peak marked; then the
/// depth of the stack. Bounded in size: what is too small to see is drawn together. XML; names are escaped.
std::string timeline_svg(const Trace& trace, const TimelineOptions& options = {});

}  // namespace traces
