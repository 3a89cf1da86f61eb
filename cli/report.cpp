// m7scope report: a trace as one page of HTML.
#include "traces/report/html_report.h"

#include "cli/files.h"
#include "cli/trace_commands.h"
#include "cli/trace_input.h"

namespace cli {

int report(const ReportOptions& options) {
  write_file(options.output, traces::html_report(load_trace(options.file)));
  return 0;
}

}  // namespace cli
