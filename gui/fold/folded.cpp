#include "gui/fold/folded.h"

#include <algorithm>
#include <functional>
#include <future>

#include "traces/peak.h"

namespace gui {

namespace {

/// Steps with rising ids: a firmware that runs its network again begins again.
using Pass = std::vector<const traces::Step*>;

std::vector<Pass> passes_of(const traces::Trace& trace) {
  std::vector<Pass> passes;
  for (const traces::Step& step : trace.steps) {
    if (passes.empty() || step.id <= passes.back().back()->id) passes.emplace_back();
    passes.back().push_back(&step);
  }
  return passes;
}

/// Boxes by the regions that they lie in. Memories that follow each other are one to the firmware: a box that
/// lies in several is cut.
class ByRegion {
 public:
  explicit ByRegion(const std::vector<traces::Region>& regions) : boxes_(regions.size()) {
    for (std::size_t r = 0; r < regions.size(); ++r) {
      const traces::AddressRange range = traces::range_of(regions[r]);
      ranges_.push_back({{range.begin, range.end}, r});
    }
    std::sort(ranges_.begin(), ranges_.end(),
              [](const auto& a, const auto& b) { return a.first.begin < b.first.begin; });
  }

  void add(const IndexedBox& whole) {
    auto range = std::upper_bound(ranges_.begin(), ranges_.end(), whole.box.low,
                                  [](std::uint64_t low, const auto& of) { return low < of.first.end; });
    for (; range != ranges_.end() && range->first.begin < whole.box.high; ++range) {
      IndexedBox part = whole;
      part.box.low = std::max(part.box.low, range->first.begin);
      part.box.high = std::min(part.box.high, range->first.end);
      boxes_[range->second].push_back(part);
    }
  }
  std::vector<std::vector<IndexedBox>> take() { return std::move(boxes_); }

 private:
  std::vector<std::pair<Stretch, std::size_t>> ranges_;  ///< of regions, which do not overlap, by address
  std::vector<std::vector<IndexedBox>> boxes_;
};

/// Each buffer from its first step's begin to its last step's end, in every pass that came so far.
std::vector<std::vector<IndexedBox>> planned_boxes(const traces::Trace& trace) {
  ByRegion boxes(trace.regions);
  if (trace.buffers.empty()) return boxes.take();
  for (const Pass& pass : passes_of(trace)) {
    for (std::uint32_t b = 0; b < trace.buffers.size(); ++b) {
      const traces::Buffer& buffer = trace.buffers[b];
      const auto first =
          std::lower_bound(pass.begin(), pass.end(), buffer.first_step,
                           [](const traces::Step* step, std::int32_t id) { return step->id < id; });
      const auto after =
          std::upper_bound(pass.begin(), pass.end(), buffer.last_step,
                           [](std::int32_t id, const traces::Step* step) { return id < step->id; });
      if (first >= after) continue;
      const auto kind = static_cast<std::uint8_t>(traces::LifeKind::kUnknown);
      boxes.add({{(*first)->begin, (*(after - 1))->end, buffer.address,
                  std::uint64_t{buffer.address} + buffer.bytes},
                 b,
                 kind});
    }
  }
  return boxes.take();
}

std::vector<std::vector<IndexedBox>> life_boxes(const traces::Trace& trace, const LifeFilter& filter) {
  ByRegion boxes(trace.regions);
  for (std::uint32_t i = 0; i < trace.lives.size(); ++i) {
    const traces::Life& life = trace.lives[i];
    if (filter.shows(i)) boxes.add({box_of(life), i, static_cast<std::uint8_t>(life.kind)});
  }
  return boxes.take();
}

void find_stack(const traces::Trace& trace, Folded* folded) {
  if (!trace.end || trace.end->stack_top == 0) return;
  folded->stack_top = trace.end->stack_top;
  if (trace.end->stack_limit_bytes != 0)
    folded->stack_limit = folded->stack_top - trace.end->stack_limit_bytes;
  for (std::size_t r = 0; r < trace.regions.size(); ++r)
    if (folded->stack_top - 1 - trace.regions[r].base < trace.regions[r].bytes) folded->stack_region = r;
}

/// Without the curve of its bytes in use.
FoldedRegion fold_region(const traces::Trace& trace, const Folded& folded, std::size_t r,
                         std::vector<IndexedBox> lives, std::vector<IndexedBox> planned) {
  FoldedRegion region;
  const traces::AddressRange range = traces::range_of(trace.regions[r]);
  region.range = {range.begin, range.end};
  std::vector<const traces::Heat*> chunks;
  for (const traces::Heat& heat : trace.heat)
    if (heat.region == r) chunks.push_back(&heat);
  region.used = !lives.empty() || !planned.empty() || !chunks.empty();

  std::vector<Stretch> used;
  used.reserve(lives.size() + planned.size() + 1);
  for (const IndexedBox& box : lives) used.push_back({box.box.low, box.box.high});
  for (const IndexedBox& box : planned) used.push_back({box.box.low, box.box.high});
  if (folded.stack_region == r)
    used.push_back(
        {folded.stack_top - std::min(folded.stack_top, folded.samples.deepest_stack()), folded.stack_top});
  region.heat = HeatPyramid(chunks);
  for (const Stretch& hot : region.heat.hot()) used.push_back(hot);
  region.axis = AddressAxis(region.range, std::move(used));
  for (const IndexedBox& box : lives) region.kinds[box.kind] = true;
  region.live_sets = LiveSets(lives);
  region.lives = RectIndex(std::move(lives));
  region.planned = RectIndex(std::move(planned));
  return region;
}

/// Bytes in use over time, of those regions in which `wanted` says something may be.
std::vector<LiveCurve> curves_of(const traces::Trace& trace, const std::vector<bool>& wanted) {
  std::vector<LiveCurve> curves(wanted.size());
  for (std::size_t r = 0; r < wanted.size(); ++r)
    if (wanted[r]) curves[r] = LiveCurve(traces::live_bytes(trace, traces::range_of(trace.regions[r])));
  return curves;
}

}  // namespace

Box box_of(const traces::Life& life) {
  return {life.born, life.died() + 1, life.address, life.address + std::uint64_t{std::max(life.bytes, 1u)}};
}

Folded fold(const traces::Trace& trace) {
  Folded folded;
  folded.trace = &trace;
  folded.cycles = static_cast<double>(trace.cycles());
  folded.by_steps = steps_axis(trace.steps, folded.cycles);
  folded.samples = SampleFold(trace);
  find_stack(trace, &folded);
  std::vector<std::vector<IndexedBox>> lives = life_boxes(trace, LifeFilter()),
                                       planned = planned_boxes(trace);
  std::vector<bool> has_curve;
  for (std::size_t r = 0; r < trace.regions.size(); ++r)
    has_curve.push_back(!lives[r].empty() || folded.stack_region == r);
  // The curves take about as long as all else together.
  auto curves = std::async(std::launch::async, curves_of, std::cref(trace), has_curve);
  for (std::size_t r = 0; r < trace.regions.size(); ++r)
    folded.regions.push_back(fold_region(trace, folded, r, std::move(lives[r]), std::move(planned[r])));
  std::vector<LiveCurve> made = curves.get();
  for (std::size_t r = 0; r < made.size(); ++r) folded.regions[r].live = std::move(made[r]);
  return folded;
}

std::optional<std::uint32_t> Folded::life_at(std::size_t region, std::uint64_t cycle,
                                             std::uint64_t address) const {
  return region < regions.size() ? regions[region].lives.at(cycle, address) : std::nullopt;
}

std::vector<std::uint32_t> Folded::live_at(std::uint64_t cycle) const {
  std::vector<std::uint32_t> lives;
  for (const FoldedRegion& region : regions) {
    const std::vector<std::uint32_t> here = region.live_sets.at(cycle);
    lives.insert(lives.end(), here.begin(), here.end());
  }
  std::sort(lives.begin(), lives.end());
  lives.erase(std::unique(lives.begin(), lives.end()), lives.end());
  return lives;
}

KindBytes Folded::kinds_at(std::size_t region, std::uint64_t cycle) const {
  const Stretch range = regions[region].range;
  const bool depth_known = stack_top != 0 && samples.deepest_stack() > 0;
  std::vector<traces::Occupant> occupants;
  for (const std::uint32_t i : regions[region].live_sets.at(cycle)) {
    const traces::Life& life = trace->lives[i];
    if (depth_known && life.kind == traces::LifeKind::kStack) continue;
    // Cut to the region, as its curve is.
    occupants.push_back({std::max<std::uint64_t>(life.address, range.begin),
                         std::min(std::uint64_t{life.address} + life.bytes, range.end), life.born,
                         life.died(), static_cast<std::int64_t>(i)});
  }
  if (depth_known) {
    const double at = static_cast<double>(cycle);
    const std::uint64_t depth = samples.stack_between(at, at + 1);
    occupants.push_back({std::max(stack_top - std::min(stack_top, depth), range.begin),
                         std::min(stack_top, range.end), cycle, cycle, -1});
  }
  return bytes_by_kind(*trace, std::move(occupants));
}

std::optional<std::size_t> Folded::step_at(double cycle) const {
  const auto after = std::upper_bound(
      trace->steps.begin(), trace->steps.end(), cycle,
      [](double at, const traces::Step& step) { return at < static_cast<double>(step.begin); });
  if (after == trace->steps.begin()) return std::nullopt;
  const std::size_t step = static_cast<std::size_t>(after - trace->steps.begin()) - 1;
  if (cycle >= static_cast<double>(trace->steps[step].end)) return std::nullopt;
  return step;
}

std::vector<RectIndex> index_lives(const traces::Trace& trace, const LifeFilter& filter) {
  std::vector<RectIndex> indexes;
  for (std::vector<IndexedBox>& boxes : life_boxes(trace, filter)) indexes.emplace_back(std::move(boxes));
  return indexes;
}

}  // namespace gui
