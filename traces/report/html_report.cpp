#include "traces/report/html_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "traces/clock.h"
#include "traces/plan_use.h"
#include "traces/report/page_parts.h"
#include "traces/summary.h"
#include "traces/text.h"
#include "traces/timeline_svg.h"

namespace traces {
namespace {

constexpr std::size_t kMostSteps = 2000, kMostFunctions = 60, kMostFindings = 300, kMostBuffers = 1000,
                      kMostOwners = 30, kMostName = 26, kMostOwnerName = 40;  // characters

double share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::string bytes(std::uint64_t n) {
  return grouped(n) + (n == 1 ? " byte" : " bytes");
}

class Page {
 public:
  explicit Page(const Trace& trace) : trace_(trace), summary_(summarize(trace)) {}

  std::string html() {
    head();
    warnings();
    cards();
    for (const RegionSummary* region : used_memories(summary_)) owners(*region);
    timeline();
    steps();
    functions();
    plan();
    findings();
    foot();
    return std::move(html_);
  }

 private:
  template <class... Args>
  void add(fmt::format_string<Args...> text, Args&&... args) {
    fmt::format_to(std::back_inserter(html_), text, std::forward<Args>(args)...);
  }

  std::string title() const {
    const About& about = trace_.about;
    const std::string what = about.model.empty() ? about.firmware : about.model;
    return fmt::format("{} on {}", what.empty() ? "a run" : what,
                       about.board.empty() ? "a board" : about.board);
  }

  void head() {
    const About& about = trace_.about;
    add("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';style-src 'unsafe-inline';"
        "script-src 'unsafe-inline'\">\n"
        "<title>{}: where every byte and cycle went</title>\n<style>{}</style></head>\n<body><main>\n",
        escaped(title()), page_css());
    add("<h1>{}</h1>\n<p class=\"dim\">{}{}</p>\n", escaped(title()), escaped(about.board_title),
        about.core_hz > 0 ? fmt::format(" at {:.6g} MHz", about.core_hz / 1e6) : "");
    add("<p class=\"dim\">{} <code>{}</code> · firmware <code>{}</code> {}</p>\n", escaped(about.tool),
        escaped(about.command), escaped(about.firmware), escaped(about.firmware_hash));
  }

  void warnings() {
    const auto warn = [this](const std::string& text, const char* css = "warning") {
      add("<p class=\"{}\">{}</p>\n", css, escaped(text));
    };
    if (!trace_.end)
      warn(trace_.cut.empty() ? "The run was cut short: this is what came before." : trace_.cut);
    if (!trace_.end) return;
    if (trace_.end->reason != "exit" || trace_.end->exit_code != 0) {
      warn(fmt::format("The run ended by {}.", ended(trace_)));
    }
    for (const std::string& note : trace_.end->notes) warn(note, "note");
    if (trace_.end->lives_dropped > 0) {
      warn(fmt::format("{} lives found no room in the trace: peaks may be higher than shown.",
                       grouped(trace_.end->lives_dropped)));
    }
  }

  void card(const std::string& value, const std::string& what, const std::string& more, double meter = -1) {
    add("<div class=\"card\"><span>{}</span><b>{}</b><span>{}</span>{}</div>\n", escaped(what),
        escaped(value), escaped(more),
        meter < 0 ? ""
                  : fmt::format("<div class=\"meter\"><i style=\"width:{:.1f}%\"></i></div>",
                                100 * std::min(1.0, meter)));
  }

  void cards() {
    html_ += "<div class=\"cards\">\n";
    card(grouped(summary_.cycles), "cycles", fmt::format("{:.3f} ms", summary_.seconds * 1e3));
    for (const RegionSummary* region : used_memories(summary_)) {
      card(grouped(region->peak.bytes), fmt::format("bytes at the peak of {}", region->name),
           fmt::format("of {}", grouped(region->capacity)), share(region->peak.bytes, region->capacity));
    }
    if (summary_.arena) {
      card(grouped(summary_.arena->observed.bytes), "bytes at the peak of the arena",
           fmt::format("planned {}, lower bound {}", grouped(summary_.arena->planned_bytes),
                       grouped(summary_.arena->lower_bound_bytes)));
    }
    if (summary_.stack_bytes > 0) {
      card(grouped(summary_.stack_bytes), "bytes of stack at its deepest",
           summary_.stack_limit_bytes > 0 ? fmt::format("of {}", grouped(summary_.stack_limit_bytes)) : "",
           summary_.stack_limit_bytes > 0 ? share(summary_.stack_bytes, summary_.stack_limit_bytes) : -1);
    }
    if (summary_.macs > 0) {
      std::uint64_t cycles = 0;
      for (const Step& step : trace_.steps) cycles += step.counts.causes.total().value;
      card(fmt::format("{:.2f}", static_cast<double>(cycles) / static_cast<double>(summary_.macs)),
           "cycles per MAC",
           fmt::format("{} MACs, the core's limit is {:.2f}", grouped(summary_.macs),
                       trace_.about.macs_per_cycle > 0 ? 1 / trace_.about.macs_per_cycle : 0));
    }
    card(grouped(static_cast<std::uint64_t>(summary_.problems)),
         summary_.problems == 1 ? "problem" : "problems",
         fmt::format("{} findings in all", trace_.findings.size()));
    html_ += "</div>\n";
    causes_line();
  }

  void causes_line() {
    const std::uint64_t total = summary_.total.causes.total().value;
    if (total == 0) return;
    html_ += "<div class=\"strip\" title=\"what the cycles went to\">";
    for (std::size_t i = 0; i < isa::kCauses; ++i) {
      if (summary_.total.causes.by[i] == 0) continue;
      add("<i class=\"c{}\" style=\"flex:{} 0 0\"></i>", i, summary_.total.causes.by[i]);
    }
    html_ += "</div><div class=\"legend\">";
    for (std::size_t i = 0; i < isa::kCauses; ++i) {
      if (summary_.total.causes.by[i] == 0) continue;
      add("<span><i class=\"chip c{}\"></i>{} {:.1f} %</span>", i, isa::to_string(static_cast<isa::Cause>(i)),
          100 * share(summary_.total.causes.by[i], total));
    }
    html_ += "</div>\n";
  }

  void more(std::size_t all, std::size_t shown, const char* what) {
    if (all > shown)
      add("<p class=\"dim\">{} more {} are not listed.</p>\n", grouped(std::uint64_t{all - shown}), what);
  }

  void owners(const RegionSummary& region) {
    // A memory that only the stack uses is told by its card.
    if (region.owners.size() == 1 && region.owners[0].life < 0) return;
    add("<h2>What is in {} at the peak</h2>\n<p>{} of {} in use at cycle {}{}.</p>\n", escaped(region.name),
        grouped(region.peak.bytes), bytes(region.capacity), grouped(region.peak.cycle),
        during(region.peak.cycle));
    html_ += "<div class=\"strip\">";
    const std::size_t shown = std::min(kMostOwners, region.owners.size());
    for (std::size_t i = 0; i < shown; ++i) {
      const Owner& owner = region.owners[i];
      if (owner.bytes == 0) continue;
      add("<i class=\"k{}\" style=\"flex:{} 0 0\" title=\"{}: {}\"></i>", static_cast<int>(owner.kind),
          owner.bytes, escaped(owner.name), bytes(owner.bytes));
    }
    html_ += "</div>\n";
    HtmlTable table({{"owner", false, ""},
                     {"kind", false, ""},
                     {"bytes", true, "of the peak; a byte that two share counts for the younger"},
                     {"share", true, "of the peak"},
                     {"extent", true, "its full size, shared bytes included"},
                     {"written by", false, ""},
                     {"last read by", false, ""}});
    for (std::size_t i = 0; i < shown; ++i) {
      const Owner& owner = region.owners[i];
      const Life* life = owner.life < 0 ? nullptr : &trace_.lives[static_cast<std::size_t>(owner.life)];
      table.add(
          {name_cell(owner.name),
           {fmt::format("<i class=\"chip k{}\"></i>{}", static_cast<int>(owner.kind), to_string(owner.kind)),
            ""},
           number_cell(owner.bytes),
           share_cell(share(owner.bytes, region.peak.bytes)),
           number_cell(owner.extent_bytes),
           life ? place_cell(life->writer, life->writer_line) : Cell{},
           life ? place_cell(life->reader, life->reader_line) : Cell{}});
    }
    html_ += table.to_html();
    more(region.owners.size(), shown, "owners");
  }

  /// ", in step 3: CONV_2D block1/project".
  std::string during(std::uint64_t cycle) const {
    const std::optional<std::size_t> step = step_at(trace_, cycle);
    return step ? fmt::format(", in {}", escaped(place_of(trace_, *step))) : "";
  }

  static Cell name_cell(std::string_view name) {
    return {
        fmt::format("<span title=\"{}\">{}</span>", escaped(name), escaped(shortened(name, kMostOwnerName))),
        ""};
  }

  Cell place_cell(StringId function, StringId line) const {
    const std::string_view name = trace_.text(function);
    const std::string where =
        line == 0 ? "" : fmt::format(" <span class=\"dim\">{}</span>", escaped(trace_.text(line)));
    return {fmt::format("<span title=\"{}\">{}</span>{}", escaped(name), escaped(shortened(name, kMostName)),
                        where),
            ""};
  }

  void timeline() {
    html_ +=
        "<h2>Every byte over time</h2>\n<p class=\"dim\">From left to right: cycles. A rectangle is a life: "
        "from "
        "the first write of its bytes to the last time they were needed. Dashed: what the plan kept.</p>\n"
        "<div class=\"panel\">";
    html_ += timeline_svg(trace_, {1220, false});
    html_ += "</div>\n";
  }

  void steps() {
    if (trace_.steps.empty()) return;
    html_ += "<h2>Steps</h2>\n";
    HtmlTable table({{"step", true, ""},
                     {"operator", false, ""},
                     {"output", false, ""},
                     {"MACs", true, ""},
                     {"cycles", true, ""},
                     {"share", true, "of the run's cycles"},
                     {"cyc/MAC", true, "cycles per multiply-accumulate"},
                     {"of limit", true, "the core's best for these MACs, of the cycles it took"},
                     {"bound by", false, "what most cycles went to: see below"},
                     {"causes", false, "what the cycles went to; sorts by the share that issued something"},
                     {"B/MAC", true, "bytes loaded and stored per MAC"},
                     {"I-cache", true, "lines fetched into the instruction cache"},
                     {"D-cache", true, "lines fetched into the data cache"},
                     {"bus", true, "bus transactions"}});
    const std::size_t shown = std::min(kMostSteps, trace_.steps.size());
    for (std::size_t i = 0; i < shown; ++i) {
      const Step& step = trace_.steps[i];
      const StepLimits& limits = summary_.limits[i];
      const bool macs = step.macs > 0;
      table.add({number_cell(i), text_cell(step_operator(step)), text_cell(trace_.text(step.name)),
                 macs ? number_cell(static_cast<std::uint64_t>(step.macs)) : Cell{"-", "0"},
                 number_cell(step.end - step.begin),
                 share_cell(share(step.end - step.begin, summary_.cycles)),
                 macs ? decimal_cell(limits.cycles_per_mac, 2) : Cell{"-", "0"},
                 macs ? decimal_cell(100 * limits.of_limit, 0, " %") : Cell{"-", "0"},
                 text_cell(to_string(limits.bound)), causes_cell(step.counts.causes),
                 macs ? decimal_cell(limits.bytes_per_mac, 2) : Cell{"-", "0"},
                 number_cell(step.counts.memory.icache_fills), number_cell(step.counts.memory.dcache_fills),
                 number_cell(step.counts.memory.bus_transactions)});
    }
    html_ += table.to_html();
    more(trace_.steps.size(), shown, "steps");
    html_ +=
        "<p class=\"dim\">Bound by: <b>compute</b>, the multiply-accumulates at the core's limit; "
        "<b>instructions</b>, issuing everything else; <b>pipeline</b>, operands not ready, units taken, "
        "branches; "
        "<b>memory</b>, waiting for instructions, data or the bus.</p>\n";
  }

  std::string step_operator(const Step& step) const {
    std::string text(trace_.text(step.op));
    if (trace_.text(step.phase) != "forward" && step.phase != 0)
      text += fmt::format(" {}", trace_.text(step.phase));
    if (text.empty()) text = fmt::format("id {}", step.id);
    if (step.patch >= 0) text += fmt::format(" patch {}", step.patch);
    return text;
  }

  void functions() {
    if (summary_.functions.empty()) return;
    html_ += "<h2>Functions</h2>\n";
    HtmlTable table(
        {{"function", false, ""},
         {"file", false, ""},
         {"cycles", true, "its own"},
         {"share", true, "of the run's cycles"},
         {"with calls", true, "cycles of all that it called included"},
         {"calls", true, ""},
         {"instructions", true, ""},
         {"causes", false, "what its own cycles went to; sorts by the share that issued something"}});
    const std::size_t shown = std::min(kMostFunctions, summary_.functions.size());
    for (std::size_t i = 0; i < shown; ++i) {
      const FunctionTotals& row = summary_.functions[i];
      table.add({text_cell(shortened(trace_.text(row.name), 60)), text_cell(trace_.text(row.file)),
                 number_cell(row.self_cycles()), share_cell(share(row.self_cycles(), summary_.cycles)),
                 number_cell(row.inclusive_cycles), number_cell(row.calls), number_cell(row.instructions),
                 causes_cell(row.causes)});
    }
    html_ += table.to_html();
    more(summary_.functions.size(), shown, "functions");
  }

  void plan() {
    if (trace_.buffers.empty()) return;
    html_ += "<h2>The plan, and what the binary did</h2>\n";
    HtmlTable table({{"buffer", false, ""},
                     {"kind", false, ""},
                     {"shape", false, ""},
                     {"address", true, ""},
                     {"bytes", true, ""},
                     {"planned steps", true, ""},
                     {"used in steps", true, "from the first access to the last"},
                     {"idle", true, "planned steps before the first access and after the last"},
                     {"written", true, "different bytes written"},
                     {"read", true, "different bytes read"}});
    const std::vector<BufferUse> uses = plan_use(trace_);
    const std::size_t shown = std::min(kMostBuffers, uses.size());
    for (std::size_t i = 0; i < shown; ++i) {
      const Buffer& b = trace_.buffers[i];
      const BufferUse& use = uses[i];
      const auto step = [this](const std::optional<std::size_t>& at, std::uint64_t cycle,
                               const char* outside) {
        return at ? fmt::format("{}", trace_.steps[*at].id)
                  : std::string(cycle == kNever ? "never" : outside);
      };
      table.add(
          {text_cell(trace_.text(b.name)),
           text_cell(trace_.text(b.kind)),
           text_cell(fmt::format("{} {}", trace_.text(b.type), trace_.text(b.shape))),
           {fmt::format("0x{:08x}", b.address), fmt::format("{}", b.address)},
           number_cell(b.bytes),
           {fmt::format("{} to {}", b.first_step, b.last_step), fmt::format("{}", b.first_step)},
           {fmt::format("{} to {}", step(use.first, use.first_access, "before"),
                        step(use.last, use.last_access, "after")),
            fmt::format("{}", use.first ? static_cast<std::int64_t>(*use.first) : -1)},
           {use.idle_before + use.idle_after == 0 ? "" : fmt::format("{}", use.idle_before + use.idle_after),
            fmt::format("{}", use.idle_before + use.idle_after)},
           number_cell(b.bytes_written),
           number_cell(b.bytes_read)});
    }
    html_ += table.to_html();
    more(uses.size(), shown, "buffers");
  }

  void findings() {
    html_ += "<h2>Findings</h2>\n";
    if (trace_.findings.empty()) {
      html_ += "<p class=\"dim\">None.</p>\n";
      return;
    }
    HtmlTable table({{"kind", false, ""},
                     {"what", false, "", true},
                     {"where", false, "", true},
                     {"times", true, ""},
                     {"cycle", true, "of the first"}});
    const std::size_t shown = std::min(kMostFindings, trace_.findings.size());
    for (std::size_t i = 0; i < shown; ++i) {
      const Finding& finding = trace_.findings[i];
      table.add({{fmt::format("<span{}>{}</span>", finding.is_problem ? " class=\"problem\"" : "",
                              to_string(finding.kind)),
                  ""},
                 text_cell(trace_.text(finding.text)),
                 text_cell(where(trace_, finding)),
                 number_cell(finding.count),
                 number_cell(finding.cycle)});
    }
    html_ += table.to_html();
    more(trace_.findings.size(), shown, "findings");
  }

  void foot() {
    add("<footer>Made by {}. A click on a column's head "
        "sorts.</footer>\n</main>\n<script>{}</script></body></html>\n",
        trace_.about.tool.empty() ? "m7scope" : escaped(trace_.about.tool), kSortScript);
  }

  const Trace& trace_;
  Summary summary_;
  std::string html_;
};

}  // namespace

std::string html_report(const Trace& trace) {
  return Page(trace).html();
}

}  // namespace traces
