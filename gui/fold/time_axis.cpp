#include "gui/fold/time_axis.h"

#include <algorithm>

#include "gui/navigation.h"

namespace gui {

namespace {

constexpr double kSmallestGap = 0.02, kWidestGap = 0.5;  // of a step
constexpr double kShortestSteps = 1e-4;                  // a view of steps shows this much of one at least
constexpr double kLeastShown = 1e-6;                     // units of the axis: no division by zero

/// `from` and `to` pick the members to go from and to. Knots at the same `from` answer with the last of them.
double interpolate(const std::vector<Knot>& knots, double Knot::*from, double Knot::*to, double at) {
  auto after = std::upper_bound(knots.begin(), knots.end(), at,
                                [&](double value, const Knot& knot) { return value < knot.*from; });
  after = std::clamp(after, knots.begin() + 1, knots.end() - 1);
  const Knot &a = *(after - 1), &b = *after;
  const double length = b.*from - a.*from;
  if (length <= 0) return at < a.*from ? a.*to : b.*to;
  return a.*to + (at - a.*from) / length * (b.*to - a.*to);
}

}  // namespace

TimeAxis::TimeAxis(std::vector<Knot> knots) : knots_(std::move(knots)) {
  if (knots_.size() < 2) knots_.clear();
}

double TimeAxis::place(double cycle) const {
  return linear() ? cycle : interpolate(knots_, &Knot::cycle, &Knot::place, cycle);
}

double TimeAxis::cycle(double place) const {
  return linear() ? place : interpolate(knots_, &Knot::place, &Knot::cycle, place);
}

TimeAxis steps_axis(std::span<const traces::Step> steps, double cycles) {
  double in_steps = 0;
  for (const traces::Step& step : steps) in_steps += static_cast<double>(step.end - step.begin);
  if (in_steps <= 0) return TimeAxis();
  const double usual = in_steps / static_cast<double>(steps.size());

  std::vector<Knot> knots = {{0, 0}};
  const auto pass = [&](double until) {
    const double gap = until - knots.back().cycle;
    if (gap <= 0) return;
    knots.push_back({until, knots.back().place + std::clamp(gap / usual, kSmallestGap, kWidestGap)});
  };
  for (const traces::Step& step : steps) {
    const double begin = static_cast<double>(step.begin), end = static_cast<double>(step.end);
    if (end <= begin || begin < knots.back().cycle) continue;
    pass(begin);
    knots.push_back({end, knots.back().place + 1});
  }
  pass(cycles);
  return TimeAxis(std::move(knots));
}

TimeRange zoomed_on(const TimeAxis& axis, TimeRange range, double factor, double about, double cycles) {
  const TimeRange whole = whole_run(cycles);
  if (axis.linear()) return zoomed(range, factor, about, whole);
  const double first = axis.place(whole.begin), last = axis.place(whole.end);
  const double begin = axis.place(range.begin), end = axis.place(range.end), middle = axis.place(about);
  const double length =
      std::clamp((end - begin) * factor, std::min(kShortestSteps, last - first), last - first);
  const double share = end > begin ? (middle - begin) / (end - begin) : 0.5;
  const double from = std::clamp(middle - share * length, first, last - length);
  return {axis.cycle(from), axis.cycle(from + length)};
}

TimeRange panned_on(const TimeAxis& axis, TimeRange range, double share, double cycles) {
  const TimeRange whole = whole_run(cycles);
  if (axis.linear()) return panned(range, share, whole);
  const double first = axis.place(whole.begin), last = axis.place(whole.end);
  const double begin = axis.place(range.begin), length = axis.place(range.end) - begin;
  const double from = std::clamp(begin + share * length, first, std::max(first, last - length));
  return {axis.cycle(from), axis.cycle(from + length)};
}

TimeView::TimeView(const TimeAxis& axis, const TimeView& other)
    : axis_(&axis), begin_(other.begin_), x_(other.x_), width_(other.width_), pixels_(other.pixels_) {}

TimeView::TimeView(const TimeAxis& axis, TimeRange shown, double x, double width)
    : axis_(&axis), begin_(axis.place(shown.begin)), x_(x), width_(std::max(width, 1.0)) {
  pixels_ = width_ / std::max(axis.place(shown.end) - begin_, kLeastShown);
}

}  // namespace gui
