#include "gui/fold/sample_fold.h"

#include <algorithm>
#include <numeric>

namespace gui {

namespace {

Activity activity_of(const isa::CauseCycles& causes, std::uint64_t instructions) {
  Activity activity;
  for (std::size_t i = 0; i < isa::kCauses; ++i) activity.causes[i] = static_cast<double>(causes.by[i]);
  activity.instructions = static_cast<double>(instructions);
  return activity;
}

/// a + b * share.
Activity sum(Activity a, const Activity& b, double share) {
  for (std::size_t i = 0; i < isa::kCauses; ++i) a.causes[i] += b.causes[i] * share;
  a.instructions += b.instructions * share;
  return a;
}

}  // namespace

double Activity::cycles() const {
  return std::accumulate(causes.begin(), causes.end(), 0.0);
}

Maxima::Maxima(std::vector<std::uint64_t> values) : values_(std::move(values)) {
  std::vector<std::uint32_t> below(values_.size());
  std::iota(below.begin(), below.end(), 0u);
  while (below.size() > 1) {
    std::vector<std::uint32_t> level((below.size() + 1) / 2);
    for (std::size_t i = 0; i < level.size(); ++i) {
      const std::uint32_t left = below[2 * i];
      const bool paired = 2 * i + 1 < below.size();
      level[i] = paired && better(below[2 * i + 1], left) ? below[2 * i + 1] : left;
    }
    levels_.push_back(level);
    below = std::move(level);
  }
}

std::size_t Maxima::largest(std::size_t first, std::size_t last) const {
  std::size_t best = first;
  // Whole blocks, as large as fit where `first` stands.
  while (first < last) {
    std::size_t level = 0, block = 1, found = first;
    while (level < levels_.size() && first % (2 * block) == 0 && first + 2 * block <= last) {
      found = levels_[level][first / (2 * block)];
      block *= 2;
      ++level;
    }
    if (better(found, best)) best = found;
    first += block;
  }
  return best;
}

SampleFold::SampleFold(const traces::Trace& trace) {
  std::vector<std::uint64_t> stack;
  before_.emplace_back();
  const auto append = [&](std::uint64_t begin, std::uint64_t end, const Activity& activity,
                          std::uint64_t bytes) {
    begins_.push_back(static_cast<double>(begin));
    ends_.push_back(static_cast<double>(end));
    before_.push_back(sum(before_.back(), activity, 1));
    stack.push_back(bytes);
  };
  for (const traces::Sample& sample : trace.samples)
    append(sample.begin, sample.end, activity_of(sample.causes, sample.instructions), sample.stack_bytes);
  if (trace.samples.empty())
    for (const traces::Step& step : trace.steps)
      append(step.begin, step.end, activity_of(step.counts.causes, step.counts.instructions), 0);
  stack_ = Maxima(std::move(stack));
}

/// The last sample that begins at `cycle` or before it; 0 where none does.
std::size_t SampleFold::sample_at(double cycle) const {
  const auto after = std::upper_bound(begins_.begin(), begins_.end(), cycle);
  return after == begins_.begin() ? 0 : static_cast<std::size_t>(after - begins_.begin()) - 1;
}

Activity SampleFold::until(double cycle) const {
  if (begins_.empty() || cycle <= begins_.front()) return Activity();
  const std::size_t i = sample_at(cycle);
  const double length = ends_[i] - begins_[i];
  const double share = length > 0 ? std::min(1.0, (cycle - begins_[i]) / length) : 1;
  const Activity whole = sum(before_[i + 1], before_[i], -1);
  return sum(before_[i], whole, share);
}

Activity SampleFold::between(double begin, double end) const {
  if (end <= begin) return Activity();
  return sum(until(end), until(begin), -1);
}

std::uint64_t SampleFold::stack_between(double begin, double end) const {
  if (begins_.empty() || end <= begins_.front() || begin >= ends_.back()) return 0;
  const std::size_t first = sample_at(begin);
  const auto after = std::lower_bound(begins_.begin(), begins_.end(), end);
  const std::size_t last = std::max(static_cast<std::size_t>(after - begins_.begin()), first + 1);
  return stack_[stack_.largest(first, last)];
}

std::uint64_t SampleFold::deepest_stack() const {
  return stack_.size() == 0 ? 0 : stack_[stack_.largest(0, stack_.size())];
}

}  // namespace gui
