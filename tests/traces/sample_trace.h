// Synthetic traces of any size that look like a real inference: for tests and benchmarks of all that reads
// traces.
#pragma once

#include <cstdint>
#include <filesystem>

#include "traces/trace.h"
#include "traces/trace_writer.h"

namespace traces {

/// How much of everything. The buffers' own lives come first; what is left of `lives` is scratch, stack
/// frames and heap blocks inside the steps.
struct SampleShape {
  std::uint64_t seed = 1;
  std::size_t steps = 12;
  std::size_t lives = 200;
  std::size_t samples = 400;        ///< stretches of time
  std::size_t heat_samples = 8192;  ///< cells of address x time, about
  std::size_t functions = 8;
  std::uint64_t step_cycles = 100000;  ///< on average
  bool ended = true;
};

/// Deterministic: equal shapes give equal traces. Steps follow each other; every planned buffer is written by
/// one step and read by the next, inside an arena in SRAM, and no two lives share a byte at a time. Causes
/// sum to cycles in steps, samples, functions, lines and the total.
Trace sample_trace(const SampleShape& shape = {});

/// Writes any trace as a run would: in time order, flushed after each step.
void write_trace(const Trace& trace, const std::filesystem::path& path,
                 std::uint64_t cap_bytes = TraceWriter::kDefaultCap);

}  // namespace traces
