#include "traces/exporters/exporters.h"
#include "traces/timeline_svg.h"

namespace traces {

ExportResult export_svg(const Trace& trace, std::ostream& stream, const ExportOptions& options) {
  Output out(stream, options.cap_bytes, options.heartbeat);
  out.write(timeline_svg(trace));
  return {out.bytes(), out.left_out()};
}

}  // namespace traces
