#include "traces/summary.h"

#include <fmt/format.h>

#include <algorithm>

#include "traces/clock.h"
#include "traces/memories.h"

namespace traces {
namespace {

/// Of a run without an end: what its samples and steps say.
Counts counts_so_far(const Trace& trace) {
  Counts total;
  for (const Step& step : trace.steps) {
    total.instructions += step.counts.instructions;
    total.loads += step.counts.loads;
    total.stores += step.counts.stores;
    total.load_bytes += step.counts.load_bytes;
    total.store_bytes += step.counts.store_bytes;
    total.causes += step.counts.causes;
    total.memory.icache_fills += step.counts.memory.icache_fills;
    total.memory.dcache_fills += step.counts.memory.dcache_fills;
    total.memory.dcache_write_backs += step.counts.memory.dcache_write_backs;
    total.memory.bus_transactions += step.counts.memory.bus_transactions;
    total.memory.device_accesses += step.counts.memory.device_accesses;
  }
  if (trace.samples.empty()) return total;
  total.instructions = 0;
  total.causes = {};
  for (const Sample& sample : trace.samples) {
    total.instructions += sample.instructions;
    total.causes += sample.causes;
  }
  return total;
}

std::uint64_t deepest_stack(const Trace& trace) {
  std::uint64_t bytes = trace.end ? trace.end->stack_bytes : 0;
  for (const Sample& sample : trace.samples) bytes = std::max<std::uint64_t>(bytes, sample.stack_bytes);
  return bytes;
}

/// Adds what the trace says to a region that is named already.
RegionSummary with_peak(const Trace& trace, RegionSummary region) {
  region.capacity = region.range.end - region.range.begin;
  region.peak = peak_in(trace, region.range);
  if (region.peak.bytes > 0) region.owners = owners_at(trace, region.range, region.peak.cycle);
  return region;
}

RegionSummary region_summary(const Trace& trace, const Region& region) {
  RegionSummary out;
  out.name = region.name;
  out.kind = region.kind;
  out.range = range_of(region);
  out.writable = region.writable;
  return with_peak(trace, std::move(out));
}

RegionSummary memory_summary(const Trace& trace, const Memory& memory) {
  RegionSummary out;
  out.name = memory.name;
  out.kind = memory.kind;
  out.range = memory.range;
  out.writable = true;
  out.parts = memory.parts;
  return with_peak(trace, std::move(out));
}

std::optional<ArenaSummary> arena_summary(const Trace& trace) {
  const std::optional<AddressRange> range = arena_of(trace);
  if (!range) return std::nullopt;
  return ArenaSummary{
      *range, static_cast<std::uint64_t>(std::max<std::int64_t>(0, trace.about.arena_bytes)),
      static_cast<std::uint64_t>(std::max<std::int64_t>(0, trace.about.arena_lower_bound_bytes)),
      peak_in(trace, *range)};
}

}  // namespace

Counts total_counts(const Trace& trace) {
  return trace.end ? trace.end->total : counts_so_far(trace);
}

Summary summarize(const Trace& trace) {
  Summary out;
  out.cycles = trace.cycles();
  out.seconds = trace.end ? trace.end->seconds : seconds_at(trace, out.cycles);
  out.total = total_counts(trace);
  out.stack_bytes = deepest_stack(trace);
  out.stack_limit_bytes = trace.end ? trace.end->stack_limit_bytes : 0;
  for (const Step& step : trace.steps) out.macs += step.macs;
  for (const Region& region : trace.regions) out.regions.push_back(region_summary(trace, region));
  for (const Memory& memory : memories_of(trace)) out.memories.push_back(memory_summary(trace, memory));
  out.arena = arena_summary(trace);
  out.limits = limits_of(trace);
  out.functions = function_totals(trace);
  out.problems = static_cast<std::size_t>(std::count_if(trace.findings.begin(), trace.findings.end(),
                                                        [](const Finding& f) { return f.is_problem; }));
  return out;
}

std::vector<const RegionSummary*> used_memories(const Summary& summary) {
  std::vector<const RegionSummary*> used;
  for (const RegionSummary& memory : summary.memories) {
    if (memory.peak.bytes > 0) used.push_back(&memory);
  }
  std::stable_sort(used.begin(), used.end(), [](const RegionSummary* a, const RegionSummary* b) {
    return a->peak.bytes > b->peak.bytes;
  });
  return used;
}

std::string name_of(const Trace& trace, const Step& step) {
  std::string name(trace.text(step.op));
  for (const StringId id : {step.phase, step.name}) {
    if (trace.text(id).empty() || (id == step.phase && trace.text(id) == "forward")) continue;
    name += fmt::format("{}{}", name.empty() ? "" : " ", trace.text(id));
  }
  if (name.empty()) name = fmt::format("step {}", step.id);
  if (step.patch >= 0) name += fmt::format(" patch {}", step.patch);
  return name;
}

std::string place_of(const Trace& trace, std::size_t step) {
  const std::string name = name_of(trace, trace.steps[step]);
  const bool named = trace.steps[step].op != 0 || trace.steps[step].name != 0;
  return named ? fmt::format("step {}: {}", step, name) : fmt::format("step {}", step);
}

std::string where(const Trace& trace, const Finding& finding) {
  std::string text(trace.text(finding.function));
  const auto add = [&text](const std::string& separator, const std::string& part) {
    text += (text.empty() ? "" : separator) + part;
  };
  if (finding.line != 0) add(" at ", std::string(trace.text(finding.line)));
  if (finding.pc != 0) add(" ", fmt::format("(0x{:08x})", finding.pc));
  if (finding.step >= 0 && static_cast<std::size_t>(finding.step) < trace.steps.size()) {
    const Step& step = trace.steps[static_cast<std::size_t>(finding.step)];
    add(", ", fmt::format("step {} {}", finding.step, name_of(trace, step)));
  }
  if (finding.owner != 0) add(", ", fmt::format("in {}", trace.text(finding.owner)));
  if (finding.address != 0) add(finding.owner != 0 ? " " : ", ", fmt::format("at 0x{:08x}", finding.address));
  return text;
}

std::string ended(const Trace& trace) {
  if (!trace.end) return "cut short";
  if (trace.end->exit_code == 0) return trace.end->reason;
  return fmt::format("{} with code {}", trace.end->reason, trace.end->exit_code);
}

}  // namespace traces
