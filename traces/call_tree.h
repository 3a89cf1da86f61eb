// Calls as they ran: a tree of activations, and slices of time that each belong to one of them.
#pragma once

#include <cstdint>
#include <vector>

#include "traces/trace.h"

namespace traces {

/// One call of a function, from its entry to its return. Number 0 is what runs before the first call.
struct Activation {
  std::uint32_t parent = 0;
  std::uint32_t function = 0;  ///< as the caller numbers them
  std::uint32_t depth = 0;     ///< of the root: 0
  /// Links in the longest chain of siblings, each of which reads first what another wrote, that ends here.
  std::uint32_t level = 0;
  std::uint64_t entered = 0, left = kNever;
  std::uint32_t epoch_tick = 0;  ///< since when nothing that it wrote has been read
  std::uint32_t note = 0;        ///< the caller's own; `keep` sets it back to 0
  bool is_step = false;
};

/// A slice of time within one activation: what the shadow of a byte remembers. Number 0 means never.
struct Tick {
  std::uint64_t begin = 0, end = 0;  ///< cycles
  std::uint32_t activation = 0;
  std::int32_t step = -1;
};

/// Activations and ticks, numbered in the order in which they began. Numbers change in `keep` only.
class CallTree {
 public:
  /// A call that took less is a helper: what it does counts as its caller's work.
  static constexpr std::uint64_t kShortCall = 4000;
  /// That is looked for so often at most, so that loops which write and read in turns stay cheap.
  static constexpr std::uint64_t kShortEpoch = 64;
  /// Deeper calls are not told apart.
  static constexpr std::size_t kMaxDepth = 1024;

  CallTree();

  std::uint32_t current() const { return stack_.back(); }
  std::uint32_t tick() const { return static_cast<std::uint32_t>(ticks_.size() - 1); }
  const Activation& operator[](std::uint32_t activation) const { return activations_[activation]; }
  const Tick& when(std::uint32_t tick) const { return ticks_[tick]; }
  std::uint32_t activation_at(std::uint32_t tick) const { return ticks_[tick].activation; }
  std::size_t activations() const { return activations_.size(); }
  std::size_t size() const { return activations_.size() + ticks_.size(); }

  /// Each of these begins a tick.
  void call(std::uint32_t function, std::uint64_t cycle, std::uint32_t note = 0);
  /// Without a call to return from, nothing happens.
  void leave(std::uint64_t cycle);
  void step(std::int32_t index, std::uint64_t cycle);
  void begin_tick(std::uint64_t cycle) { begin_tick(cycle, cycle); }
  /// Nothing happened between the end of the tick before and this cycle.
  void begin_tick(std::uint64_t cycle, std::uint64_t before_ended);
  /// The tick that runs reaches to here at least.
  void reach(std::uint64_t cycle) { ticks_.back().end = cycle; }

  /// The innermost activation that both ran in.
  std::uint32_t common(std::uint32_t a, std::uint32_t b) const;
  /// The one directly below `ancestor` on the way to `a`; `ancestor` itself where they are one.
  std::uint32_t below(std::uint32_t ancestor, std::uint32_t a) const;
  bool is_short(std::uint32_t activation) const {
    const Activation& a = activations_[activation];
    return !a.is_step && a.left != kNever && a.left - a.entered < kShortCall;
  }
  /// Bytes of this tick are read for the first time: what their writer writes from now on is something else.
  /// Returns whether the writer is what runs now: the caller then begins a tick.
  bool passes_on(std::uint32_t born, std::uint64_t cycle);
  /// `reader` uses what `writer` wrote.
  void depends(std::uint32_t writer, std::uint32_t reader);

  /// Forgets all but the marked ticks and activations, what these lie in, and what runs. Afterwards the marks
  /// hold the new numbers.
  void keep(std::vector<std::uint32_t>& ticks, std::vector<std::uint32_t>& activations);

 private:
  std::uint32_t push(std::uint32_t function, std::uint64_t cycle, bool is_step, std::uint32_t note = 0);
  void pop(std::uint64_t cycle);

  std::vector<Activation> activations_;
  std::vector<Tick> ticks_;
  std::vector<std::uint32_t> stack_;
  std::size_t folded_ = 0;  ///< calls beyond kMaxDepth that run
  std::int32_t step_ = -1;
};

}  // namespace traces
