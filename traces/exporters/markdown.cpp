// The run on one page of GitHub's Markdown. A job's summary may take 1 MiB, so tables are short.
#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "traces/exporters/exporters.h"
#include "traces/summary.h"
#include "traces/text.h"

namespace traces {
namespace {

constexpr std::size_t kSteps = 20, kFunctions = 10, kOwners = 8, kFindings = 20;
constexpr std::size_t kNameCharacters = 100;

/// Text in a table's cell: nothing in it is markup.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : escaped(shortened(printable(text), kNameCharacters))) {
    if (std::string_view("\\`*_[]|~#@").find(c) != std::string_view::npos) {
      out += fmt::format("&#{};", static_cast<int>(c));
    } else {
      out += c;
    }
  }
  return out;
}

std::string percent(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? ""
                    : fmt::format("{:.1f}", 100 * static_cast<double>(part) / static_cast<double>(whole));
}

class MarkdownWriter {
 public:
  MarkdownWriter(const Trace& trace, std::ostream& stream, const ExportOptions& options)
      : trace_(trace), summary_(summarize(trace)), out_(stream, options.cap_bytes, options.heartbeat) {}

  ExportResult write() {
    headline();
    causes();
    for (const RegionSummary& memory : summary_.memories) owners(memory);
    steps();
    functions();
    findings();
    return {out_.bytes(), out_.left_out()};
  }

 private:
  void headline() {
    const About& about = trace_.about;
    out_.print("## {} on {}\n\n", cell(about.model.empty() ? about.firmware : about.model),
               cell(about.board));
    out_.print("{} cycles", grouped(summary_.cycles));
    if (summary_.seconds > 0) out_.print(", {:.3f} ms", summary_.seconds * 1e3);
    out_.print(", ended: {}\n\n", cell(ended(trace_)));
    if (!trace_.cut.empty()) out_.print("> {}\n\n", cell(trace_.cut));
    if (summary_.arena) {
      out_.print("Arena: {} bytes in use at most; planned {}, lower bound {}.\n\n",
                 grouped(summary_.arena->observed.bytes), grouped(summary_.arena->planned_bytes),
                 grouped(summary_.arena->lower_bound_bytes));
    }
  }

  void causes() {
    out_.write("| cause | cycles | % |\n|---|--:|--:|\n");
    for (std::size_t i = 0; i < isa::kCauses; ++i) {
      const std::uint64_t cycles = summary_.total.causes.by[i];
      if (cycles == 0) continue;
      out_.print("| {} | {} | {} |\n", isa::to_string(static_cast<isa::Cause>(i)), grouped(cycles),
                 percent(cycles, summary_.total.causes.total().value));
    }
  }

  void owners(const RegionSummary& region) {
    if (region.peak.bytes == 0) return;
    out_.print("\n### {}: {} of {} bytes at the peak (cycle {})\n\n", cell(region.name),
               grouped(region.peak.bytes), grouped(region.capacity), grouped(region.peak.cycle));
    out_.write("| owner | kind | bytes |\n|---|---|--:|\n");
    for (std::size_t i = 0; i < std::min(kOwners, region.owners.size()); ++i) {
      const Owner& owner = region.owners[i];
      out_.print("| {} | {} | {} |\n", cell(owner.name), to_string(owner.kind), grouped(owner.bytes));
    }
    more(region.owners.size(), kOwners);
  }

  /// Those that took the most cycles.
  void steps() {
    if (trace_.steps.empty()) return;
    std::vector<std::size_t> order(trace_.steps.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto cycles = [this](std::size_t i) { return trace_.steps[i].end - trace_.steps[i].begin; };
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return cycles(a) > cycles(b); });
    out_.write("\n### Steps\n\n| step | cycles | % | cycles/MAC | bound by |\n|---|--:|--:|--:|---|\n");
    for (std::size_t i = 0; i < std::min(kSteps, order.size()); ++i) {
      const Step& step = trace_.steps[order[i]];
      const StepLimits& limits = summary_.limits[order[i]];
      out_.print("| {} {} | {} | {} | {} | {} |\n", order[i], cell(name_of(trace_, step)),
                 grouped(cycles(order[i])), percent(cycles(order[i]), summary_.cycles),
                 step.macs > 0 ? fmt::format("{:.2f}", limits.cycles_per_mac) : "", to_string(limits.bound));
    }
    more(order.size(), kSteps);
  }

  void functions() {
    if (summary_.functions.empty()) return;
    out_.write("\n### Functions\n\n| function | cycles | % | with callees |\n|---|--:|--:|--:|\n");
    for (std::size_t i = 0; i < std::min(kFunctions, summary_.functions.size()); ++i) {
      const FunctionTotals& row = summary_.functions[i];
      out_.print("| {} | {} | {} | {} |\n", cell(trace_.text(row.name)), grouped(row.self_cycles()),
                 percent(row.self_cycles(), summary_.cycles), grouped(row.inclusive_cycles));
    }
    more(summary_.functions.size(), kFunctions);
  }

  void findings() {
    out_.print("\n### Findings: {}, {} of them problems\n", trace_.findings.size(), summary_.problems);
    if (trace_.findings.empty()) return;
    out_.write("\n| finding | times | what | where |\n|---|--:|---|---|\n");
    for (std::size_t i = 0; i < std::min(kFindings, trace_.findings.size()); ++i) {
      const Finding& finding = trace_.findings[i];
      out_.print("| {}{} | {} | {} | {} |\n", finding.is_problem ? "⚠ " : "", to_string(finding.kind),
                 grouped(finding.count), cell(trace_.text(finding.text)), cell(where(trace_, finding)));
    }
    more(trace_.findings.size(), kFindings);
  }

  void more(std::size_t rows, std::size_t shown) {
    if (rows > shown) out_.print("\n… and {} more\n", rows - shown);
  }

  const Trace& trace_;
  Summary summary_;
  Output out_;
};

}  // namespace

ExportResult export_markdown(const Trace& trace, std::ostream& stream, const ExportOptions& options) {
  return MarkdownWriter(trace, stream, options).write();
}

}  // namespace traces
