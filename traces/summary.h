// A run on one page: cycles and their causes, the peak of each memory and who owned it, steps, findings.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "traces/peak.h"
#include "traces/profile.h"
#include "traces/roofline.h"
#include "traces/trace.h"

namespace traces {

/// Of a region, or of a memory of several.
struct RegionSummary {
  std::string name, kind;
  AddressRange range;
  std::uint64_t capacity = 0;
  bool writable = false;
  Peak peak;
  std::vector<Owner> owners;       ///< at the peak; they sum to it
  std::vector<std::size_t> parts;  ///< of a memory: its regions
};

/// The engine's arena: what was planned, and what the binary's loads and stores say.
struct ArenaSummary {
  AddressRange range;
  std::uint64_t planned_bytes = 0, lower_bound_bytes = 0;
  Peak observed;
};

struct Summary {
  std::uint64_t cycles = 0;
  double seconds = 0;
  Counts total;  ///< total_counts
  std::uint64_t stack_bytes = 0, stack_limit_bytes = 0;
  std::int64_t macs = 0;
  std::vector<RegionSummary> regions;   ///< all of the trace's, in their order
  std::vector<RegionSummary> memories;  ///< writable ones, joined (memories_of): what people ask about
  std::optional<ArenaSummary> arena;
  std::vector<StepLimits> limits;         ///< of each step
  std::vector<FunctionTotals> functions;  ///< most cycles first
  std::size_t problems = 0;               ///< findings that are
};
Summary summarize(const Trace& trace);

/// The whole run's; of one that was cut short, those of its samples, and of its steps what samples do not
/// hold.
Counts total_counts(const Trace& trace);
/// "m7_conv at conv.c:120 (0x08001234), step 3 CONV_2D block1, in m7_arena at 0x20000100": as far as known.
std::string where(const Trace& trace, const Finding& finding);
/// "CONV_2D block1/project patch 2", or "step 7" where the firmware gives no names.
std::string name_of(const Trace& trace, const Step& step);
/// "step 7: CONV_2D block1/project", or "step 7" where the firmware gives no names; 7 is its place in the
/// run.
std::string place_of(const Trace& trace, std::size_t step);
/// "exit", "exit with code 3", "fault", ... or "cut short".
std::string ended(const Trace& trace);

/// The memories of which anything was in use, the fullest first.
std::vector<const RegionSummary*> used_memories(const Summary& summary);

/// Members `steps`, `cycles`, `causes`, `regions`, `findings`, and more. Memories of several regions
/// follow the regions, with their names in `parts`. Invalid UTF-8 in names is replaced.
std::string summary_json(const Trace& trace, const Summary& summary);

}  // namespace traces
