// Lives as rectangles, plans as outlines around them, and what is wrong with either.
#pragma once

#include "gui/canvas/frame.h"
#include "gui/canvas/region_view.h"

namespace gui {

/// Rectangles that one frame draws of a region at most.
inline constexpr std::size_t kLifeBudget = 12000, kPlanBudget = 3000, kGhostBudget = 3000;

void draw_lives(Frame& frame, const FoldedRegion& region, const AddressView& addresses,
                const RegionCache& cache);
void draw_plans(Frame& frame, const FoldedRegion& region, const AddressView& addresses);
void draw_findings(Frame& frame, const FoldedRegion& region, const AddressView& addresses);
/// The stack's depth, where it lies: from its top downwards.
void draw_stack_shape(Frame& frame, const AddressView& addresses);
/// The outline of `life` and of those that were made from it or that it was made from.
void draw_highlights(Frame& frame, const FoldedRegion& region, const AddressView& addresses);
/// Outlines of the other run's lives, at the times that its steps have in this one.
void draw_other_lives(Frame& frame, const FoldedRegion& other, const AddressView& addresses);

}  // namespace gui
