#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "traces/plan_use.h"
#include "traces/summary.h"

namespace traces {
namespace {

using nlohmann::ordered_json;

ordered_json causes_json(const isa::CauseCycles& causes) {
  ordered_json out = ordered_json::object();
  for (std::size_t i = 0; i < isa::kCauses; ++i) {
    out[isa::to_string(static_cast<isa::Cause>(i))] = causes.by[i];
  }
  return out;
}

ordered_json memory_json(const MemoryCounts& counts) {
  return {{"icache_fills", counts.icache_fills},
          {"dcache_fills", counts.dcache_fills},
          {"dcache_write_backs", counts.dcache_write_backs},
          {"bus_transactions", counts.bus_transactions},
          {"device_accesses", counts.device_accesses}};
}

ordered_json step_json(const Trace& trace, const Step& step, const StepLimits& limits) {
  return {{"id", step.id},
          {"op", trace.text(step.op)},
          {"name", trace.text(step.name)},
          {"phase", trace.text(step.phase)},
          {"patch", step.patch < 0 ? ordered_json() : ordered_json(step.patch)},
          {"begin", step.begin},
          {"end", step.end},
          {"cycles", step.end - step.begin},
          {"instructions", step.counts.instructions},
          {"macs", step.macs},
          {"cycles_per_mac", limits.cycles_per_mac},
          {"bytes_per_mac", limits.bytes_per_mac},
          {"of_limit", limits.of_limit},
          {"stall_share", limits.stall_share},
          {"bound", to_string(limits.bound)},
          {"loads", step.counts.loads},
          {"stores", step.counts.stores},
          {"load_bytes", step.counts.load_bytes},
          {"store_bytes", step.counts.store_bytes},
          {"causes", causes_json(step.counts.causes)},
          {"memory", memory_json(step.counts.memory)}};
}

ordered_json region_json(const Summary& summary, const RegionSummary& region) {
  ordered_json owners = ordered_json::array();
  for (const Owner& owner : region.owners) {
    owners.push_back({{"name", owner.name},
                      {"kind", to_string(owner.kind)},
                      {"bytes", owner.bytes},
                      {"extent_bytes", owner.extent_bytes}});
  }
  ordered_json out = {{"name", region.name},
                      {"kind", region.kind},
                      {"writable", region.writable},
                      {"capacity", region.capacity},
                      {"peak_bytes", region.peak.bytes},
                      {"peak_cycle", region.peak.cycle},
                      {"owners", std::move(owners)}};
  for (const std::size_t part : region.parts) out["parts"].push_back(summary.regions[part].name);
  return out;
}

ordered_json finding_json(const Trace& trace, const Finding& finding) {
  return {{"kind", to_string(finding.kind)},
          {"count", finding.count},
          {"where", where(trace, finding)},
          {"problem", finding.is_problem},
          {"text", trace.text(finding.text)},
          {"pc", finding.pc},
          {"function", trace.text(finding.function)},
          {"line", trace.text(finding.line)},
          {"owner", trace.text(finding.owner)},
          {"step", finding.step < 0 ? ordered_json() : ordered_json(finding.step)},
          {"address", finding.address},
          {"bytes", finding.bytes},
          {"cycle", finding.cycle},
          {"saves_bytes", finding.saves_bytes}};
}

ordered_json cycle_json(std::uint64_t cycle) {
  return cycle == kNever ? ordered_json() : ordered_json(cycle);
}

ordered_json buffer_json(const Trace& trace, const BufferUse& use) {
  const Buffer& buffer = trace.buffers[use.buffer];
  return {{"name", trace.text(buffer.name)},
          {"kind", trace.text(buffer.kind)},
          {"type", trace.text(buffer.type)},
          {"shape", trace.text(buffer.shape)},
          {"address", buffer.address},
          {"bytes", buffer.bytes},
          {"first_step", buffer.first_step},
          {"last_step", buffer.last_step},
          {"first_access", cycle_json(use.first_access)},
          {"last_access", cycle_json(use.last_access)},
          {"idle_before", use.idle_before},
          {"idle_after", use.idle_after},
          {"bytes_written", buffer.bytes_written},
          {"bytes_read", buffer.bytes_read}};
}

ordered_json about_json(const Trace& trace) {
  const About& about = trace.about;
  return {{"tool", about.tool},
          {"command", about.command},
          {"board", about.board},
          {"firmware", about.firmware},
          {"firmware_hash", about.firmware_hash},
          {"model", about.model},
          {"core_hz", about.core_hz},
          {"macs_per_cycle", about.macs_per_cycle}};
}

}  // namespace

std::string summary_json(const Trace& trace, const Summary& summary) {
  ordered_json out = {{"about", about_json(trace)},
                      {"ended", trace.end ? ordered_json(trace.end->reason) : ordered_json()},
                      {"exit_code", trace.end ? ordered_json(trace.end->exit_code) : ordered_json()},
                      {"cut", trace.cut},
                      {"cycles", summary.cycles},
                      {"seconds", summary.seconds},
                      {"instructions", summary.total.instructions},
                      {"macs", summary.macs},
                      {"causes", causes_json(summary.total.causes)},
                      {"memory", memory_json(summary.total.memory)},
                      {"stack_bytes", summary.stack_bytes},
                      {"stack_limit_bytes", summary.stack_limit_bytes}};
  if (summary.arena) {
    out["arena"] = {{"planned_bytes", summary.arena->planned_bytes},
                    {"lower_bound_bytes", summary.arena->lower_bound_bytes},
                    {"peak_bytes", summary.arena->observed.bytes},
                    {"peak_cycle", summary.arena->observed.cycle}};
  }
  out["regions"] = ordered_json::array();
  for (const RegionSummary& region : summary.regions) out["regions"].push_back(region_json(summary, region));
  for (const RegionSummary& memory : summary.memories) {
    if (memory.parts.size() > 1) out["regions"].push_back(region_json(summary, memory));
  }
  out["steps"] = ordered_json::array();
  for (std::size_t i = 0; i < trace.steps.size(); ++i) {
    out["steps"].push_back(step_json(trace, trace.steps[i], summary.limits[i]));
  }
  out["functions"] = ordered_json::array();
  for (const FunctionTotals& row : summary.functions) {
    out["functions"].push_back({{"name", trace.text(row.name)},
                                {"file", trace.text(row.file)},
                                {"calls", row.calls},
                                {"instructions", row.instructions},
                                {"cycles", row.self_cycles()},
                                {"inclusive_cycles", row.inclusive_cycles},
                                {"causes", causes_json(row.causes)}});
  }
  out["buffers"] = ordered_json::array();
  for (const BufferUse& use : plan_use(trace)) out["buffers"].push_back(buffer_json(trace, use));
  out["findings"] = ordered_json::array();
  for (const Finding& finding : trace.findings) out["findings"].push_back(finding_json(trace, finding));
  return out.dump(2, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace traces
