// Any bytes: the reader refuses them in one line, or gives a trace that every fold, report and exporter can
// take.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>

#include "traces/exporters/exporters.h"
#include "traces/report/html_report.h"
#include "traces/summary.h"
#include "traces/trace_diff.h"
#include "traces/trace_reader.h"

namespace {

/// Small enough for a fuzzer's memory.
constexpr std::uint64_t kMaxUnpackedBytes = 4u << 20;

/// Small enough to fold hundreds of times a second.
bool is_small(const traces::Trace& trace) {
  constexpr std::size_t kMany = 200;
  return trace.regions.size() <= kMany && trace.steps.size() <= kMany && trace.lives.size() <= kMany &&
         trace.samples.size() <= kMany && trace.buffers.size() <= kMany && trace.findings.size() <= kMany &&
         trace.calls.size() <= kMany && trace.functions.size() <= kMany;
}

void fold(const traces::Trace& trace) {
  const traces::Summary summary = traces::summarize(trace);
  for (const traces::RegionSummary& region : summary.regions) {
    std::uint64_t owned = 0;
    for (const traces::Owner& owner : region.owners) owned += owner.bytes;
    if (owned != region.peak.bytes || region.peak.bytes > region.capacity) std::abort();
  }
  if (traces::summary_json(trace, summary).empty() || traces::html_report(trace).empty()) std::abort();
  if (!traces::diff_json(trace, trace, traces::diff(trace, trace), {}).size()) std::abort();
}

/// Every format is written whole below its cap, or is refused; JSON stays JSON whatever names hold.
void export_all(const traces::Trace& trace) {
  using Export = traces::ExportResult (*)(const traces::Trace&, std::ostream&, const traces::ExportOptions&);
  constexpr Export kExports[] = {traces::export_chrome, traces::export_benchmark, traces::export_callgrind,
                                 traces::export_folded, traces::export_vcd,       traces::export_markdown};
  constexpr std::uint64_t kCap = 1U << 20U;
  for (const Export write : kExports) {
    std::ostringstream out;
    try {
      write(trace, out, {.cap_bytes = kCap, .heartbeat = {}});
    } catch (const traces::ExportError&) {
      continue;
    }
    const bool is_json = write == traces::export_chrome || write == traces::export_benchmark;
    if (out.str().size() > kCap || (is_json && !nlohmann::json::accept(out.str()))) std::abort();
  }
  for (const std::string& table : traces::csv_tables()) {
    std::ostringstream out;
    traces::export_csv(trace, table, out, {.cap_bytes = kCap, .heartbeat = {}});
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const traces::Trace trace = traces::parse_trace({data, size}, "fuzz.m7t", kMaxUnpackedBytes);
    if (trace.end.has_value() != trace.cut.empty()) std::abort();
    if (is_small(trace)) {
      fold(trace);
      export_all(trace);
    }
  } catch (const traces::TraceError& error) {
    if (std::string_view(error.what()).find('\n') != std::string_view::npos) std::abort();
  }
  return 0;
}
