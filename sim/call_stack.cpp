#include "sim/call_stack.h"

#include <algorithm>

namespace sim {
namespace {

constexpr std::uint32_t kNowhere = 0xffffffff;  ///< odd: no instruction is there

}  // namespace

CallStack::Frame CallStack::frame_of(std::uint32_t function) const {
  const FunctionTable::Row& row = functions_[function];
  return {function, row.begin, row.bytes, kNowhere, 0, false, 0};
}

void CallStack::reset(std::uint32_t pc) {
  pop_to(0);
  parked_.clear();
  push(frame_of(functions_.enter(pc)));
}

void CallStack::push(const Frame& frame) {
  if (frames_.size() >= kMaxDepth) {
    ++beyond_;
    return;
  }
  frames_.push_back(frame);
  observer_.called(frames_.back());
}

void CallStack::pop() {
  if (beyond_ > 0) {
    --beyond_;
    return;
  }
  observer_.left(frames_.back(), true);
  frames_.pop_back();
}

void CallStack::pop_to(std::size_t depth) {
  beyond_ = 0;
  while (frames_.size() > depth) pop();
}

void CallStack::replace(std::uint32_t function) {
  Frame frame = frame_of(function);
  if (frames_.empty()) return push(frame);
  const Frame& top = frames_.back();
  frame.return_to = top.return_to;
  frame.call_site = top.call_site;
  frame.exception = top.exception;
  frame.key = top.key;
  if (beyond_ > 0) return;
  observer_.left(top, false);
  frames_.pop_back();
  push(frame);
}

void CallStack::call(const isa::Branch& branch, std::uint32_t to) {
  Frame frame = frame_of(functions_.enter(to));
  frame.return_to = branch.next.value;
  frame.call_site = branch.at.value;
  push(frame);
}

/// Not into the function that runs, not to its caller.
void CallStack::go_elsewhere(const isa::Branch& branch, std::uint32_t to) {
  std::size_t lowest = frames_.size() > kLookDown ? frames_.size() - kLookDown : 0;
  bool may_return = branch.kind == isa::BranchKind::kReturn || branch.kind == isa::BranchKind::kIndirect;
  // To a caller further down: what lies between has been cut off, or was a jump that looked like a call.
  for (std::size_t i = frames_.size(); may_return && i > lowest; --i) {
    if (frames_[i - 1].return_to == to) return pop_to(i - 1);
  }
  std::uint32_t function = functions_.at(to);
  if (function == 0 || (!frames_.empty() && function == frames_.back().function)) return;
  if (functions_[function].begin == to) return replace(function);
  // Amid another function: longjmp, where that function waits further down.
  for (std::size_t i = frames_.size(); may_return && i > lowest; --i) {
    if (frames_[i - 1].function == function) return pop_to(i);
  }
  replace(function);
}

void CallStack::exception(std::uint32_t frame, std::uint32_t handler) {
  for (std::size_t i = frames_.size(); i > 0; --i) {
    if (!frames_[i - 1].exception || frames_[i - 1].key != frame) continue;
    pop_to(i - 1);
    break;
  }
  Frame pushed = frame_of(functions_.enter(handler));
  pushed.exception = true;
  pushed.key = frame;
  push(pushed);
}

void CallStack::exception_return(std::uint32_t frame, std::uint32_t to) {
  auto is_this = [&](const Frame& f) { return f.exception && f.key == frame; };
  auto own = std::find_if(frames_.rbegin(), frames_.rend(), is_this);
  if (own != frames_.rend()) return pop_to(static_cast<std::size_t>(frames_.rend() - own) - 1);

  // To another thread. The one that was interrupted waits, under the frame that it was interrupted with.
  auto first = std::find_if(frames_.begin(), frames_.end(), [](const Frame& f) { return f.exception; });
  if (first != frames_.end()) {
    std::uint32_t key = first->key;
    auto depth = static_cast<std::size_t>(first - frames_.begin());
    pop_to(depth);
    std::erase_if(parked_, [&](const auto& thread) { return thread.first == key; });
    if (parked_.size() >= kMaxThreads) parked_.erase(parked_.begin());
    parked_.emplace_back(key, frames_);
  }
  pop_to(0);
  auto waiting = std::ranges::find(parked_, frame, &std::pair<std::uint32_t, std::vector<Frame>>::first);
  if (waiting == parked_.end()) return push(frame_of(functions_.enter(to)));
  std::vector<Frame> thread = std::move(waiting->second);
  parked_.erase(waiting);
  for (const Frame& f : thread) push(f);
}

}  // namespace sim
