#include "traces/call_tree.h"

#include <algorithm>

namespace traces {

CallTree::CallTree() {
  activations_.emplace_back();
  stack_.push_back(0);
  ticks_.resize(1);
  begin_tick(0);
}

std::uint32_t CallTree::push(std::uint32_t function, std::uint64_t cycle, bool is_step, std::uint32_t note) {
  const std::uint32_t parent = current();
  activations_.push_back({.parent = parent,
                          .function = function,
                          .depth = activations_[parent].depth + 1,
                          .entered = cycle,
                          .note = note,
                          .is_step = is_step});
  stack_.push_back(static_cast<std::uint32_t>(activations_.size() - 1));
  return current();
}

void CallTree::pop(std::uint64_t cycle) {
  activations_[current()].left = cycle;
  stack_.pop_back();
}

void CallTree::call(std::uint32_t function, std::uint64_t cycle, std::uint32_t note) {
  if (stack_.size() >= kMaxDepth) {
    ++folded_;
    return;
  }
  push(function, cycle, false, note);
  begin_tick(cycle);
}

void CallTree::leave(std::uint64_t cycle) {
  if (folded_ != 0) {
    --folded_;
    return;
  }
  bool marks = false;
  if (activations_[current()].is_step && stack_.size() > 1) {
    // A function that only marks a step and returns leaves the step to its caller.
    const Activation& marker = activations_[stack_[stack_.size() - 2]];
    marks = stack_.size() > 2 && cycle - marker.entered < kShortCall;
    pop(cycle);
  }
  if (stack_.size() > 1) pop(cycle);
  if (marks) push(activations_[current()].function, cycle, true);
  begin_tick(cycle);
}

void CallTree::step(std::int32_t index, std::uint64_t cycle) {
  step_ = index;
  // The step that runs ends; calls that were made in it and go on are taken over by the next one.
  const auto running =
      std::find_if(stack_.begin(), stack_.end(), [&](std::uint32_t a) { return activations_[a].is_step; });
  std::vector<std::uint32_t> within;
  if (running != stack_.end()) {
    for (auto a = running + 1; a != stack_.end(); ++a) within.push_back(activations_[*a].function);
    while (stack_.size() > static_cast<std::size_t>(running - stack_.begin())) pop(cycle);
  }
  if (index >= 0) push(activations_[current()].function, cycle, true);
  for (std::uint32_t function : within) push(function, cycle, false);
  begin_tick(cycle);
}

void CallTree::begin_tick(std::uint64_t cycle, std::uint64_t before_ended) {
  ticks_.back().end = before_ended;
  ticks_.push_back({cycle, cycle, current(), step_});
}

std::uint32_t CallTree::common(std::uint32_t a, std::uint32_t b) const {
  // Numbers grow downwards, so the later of two is never an ancestor of the other.
  while (a != b) {
    if (a > b) {
      a = activations_[a].parent;
    } else {
      b = activations_[b].parent;
    }
  }
  return a;
}

std::uint32_t CallTree::below(std::uint32_t ancestor, std::uint32_t a) const {
  while (a != ancestor && a != 0 && activations_[a].parent != ancestor) a = activations_[a].parent;
  return a;
}

bool CallTree::passes_on(std::uint32_t born, std::uint64_t cycle) {
  Activation& writer = activations_[ticks_[born].activation];
  if (writer.left != kNever || born < writer.epoch_tick) return false;
  if (cycle < ticks_[writer.epoch_tick].begin + kShortEpoch) return false;
  writer.epoch_tick = tick() + 1;
  return &writer == &activations_[current()];
}

void CallTree::depends(std::uint32_t writer, std::uint32_t reader) {
  const std::uint32_t both = common(writer, reader);
  if (both == writer || both == reader) return;
  Activation& from = activations_[below(both, writer)];
  Activation& to = activations_[below(both, reader)];
  to.level = std::max(to.level, from.level + 1);
}

void CallTree::keep(std::vector<std::uint32_t>& ticks, std::vector<std::uint32_t>& activations) {
  ticks[0] = ticks[tick()] = 1;
  for (std::size_t t = 0; t < ticks.size(); ++t) {
    if (ticks[t] != 0) activations[ticks_[t].activation] = 1;
  }
  for (std::uint32_t a : stack_) activations[a] = 1;
  activations[0] = 1;
  for (std::size_t a = activations.size(); a-- > 1;) {
    if (activations[a] != 0) activations[activations_[a].parent] = 1;
  }
  std::uint32_t next = 0;
  for (std::size_t a = 0; a < activations.size(); ++a) {
    if (activations[a] == 0) continue;
    Activation moved = activations_[a];
    moved.parent = activations[moved.parent];
    moved.note = 0;
    activations[a] = next;
    activations_[next++] = moved;
  }
  activations_.resize(next);
  for (std::uint32_t& a : stack_) a = activations[a];
  next = 0;
  for (std::size_t t = 0; t < ticks.size(); ++t) {
    const bool stays = ticks[t] != 0;
    ticks[t] = next;  // of those that go: the next one that stays
    if (!stays) continue;
    Tick moved = ticks_[t];
    moved.activation = activations[moved.activation];
    ticks_[next++] = moved;
  }
  ticks_.resize(next);
  for (Activation& a : activations_) a.epoch_tick = a.epoch_tick < ticks.size() ? ticks[a.epoch_tick] : next;
}

}  // namespace traces
