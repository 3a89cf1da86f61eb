// A trace in the formats that other programs read.
//
// Each function streams one file, which is never held whole. Same trace, same bytes. Names come
// from firmware and may hold anything: each format's own rules keep them from being read as structure.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "traces/exporters/output.h"
#include "traces/trace.h"

namespace traces {

struct ExportOptions {
  static constexpr std::uint64_t kDefaultCap = 256U << 20U;
  std::uint64_t cap_bytes = kDefaultCap;
  Heartbeat heartbeat;
};

struct ExportResult {
  std::uint64_t bytes = 0;
  std::uint64_t left_out = 0;  ///< lives, samples or rows that had no room below the cap
};

/// Chrome's trace event format (JSON), for Perfetto, chrome://tracing and speedscope: steps as nested slices,
/// counters, lives as async slices in a process for each memory, findings as instants. Times in microseconds.
/// Past the cap the lives with the fewest bytes x cycles are left out. Throws ExportError, as all of these.
ExportResult export_chrome(const Trace& trace, std::ostream& stream, const ExportOptions& options = {});

/// Callgrind's format, for KCachegrind and callgrind_annotate: cycles, instructions and each cause by source
/// line, and calls with inclusive cycles and instructions (the trace does not know causes by call).
ExportResult export_callgrind(const Trace& trace, std::ostream& stream, const ExportOptions& options = {});

/// Folded stacks, for flamegraph.pl, speedscope and inferno: "main;invoke;conv 1234" in cycles. They sum to
/// the run's cycles.
ExportResult export_folded(const Trace& trace, std::ostream& stream, const ExportOptions& options = {});

/// Value changes, for GTKWave: the share and the cycles of each cause, the running step, the stack's depth
/// and the bytes in use of each memory. Times in picoseconds. Past the cap the run's end is left out.
ExportResult export_vcd(const Trace& trace, std::ostream& stream, const ExportOptions& options = {});

/// The timeline as a picture (traces/timeline_svg.h).
ExportResult export_svg(const Trace& trace, std::ostream& stream, const ExportOptions& options = {});

/// Names of the tables that export_csv knows: "steps", "lives", ...
std::vector<std::string> csv_tables();
/// One table as CSV (RFC 4180 with "\n" at line ends; the first line names the columns). Past the cap the
/// last rows are left out. Throws ExportError for a table that is not known.
ExportResult export_csv(const Trace& trace, std::string_view table, std::ostream& stream,
                        const ExportOptions& options = {});

/// Figures to watch over time as a JSON array of {name, unit, value, extra}: what github-action-benchmark
/// reads as "customSmallerIsBetter".
ExportResult export_benchmark(const Trace& trace, std::ostream& stream, const ExportOptions& options = {});

/// The run on one page of GitHub's Markdown, for $GITHUB_STEP_SUMMARY. Long tables are cut, saying so.
ExportResult export_markdown(const Trace& trace, std::ostream& stream, const ExportOptions& options = {});

}  // namespace traces
