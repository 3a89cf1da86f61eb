// From cycles to places on the x axis and back.
#pragma once

#include <span>
#include <vector>

#include "gui/view_state.h"
#include "traces/trace.h"

namespace gui {

/// A cycle and its place on the axis.
struct Knot {
  double cycle = 0, place = 0;
};

/// Piecewise linear and never falling. Places are cycles where every cycle is as wide as the next, and
/// numbers of steps where every step is.
class TimeAxis {
 public:
  /// Place = cycle.
  TimeAxis() = default;
  /// Through `knots`, which must not fall; beyond them with a slope of their first and last piece.
  explicit TimeAxis(std::vector<Knot> knots);

  double place(double cycle) const;
  double cycle(double place) const;
  bool linear() const { return knots_.empty(); }

 private:
  std::vector<Knot> knots_;
};

/// Every step is one wide. Time between steps is as wide as its share of a usual step, half a step at most.
TimeAxis steps_axis(std::span<const traces::Step> steps, double cycles);

/// `range` at `factor` of its length on the axis; the cycle `about` stays where it is on the screen.
TimeRange zoomed_on(const TimeAxis& axis, TimeRange range, double factor, double about, double cycles);
/// Moves `range` by a share of its length on the axis; positive: later.
TimeRange panned_on(const TimeAxis& axis, TimeRange range, double share, double cycles);

/// A stretch of an axis, shown on `width` pixels from `x` on.
class TimeView {
 public:
  TimeView(const TimeAxis& axis, TimeRange shown, double x, double width);
  /// What `other` shows, on another axis that has the same places.
  TimeView(const TimeAxis& axis, const TimeView& other);

  /// Pixels; may lie outside of the view.
  double x(double cycle) const {
    return x_ + ((axis_->linear() ? cycle : axis_->place(cycle)) - begin_) * pixels_;
  }
  double cycle(double x) const { return axis_->cycle(begin_ + (x - x_) / pixels_); }
  double left() const { return x_; }
  double right() const { return x_ + width_; }
  double width() const { return width_; }
  TimeRange shown() const { return {cycle(left()), cycle(right())}; }
  const TimeAxis& axis() const { return *axis_; }
  double begin_place() const { return begin_; }
  double end_place() const { return begin_ + width_ / pixels_; }

 private:
  const TimeAxis* axis_;
  double begin_, x_, width_, pixels_;  ///< pixels a unit of the axis
};

}  // namespace gui
