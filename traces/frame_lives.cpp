#include "traces/frame_lives.h"

#include <algorithm>

namespace traces {
namespace {

constexpr std::size_t kMaxDepth = 1024;
/// Functions that a frame calls in turn, and whose calls are still waited for.
constexpr std::size_t kMaxRows = 4;
/// Calls with a longer pause between them are not one row, unless the row lasts 8 times as long.
constexpr std::uint64_t kPause = 1000;
/// Shorter calls are drawn as their caller's frame, so far as they belong to no row that lasts longer.
constexpr std::uint64_t kNotable = 2000;

Life frame_life(std::uint32_t function, std::uint32_t caller, std::uint32_t low, std::uint32_t high,
                std::uint32_t pc, std::uint64_t begin, std::uint64_t end) {
  Life life;
  life.kind = LifeKind::kStack;
  life.address = low;
  life.bytes = life.touched = high - low;
  life.born = begin;
  life.last_write = end;
  life.writer = function;
  life.reader = caller;
  life.writer_pc = pc;
  return life;
}

}  // namespace

void FrameLives::call(std::uint32_t function, std::uint64_t cycle) {
  if (frames_.size() >= kMaxDepth) {
    ++folded_;
    return;
  }
  const std::uint32_t low = frames_.back().low;
  frames_.push_back({.function = function, .high = low, .low = low, .entered = cycle});
}

Life FrameLives::life_of(const Row& row, const Frame& caller) {
  Life life = frame_life(row.function, caller.function, row.low, row.high, row.pc, row.begin, row.end);
  life.generations = row.calls;
  life.released = row.end;
  return life;
}

void FrameLives::finish(const Row& row, Frame& caller, std::vector<Life>& out) {
  if (row.end - row.begin < kNotable) {
    caller.deepest = std::min(caller.deepest, row.low);
  } else if (row.low < row.high) {
    out.push_back(life_of(row, caller));
  }
}

void FrameLives::leave(std::uint64_t cycle, std::vector<Life>& out) {
  if (folded_ != 0) {
    --folded_;
    return;
  }
  if (frames_.size() == 1) return;
  Frame left = std::move(frames_.back());
  frames_.pop_back();
  Frame& caller = frames_.back();
  for (const Row& row : left.rows) finish(row, left, out);
  left.low = std::min(left.low, left.deepest);
  const auto same = std::find_if(caller.rows.begin(), caller.rows.end(), [&](const Row& row) {
    const std::uint64_t pause = left.entered - row.end;
    return row.function == left.function && pause <= std::max(kPause, (row.end - row.begin) / 8);
  });
  if (same != caller.rows.end()) {
    same->low = std::min(same->low, left.low);
    same->high = std::max(same->high, left.high);
    same->end = cycle;
    ++same->calls;
    return;
  }
  if (caller.rows.size() == kMaxRows) {
    finish(caller.rows.front(), caller, out);
    caller.rows.erase(caller.rows.begin());
  }
  caller.rows.push_back({left.function, left.high, left.low, left.pc, 1, left.entered, cycle});
}

void FrameLives::running(std::uint64_t cycle, std::vector<Life>& out) const {
  for (std::size_t i = 0; i < frames_.size(); ++i) {
    const Frame& frame = frames_[i];
    std::uint32_t low = std::min(frame.low, frame.deepest);
    for (const Row& row : frame.rows) {
      if (row.end - row.begin < kNotable) {
        low = std::min(low, row.low);
      } else if (row.low < row.high) {
        out.push_back(life_of(row, frame));
      }
    }
    if (low >= frame.high) continue;
    Life life = frame_life(frame.function, i == 0 ? 0 : frames_[i - 1].function, low, frame.high, frame.pc,
                           frame.entered, cycle);
    life.flags |= Life::kOpen;
    out.push_back(life);
  }
}

}  // namespace traces
