#include "engine/planner/order.h"

#include <algorithm>
#include <unordered_map>

namespace engine {
namespace {

// A set of steps, as bits.
using Set = std::vector<std::uint64_t>;

void insert(Set& set, int step) {
  set[static_cast<std::size_t>(step) / 64] |= std::uint64_t{1} << (step % 64);
}
bool contains(const Set& set, int step) {
  return (set[static_cast<std::size_t>(step) / 64] >> (step % 64) & 1) != 0;
}
bool includes(const Set& set, const Set& subset) {
  for (std::size_t i = 0; i < set.size(); ++i) {
    if ((subset[i] & ~set[i]) != 0) return false;
  }
  return true;
}

struct SetHash {
  std::size_t operator()(const Set& set) const {
    std::uint64_t hash = 0;
    for (const std::uint64_t word : set) hash = (hash ^ word) * 0x9e3779b97f4a7c15U + (hash >> 29U);
    return hash ^ (hash >> 32U);
  }
};

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
    const Set none((problem.steps.size() + 63) / 64, 0);
    before_.assign(problem.steps.size(), none);
    readers_.assign(problem.size.size(), none);
    std::vector<int> writer(problem.size.size(), -1);
    const int steps = static_cast<int>(problem.steps.size());
    for (int step = 0; step < steps; ++step) writer[problem.steps[step].output] = step;
    for (int step = 0; step < steps; ++step) {
      for (const int input : problem.steps[step].inputs) {
        insert(readers_[input], step);
        if (writer[input] >= 0) insert(before_[step], writer[input]);
      }
    }
    after_.done = none;
    width_ = std::max<std::size_t>(1, max_states / std::max<std::size_t>(1, problem.steps.size()));
  }

  OrderSearch run() {
    OrderSearch result{file_order(problem_), true};
    const std::vector<std::int64_t> needed = needed_bytes(problem_, result.order);
    limit_ = needed.empty() ? 0 : *std::max_element(needed.begin(), needed.end());
    if (limit_ == inevitable()) return result;

    State start;
    start.done = after_.done;
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
    std::unordered_map<Set, std::size_t, SetHash> seen;
    for (std::size_t i = 0; i < level.size(); ++i) {
      for (int step = 0; step < static_cast<int>(problem_.steps.size()); ++step) {
        if (!ready(level[i], step)) continue;
        run_step(level[i], step);
        if (after_.peak >= limit_) continue;  // no better than the program's own order
        after_.parent = static_cast<int>(i);
        const auto [it, is_new] = seen.try_emplace(after_.done, next.size());
        if (is_new) {
          next.push_back(after_);
        } else if (after_.peak < next[it->second].peak) {
          next[it->second] = after_;
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
    return !contains(state.done, step) && includes(state.done, before_[step]);
  }

  // Sets after_ to the state that `step` leads to. Most are dropped at once, so nothing is allocated here.
  void run_step(const State& before, int step) {
    after_.done.assign(before.done.begin(), before.done.end());
    insert(after_.done, step);
    after_.step = step;
    const PlanStep& plan_step = problem_.steps[step];
    const auto dies = [&](int s) { return !problem_.is_output[s] && includes(after_.done, readers_[s]); };
    after_.live = before.live + problem_.size[plan_step.output];
    after_.peak =
        std::max(before.peak, after_.live + plan_step.scratch - shareable_bytes(problem_, plan_step, dies));
    for (const int input : plan_step.inputs) {
      if (dies(input)) after_.live -= problem_.size[input];
    }
    if (dies(plan_step.output)) after_.live -= problem_.size[plan_step.output];
  }

  const Problem& problem_;
  std::vector<Set> before_;   // per step, the steps whose output it reads
  std::vector<Set> readers_;  // per storage
  State after_;
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
