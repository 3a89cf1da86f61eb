#include "traces/roofline.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace traces {

const char* to_string(Bound bound) {
  switch (bound) {
    case Bound::kNothing:
      return "nothing";
    case Bound::kCompute:
      return "compute";
    case Bound::kInstructions:
      return "instructions";
    case Bound::kPipeline:
      return "pipeline";
    case Bound::kMemory:
      return "memory";
  }
  return "unknown";
}

StepLimits limits_of(const Step& step, double macs_per_cycle) {
  using isa::Cause;
  const isa::CauseCycles& causes = step.counts.causes;
  const double macs = static_cast<double>(std::max<std::int64_t>(0, step.macs));
  const double issued = static_cast<double>(causes[Cause::kIssue]);
  const double floor = macs_per_cycle > 0 ? std::ceil(macs / macs_per_cycle) : 0;

  StepLimits out;
  // Fewer cycles than the limit mean that MACs were left out (zero weights): no more than issued them.
  out.compute = static_cast<std::uint64_t>(std::min(floor, issued));
  out.instructions = causes[Cause::kIssue] - out.compute;
  out.pipeline = causes[Cause::kDependency] + causes[Cause::kStructural] + causes[Cause::kBranch];
  out.memory = causes[Cause::kIFetch] + causes[Cause::kDLoad] + causes[Cause::kDStore] + causes[Cause::kBus] +
               causes[Cause::kDevice];
  const std::uint64_t total = out.compute + out.instructions + out.pipeline + out.memory;
  if (total == 0) return out;

  const std::array parts = {out.compute, out.instructions, out.pipeline, out.memory};
  constexpr std::array kBounds = {Bound::kCompute, Bound::kInstructions, Bound::kPipeline, Bound::kMemory};
  out.bound = kBounds[static_cast<std::size_t>(std::max_element(parts.begin(), parts.end()) - parts.begin())];
  const double cycles = static_cast<double>(total);
  out.stall_share = static_cast<double>(out.pipeline + out.memory) / cycles;
  if (macs > 0) {
    out.cycles_per_mac = cycles / macs;
    out.bytes_per_mac = static_cast<double>(step.counts.load_bytes + step.counts.store_bytes) / macs;
    out.of_limit = static_cast<double>(out.compute) / cycles;
  }
  return out;
}

std::vector<StepLimits> limits_of(const Trace& trace) {
  std::vector<StepLimits> limits;
  limits.reserve(trace.steps.size());
  for (const Step& step : trace.steps) limits.push_back(limits_of(step, trace.about.macs_per_cycle));
  return limits;
}

}  // namespace traces
