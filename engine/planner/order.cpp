#include "engine/planner/order.h"

#include <algorithm>
#include <unordered_map>

namespace engine {
namespace {

using Set = std::vector<bool>;  // of steps

// A set of steps that have run, and the best way known to have run them.
struct State {
  Set done;
  std::int64_t live = 0;  // bytes kept for later steps
  std::int64_t peak = 0;  // most bytes needed on the way here
  int parent = -1;        // in the level before
  int step = -1;          // the step that led here
};

class Search {
 public:
  Search(const Problem& problem, std::size_t max_states) : problem_(problem) {
    writer_.assign(problem.size.size(), -1);
    for (std::size_t i = 0; i < problem.steps.size(); ++i)
      writer_[problem.steps[i].output] = static_cast<int>(i);
    width_ = std::max<std::size_t>(1, max_states / std::max<std::size_t>(1, problem.steps.size()));
  }

  OrderSearch run() {
    OrderSearch result{file_order(problem_), true};
    const std::vector<std::int64_t> needed = needed_bytes(problem_, result.order);
    limit_ = needed.empty() ? 0 : *std::max_element(needed.begin(), needed.end());
    if (limit_ == inevitable()) return result;

    State start;
    start.done.assign(problem_.steps.size(), false);
    for (std::size_t s = 0; s < problem_.size.size(); ++s) {
      if (problem_.is_input[s]) start.live += problem_.size[s];
    }
    levels_.assign(1, {start});
    while (levels_.size() <= problem_.steps.size()) {
      levels_.push_back(next_level(levels_.back()));
      if (levels_.back().empty()) {
        result.exact = !dropped_;
        return result;
      }
    }
    result.exact = !dropped_;
    for (std::size_t level = problem_.steps.size(), i = 0; level > 0; --level) {
      result.order[level - 1] = levels_[level][i].step;
      i = static_cast<std::size_t>(levels_[level][i].parent);
    }
    return result;
  }

 private:
  // What some step needs in any order: its own inputs, output and scratch.
  std::int64_t inevitable() const {
    std::int64_t most = 0;
    for (const PlanStep& step : problem_.steps) {
      std::int64_t bytes = problem_.size[step.output] + step.scratch;
      for (const int input : step.inputs) bytes += problem_.size[input];
      most = std::max(
          most, bytes - shareable_bytes(problem_, step, [this](int s) { return !problem_.is_output[s]; }));
    }
    return most;
  }

  std::vector<State> next_level(const std::vector<State>& level) {
    std::vector<State> next;
    std::unordered_map<Set, std::size_t> seen;
    for (std::size_t i = 0; i < level.size(); ++i) {
      for (int step = 0; step < static_cast<int>(problem_.steps.size()); ++step) {
        if (!ready(level[i], step)) continue;
        State state = after(level[i], step);
        if (state.peak >= limit_) continue;  // no better than the program's own order
        state.parent = static_cast<int>(i);
        const auto [it, is_new] = seen.try_emplace(state.done, next.size());
        if (is_new) {
          next.push_back(std::move(state));
        } else if (state.peak < next[it->second].peak) {
          next[it->second] = std::move(state);
        }
      }
    }
    if (next.size() > width_) {
      std::stable_sort(next.begin(), next.end(), [](const State& a, const State& b) {
        return a.peak != b.peak ? a.peak < b.peak : a.live < b.live;
      });
      next.resize(width_);
      dropped_ = true;
    }
    return next;
  }

  bool ready(const State& state, int step) const {
    if (state.done[step]) return false;
    const std::vector<int>& inputs = problem_.steps[step].inputs;
    return std::all_of(inputs.begin(), inputs.end(),
                       [&](int s) { return writer_[s] < 0 || state.done[writer_[s]]; });
  }

  State after(const State& before, int step) const {
    State state = before;
    state.done[step] = true;
    state.step = step;
    const PlanStep& plan_step = problem_.steps[step];
    const auto dies = [&](int s) {
      const std::vector<int>& readers = problem_.readers[s];
      return !problem_.is_output[s] &&
             std::all_of(readers.begin(), readers.end(), [&](int reader) { return state.done[reader]; });
    };
    state.live += problem_.size[plan_step.output];
    state.peak =
        std::max(state.peak, state.live + plan_step.scratch - shareable_bytes(problem_, plan_step, dies));
    for (const int input : plan_step.inputs) {
      if (dies(input)) state.live -= problem_.size[input];
    }
    if (dies(plan_step.output)) state.live -= problem_.size[plan_step.output];
    return state;
  }

  const Problem& problem_;
  std::vector<int> writer_;  // per storage; -1 for inputs
  std::size_t width_ = 0;
  std::int64_t limit_ = 0;
  bool dropped_ = false;
  std::vector<std::vector<State>> levels_;
};

}  // namespace

OrderSearch best_order(const Problem& problem, std::size_t max_states) {
  return Search(problem, max_states).run();
}

}  // namespace engine
