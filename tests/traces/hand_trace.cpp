#include "tests/traces/hand_trace.h"

#include <algorithm>

namespace traces {

HandTrace::HandTrace() {
  trace.about.tool = "m7scope test";
  trace.about.board = "toy";
  trace.about.core_hz = 1e6;
  trace.clocks.push_back({0, 1e6});
  trace.regions.push_back({"SRAM", "sram", 0x20000000, 1024, true});
}

StringId HandTrace::text(std::string_view text) {
  const auto found = std::find(trace.strings.begin(), trace.strings.end(), text);
  if (found != trace.strings.end()) return static_cast<StringId>(found - trace.strings.begin());
  trace.strings.emplace_back(text);
  return static_cast<StringId>(trace.strings.size() - 1);
}

Life& HandTrace::life(std::string_view name, std::uint32_t address, std::uint32_t bytes, std::uint64_t born,
                      std::uint64_t died, LifeKind kind) {
  Life life;
  life.id = static_cast<std::uint32_t>(trace.lives.size());
  life.kind = kind;
  life.address = 0x20000000 + address;
  life.bytes = life.touched = bytes;
  life.born = life.last_write = born;
  life.first_read = life.last_read = died;
  life.name = text(name);
  trace.reached = std::max(trace.reached, died);
  return trace.lives.emplace_back(life);
}

Step& HandTrace::step(std::string_view op, std::string_view name, std::uint64_t cycles, std::int64_t macs) {
  Step step;
  step.id = static_cast<std::int32_t>(trace.steps.size());
  step.op = text(op);
  step.name = text(name);
  step.begin = trace.steps.empty() ? 0 : trace.steps.back().end;
  step.end = step.begin + cycles;
  step.macs = macs;
  step.counts.instructions = cycles;
  step.counts.causes[isa::Cause::kIssue] = cycles;
  trace.reached = std::max(trace.reached, step.end);
  return trace.steps.emplace_back(step);
}

Sample& HandTrace::sample(std::uint64_t cycles, std::uint32_t stack_bytes) {
  Sample sample;
  sample.begin = trace.samples.empty() ? 0 : trace.samples.back().end;
  sample.end = sample.begin + cycles;
  sample.causes[isa::Cause::kIssue] = cycles;
  sample.stack_bytes = stack_bytes;
  trace.reached = std::max(trace.reached, sample.end);
  return trace.samples.emplace_back(sample);
}

End& HandTrace::end(std::uint64_t cycles) {
  End end;
  end.reason = "exit";
  end.cycles = trace.reached = cycles;
  end.seconds = static_cast<double>(cycles) / trace.about.core_hz;
  for (const Step& step : trace.steps) {
    end.total.instructions += step.counts.instructions;
    end.total.causes += step.counts.causes;
  }
  return trace.end.emplace(end);
}

}  // namespace traces
