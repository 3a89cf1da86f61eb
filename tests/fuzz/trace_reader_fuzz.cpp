// Any bytes: the reader refuses them in one line, or gives a trace that every fold, report and exporter can
// take.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <iterator>
#include <nlohmann/json.hpp>
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

void check_peaks(const traces::Trace& trace) {
  for (const traces::RegionSummary& region : traces::summarize(trace).regions) {
    std::uint64_t owned = 0;
    for (const traces::Owner& owner : region.owners) owned += owner.bytes;
    if (owned != region.peak.bytes || region.peak.bytes > region.capacity) std::abort();
  }
}

void check_tables(const traces::Trace& trace) {
  for (const std::string& table : traces::csv_tables()) {
    std::ostringstream out;
    traces::export_csv(trace, table, out);
  }
}

/// A format is written whole below its cap, or is refused; JSON stays JSON whatever names hold.
template <auto write>
void check_export(const traces::Trace& trace) {
  constexpr std::uint64_t kCap = 1U << 20U;
  constexpr bool kIsJson = write == traces::export_chrome || write == traces::export_benchmark;
  std::ostringstream out;
  try {
    write(trace, out, {.cap_bytes = kCap, .heartbeat = {}});
  } catch (const traces::ExportError&) {
    return;
  }
  if (out.str().size() > kCap || (kIsJson && !nlohmann::json::accept(out.str()))) std::abort();
}

constexpr void (*kFolds[])(const traces::Trace&) = {
    check_peaks,
    check_tables,
    [](const traces::Trace& trace) { traces::summary_json(trace, traces::summarize(trace)); },
    [](const traces::Trace& trace) { traces::html_report(trace); },
    [](const traces::Trace& trace) { traces::diff_json(trace, trace, traces::diff(trace, trace), {}); },
    check_export<traces::export_chrome>,
    check_export<traces::export_benchmark>,
    check_export<traces::export_callgrind>,
    check_export<traces::export_folded>,
    check_export<traces::export_vcd>,
    check_export<traces::export_markdown>,
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const traces::Trace trace = traces::parse_trace({data, size}, "fuzz.m7t", kMaxUnpackedBytes);
    if (trace.end.has_value() != trace.cut.empty()) std::abort();
    // One fold for each input, chosen by its bytes, so that inputs stay quick.
    const std::size_t chosen = std::hash<std::string_view>()({reinterpret_cast<const char*>(data), size});
    if (is_small(trace)) kFolds[chosen % std::size(kFolds)](trace);
  } catch (const traces::TraceError& error) {
    if (std::string_view(error.what()).find('\n') != std::string_view::npos) std::abort();
  }
  return 0;
}
