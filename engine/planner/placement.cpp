#include "engine/planner/placement.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>
#include <optional>
#include <random>

namespace engine {
namespace {

constexpr std::int64_t kUnplaced = -1;
constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max() / 4;

// A conflict as one of its two items sees it: with the other at offset o, this one may not lie in (o + low, o
// + high), both ends excluded, but for o itself if `touches`.
struct Neighbour {
  int other = 0;
  std::int64_t low = 0, high = 0;
  bool touches = false;
};

struct Gap {
  std::int64_t low, high;
};

std::int64_t round_up(std::int64_t value, std::int64_t step) {
  return (value + step - 1) / step * step;
}
std::int64_t round_down(std::int64_t value, std::int64_t step) {
  return value / step * step;
}

class Placer {
 public:
  Placer(const PlacementProblem& problem, std::int64_t alignment) : problem_(problem) {
    const std::size_t n = problem.items.size();
    neighbours_.resize(n);
    pressure_.assign(n, 0);
    alignment_.resize(n);
    for (std::size_t i = 0; i < n; ++i) alignment_[i] = std::max(alignment, problem.items[i].alignment);
    for (const Conflict& c : problem.conflicts) {
      const std::int64_t a = problem.items[c.a].size, b = problem.items[c.b].size;
      const std::int64_t reach = c.may_share && !c.exact ? std::min(c.lead, b) : b;
      neighbours_[c.b].push_back({c.a, -reach, a, c.may_share && c.exact});
      neighbours_[c.a].push_back({c.b, -a, reach, c.may_share && c.exact});
      pressure_[c.a] += b;
      pressure_[c.b] += a;
    }
  }

  Placed run() {
    best_.arena = kNoLimit;
    for (const auto& order : starting_orders()) {
      for (const bool alternate : {false, true}) {
        if (best_.arena <= problem_.lower_bound) return best_;
        fit(order, directions(alternate), kNoLimit);
      }
    }
    // From the bound upwards, then halving what is left between what failed and what is known to work.
    std::int64_t failed = problem_.lower_bound - 1;
    std::int64_t target = problem_.lower_bound;
    while (best_.arena > failed + 1) {
      if (!repair(target)) failed = target;
      target = failed + std::max<std::int64_t>(1, (best_.arena - failed) / 2);
      if (work_ > kWork) break;
    }
    return best_;
  }

 private:
  static constexpr int kRounds = 300;               // placements tried for one target size
  static constexpr std::int64_t kWork = 4'000'000;  // neighbours looked at for one alignment

  std::vector<std::vector<int>> starting_orders() const {
    const std::size_t n = problem_.items.size();
    const auto life = [this](int i) { return problem_.last_step[i] - problem_.first_step[i] + 1; };
    const std::vector<std::function<std::int64_t(int)>> keys = {
        [&](int i) { return problem_.items[i].size; },
        [&](int i) { return pressure_[i] + problem_.items[i].size; },
        [&](int i) { return problem_.items[i].size * life(i); },
        [&](int i) { return std::int64_t{-problem_.first_step[i]}; },
        [&](int i) { return std::int64_t{problem_.last_step[i]}; },
        [&](int i) { return std::int64_t{life(i)}; },
    };
    std::vector<std::vector<int>> orders;
    for (const auto& key : keys) {
      std::vector<int> order(n);
      std::iota(order.begin(), order.end(), 0);
      std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return key(a) > key(b); });
      orders.push_back(std::move(order));
    }
    return orders;
  }

  std::vector<bool> directions(bool alternate) const {
    std::vector<bool> from_top(problem_.items.size(), false);
    for (std::size_t i = 0; alternate && i < from_top.size(); ++i)
      from_top[i] = problem_.first_step[i] % 2 != 0;
    return from_top;
  }

  // Repairs until everything fits under `limit`: the item that did not fit is placed earlier next time, and
  // now and then from the other end.
  bool repair(std::int64_t limit) {
    std::minstd_rand random(1);
    std::vector<std::vector<int>> orders = starting_orders();
    for (int round = 0; round < kRounds && work_ <= kWork; ++round) {
      std::vector<int>& order = orders[static_cast<std::size_t>(round) % orders.size()];
      if (from_top_.size() != orders.size()) from_top_.assign(orders.size(), directions(true));
      std::vector<bool>& from_top = from_top_[static_cast<std::size_t>(round) % orders.size()];
      const std::optional<int> failed = fit(order, from_top, limit);
      if (!failed) return true;
      const auto at = std::find(order.begin(), order.end(), *failed);
      // Mostly to the front, sometimes just part of the way.
      const auto distance = static_cast<std::uint32_t>(at - order.begin());
      const std::uint32_t back = random() % 4 == 0 && distance > 0 ? random() % distance : 0;
      std::rotate(order.begin() + back, at, at + 1);
      if (random() % 2 == 0) from_top[*failed] = !from_top[*failed];
      if (random() % 4 == 0 && !neighbours_[*failed].empty()) {
        const auto& chosen = neighbours_[*failed][random() % neighbours_[*failed].size()];
        from_top[chosen.other] = !from_top[chosen.other];
      }
    }
    return false;
  }

  // Places items one after the other under `limit`; keeps the result if it is the best so far. Returns the
  // first item that does not fit.
  std::optional<int> fit(const std::vector<int>& order, const std::vector<bool>& from_top,
                         std::int64_t limit) {
    std::vector<std::int64_t> offset(problem_.items.size(), kUnplaced);
    std::int64_t arena = 0;
    for (const int item : order) {
      const bool top = from_top[item] && limit != kNoLimit;
      const std::int64_t at = top ? highest(item, offset, limit) : lowest(item, offset);
      if (at == kUnplaced || at + problem_.items[item].size > limit) return item;
      offset[item] = at;
      arena = std::max(arena, at + problem_.items[item].size);
    }
    if (arena < best_.arena) best_ = {std::move(offset), arena};
    return std::nullopt;
  }

  // Stretches that the placed neighbours forbid, and offsets inside them that one neighbour allows.
  void collect(int item, const std::vector<std::int64_t>& offset) {
    gaps_.clear();
    holes_.clear();
    for (const Neighbour& n : neighbours_[item]) {
      if (offset[n.other] == kUnplaced) continue;
      const std::int64_t o = offset[n.other];
      if (n.touches && free_at(item, o, offset)) holes_.push_back(o);
      if (n.low < n.high) gaps_.push_back({o + n.low, o + n.high});
    }
    work_ += static_cast<std::int64_t>(neighbours_[item].size());
  }

  bool free_at(int item, std::int64_t at, const std::vector<std::int64_t>& offset) const {
    if (at % alignment_[item] != 0) return false;
    return std::none_of(neighbours_[item].begin(), neighbours_[item].end(), [&](const Neighbour& n) {
      const std::int64_t o = offset[n.other];
      return o != kUnplaced && at > o + n.low && at < o + n.high && !(n.touches && at == o);
    });
  }

  std::int64_t lowest(int item, const std::vector<std::int64_t>& offset) {
    collect(item, offset);
    std::sort(gaps_.begin(), gaps_.end(), [](Gap a, Gap b) { return a.low < b.low; });
    std::int64_t at = 0;
    for (const Gap gap : gaps_) {
      if (at <= gap.low) break;  // every later gap begins even further up
      if (at < gap.high) at = round_up(gap.high, alignment_[item]);
    }
    for (const std::int64_t hole : holes_) at = std::min(at, hole);
    return at;
  }

  std::int64_t highest(int item, const std::vector<std::int64_t>& offset, std::int64_t limit) {
    const std::int64_t top = limit - problem_.items[item].size;
    if (top < 0) return kUnplaced;
    collect(item, offset);
    std::sort(gaps_.begin(), gaps_.end(), [](Gap a, Gap b) { return a.high > b.high; });
    std::int64_t at = round_down(top, alignment_[item]);
    for (const Gap gap : gaps_) {
      if (at >= gap.high) break;
      if (at > gap.low) {
        if (gap.low < 0) {
          at = kUnplaced;
          break;
        }
        at = round_down(gap.low, alignment_[item]);
      }
    }
    for (const std::int64_t hole : holes_) {
      if (hole <= top) at = std::max(at, hole);
    }
    return at;
  }

  const PlacementProblem& problem_;
  std::vector<std::vector<Neighbour>> neighbours_;
  std::vector<std::int64_t> pressure_;  // per item, bytes of all it conflicts with
  std::vector<std::int64_t> alignment_;
  std::vector<std::vector<bool>> from_top_;
  std::vector<Gap> gaps_;
  std::vector<std::int64_t> holes_;
  std::int64_t work_ = 0;
  Placed best_;
};

}  // namespace

Placed place(const PlacementProblem& problem) {
  if (problem.items.empty()) return {};
  Placed best;
  best.arena = kNoLimit;
  // Wider alignment only where it costs nothing.
  for (const std::int64_t alignment : {32, 16, 8, 4}) {
    Placed placed = Placer(problem, alignment).run();
    if (placed.arena < best.arena) best = std::move(placed);
    if (best.arena <= problem.lower_bound) break;
  }
  return best;
}

bool allowed(const PlacementProblem& problem, const Conflict& conflict, std::int64_t a, std::int64_t b) {
  const std::int64_t a_end = a + problem.items[conflict.a].size, b_end = b + problem.items[conflict.b].size;
  if (a_end <= b || b_end <= a) return true;
  if (!conflict.may_share) return false;
  return conflict.exact ? a == b : b <= a - conflict.lead;
}

}  // namespace engine
