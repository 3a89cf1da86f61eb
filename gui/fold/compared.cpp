#include "gui/fold/compared.h"

#include "traces/step_alignment.h"

namespace gui {

std::vector<std::optional<std::size_t>> counterparts(const Folded& run, const Folded& other) {
  std::vector<std::optional<std::size_t>> result(other.trace->steps.size());
  for (const traces::StepPair& pair : traces::align_steps(*run.trace, *other.trace))
    if (pair.b) result[*pair.b] = pair.a;
  return result;
}

TimeAxis aligned_axis(const Folded& run, const Folded& other, const TimeAxis& axis) {
  const std::vector<std::optional<std::size_t>> pairs = counterparts(run, other);
  std::vector<Knot> knots = {{0, axis.place(0)}};
  const auto add = [&](std::uint64_t cycle, std::uint64_t same_as) {
    const Knot knot = {static_cast<double>(cycle), axis.place(static_cast<double>(same_as))};
    // A step that moved would lead back.
    if (knot.cycle > knots.back().cycle && knot.place >= knots.back().place) knots.push_back(knot);
  };
  for (std::size_t b = 0; b < pairs.size(); ++b) {
    if (!pairs[b]) continue;
    const traces::Step &of_run = run.trace->steps[*pairs[b]], &of_other = other.trace->steps[b];
    add(of_other.begin, of_run.begin);
    add(of_other.end, of_run.end);
  }
  if (other.cycles > knots.back().cycle)
    knots.push_back({other.cycles, std::max(knots.back().place, axis.place(run.cycles))});
  return TimeAxis(std::move(knots));
}

}  // namespace gui
