// Any bytes: the reader refuses them in one line, or gives a trace that every fold and report can take.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const traces::Trace trace = traces::parse_trace({data, size}, "fuzz.m7t", kMaxUnpackedBytes);
    if (trace.end.has_value() != trace.cut.empty()) std::abort();
    if (is_small(trace)) fold(trace);
  } catch (const traces::TraceError& error) {
    if (std::string_view(error.what()).find('\n') != std::string_view::npos) std::abort();
  }
  return 0;
}
