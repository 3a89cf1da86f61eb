// A trace, folded into what a picture of any zoom can be drawn from at once. Knows nothing of windows.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "gui/fold/address_axis.h"
#include "gui/fold/heat_pyramid.h"
#include "gui/fold/live_curve.h"
#include "gui/fold/live_sets.h"
#include "gui/fold/rect_index.h"
#include "gui/fold/sample_fold.h"
#include "gui/fold/time_axis.h"
#include "gui/life_filter.h"
#include "traces/trace.h"

namespace gui {

struct FoldedRegion {
  Stretch range;                                 ///< its addresses
  std::array<bool, traces::kLifeKinds> kinds{};  ///< of its lives
  bool used = false;                             ///< has lives, planned buffers or heat: worth showing
  AddressAxis axis;
  RectIndex lives;     ///< items: Trace::lives
  RectIndex planned;   ///< items: Trace::buffers
  LiveSets live_sets;  ///< of `lives`
  HeatPyramid heat;
  LiveCurve live;
};

/// Refers to the trace it was made from, which must stay as it is: one that has grown is folded again.
struct Folded {
  const traces::Trace* trace = nullptr;
  double cycles = 0;  ///< of the run, as far as the trace goes
  TimeAxis by_cycles, by_steps;
  SampleFold samples;
  std::vector<FoldedRegion> regions;  ///< as Trace::regions

  std::uint64_t stack_top = 0;    ///< the address above the stack's first byte; 0: not known
  std::uint64_t stack_limit = 0;  ///< its lowest address allowed; 0: not known
  std::optional<std::size_t> stack_region;

  const TimeAxis& axis(Axis which) const { return which == Axis::kSteps ? by_steps : by_cycles; }

  /// The life at a place; where several share a byte, the one that is drawn over the others.
  std::optional<std::uint32_t> life_at(std::size_t region, std::uint64_t cycle, std::uint64_t address) const;
  /// Lives of all regions at a cycle, in the order of their numbers.
  std::vector<std::uint32_t> live_at(std::uint64_t cycle) const;
  /// What a region's bytes in use are of at a cycle; sums to `FoldedRegion::live.at(cycle)`.
  KindBytes kinds_at(std::size_t region, std::uint64_t cycle) const;
  /// The step that runs at a cycle: index into Trace::steps.
  std::optional<std::size_t> step_at(double cycle) const;
};

/// From birth to death, over its extent.
Box box_of(const traces::Life& life);

/// `trace` must live as long as the result. n log n for n lives.
Folded fold(const traces::Trace& trace);

/// For each region, an index of only those lives that `filter` shows.
std::vector<RectIndex> index_lives(const traces::Trace& trace, const LifeFilter& filter);

}  // namespace gui
