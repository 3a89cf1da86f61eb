#include "gui/canvas/tracks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "gui/format.h"
#include "traces/roofline.h"
#include "traces/summary.h"

namespace gui {

namespace {

/// The first step that ends after `cycle`.
std::size_t step_after(const traces::Trace& trace, double cycle) {
  const auto at = std::partition_point(trace.steps.begin(), trace.steps.end(), [&](const traces::Step& step) {
    return static_cast<double>(step.end) <= cycle;
  });
  return static_cast<std::size_t>(at - trace.steps.begin());
}

/// Calls `draw(first, last, rect)` for each step in sight; steps that share a pixel come together.
template <class Draw>
void for_visible_steps(const Frame& frame, const Rect& row, Draw draw) {
  const std::vector<traces::Step>& steps = frame.trace().steps;
  const double end = frame.time.shown().end;
  for (std::size_t i = step_after(frame.trace(), frame.time.shown().begin); i < steps.size();) {
    if (static_cast<double>(steps[i].begin) >= end) return;
    const double left = frame.time.x(static_cast<double>(steps[i].begin));
    double right = frame.time.x(static_cast<double>(steps[i].end));
    std::size_t last = i;
    if (right - left < 1) {
      last = std::max(i, step_after(frame.trace(), frame.time.cycle(left + 1)));
      last = std::min(last, steps.size() - 1);
      if (last > i && frame.time.x(static_cast<double>(steps[last].begin)) > left + 1) --last;
      right = std::max(left + 1, std::min(frame.time.x(static_cast<double>(steps[last].end)), left + 1));
    }
    draw(i, last, Rect{left, row.top, right, row.bottom});
    i = last + 1;
  }
}

/// What steps are grouped by: "patch 3", else the phase.
std::string group_of(const traces::Trace& trace, const traces::Step& step) {
  return step.patch >= 0 ? fmt::format("patch {}", step.patch) : std::string(trace.text(step.phase));
}
bool same_group(const traces::Step& a, const traces::Step& b) {
  return a.patch == b.patch && a.phase == b.phase;
}

void draw_groups(Frame& frame, const Rect& row) {
  const std::vector<traces::Step>& steps = frame.trace().steps;
  const double end = frame.time.shown().end;
  for (std::size_t i = step_after(frame.trace(), frame.time.shown().begin); i < steps.size();) {
    std::size_t first = i, last = i;
    while (first > 0 && same_group(steps[first - 1], steps[i])) --first;
    while (last + 1 < steps.size() && same_group(steps[last + 1], steps[i])) ++last;
    const double left = frame.time.x(static_cast<double>(steps[first].begin));
    if (static_cast<double>(steps[first].begin) >= end) return;
    const Rect rect =
        Rect{left, row.top, frame.time.x(static_cast<double>(steps[last].end)), row.bottom}.snapped();
    const std::string group = group_of(frame.trace(), steps[i]);
    i = last + 1;
    if (group.empty()) continue;
    frame.pen.fill({rect.left, rect.top, std::max(rect.left + 1, rect.right - 1), rect.bottom - frame.point},
                   frame.colours.raised);
    Rect inside = rect.cut(frame.plot);
    inside.left += 4 * frame.point;
    frame.pen.text_within(inside, frame.colours.dim_text, group);
  }
}

constexpr std::array<std::uint32_t, 8> kStepColours = {0x6f8fb3, 0x6fa08c, 0x9b86b0, 0xb09767,
                                                       0xb07c88, 0x7b7fb5, 0xa3806b, 0x6a9ca3};

}  // namespace

Colour step_colour(const Palette& colours, const traces::Trace& trace, const traces::Step& step) {
  const std::string_view op = trace.text(step.op);
  if (op.empty()) return colours.border;
  std::uint32_t hash = 2166136261u;  // FNV-1a
  for (const char c : op) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return rgb(kStepColours[(hash >> 8) % kStepColours.size()]);
}

int step_lanes(const traces::Trace& trace) {
  for (const traces::Step& step : trace.steps)
    if (step.patch >= 0 || step.phase != trace.steps.front().phase) return 2;
  return 1;
}

std::optional<std::size_t> draw_steps(Frame& frame, const Rect& row, std::optional<ImVec2> mouse) {
  const bool grouped = step_lanes(frame.trace()) > 1;
  const double middle = grouped ? row.top + row.height() * 0.42 : row.top;
  frame.row_name({row.left, middle, row.right, row.bottom}, "steps");
  frame.pen.clip({frame.plot.left, row.top, frame.plot.right, row.bottom});
  if (grouped) draw_groups(frame, {frame.plot.left, row.top, frame.plot.right, middle});

  std::optional<std::size_t> under_mouse;
  for_visible_steps(
      frame, {row.left, middle, row.right, row.bottom}, [&](std::size_t i, std::size_t last, Rect rect) {
        const traces::Step& step = frame.trace().steps[i];
        const bool hovered = mouse && rect.contains(mouse->x, mouse->y);
        if (hovered) under_mouse = i;
        rect = rect.snapped();
        Colour colour = step_colour(frame.colours, frame.trace(), step);
        if (last > i) colour = faded(colour, 0.7);
        if (hovered) colour = mixed(colour, frame.colours.cursor, 0.25);
        const double gap = rect.width() > 3 ? 1 : 0;
        frame.pen.fill({rect.left, rect.top, rect.right - gap, rect.bottom}, colour);
        if (frame.state.pinned_step == i) frame.pen.outline(rect, frame.colours.cursor, 2 * frame.point);
        Rect inside = rect.cut(frame.plot);
        inside = {inside.left + 4 * frame.point, inside.top, inside.right - 4 * frame.point, inside.bottom};
        const std::string name = traces::name_of(frame.trace(), step);
        const std::string_view op = step.op == 0 ? std::string_view(name) : frame.trace().text(step.op);
        if (Pen::text_width(name) <= inside.width() || Pen::text_width(op) > inside.width())
          frame.pen.text_within(inside, frame.colours.inverse_text, op.empty() ? name : name);
        else
          frame.pen.text_within(inside, frame.colours.inverse_text, op);
      });
  frame.pen.unclip();
  return under_mouse;
}

void draw_compared_steps(Frame& frame, const Rect& row, const traces::Trace& first,
                         const std::vector<std::optional<std::size_t>>& same) {
  frame.row_name(row, "steps of B");
  frame.pen.clip({frame.plot.left, row.top, frame.plot.right, row.bottom});
  for_visible_steps(frame, row, [&](std::size_t i, std::size_t last, Rect rect) {
    std::uint64_t before = 0, now = 0;
    for (std::size_t s = i; s <= last && s < same.size(); ++s) {
      now += frame.trace().steps[s].end - frame.trace().steps[s].begin;
      if (same[s]) before += first.steps[*same[s]].end - first.steps[*same[s]].begin;
    }
    rect = rect.snapped();
    Rect inside = rect.cut(frame.plot);
    inside = {inside.left + 4 * frame.point, inside.top, inside.right - 4 * frame.point, inside.bottom};
    if (before == 0) {
      frame.pen.fill(rect, frame.colours.raised);
      frame.pen.outline(rect, frame.colours.accent, frame.point);
      frame.pen.text_within(inside, frame.colours.text, "only in B");
      return;
    }
    const double change = static_cast<double>(now) / static_cast<double>(before) - 1;
    // A tenth more or fewer has the full colour.
    const Colour towards = change > 0 ? frame.colours.worse : frame.colours.good;
    const double gap = rect.width() > 3 ? 1 : 0;
    frame.pen.fill({rect.left, rect.top, rect.right - gap, rect.bottom},
                   mixed(frame.colours.raised, towards, std::min(1.0, std::abs(change) * 10)));
    const bool dark_text = std::abs(change) > 0.05;
    frame.pen.text_within(inside, dark_text ? frame.colours.inverse_text : frame.colours.dim_text,
                          now == before ? std::string("=") : fmt::format("{:+.1f} %", change * 100));
  });
  frame.pen.unclip();
}

void draw_causes(Frame& frame, const Rect& row) {
  frame.row_name(row, "causes", "of cycles");
  frame.pen.fill({frame.plot.left, row.top, frame.plot.right, row.bottom}, frame.colours.panel);
  const double column = 2 * frame.point;
  // Columns that are alike are one rectangle.
  std::array<double, isa::kCauses> shares{};
  double from = frame.plot.left;
  const auto draw_until = [&](double to) {
    double y = row.bottom;
    for (std::size_t i = 0; i < isa::kCauses; ++i) {
      if (shares[i] <= 0) continue;
      const double top = y - shares[i] * row.height();
      frame.pen.fill({from, top, to, y}, frame.colours.causes[i]);
      y = top;
    }
  };
  for (double x = frame.plot.left; x < frame.plot.right; x += column) {
    const Activity activity = frame.run().samples.between(frame.time.cycle(x), frame.time.cycle(x + column));
    const double cycles = activity.cycles();
    std::array<double, isa::kCauses> now{};
    bool alike = true;
    for (std::size_t i = 0; i < isa::kCauses; ++i) {
      now[i] = cycles > 0 ? activity.causes[i] / cycles : 0;
      alike = alike && std::abs(now[i] - shares[i]) * row.height() < 0.25;
    }
    if (alike) continue;
    draw_until(x);
    shares = now;
    from = x;
  }
  draw_until(frame.plot.right);
}

bool has_macs(const traces::Trace& trace) {
  return std::any_of(trace.steps.begin(), trace.steps.end(),
                     [](const traces::Step& step) { return step.macs > 0; });
}

void draw_cycles_per_mac(Frame& frame, const Rect& row) {
  const double limit = frame.trace().about.macs_per_cycle > 0 ? 1 / frame.trace().about.macs_per_cycle : 0.5;
  constexpr double kDoublings = 5;  // from the core's limit to 32 times that
  frame.row_name(row, "cycles/MAC", fmt::format("{:.2g} to {:.2g}", limit, limit * std::exp2(kDoublings)));
  frame.pen.fill({frame.plot.left, row.top, frame.plot.right, row.bottom}, frame.colours.panel);
  frame.pen.clip({frame.plot.left, row.top, frame.plot.right, row.bottom});
  for (int doubling = 1; doubling < kDoublings; ++doubling)
    frame.pen.horizontal(frame.plot.left, frame.plot.right, row.bottom - row.height() * doubling / kDoublings,
                         frame.colours.grid);
  for_visible_steps(frame, row, [&](std::size_t i, std::size_t last, Rect rect) {
    std::int64_t macs = 0;
    std::uint64_t cycles = 0;
    for (std::size_t s = i; s <= last; ++s) {
      if (frame.trace().steps[s].macs <= 0) continue;
      macs += frame.trace().steps[s].macs;
      cycles += frame.trace().steps[s].end - frame.trace().steps[s].begin;
    }
    if (macs == 0) return;
    const double ratio = static_cast<double>(cycles) / static_cast<double>(macs);
    const double share = std::clamp(std::log2(ratio / limit) / kDoublings, 0.03, 1.0);
    rect.top = row.bottom - share * row.height();
    rect = rect.snapped();
    const double gap = rect.width() > 3 ? 1 : 0;
    // The further from the limit, the warmer.
    const Colour colour = mixed(frame.colours.good, frame.colours.worse, std::min(1.0, share * 1.25));
    frame.pen.fill({rect.left, rect.top, rect.right - gap, rect.bottom}, faded(colour, 0.85));
    const std::string text = fmt::format("{:.2f}", ratio);
    if (Pen::text_width(text) + 6 * frame.point < rect.width())
      frame.pen.text_centred(
          (rect.left + rect.right) / 2,
          std::max(row.top, std::min(rect.top - Pen::text_height(), row.bottom - Pen::text_height())),
          frame.colours.text, text);
  });
  frame.pen.unclip();
}

void draw_stack(Frame& frame, const Rect& row) {
  const std::uint64_t deepest = frame.run().samples.deepest_stack();
  frame.row_name(row, "stack", fmt::format("{} deep", bytes_text(static_cast<double>(deepest))));
  frame.pen.fill({frame.plot.left, row.top, frame.plot.right, row.bottom}, frame.colours.panel);
  if (deepest == 0) return;
  const double limit =
      frame.run().stack_limit == 0 ? 0 : static_cast<double>(frame.run().stack_top - frame.run().stack_limit);
  // The limit is in the picture where that leaves something of the stack to see.
  const bool limit_shown = limit > 0 && limit < 4 * static_cast<double>(deepest);
  const double full = std::max(static_cast<double>(deepest), limit_shown ? limit : 0.0) * 1.15;
  frame.pen.clip({frame.plot.left, row.top, frame.plot.right, row.bottom});
  const double column = 2 * frame.point;
  double from = frame.plot.left, height = 0;
  for (double x = frame.plot.left; x <= frame.plot.right + column; x += column) {
    const double bytes = x > frame.plot.right ? -1
                                              : static_cast<double>(frame.run().samples.stack_between(
                                                    frame.time.cycle(x), frame.time.cycle(x + column)));
    const double now = bytes / full * row.height();
    if (now == height) continue;
    if (height > 0) {
      const Rect bar = Rect{from, row.top, x, row.top + height};
      frame.pen.fill(bar, faded(frame.colours.of(traces::LifeKind::kStack), 0.55));
      frame.pen.horizontal(from, x, bar.bottom, frame.colours.of(traces::LifeKind::kStack), frame.point);
    }
    from = x;
    height = now;
  }
  if (limit_shown) {
    const double y = row.top + limit / full * row.height();
    frame.pen.dashed_horizontal(frame.plot.left, frame.plot.right, y, frame.colours.capacity, 6 * frame.point,
                                frame.point);
  }
  frame.pen.unclip();
}

}  // namespace gui
