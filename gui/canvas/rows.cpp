#include "gui/canvas/rows.h"

#include <algorithm>
#include <cmath>

#include "gui/canvas/tracks.h"

namespace gui {

namespace {

// Points.
constexpr double kGap = 4, kMinimap = 34, kRuler = 24, kSteps = 22, kGroups = 16, kCauses = 42, kMacs = 38,
                 kStack = 36, kHead = 21, kLeastBody = 36, kRoomForRegions = 170;

/// Of a region that has heat only, flash for instance.
constexpr double kColdShare = 0.35;

bool has_something(const FoldedRegion& region, const ViewState& state) {
  return region.lives.size() > 0 || region.planned.size() > 0 || (state.heat && !region.heat.empty());
}

/// Bodies share what the heads leave; a region of many bytes gets more, but not all that it asks for.
void place_regions(const Folded& run, const Folded* other, const ViewState& state, const Rect& area,
                   double point, CanvasRows* rows) {
  std::vector<double> weights;
  double all = 0;
  const auto add = [&](const Folded& of, std::size_t r, bool is_other) {
    if (!has_something(of.regions[r], state)) return;
    const bool known = !is_other && r < state.regions.size();
    if (known && !state.regions[r].visible) return;
    const double share = known ? state.regions[r].share : 0;
    rows->regions.push_back({r, {}, {}, is_other});
    const double usual =
        std::sqrt(of.regions[r].axis.length()) * (of.regions[r].lives.size() > 0 ? 1 : kColdShare);
    weights.push_back(share > 0 ? share * 100 : usual);
    all += weights.back();
  };
  const bool beside = other != nullptr && state.compare == CompareMode::kSideBySide;
  for (std::size_t r = 0; r < run.regions.size(); ++r) {
    add(run, r, false);
    if (!beside) continue;
    for (std::size_t b = 0; b < other->regions.size(); ++b)
      if (other->trace->regions[b].name == run.trace->regions[r].name) add(*other, b, true);
  }

  const double count = static_cast<double>(weights.size());
  const double heads = count * (kHead + kGap) * point, least = kLeastBody * point;
  const double to_share = std::max(0.0, area.height() - heads - count * least);
  double y = area.top;
  for (std::size_t i = 0; i < rows->regions.size(); ++i) {
    RegionRow& row = rows->regions[i];
    row.head = {area.left, y, area.right, y + kHead * point};
    const double height = std::floor(least + to_share * weights[i] / all);
    row.body = {area.left, row.head.bottom, area.right, row.head.bottom + height};
    y = row.body.bottom + kGap * point;
  }
}

}  // namespace

const RegionRow* CanvasRows::region_at(double x, double y) const {
  for (const RegionRow& row : regions)
    if (row.body.contains(x, y)) return &row;
  return nullptr;
}

CanvasRows place_rows(const Folded& run, const Folded* other, const ViewState& state, const Rect& area,
                      double point, double line) {
  const traces::Trace& trace = *run.trace;
  CanvasRows rows;
  // What a canvas that is too low does without, the least important last.
  double spare = area.height() - (kRuler + kRoomForRegions) * point;
  const auto affordable = [&](bool wanted, double height) {
    if (!wanted || spare < (height + kGap) * point) return false;
    spare -= (height + kGap) * point;
    return true;
  };
  const double steps_height = std::max(kSteps, line / point + 6) + (step_lanes(trace) > 1 ? kGroups : 0);
  const bool steps = affordable(!trace.steps.empty(), steps_height);
  const bool compared =
      affordable(other && !other->trace->steps.empty() && state.compare != CompareMode::kOff, kSteps);
  const bool causes = affordable(run.samples.size() > 0, kCauses);
  const bool minimap = affordable(state.minimap, kMinimap);
  const bool stack = affordable(run.samples.deepest_stack() > 0, kStack);
  const bool macs = affordable(has_macs(trace), kMacs);

  double y = area.top;
  const auto next = [&](double points) {
    const Rect row = {area.left, y, area.right, y + std::floor(points * point)};
    y = row.bottom + kGap * point;
    return row;
  };
  if (minimap) rows.minimap = next(kMinimap);
  rows.ruler = next(kRuler);
  y = rows.ruler.bottom;
  if (steps) rows.steps = next(steps_height);
  if (compared) rows.other_steps = next(kSteps);
  if (causes) rows.causes = next(kCauses);
  if (macs) rows.cycles_per_mac = next(kMacs);
  double bottom = area.bottom;
  if (stack) {
    rows.stack = Rect{area.left, bottom - std::floor(kStack * point), area.right, bottom};
    bottom = rows.stack->top - kGap * point;
  }
  place_regions(run, other, state, {area.left, y, area.right, bottom + kGap * point}, point, &rows);
  return rows;
}

}  // namespace gui
