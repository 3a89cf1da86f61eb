#include "cli/trace_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "cli/causes.h"
#include "cli/table.h"
#include "traces/clock.h"
#include "traces/plan_use.h"
#include "traces/text.h"

namespace cli {
namespace {

using traces::shortened;
using enum Column::Align;

constexpr std::size_t kMostName = 34, kMostFunction = 22, kMostLine = 24;

std::string share(std::uint64_t part, std::uint64_t whole) {
  return percent(isa::Cycles(part), isa::Cycles(whole));
}

std::string cycle_or_dash(std::uint64_t cycle) {
  return cycle == traces::kNever ? "-" : grouped(cycle);
}

}  // namespace

/// A table that keeps only rows that match, and says how many were left out.
class TraceTables::Body {
 public:
  Body(std::vector<Column> columns, const Rows& rows) : table_(std::move(columns)), rows_(rows) {}

  /// `whole`: the row's texts, uncut, for the match.
  void add(std::vector<std::string> cells, const std::string& whole) {
    if (rows_.match && !std::regex_search(whole, *rows_.match)) return;
    ++matched_;
    if (rows_.most == 0 || matched_ <= rows_.most) table_.add(std::move(cells));
  }
  std::string to_text() const {
    std::string text = table_.to_text(stdout_is_colourful());
    if (rows_.most != 0 && matched_ > rows_.most) {
      text += fmt::format("{} more\n", grouped(std::uint64_t{matched_ - rows_.most}));
    }
    return text;
  }

 private:
  Table table_;
  const Rows& rows_;
  std::size_t matched_ = 0;
};

std::string TraceTables::place(traces::StringId function, traces::StringId line) const {
  std::string text = shortened(trace_.text(function), kMostFunction);
  if (line != 0)
    text += fmt::format("{}{}", text.empty() ? "" : " ", shortened(trace_.text(line), kMostLine));
  return text;
}

std::string TraceTables::step_at(std::uint64_t cycle) const {
  const std::optional<std::size_t> step = traces::step_at(trace_, cycle);
  return step ? fmt::format(", in {}", place_of(trace_, *step)) : "";
}

std::string TraceTables::owners(std::optional<std::uint64_t> at) const {
  std::string text;
  for (const traces::RegionSummary& region : summary_.memories) {
    const std::uint64_t cycle = at.value_or(region.peak.cycle);
    const std::vector<traces::Owner> owners = at ? owners_at(trace_, region.range, cycle) : region.owners;
    if (owners.empty()) continue;
    std::uint64_t bytes = 0;
    for (const traces::Owner& owner : owners) bytes += owner.bytes;
    Body body({{"owner", kLeft},
               {"kind", kLeft},
               {"bytes"},
               {"%"},
               {"extent"},
               {"written by", kLeft},
               {"last read by", kLeft}},
              rows_);
    for (const traces::Owner& owner : owners) {
      const traces::Life* life =
          owner.life < 0 ? nullptr : &trace_.lives[static_cast<std::size_t>(owner.life)];
      body.add({shortened(owner.name, kMostName), to_string(owner.kind), grouped(owner.bytes),
                share(owner.bytes, bytes), grouped(owner.extent_bytes),
                life ? place(life->writer, life->writer_line) : "",
                life ? place(life->reader, life->reader_line) : ""},
               fmt::format("{} {}", owner.name, to_string(owner.kind)));
    }
    text +=
        fmt::format("{}{}: {} of {} bytes at cycle {}{}\n\n{}", text.empty() ? "" : "\n", region.name,
                    grouped(bytes), grouped(region.capacity), grouped(cycle), step_at(cycle), body.to_text());
  }
  return text.empty() ? "no bytes in use\n" : text;
}

std::string TraceTables::steps() const {
  if (trace_.steps.empty()) return "no steps: the firmware marks none\n";
  Body body({{"step"},
             {"operator", kLeft},
             {"MACs"},
             {"cycles"},
             {"%"},
             {"cyc/MAC"},
             {"of limit"},
             {"bound by", kLeft},
             {"stalls"},
             {"B/MAC"},
             {"I-fills"},
             {"D-fills"},
             {"bus"}},
            rows_);
  for (std::size_t i = 0; i < trace_.steps.size(); ++i) {
    const traces::Step& step = trace_.steps[i];
    const traces::StepLimits& limits = summary_.limits[i];
    const bool macs = step.macs > 0;
    const std::string name = name_of(trace_, step);
    body.add(
        {fmt::format("{}", i), shortened(name, kMostName), macs ? grouped(step.macs) : "-",
         grouped(step.end - step.begin), share(step.end - step.begin, summary_.cycles),
         macs ? fmt::format("{:.2f}", limits.cycles_per_mac) : "-",
         macs ? fmt::format("{:.0f} %", 100 * limits.of_limit) : "-", to_string(limits.bound),
         fmt::format("{:.0f} %", 100 * limits.stall_share),
         macs ? fmt::format("{:.2f}", limits.bytes_per_mac) : "-", grouped(step.counts.memory.icache_fills),
         grouped(step.counts.memory.dcache_fills), grouped(step.counts.memory.bus_transactions)},
        name);
  }
  const double limit = trace_.about.macs_per_cycle > 0 ? 1 / trace_.about.macs_per_cycle : 0;
  return fmt::format("steps, against the core's limit of {:.2f} cycles a MAC\n\n{}", limit, body.to_text());
}

std::string TraceTables::causes() const {
  isa::CauseCycles total;
  for (const traces::Step& step : trace_.steps) total += step.counts.causes;
  const CauseColumns columns(total);
  std::vector<Column> heads = {{"step"}, {"operator", kLeft}, {"instr."}, {"loads"}, {"stores"}, {"cycles"}};
  columns.append_heads(heads);
  Body body(std::move(heads), rows_);
  for (std::size_t i = 0; i < trace_.steps.size(); ++i) {
    const traces::Step& step = trace_.steps[i];
    const std::string name = name_of(trace_, step);
    std::vector<std::string> cells = {
        fmt::format("{}", i),       shortened(name, kMostName),  grouped(step.counts.instructions),
        grouped(step.counts.loads), grouped(step.counts.stores), grouped(step.end - step.begin)};
    columns.append_cells(step.counts.causes, cells);
    body.add(std::move(cells), name);
  }
  return fmt::format("what the cycles went to, in percent\n\n{}", body.to_text());
}

std::string TraceTables::functions() const {
  if (summary_.functions.empty()) return "no functions in this trace\n";
  const CauseColumns columns(summary_.total.causes);
  std::vector<Column> heads = {{"function", kLeft}, {"file", kLeft}, {"cycles"}, {"%"},
                               {"with calls"},      {"calls"}};
  columns.append_heads(heads);
  Body body(std::move(heads), rows_);
  for (const traces::FunctionTotals& row : summary_.functions) {
    std::vector<std::string> cells = {shortened(trace_.text(row.name), kMostName),
                                      shortened(trace_.text(row.file), kMostName),
                                      grouped(row.self_cycles()),
                                      share(row.self_cycles(), summary_.cycles),
                                      grouped(row.inclusive_cycles),
                                      grouped(row.calls)};
    columns.append_cells(row.causes, cells);
    body.add(std::move(cells), fmt::format("{} {}", trace_.text(row.name), trace_.text(row.file)));
  }
  return body.to_text();
}

std::string TraceTables::lives(std::optional<std::uint64_t> at) const {
  Body body({{"life"},
             {"name", kLeft},
             {"kind", kLeft},
             {"in", kLeft},
             {"address"},
             {"bytes"},
             {"born"},
             {"died"},
             {"steps"},
             {"written by", kLeft},
             {"last read by", kLeft}},
            rows_);
  const auto step = [](std::int32_t index) {
    return index < 0 ? std::string("-") : fmt::format("{}", index);
  };
  for (const std::size_t i : lives_at(trace_, at)) {
    const traces::Life& life = trace_.lives[i];
    const std::string name = name_of(trace_, life);
    body.add({fmt::format("{}", i), shortened(name, kMostName), to_string(life.kind),
              shortened(trace_.text(life.owner), 20), fmt::format("0x{:08x}", life.address),
              grouped(std::uint64_t{life.bytes}), grouped(life.born), grouped(life.died()),
              fmt::format("{}..{}", step(life.born_step), step(life.died_step)),
              place(life.writer, life.writer_line), place(life.reader, life.reader_line)},
             fmt::format("{} {} {} {} {}", name, to_string(life.kind), trace_.text(life.owner),
                         trace_.text(life.writer), trace_.text(life.reader)));
  }
  return body.to_text();
}

std::string TraceTables::buffers() const {
  if (trace_.buffers.empty()) return "no planned buffers: the firmware has no step table\n";
  Body body({{"buffer", kLeft},
             {"kind", kLeft},
             {"shape", kLeft},
             {"address"},
             {"bytes"},
             {"planned steps"},
             {"first access"},
             {"last access"},
             {"idle steps"},
             {"written"},
             {"read"}},
            rows_);
  for (const traces::BufferUse& use : plan_use(trace_)) {
    const traces::Buffer& b = trace_.buffers[use.buffer];
    const std::int32_t idle = use.idle_before + use.idle_after;
    body.add({shortened(trace_.text(b.name), kMostName), std::string(trace_.text(b.kind)),
              std::string(trace_.text(b.shape)), fmt::format("0x{:08x}", b.address),
              grouped(std::uint64_t{b.bytes}), fmt::format("{}..{}", b.first_step, b.last_step),
              cycle_or_dash(use.first_access), cycle_or_dash(use.last_access),
              idle == 0 ? "-" : fmt::format("{}", idle), grouped(std::uint64_t{b.bytes_written}),
              grouped(std::uint64_t{b.bytes_read})},
             fmt::format("{} {}", trace_.text(b.name), trace_.text(b.kind)));
  }
  return body.to_text();
}

std::string TraceTables::findings() const {
  if (trace_.findings.empty()) return "no findings\n";
  std::string text;
  std::size_t matched = 0;
  for (const traces::Finding& finding : trace_.findings) {
    std::string line = fmt::format("{}{}: {}", finding.is_problem ? "" : "note: ", to_string(finding.kind),
                                   trace_.text(finding.text));
    if (finding.count > 1) line += fmt::format(" ({} times)", grouped(finding.count));
    const std::string at = where(trace_, finding);
    if (!at.empty()) line += fmt::format("\n  {}", at);
    if (rows_.match && !std::regex_search(line, *rows_.match)) continue;
    if (++matched <= rows_.most || rows_.most == 0) text += line + "\n";
  }
  if (rows_.most != 0 && matched > rows_.most) text += fmt::format("{} more\n", matched - rows_.most);
  return text.empty() ? "no findings\n" : text;
}

std::vector<std::size_t> lives_at(const traces::Trace& trace, std::optional<std::uint64_t> at) {
  std::vector<std::size_t> lives(trace.lives.size());
  std::iota(lives.begin(), lives.end(), std::size_t{0});
  if (!at) {
    std::stable_sort(lives.begin(), lives.end(),
                     [&](std::size_t a, std::size_t b) { return trace.lives[a].born < trace.lives[b].born; });
    return lives;
  }
  std::erase_if(lives,
                [&](std::size_t i) { return *at < trace.lives[i].born || *at > trace.lives[i].died(); });
  std::stable_sort(lives.begin(), lives.end(),
                   [&](std::size_t a, std::size_t b) { return trace.lives[a].bytes > trace.lives[b].bytes; });
  return lives;
}

}  // namespace cli
